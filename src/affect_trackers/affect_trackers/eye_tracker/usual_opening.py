# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What this wearer's usual distance between the lids is."""

import math


class UsualOpening:
    """
    Learns the upper quartile of the apertures of an open eye, and gives openness relative to it.

    A quantile followed by small steps, three up for one down (stochastic approximation, Robbins &
    Monro 1951), with a time constant of about ``settle_s``. Blinks are rare enough not to matter.
    """

    QUANTILE = 0.75

    def __init__(self, *, settle_s: float = 20.0) -> None:
        self._settle_s = settle_s
        self._usual = math.nan
        self._last_s = math.nan

    def openness(self, stamp_s: float, aperture: float) -> float:
        """Return the aperture (any unit, above 0) as a share of the usual one; NaN for NaN."""
        if not aperture > 0.0:
            return math.nan
        if math.isnan(self._usual):
            self._usual = aperture
        else:
            passed_s = min(max(stamp_s - self._last_s, 0.0), 0.1)
            step = self._usual * passed_s / self._settle_s
            self._usual += step * (
                self.QUANTILE if aperture > self._usual else self.QUANTILE - 1.0)
        self._last_s = stamp_s
        return min(aperture / self._usual, 2.0)

    def forget(self) -> None:
        """Start anew: another wearer, or another time."""
        self._usual = self._last_s = math.nan
