# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Clouds of a body in front of a wall, whose motion is known by construction."""

import numpy as np

WALL_M = 2.5
HANDS = ((0.5, 0.25, -0.35), (0.5, -0.25, -0.35))
HALF_VIEW_RAD = np.radians(45.0)


def ball(centre, count: int, rng: np.random.Generator, radius_m: float = 0.06) -> np.ndarray:
    """Return points [N, 3] on a sphere."""
    ray = rng.normal(size=(count, 3))
    return np.asarray(centre) + radius_m * ray / np.linalg.norm(ray, axis=1)[:, None]


def cloud(
        hands=HANDS, *, wall_m: float = WALL_M, yaw_rad: float = 0.0, seed: int = 0,
        noise_m: float = 0.003, points: int = 4000) -> np.ndarray:
    """
    Return about 4000 points [N, 3] (x forward, y left, z up) as a head turned left by yaw sees it.

    Hands are balls in the axes of a head that looks straight ahead; a quarter of the points each.
    """
    rng = np.random.default_rng(seed)
    parts = [ball(centre, points // 4, rng) for centre in hands]
    behind = points - sum(map(len, parts))
    parts.append(np.stack([
        np.full(behind, wall_m), rng.uniform(-2.5, 2.5, behind), rng.uniform(-1.0, 1.0, behind)],
        axis=1))
    p = np.concatenate(parts) + rng.normal(0.0, noise_m, (points, 3))
    c, s = np.cos(yaw_rad), np.sin(yaw_rad)
    p = p @ np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])
    return p[np.abs(np.arctan2(p[:, 1], p[:, 0])) < HALF_VIEW_RAD]


def raised(height_m: float, hands=HANDS) -> tuple:
    """Return the hands, higher by so much."""
    return tuple((x, y, z + height_m) for x, y, z in hands)


def to_and_fro(t_s: float, speed_m_s: float, period_s: float = 2.0) -> float:
    """Return the place (m) at a time of what always moves at one speed, up and down."""
    phase = (t_s / period_s) % 1.0
    return speed_m_s * period_s * (0.25 - abs(phase - 0.5))
