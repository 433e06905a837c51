# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
From the axes of OpenXR (x right, y up, z backward) to those of REP-103 (x forward, y left, z up).

The two differ by a rotation, so the same change holds for vectors of every kind.
"""

from collections.abc import Sequence
import math

Vector = tuple[float, float, float]
Quaternion = tuple[float, float, float, float]


def to_rep103(vector: Sequence[float]) -> Vector:
    """Return a vector in the axes of REP-103."""
    x, y, z = vector
    return -z, -x, y


def from_rep103(vector: Sequence[float]) -> Vector:
    """Return a vector in the axes of OpenXR."""
    x, y, z = vector
    return -y, z, -x


def orientation_to_rep103(xyzw: Sequence[float]) -> Quaternion:
    """Return the rotation head to world when both have the axes of REP-103."""
    x, y, z, w = xyzw
    return -z, -x, y, w


def fick_angles_deg(direction: Sequence[float]) -> tuple[float, float]:
    """
    Return azimuth (positive to the left) and elevation (positive up) of an OpenXR direction.

    Fick angles: first the azimuth about the vertical axis, then the elevation.
    """
    forward, left, up = to_rep103(direction)
    return (
        math.degrees(math.atan2(left, forward)),
        math.degrees(math.atan2(up, math.hypot(forward, left))))


def rotate_back(vector: Sequence[float], xyzw: Sequence[float]) -> Vector:
    """Return a vector of the world in the axes of a head with this orientation."""
    x, y, z, w = xyzw
    return _rotate(vector, (-x, -y, -z, w))


def rotation_vector(before: Sequence[float], after: Sequence[float]) -> Vector:
    """Return the rotation from one orientation to the next, in the axes of the head, radians."""
    ax, ay, az, aw = before
    bx, by, bz, bw = after
    x = aw * bx - ax * bw - ay * bz + az * by
    y = aw * by + ax * bz - ay * bw - az * bx
    z = aw * bz - ax * by + ay * bx - az * bw
    w = aw * bw + ax * bx + ay * by + az * bz
    if w < 0.0:
        x, y, z, w = -x, -y, -z, -w
    length = math.sqrt(x * x + y * y + z * z)
    if length < 1e-12:
        return 2.0 * x, 2.0 * y, 2.0 * z
    scale = 2.0 * math.atan2(length, w) / length
    return scale * x, scale * y, scale * z


def vergence_distance_m(
    left_origin: Sequence[float], left: Sequence[float], right_origin: Sequence[float],
    right: Sequence[float],
) -> float:
    """
    Return how far from the middle of the eyes two axes come nearest to each other.

    NaN when they are parallel, part, or are not known.
    """
    between = [r - o for r, o in zip(right_origin, left_origin, strict=True)]
    cosine = _dot(left, right)
    sine_squared = 1.0 - cosine * cosine
    if not sine_squared > 1e-9:
        return math.nan
    along, across = _dot(left, between), _dot(right, between)
    on_left = (along - cosine * across) / sine_squared
    on_right = (cosine * along - across) / sine_squared
    if not (on_left > 0.0 and on_right > 0.0):
        return math.nan
    return math.dist(
        [0.5 * (a + b) for a, b in zip(left_origin, right_origin, strict=True)],
        [0.5 * (a + on_left * u + b + on_right * v) for a, u, b, v in zip(
            left_origin, left, right_origin, right, strict=True)])


def _rotate(vector: Sequence[float], xyzw: Sequence[float]) -> Vector:
    x, y, z, w = xyzw
    a, b, c = vector
    # v + 2 w (q x v) + 2 q x (q x v)
    tx, ty, tz = 2.0 * (y * c - z * b), 2.0 * (z * a - x * c), 2.0 * (x * b - y * a)
    return (
        a + w * tx + y * tz - z * ty, b + w * ty + z * tx - x * tz, c + w * tz + x * ty - y * tx)


def _dot(a: Sequence[float], b: Sequence[float]) -> float:
    return sum(u * v for u, v in zip(a, b, strict=True))
