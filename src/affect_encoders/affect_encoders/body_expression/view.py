# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Which directions a depth camera sees, learned from its own clouds."""

from dataclasses import dataclass
import math

import numpy as np


@dataclass(frozen=True)
class View:
    """
    A camera's field of view, in its own axes (x forward, y left, z up), as angles in rad.

    ``left`` and ``right`` bound atan2(y, x), ``high`` and ``low`` atan2(z, x): for what lies
    ahead, the box of a pinhole camera. ``mount`` [3, 3] takes directions of the camera to those
    of the headset. Until it was widened, nothing is known and everything may be seen.
    """

    mount: np.ndarray
    right: float = math.inf
    left: float = -math.inf
    low: float = math.inf
    high: float = -math.inf

    def widened(self, points: np.ndarray) -> 'View':
        """Return the view with what points [N, 3], in the camera's axes, show that it sees."""
        if points.shape[0] == 0:
            return self
        aside, above = _angles(points)
        return View(
            self.mount, min(self.right, float(aside.min())), max(self.left, float(aside.max())),
            min(self.low, float(above.min())), max(self.high, float(above.max())))

    def sees(self, points: np.ndarray) -> np.ndarray:
        """Return which points [N, 3], in the headset's axes, may lie in the view."""
        if self.right > self.left:
            return np.ones(len(points), dtype=bool)
        aside, above = _angles(points @ self.mount)
        return ((aside >= self.right) & (aside <= self.left)
                & (above >= self.low) & (above <= self.high))


def _angles(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    x, y, z = points.T
    return np.arctan2(y, x), np.arctan2(z, x)
