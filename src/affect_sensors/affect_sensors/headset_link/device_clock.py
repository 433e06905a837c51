# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A headset's clock by the host's, through a network whose delays differ."""

from collections import deque
from itertools import pairwise

_BUCKET_NS = 500_000_000
_BUCKETS = 80
_STEP_NS = 250_000_000
_EARLY_COUNT = 3
_LATE_COUNT = 10
_LATE_LASTS_NS = 1_500_000_000
_LATE_AFTER_SILENCE_NS = 400_000_000
_SILENCE_NS = 1_000_000_000
_FASTEST_DRIFT = 500e-6
_LEARN_DRIFT_NS = 8_000_000_000
_SLEW = 0.05
_SETTLE_NS = 500_000_000


class DeviceClock:
    """
    Maps the device's nanoseconds to the host's steady ones.

    A datagram arrives at ``sent + offset + delay``, and the delay is never less than that of an
    idle network. So the smallest difference of each half second is kept for 40 s, and the line
    below all of them that is nearest to them is the offset with its drift: the edge of their lower
    convex hull over their middle (Moon, Skelly & Towsley, INFOCOM 1999). What remains is the idle
    network's own delay (a millisecond or two), which one direction can't reveal.

    The offset in use follows that line smoothly, by at most 5 % of the time that passes, so that
    times stay in order and intervals keep their length; a larger step (the device's clock was
    set, it slept) is taken at once when it lasts, and counted in ``steps``. A network that stalls
    makes delays long only until it goes on.
    """

    def __init__(self) -> None:
        self.steps = 0
        self._last_arrived_ns = 0
        self._forget()

    @property
    def is_set(self) -> bool:
        """Whether anything was observed."""
        return self._last_sent_ns is not None

    @property
    def drift_ppm(self) -> float:
        """How much faster the host's clock goes than the device's, as far as learnt."""
        return self._drift * 1e6

    @property
    def delay_s(self) -> float:
        """By how much the last datagram was slower than the idle network."""
        return self._excess_ns * 1e-9

    def observe(self, sent_ns: int, arrived_ns: int) -> bool:
        """Tell of a datagram; return whether the clock was set anew (order is broken)."""
        if self._last_sent_ns is None:
            self._set(sent_ns, arrived_ns)
            return False
        difference_ns = arrived_ns - sent_ns - self._origin_ns
        self._excess_ns = difference_ns - self._line_at(sent_ns)
        silence_ns = arrived_ns - self._last_arrived_ns
        self._last_arrived_ns = arrived_ns
        if self._is_step(arrived_ns, silence_ns):
            self.steps += 1
            self._forget()
            self._set(sent_ns, arrived_ns)
            return True
        if self._far_side < 0:
            return False
        self._take(sent_ns, difference_ns)
        self._follow(sent_ns)
        return False

    def to_host_ns(self, device_ns: int) -> int:
        """Return when the host's steady clock showed what the device's did; needs an observe."""
        return device_ns + self._origin_ns + round(self._offset_ns)

    def _forget(self) -> None:
        self._last_sent_ns: int | None = None
        self._origin_ns = 0
        self._start_ns = 0
        self._offset_ns = 0.0
        self._drift = 0.0
        self._at_ns = 0.0
        self._level_ns = 0.0
        self._excess_ns = 0.0
        self._buckets: deque[tuple[int, float, float]] = deque(maxlen=_BUCKETS)
        self._far_side = self._far_count = self._far_since_ns = 0
        self._lasts_ns = _LATE_LASTS_NS

    def _set(self, sent_ns: int, arrived_ns: int) -> None:
        # Differences are kept from the first: integers of 2^63 ns would not fit a float.
        self._origin_ns = arrived_ns - sent_ns
        self._start_ns = self._last_sent_ns = sent_ns
        self._last_arrived_ns = arrived_ns
        self._take(sent_ns, 0.0)

    def _is_step(self, arrived_ns: int, silence_ns: int) -> bool:
        """Tell a clock that was set from a stall and from a single wrong time."""
        if abs(self._excess_ns) < _STEP_NS:
            self._far_side, self._far_count = 0, 0
            return False
        side = 1 if self._excess_ns > 0.0 else -1
        if side != self._far_side:
            self._far_side, self._far_count, self._far_since_ns = side, 0, arrived_ns
            # After a silence a network delivers what has waited at once, and is as before. If it
            # is not, the device has slept, and its clock with it.
            self._lasts_ns = (
                _LATE_AFTER_SILENCE_NS if silence_ns >= _SILENCE_NS else _LATE_LASTS_NS)
        self._far_count += 1
        if side < 0:
            return self._far_count >= _EARLY_COUNT  # no network is faster than an idle one
        return (
            self._far_count >= _LATE_COUNT
            and arrived_ns - self._far_since_ns >= self._lasts_ns)

    def _take(self, sent_ns: int, difference_ns: float) -> None:
        number = (sent_ns - self._start_ns) // _BUCKET_NS
        at_ns = float(sent_ns - self._start_ns)
        if not self._buckets or number > self._buckets[-1][0]:
            self._buckets.append((number, at_ns, difference_ns))
        elif difference_ns < self._buckets[-1][2]:
            self._buckets[-1] = (self._buckets[-1][0], at_ns, difference_ns)
        else:
            return
        self._at_ns, self._level_ns, self._drift = _line_below(
            [(t, d) for _, t, d in self._buckets])

    def _line_at(self, sent_ns: int) -> float:
        return self._level_ns + self._drift * (sent_ns - self._start_ns - self._at_ns)

    def _follow(self, sent_ns: int) -> None:
        passed_ns = max(sent_ns - (self._last_sent_ns or 0), 0)
        self._last_sent_ns = max(sent_ns, self._last_sent_ns or sent_ns)
        error_ns = self._line_at(sent_ns) - self._offset_ns
        share = min(passed_ns / _SETTLE_NS, 1.0)
        most_ns = _SLEW * passed_ns
        self._offset_ns += min(max(error_ns * share, -most_ns), most_ns)


def _line_below(points: list[tuple[float, float]]) -> tuple[float, float, float]:
    """Return (t, d, slope) of the line below all points whose mean distance is least."""
    lowest = min(points, key=lambda point: point[1])
    if points[-1][0] - points[0][0] < _LEARN_DRIFT_NS:
        return lowest[0], lowest[1], 0.0
    hull: list[tuple[float, float]] = []
    for point in points:
        while len(hull) > 1 and _turns_down(hull[-2], hull[-1], point):
            hull.pop()
        hull.append(point)
    middle = sum(t for t, _ in points) / len(points)
    for left, right in pairwise(hull):
        if left[0] <= middle <= right[0]:
            slope = (right[1] - left[1]) / (right[0] - left[0])
            if abs(slope) <= _FASTEST_DRIFT:
                return left[0], left[1], slope
    return lowest[0], lowest[1], 0.0


def _turns_down(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> bool:
    """Return whether b lies on or above the line from a to c."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) <= 0.0
