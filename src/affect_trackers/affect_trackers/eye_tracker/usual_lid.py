# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Where a lid usually is for where the pupil is."""

import math


class UsualLid:
    """
    A straight line from the pupil's height in the image to the lid's, learned as time goes by.

    Lids follow vertical gaze, the upper one nearly as far as the eye turns (Becker & Fuchs 1988,
    J. Neurophysiol. 60:1227): only what a lid does beyond that expresses something. Least squares
    with a memory of ``MEMORY_S``, drawn to a slope of ``SLOPE`` while the eye has hardly moved.
    """

    MEMORY_S = 120.0
    LEAST_S = 5.0
    SLOPE = 0.7
    SLOPE_VARIANCE = 1e-4
    """As if the pupil had moved by a hundredth of the image's height with that slope."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew: another wearer, camera or time."""
        self._known_s = 0.0
        self._last_s = math.nan
        self._pupil = self._lid = self._pupil_square = self._product = 0.0

    def learn(self, stamp_s: float, pupil: float, lid: float) -> None:
        """Take the heights of pupil and lid in the image, fractions of it."""
        passed_s = min(max(stamp_s - self._last_s, 0.0), 0.2) if self._known_s else 0.02
        self._last_s = stamp_s
        if passed_s == 0.0:
            return
        self._known_s = self._known_s * math.exp(-passed_s / self.MEMORY_S) + passed_s
        share = passed_s / self._known_s
        self._pupil_square += share * ((1.0 - share) * (pupil - self._pupil) ** 2
                                       - self._pupil_square)
        self._product += share * ((1.0 - share) * (pupil - self._pupil) * (lid - self._lid)
                                  - self._product)
        self._pupil += share * (pupil - self._pupil)
        self._lid += share * (lid - self._lid)

    def expected(self, pupil: float) -> float:
        """Return where the lid usually is for a pupil at this height; NaN before LEAST_S."""
        if self._known_s < self.LEAST_S:
            return math.nan
        slope = (self._product + self.SLOPE * self.SLOPE_VARIANCE) / (
            self._pupil_square + self.SLOPE_VARIANCE)
        return self._lid + slope * (pupil - self._pupil)
