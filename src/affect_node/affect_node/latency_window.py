# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Percentiles of the latest latencies."""

from collections import deque
import math


class LatencyWindow:
    """
    Latencies of the last ``size`` results.

    :param size: how many to keep; 600 are a minute at 10 Hz.
    """

    def __init__(self, size: int = 600) -> None:
        self._latencies_s: deque[float] = deque(maxlen=size)

    def add(self, latency_s: float) -> None:
        """Take one latency in seconds."""
        self._latencies_s.append(latency_s)

    def percentile_ms(self, percent: float) -> float:
        """Return a percentile in milliseconds (nearest rank); NaN when there is none yet."""
        if not self._latencies_s:
            return math.nan
        ordered = sorted(self._latencies_s)
        return 1e3 * ordered[max(0, math.ceil(percent / 100.0 * len(ordered)) - 1)]
