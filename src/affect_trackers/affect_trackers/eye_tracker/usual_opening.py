# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What this wearer's usual distance between the lids is."""

import math


class UsualOpening:
    """
    Follows the upper envelope of the apertures, and gives openness relative to it.

    Up with a time constant of ``RISE_S``, so that one widened look does not become usual; down
    with ``FALL_S``, so that neither blinks nor a minute of drowsiness do.
    """

    RISE_S = 4.0
    FALL_S = 120.0

    def __init__(self) -> None:
        self._usual = math.nan
        self._last_s = math.nan

    def openness(self, stamp_s: float, aperture: float) -> float:
        """Return the aperture (any unit, above 0) as a share of the usual one; NaN for NaN."""
        if not aperture > 0.0:
            return math.nan
        if math.isnan(self._usual):
            self._usual = aperture
        else:
            passed_s = min(max(stamp_s - self._last_s, 0.0), 0.5)
            time_constant_s = self.RISE_S if aperture > self._usual else self.FALL_S
            self._usual += (aperture - self._usual) * passed_s / time_constant_s
        self._last_s = stamp_s
        return min(aperture / self._usual, 2.0)

    def forget(self) -> None:
        """Start anew: another wearer, or another time."""
        self._usual = self._last_s = math.nan
