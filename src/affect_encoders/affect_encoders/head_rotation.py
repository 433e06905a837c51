# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""How the head turned between two moments, and where up is, from inertial samples; no ROS."""

from affect_encoders.head_motion.encoder import LIMITS
from affect_encoders.sample_buffer import SampleBuffer
import numpy as np

LONGEST_GAP_S = 0.1
"""A gap between gyroscope samples beyond which the rotation across it is unknown."""

UP_WINDOW_S = 0.3
GRAVITY_M_S2 = 9.80665
GRAVITY_TOLERANCE_M_S2 = 1.5


def rotation_matrix(rotation_vector: np.ndarray) -> np.ndarray:
    """Return the matrix [3, 3] that turns by |v| radians about v (Rodrigues' formula)."""
    angle = float(np.linalg.norm(rotation_vector))
    if angle < 1e-12:
        return np.eye(3)
    x, y, z = np.asarray(rotation_vector, dtype=np.float64) / angle
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.eye(3) + np.sin(angle) * cross + (1.0 - np.cos(angle)) * cross @ cross


def pitched_down(pitch_rad: float) -> np.ndarray:
    """
    Return the matrix [3, 3] that takes directions of a camera to those of the headset.

    In link axes (x forward, y left, z up) of a camera that looks that far below straight ahead.
    """
    return rotation_matrix(np.array([0.0, pitch_rad, 0.0]))


def levelling(up: np.ndarray) -> np.ndarray:
    """
    Return the matrix [3, 3] from head axes to level ones: z up, x the head's heading.

    Looking straight up or down there is no heading; then x is where the forehead or chin points.
    """
    z = np.asarray(up, dtype=np.float64)
    z = z / np.linalg.norm(z)
    ahead = np.array([1.0, 0.0, 0.0]) if abs(z[0]) < 0.99 else np.array([0.0, 0.0, -z[0]])
    x = ahead - (ahead @ z) * z
    x /= np.linalg.norm(x)
    return np.stack([x, np.cross(z, x), z])


class HeadRotation:
    """Inertial samples in the headset's axes (REP-103: x forward, y left, z up)."""

    def __init__(self, *, horizon_s: float = 6.0, capacity: int = 8192) -> None:
        self._samples = SampleBuffer(6, horizon_s=horizon_s, capacity=capacity, limits=LIMITS)

    def push(self, t_s: np.ndarray, rows: np.ndarray) -> None:
        """
        Add samples: stamps [N] in seconds, rows [N, 6]: rad/s and specific force in m/s^2.

        NaN where unknown.

        :raises ValueError: the shapes do not fit
        """
        self._samples.push(t_s, rows)

    def trim(self, tick_s: float) -> None:
        """Drop what no tick from now on will ask for."""
        self._samples.trim(tick_s)

    def clear(self) -> None:
        """Forget every sample."""
        self._samples.clear()

    def between(self, start_s: float, end_s: float) -> np.ndarray | None:
        """
        Return the matrix [3, 3] from the head's axes at ``end_s`` to those at ``start_s``.

        None where the gyroscope does not cover the time between. One rotation vector, the
        integral of the rate, stands for the sequence: what its axis does within the 0.1 s
        between two frames is of third order (Bortz 1971).
        """
        t, rows = self._samples.view(start_s - LONGEST_GAP_S, end_s)
        known = np.isfinite(rows[:, :3]).all(axis=1)
        t, rate = t[known], rows[known, :3]
        if t.size < 2 or t[0] > start_s + LONGEST_GAP_S or t[-1] < end_s - LONGEST_GAP_S:
            return None
        if np.any(np.diff(t) > LONGEST_GAP_S):
            return None
        inside = t[(t > start_s) & (t < end_s)]
        at = np.concatenate([[start_s], inside, [end_s]])
        rates = np.stack([np.interp(at, t, rate[:, axis]) for axis in range(3)])
        return rotation_matrix(0.5 * (rates[:, 1:] + rates[:, :-1]) @ np.diff(at))

    def up(self, at_s: float) -> np.ndarray | None:
        """
        Return where up is at a time, a unit vector [3] in the head's axes; None if unknown.

        The mean specific force of the last 0.3 s, where it is about one g.
        """
        _, rows = self._samples.view(at_s - UP_WINDOW_S, at_s)
        force = rows[:, 3:]
        size = np.linalg.norm(force, axis=1)
        steady = np.abs(size - GRAVITY_M_S2) <= GRAVITY_TOLERANCE_M_S2
        if np.count_nonzero(steady) < max(3, 0.5 * size.size):
            return None
        up = force[steady].mean(axis=0)
        return up / np.linalg.norm(up)
