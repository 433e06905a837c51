# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Left and right of one instant."""

from typing import Generic
from typing import TypeVar

T = TypeVar('T')
Pair = tuple[int, T | None, T | None]


class EyePair(Generic[T]):
    """
    Joins the findings of two eye cameras that are at most ``tolerance_ns`` apart.

    An eye waits for the other one only until either of them shows a later instant, so one dead
    camera costs a frame of delay and nothing else; with ``alone`` set nobody waits.
    """

    def __init__(self, tolerance_ns: int, *, alone: bool = False) -> None:
        self._tolerance_ns = tolerance_ns
        self._alone = alone
        self._waiting: tuple[str, int, T] | None = None

    def add(self, side: str, stamp_ns: int, found: T) -> list[Pair]:
        """Take the finding of ``left`` or ``right``; return ``(stamp_ns, left, right)`` to use."""
        if self._alone:
            return [_pair(side, stamp_ns, found)]
        waiting, self._waiting = self._waiting, None
        if waiting is None:
            self._waiting = (side, stamp_ns, found)
            return []
        other_side, other_ns, other = waiting
        if other_side != side and abs(stamp_ns - other_ns) <= self._tolerance_ns:
            middle_ns = (stamp_ns + other_ns) // 2
            left, right = (found, other) if side == 'left' else (other, found)
            return [(middle_ns, left, right)]
        if stamp_ns < other_ns:
            self._waiting = waiting
            return [_pair(side, stamp_ns, found)]
        self._waiting = (side, stamp_ns, found)
        return [_pair(*waiting)]

    def clear(self) -> None:
        """Forget the eye that waits."""
        self._waiting = None


def _pair(side: str, stamp_ns: int, found: T) -> Pair:
    return (stamp_ns, found, None) if side == 'left' else (stamp_ns, None, found)
