# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What a lifecycle manager says of its nodes in its diagnostics."""

from collections.abc import Mapping

_SETTLED = {'active', 'refused', 'finalized'}


class ManagedStates:
    """Takes the statuses of /diagnostics and keeps those of one manager."""

    def __init__(self, manager: str) -> None:
        self._status_name = f'{manager}: health'
        self._states: dict[str, str] = {}

    def take(self, name: str, values: Mapping[str, str]) -> None:
        """Take one status by its name, with its values."""
        if name == self._status_name:
            self._states = dict(values)

    @property
    def are_settled(self) -> bool:
        """Whether the manager has spoken and no node is on its way any more."""
        return bool(self._states) and set(self._states.values()) <= _SETTLED

    def describe(self) -> str:
        """Return who is still on the way."""
        if not self._states:
            return 'its lifecycle manager is not heard'
        return ', '.join(
            f'{name} is {state}' for name, state in self._states.items()
            if state not in _SETTLED)
