# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
How the simulated wearer's eyes get from one place to another.

Peak velocity follows the main sequence, 700 (1 - exp(-amplitude / 12)) deg/s (the law of Bahill,
Clark & Stark, Math. Biosci. 1975, constants within the human range). The velocity over time is a
gamma function whose skewness grows with the size: large saccades brake for longer than they speed
up (Van Opstal & Van Gisbergen, Vision Res. 1987). Afterwards the pupil swings a little, as eye
cameras see it (Nystroem, Hooge & Holmqvist, Vision Res. 2013).
"""

from dataclasses import dataclass
import math

import numpy as np
from scipy.special import gammainc
from scipy.special import gammaincinv

_TAIL = 0.01
"""Share of the way that a gamma function makes before the saccade begins, and after it ends."""
_SWING_HZ = 22.0
_SWING_S = 0.02
_SWING_AT_1_DEG = 0.08
SWING_LASTS_S = 0.12


def main_sequence(amplitude_deg: float) -> float:
    """Return the peak velocity of a saccade, deg/s."""
    return 700.0 * (1.0 - math.exp(-amplitude_deg / 12.0))


@dataclass(frozen=True)
class Saccade:
    """
    The course of one saccade.

    ``vigour`` scales its peak velocity: below 1 it is slower and lasts longer than the main
    sequence says.
    """

    amplitude_deg: float
    vigour: float = 1.0

    @property
    def peak_velocity_deg_s(self) -> float:
        """Highest speed on the way."""
        return self.vigour * main_sequence(max(self.amplitude_deg, 0.05))

    @property
    def duration_s(self) -> float:
        """From its first to its last movement."""
        low, high = gammaincinv(self._shape, (_TAIL, 1.0 - _TAIL))
        return float(high - low) * self._unit_s

    def progress(self, since_s: np.ndarray) -> np.ndarray:
        """Return the share of the way that is done at times since the start, in [0, 1]."""
        low = gammaincinv(self._shape, _TAIL)
        done = gammainc(self._shape, low + np.maximum(since_s, 0.0) / self._unit_s)
        return np.clip((done - _TAIL) / (1.0 - 2.0 * _TAIL), 0.0, 1.0)

    @property
    def _shape(self) -> float:
        # The skewness of a gamma function is 2 / sqrt(shape).
        skewness = 0.5 + 0.4 * min(self.amplitude_deg / 40.0, 1.0)
        return 4.0 / skewness ** 2

    @property
    def _unit_s(self) -> float:
        """Scale of the gamma function at which its steepest place has the peak velocity."""
        k = self._shape
        steepest = math.exp((k - 1.0) * math.log(k - 1.0) - (k - 1.0) - math.lgamma(k))
        return max(self.amplitude_deg, 0.05) * steepest / (
            (1.0 - 2.0 * _TAIL) * self.peak_velocity_deg_s)


def oscillation_deg(amplitude_deg: float, since_end_s: np.ndarray) -> np.ndarray:
    """Return how far the pupil swings along the saccade's way at times since its end, degrees."""
    since = np.maximum(since_end_s, 0.0)
    size = _SWING_AT_1_DEG * amplitude_deg ** 0.6
    return size * np.sin(2.0 * np.pi * _SWING_HZ * since) * np.exp(-since / _SWING_S)
