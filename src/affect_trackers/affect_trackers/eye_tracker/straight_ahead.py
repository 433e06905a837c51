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
    ``LEAST_S`` of them.
    """

    MEMORY_S = 300.0
    STEP_S = 0.25
    LEAST_S = 15.0

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew: the headset moved, or it is another time."""
        self._places: deque[tuple[float, float]] = deque(
            maxlen=round(self.MEMORY_S / self.STEP_S))
        self._next_s = -math.inf
        self._median = (math.nan, math.nan)

    def add(self, stamp_s: float, x: float, y: float) -> tuple[float, float]:
        """Take a pupil's centre (any unit, NaN unknown); return the median, NaN before that."""
        if stamp_s >= self._next_s and math.isfinite(x) and math.isfinite(y):
            self._next_s = stamp_s + self.STEP_S
            self._places.append((x, y))
            if len(self._places) * self.STEP_S >= self.LEAST_S:
                middle = np.median(np.array(self._places), axis=0)
                self._median = (float(middle[0]), float(middle[1]))
        return self._median
