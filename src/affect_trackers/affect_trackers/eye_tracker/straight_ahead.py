# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Where in the image the pupil of an eye is that looks straight ahead."""

from collections import deque
import math

import numpy as np


class StraightAhead:
    """
    The running median of where the pupil was, for want of a calibration.

    Eyes are brought back to the middle of their sockets by turns of the head, so that over
    minutes they look about straight ahead (Stahl 1999, Exp. Brain Res. 126:41; Foulsham, Walker &
    Kingstone 2011, Vision Res. 51:1920): good to some degrees, and wrong for who looks down at
    a task for minutes. One position for every ``STEP_S`` of the last ``MEMORY_S``; unknown before
    ``LEAST_S`` of them. What is returned glides after the median within ``GLIDE_S``: a step of it
    would look like a saccade.
    """

    MEMORY_S = 300.0
    STEP_S = 0.25
    LEAST_S = 15.0
    GLIDE_S = 3.0

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew: the headset moved, or it is another time."""
        self._places: deque[tuple[float, float]] = deque(
            maxlen=round(self.MEMORY_S / self.STEP_S))
        self._next_s = -math.inf
        self._median = np.full(2, math.nan)
        self._now = np.full(2, math.nan)
        self._last_s = math.nan

    def add(self, stamp_s: float, x: float, y: float) -> tuple[float, float]:
        """Take a pupil's centre (any unit, NaN unknown); return the middle, NaN before that."""
        if stamp_s >= self._next_s and math.isfinite(x) and math.isfinite(y):
            self._next_s = stamp_s + self.STEP_S
            self._places.append((x, y))
            if len(self._places) * self.STEP_S >= self.LEAST_S:
                self._median = np.median(np.array(self._places), axis=0)
        if math.isnan(self._now[0]):
            self._now = self._median
        elif stamp_s > self._last_s:
            share = 1.0 - math.exp((self._last_s - stamp_s) / self.GLIDE_S)
            self._now = self._now + share * (self._median - self._now)
        self._last_s = stamp_s
        return float(self._now[0]), float(self._now[1])
