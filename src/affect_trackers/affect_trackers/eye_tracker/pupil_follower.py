# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The pupil of one eye from image to image."""

from dataclasses import replace
import math

from affect_trackers.eye_tracker.pupil import EyeOpening
from affect_trackers.eye_tracker.pupil import find_pupil
from affect_trackers.eye_tracker.pupil import Pupil
import numpy as np


class PupilFollower:
    """
    Finds the pupil near the last one, and disbelieves half-hidden ones that it knows better.

    Lashes of a lid that comes down are arcs too. A pupil that is not plainly in sight has to be
    as large and as dark as the one that was, within ``SIZE_RATIO`` and ``GREY_SHARE``; else the
    lid is over it. What was is forgotten after ``MEMORY_S`` without a plain sight.
    """

    PLAIN = 0.9
    SIZE_RATIO = 1.25
    GREY_SHARE = 0.35
    FOLLOWS_S = 0.2
    MEMORY_S = 5.0

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew: another eye, another camera, or another time."""
        self._last: Pupil | None = None
        self._plain: Pupil | None = None
        self._size = self._inside = self._outside = math.nan
        self._plain_s = math.nan

    def find(self, stamp_s: float, image: np.ndarray) -> Pupil:
        """Return the pupil in ``image``, uint8 [H, W], taken at ``stamp_s``."""
        passed_s = stamp_s - self._plain_s
        if not 0.0 <= passed_s <= self.MEMORY_S:
            self._size = math.nan
        pupil = find_pupil(image, self._last, self._known())
        if pupil.opening is EyeOpening.OPEN:
            if pupil.confidence >= self.PLAIN and self._is_credible(pupil, 2.0):
                self._learn(stamp_s, pupil)
            elif not self._is_credible(pupil, self.SIZE_RATIO):
                pupil = Pupil(EyeOpening.CLOSED)
        self._last = pupil
        return pupil

    def _known(self) -> Pupil | None:
        """Return the pupil as it usually is, with the shape of its last plain sight."""
        if self._plain is None or math.isnan(self._size):
            return None
        flat = self._plain.minor / self._plain.major
        return replace(self._plain, major=self._size, minor=flat * self._size)

    def _is_credible(self, pupil: Pupil, ratio: float) -> bool:
        if math.isnan(self._size):
            return True
        limit = self._inside + self.GREY_SHARE * (self._outside - self._inside)
        return (
            1.0 / ratio < pupil.major / self._size < ratio and pupil.inside < limit)

    def _learn(self, stamp_s: float, pupil: Pupil) -> None:
        if math.isnan(self._size):
            self._size, self._inside, self._outside = pupil.major, pupil.inside, pupil.outside
        else:
            share = 1.0 - math.exp(-(stamp_s - self._plain_s) / self.FOLLOWS_S)
            self._size += share * (pupil.major - self._size)
            self._inside += share * (pupil.inside - self._inside)
            self._outside += share * (pupil.outside - self._outside)
        self._plain, self._plain_s = pupil, stamp_s
