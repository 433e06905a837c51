# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What a node has made between configure and clean-up."""

from collections.abc import Callable
from collections.abc import Iterator
from typing import Any


class Entities:
    """Publishers, subscriptions, timers and the like, each with the way to destroy it."""

    def __init__(self) -> None:
        self._owned: list[tuple[Callable[[Any], Any], Any]] = []

    def __iter__(self) -> Iterator[Any]:
        return iter([entity for _, entity in self._owned])

    def own(self, destroy: Callable[[Any], Any], entity: Any) -> Any:
        """Take an entity that ``destroy(entity)`` will end, and return it."""
        self._owned.append((destroy, entity))
        return entity

    def withdraw(self, entity: Any) -> None:
        """Destroy one before the others; nothing happens when it is not owned."""
        for destroy, known in list(self._owned):
            if known is entity:
                self._owned.remove((destroy, known))
                destroy(known)

    def destroy_all(self) -> None:
        """Destroy all, the last made first."""
        for destroy, entity in reversed(self._owned):
            destroy(entity)
        self._owned.clear()
