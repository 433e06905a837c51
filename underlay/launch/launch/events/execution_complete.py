# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The end of an action."""

from ..event import Event


class ExecutionComplete(Event):
    """An action has completed."""

    name = 'launch.events.ExecutionComplete'

    def __init__(self, *, action):
        self.__action = action

    @property
    def action(self):
        """The action."""
        return self.__action
