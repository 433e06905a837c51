# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Which datagrams of a session are new, and how many were lost."""

from enum import Enum

_WRAP = 2**32
_REMEMBERED = 1024
_FAR_BACK_IN_A_ROW = 3
_LARGEST_GAP = 100_000


class Arrival(Enum):
    """What a datagram's number says of it."""

    NEW = 'new'
    DUPLICATE = 'duplicate'
    LATE = 'late'
    RESTARTED = 'restarted'


class SequenceTracker:
    """
    Judges running numbers that wrap at 2^32 (serial number arithmetic as in RFC 1982).

    ``lost`` counts the numbers that never came; one that comes late is no longer lost, though it
    is not used. A sender that begins again at a low number without a new session would be late for
    ever: after three such datagrams it is taken to have RESTARTED.
    """

    def __init__(self) -> None:
        self._newest: int | None = None
        self._seen = 0
        self._far_back: list[int] = []
        self.lost = 0

    def arrive(self, sequence: int) -> Arrival:
        """Return what a number says, and remember it."""
        if self._newest is None:
            self._begin(sequence)
            return Arrival.NEW
        ahead = (sequence - self._newest) % _WRAP
        if 0 < ahead < _WRAP // 2:
            self._advance(ahead)
            self._newest = sequence
            self._far_back.clear()
            return Arrival.NEW
        back = (self._newest - sequence) % _WRAP
        if back >= _REMEMBERED:
            return self._from_far_back(sequence)
        if self._seen >> back & 1:
            return Arrival.DUPLICATE
        self._seen |= 1 << back
        self.lost = max(self.lost - 1, 0)
        return Arrival.LATE

    def _begin(self, sequence: int) -> None:
        self._newest = sequence
        # What was sent before we listened was not lost.
        self._seen = (1 << _REMEMBERED) - 1
        self._far_back.clear()

    def _advance(self, ahead: int) -> None:
        # A larger gap is a sender that does not count by one, and says nothing of the network.
        self.lost += ahead - 1 if ahead <= _LARGEST_GAP else 0
        self._seen = (self._seen << min(ahead, _REMEMBERED) | 1) & ((1 << _REMEMBERED) - 1)

    def _from_far_back(self, sequence: int) -> Arrival:
        rises = not self._far_back or sequence > self._far_back[-1]
        self._far_back = [*self._far_back, sequence] if rises else [sequence]
        if len(self._far_back) < _FAR_BACK_IN_A_ROW:
            return Arrival.LATE
        self._begin(sequence)
        return Arrival.RESTARTED
