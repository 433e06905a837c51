# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Left and right of one instant."""

from collections import deque
from typing import Generic
from typing import TypeVar

T = TypeVar('T')
Pair = tuple[int, T | None, T | None]
_OTHER = {'left': 'right', 'right': 'left'}


class EyePair(Generic[T]):
    """
    Joins the findings of two eye cameras that are at most ``tolerance_ns`` apart.

    An eye waits for the other one until that has shown a later instant, or should have: as long
    as the other one usually comes behind, at most ``MOST_WAIT_NS``, and not at all once it has
    been silent for ``ALIVE_NS``. With ``alone`` set nobody waits. The instants that come out
    rise, always: what comes too late for that is dropped and counted in ``late``.
    """

    MOST_WAIT_NS = 100_000_000
    ALIVE_NS = 500_000_000
    _FORGETS = 0.9
    _MOST = 64

    def __init__(self, tolerance_ns: int, *, alone: bool = False) -> None:
        self._tolerance_ns = tolerance_ns
        self._alone = alone
        self.late = 0
        self.clear()

    def clear(self) -> None:
        """Forget the eyes that wait, and the time."""
        self._waiting: dict[str, deque[tuple[int, T]]] = {side: deque() for side in _OTHER}
        self._newest: dict[str, int] = {}
        self._lag_ns = dict.fromkeys(_OTHER, 0.0)
        self._out_ns: int | None = None

    def rises(self, side: str, stamp_ns: int) -> bool:
        """Return whether an instant comes after the one before of this eye."""
        newest = self._newest.get(side)
        return newest is None or stamp_ns > newest

    def add(self, side: str, stamp_ns: int, found: T) -> list[Pair]:
        """Take the finding of ``left`` or ``right``; return ``(stamp_ns, left, right)`` to use."""
        if not self.rises(side, stamp_ns):
            self.late += 1
            return []
        self._newest[side] = stamp_ns
        if self._alone:
            return [_pair(side, stamp_ns, found)]
        other_ns = self._newest.get(_OTHER[side])
        if other_ns is not None:
            lag_ns = min(max(other_ns - stamp_ns, 0), self.MOST_WAIT_NS)
            self._lag_ns[side] = max(lag_ns, self._FORGETS * self._lag_ns[side])
        waiting = self._waiting[side]
        waiting.append((stamp_ns, found))
        pairs = self._ready()
        while len(waiting) > self._MOST:
            pairs.append(_pair(side, *waiting.popleft()))
        rising = []
        for pair in pairs:
            if self._out_ns is not None and pair[0] <= self._out_ns:
                self.late += 1
                continue
            self._out_ns = pair[0]
            rising.append(pair)
        return rising

    def _ready(self) -> list[Pair]:
        left, right = self._waiting['left'], self._waiting['right']
        pairs: list[Pair] = []
        while left or right:
            if left and right:
                if abs(left[0][0] - right[0][0]) <= self._tolerance_ns:
                    (left_ns, a), (right_ns, b) = left.popleft(), right.popleft()
                    pairs.append(((left_ns + right_ns) // 2, a, b))
                    continue
                side = 'left' if left[0][0] < right[0][0] else 'right'
            else:
                side = 'left' if left else 'right'
                if not self._waited_enough(side):
                    break
            pairs.append(_pair(side, *self._waiting[side].popleft()))
        return pairs

    def _waited_enough(self, side: str) -> bool:
        """Return whether the first that waits on ``side`` has nothing to wait for any more."""
        stamp_ns, now_ns = self._waiting[side][0][0], self._newest[side]
        other_ns = self._newest.get(_OTHER[side])
        if other_ns is None:
            return now_ns > stamp_ns
        if other_ns > stamp_ns + self._tolerance_ns or now_ns - other_ns > self.ALIVE_NS:
            return True
        # One that lags by as much as it did, and a frame that came a little later than that.
        lag_ns = self._lag_ns[_OTHER[side]]
        return now_ns > stamp_ns + self._tolerance_ns + 1.2 * lag_ns


def _pair(side: str, stamp_ns: int, found: T) -> Pair:
    return (stamp_ns, found, None) if side == 'left' else (stamp_ns, None, found)
