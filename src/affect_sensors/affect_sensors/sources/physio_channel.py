# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A recording of one physiological channel."""

from collections.abc import Iterator
from dataclasses import dataclass
import math

import numpy as np

COMPUTED = frozenset({'heart_rate', 'interbeat_interval'})
"""Channels that a device computes from others."""


@dataclass(frozen=True)
class Channel:
    """
    Samples [N] of a channel that began ``offset_s`` after the recording.

    ``rate_hz`` NaN: a series of events, at ``times_s`` [N] after ``offset_s``.
    """

    name: str
    rate_hz: float
    offset_s: float
    samples: np.ndarray
    times_s: np.ndarray | None = None

    @property
    def end_s(self) -> float:
        """When the channel ends, in the time of the recording."""
        if self.times_s is not None:
            return self.offset_s + float(self.times_s[-1])
        return self.offset_s + len(self.samples) / self.rate_hz

    def between(self, begin_s: float, end_s: float) -> Iterator[tuple[float, np.ndarray]]:
        """Give (seconds after ``begin_s``, samples) for each gap-free run in a span of time."""
        if self.times_s is not None:
            first, last = np.searchsorted(
                self.times_s, (begin_s - self.offset_s, end_s - self.offset_s))
            for i in range(first, last):
                yield self.offset_s + float(self.times_s[i]) - begin_s, self.samples[i:i + 1]
            return
        first, last = (
            max(0, math.ceil((t - self.offset_s) * self.rate_hz - 1e-6))
            for t in (begin_s, end_s))
        samples = self.samples[first:last]
        if len(samples):
            yield self.offset_s + first / self.rate_hz - begin_s, samples
