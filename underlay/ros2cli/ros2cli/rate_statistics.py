# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""How often something happens, over a window of intervals."""

from collections import deque
import math


class RateStatistics:
    """
    Intervals between events; times in nanoseconds.

    Args:
        window_size: how many of the latest intervals count.

    """

    def __init__(self, window_size: int) -> None:
        self._intervals: deque[int] = deque(maxlen=window_size)
        self._last_ns = -1
        self._reported_ns = 0

    def add(self, now_ns: int) -> None:
        """Count an event; a time that went back starts anew."""
        if now_ns == 0:
            # Simulated time that has not begun (again).
            if self._intervals:
                print('time has reset, resetting counters')
                self._intervals.clear()
            return
        if self._last_ns < 0 or now_ns < self._last_ns:
            self._intervals.clear()
            self._reported_ns = 0
        else:
            self._intervals.append(now_ns - self._last_ns)
        self._last_ns = now_ns

    def report(self) -> str | None:
        """Return rate and intervals as text, at most once per second of the events' own time."""
        if not self._intervals:
            return None
        if self._reported_ns == 0:
            self._reported_ns = self._last_ns
            return None
        if self._last_ns < self._reported_ns + 1_000_000_000:
            return None
        self._reported_ns = self._last_ns
        count = len(self._intervals)
        mean = sum(self._intervals) / count
        deviation = math.sqrt(sum((value - mean) ** 2 for value in self._intervals) / count)
        rate = 1e9 / mean if mean > 0 else 0.0
        return (
            f'average rate: {rate:.3f}\n'
            f'\tmin: {min(self._intervals) * 1e-9:.3f}s max: {max(self._intervals) * 1e-9:.3f}s '
            f'std dev: {deviation * 1e-9:.5f}s window: {count}')
