# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
What the depth camera of the simulated wearer sees: trunk, arms, hands and the floor behind.

Points are spread evenly over simple surfaces; those that face away from the camera, or are out of
its field or range, are not seen. One limb does not hide another. The noise grows with the square
of the distance (Khoshelham & Elberink, Sensors 2012). ``geometry`` says where the camera is.
"""

import math

from affect_sensors.simulation.body import BodyPose
from affect_sensors.simulation.geometry import DEPTH_FIELD_DEG
from affect_sensors.simulation.geometry import DEPTH_PITCH_DOWN_DEG
from affect_sensors.simulation.geometry import DEPTH_POSITION_M
from affect_sensors.simulation.geometry import DEPTH_RANGE_M
from affect_sensors.simulation.geometry import optical_from_hmd
import numpy as np

_TRUNK_M = np.array([0.13, 0.17, 0.28])
_TRUNK_CENTRE_M = np.array([-0.05, 0.0, -0.50])
_ARM_RADIUS_M = 0.04
_HAND_M = np.array([0.075, 0.045, 0.03])
_WRIST_TO_PALM_M = 0.05
_FLOOR_M = 1.6
_NOISE_AT_1_M = 0.004
_TRUNK_POINTS, _LIMB_POINTS, _HAND_POINTS, _FLOOR_POINTS = 3600, 620, 1300, 900
_POSITION = np.array(DEPTH_POSITION_M)
_OPTICAL = optical_from_hmd(DEPTH_PITCH_DOWN_DEG)
_TAN_X, _TAN_Y = (math.tan(math.radians(0.5 * v)) for v in DEPTH_FIELD_DEG)


class DepthCloudRenderer:
    """Gives clouds of points in the depth camera's optical frame, float32 [N, 3], metres."""

    def __init__(self, seed: int) -> None:
        rng = np.random.Generator(np.random.PCG64([seed & (1 << 64) - 1, 14]))
        self._seed = seed
        build = float(rng.uniform(0.9, 1.12))
        trunk = np.diag(_TRUNK_M * (build, build, 1.0))
        sphere = _sphere(_TRUNK_POINTS, rng)
        self._trunk = _float32(_TRUNK_CENTRE_M + sphere @ trunk)
        self._trunk_normals = _float32(sphere @ np.linalg.inv(trunk))
        sphere = _sphere(_HAND_POINTS, rng)
        self._hand = _float32(sphere * _HAND_M + (_WRIST_TO_PALM_M, 0.0, 0.0))
        self._hand_normals = _float32(sphere / _HAND_M)
        angle = rng.uniform(0.0, 2.0 * np.pi, _LIMB_POINTS)
        # Along a limb of length 1; its normals have no part along it.
        self._along = _float32(rng.uniform(0.0, 1.0, (_LIMB_POINTS, 1)))
        self._round = _float32(np.stack([np.zeros(_LIMB_POINTS), np.cos(angle), np.sin(angle)], 1))
        self._floor = _float32(np.stack([
            rng.uniform(0.0, 2.5, _FLOOR_POINTS), rng.uniform(-1.8, 1.8, _FLOOR_POINTS),
            np.full(_FLOOR_POINTS, -_FLOOR_M)], axis=-1))

    def draw(self, pose: BodyPose, head: np.ndarray, frame: int = 0) -> np.ndarray:
        """
        Return the cloud; ``head`` [3, 3] turns directions of ``hmd_link`` to the world.

        ``frame`` picks the noise.
        """
        eye = _float32(head @ _POSITION)
        trunk = self._trunk + _float32((pose.lean_m, 0.0, 0.0))
        pieces = [_facing(trunk, self._trunk_normals, eye)]
        for shoulder, elbow, hand in (
                (pose.left_shoulder, pose.left_elbow, pose.left_hand),
                (pose.right_shoulder, pose.right_elbow, pose.right_hand)):
            for start, end in ((shoulder, elbow), (elbow, hand)):
                axes = _axes(end - start)
                normals = self._round @ axes
                tube = _float32(start) + self._along * _float32(end - start)
                pieces.append(_facing(tube + _ARM_RADIUS_M * normals, normals, eye))
            pieces.append(_facing(
                self._hand @ axes + _float32(hand), self._hand_normals @ axes, eye))
        points = np.concatenate([*pieces, self._floor])
        seen = (points - eye) @ _float32(head @ _OPTICAL.T)
        seen = seen[_in_sight(seen)]
        noise = np.random.Generator(np.random.PCG64(
            [self._seed & (1 << 64) - 1, 15, frame & (1 << 64) - 1])).standard_normal(
                len(seen), dtype=np.float32)
        # Along the ray: a depth camera errs in distance, not in direction.
        seen *= (1.0 + _NOISE_AT_1_M * seen[:, 2] * noise)[:, None]
        return seen


def _float32(values: object) -> np.ndarray:
    return np.asarray(values, dtype=np.float32)


def _sphere(count: int, rng: np.random.Generator) -> np.ndarray:
    """Return directions, evenly spread, [count, 3]."""
    found = rng.standard_normal((count, 3))
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def _axes(along: np.ndarray) -> np.ndarray:
    """Return a right-handed frame, float32 [3, 3], whose first row points along a vector."""
    x, y, z = along.tolist()
    length = max(math.sqrt(x * x + y * y + z * z), 1e-9)
    x, y, z = x / length, y / length, z / length
    flat = math.hypot(x, y)
    if flat < 1e-3:
        return _float32([[x, y, z], [0.0, 1.0, 0.0], [-z, 0.0, x]])
    aside_x, aside_y = -y / flat, x / flat
    return _float32([
        [x, y, z], [aside_x, aside_y, 0.0],
        [-z * aside_y, z * aside_x, x * aside_y - y * aside_x]])


def _facing(points: np.ndarray, normals: np.ndarray, eye: np.ndarray) -> np.ndarray:
    """Return those points [N, 3] whose surface is turned to the eye."""
    return points[np.einsum('ij,ij->i', normals, points - eye) < 0.0]


def _in_sight(points: np.ndarray) -> np.ndarray:
    x, y, z = points.T
    near, far = DEPTH_RANGE_M
    return (z > near) & (z < far) & (np.abs(x) < _TAN_X * z) & (np.abs(y) < _TAN_Y * z)
