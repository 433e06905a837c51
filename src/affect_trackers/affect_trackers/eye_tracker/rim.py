# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
The rim of a dark disc in full sight, to a fraction of a pixel.

Rays from a point inside cross the rim where the grey is half way between inside and outside
(starburst: Li, Winfield & Parkhurst, CVPR workshops 2005). Rays that meet a glint are left out.
"""

from dataclasses import dataclass
import math

import cv2
import numpy as np

RAYS = 32
LEAST_CONTRAST = 12.0
_MOST_HIDDEN = 8
SURE = 0.8
"""Share of the rays that meet a rim in full sight; glints hide the others."""

_ANGLES = np.linspace(0.0, 2.0 * np.pi, RAYS, endpoint=False)
_COS, _SIN = np.cos(_ANGLES), np.sin(_ANGLES)
_STEPS = 26
_REACH = np.linspace(0.25, 1.75, _STEPS, dtype=np.float32)
_ACROSS = np.outer(_COS, _REACH).astype(np.float32)
_DOWN = np.outer(_SIN, _REACH).astype(np.float32)
_INSIDE, _OUTSIDE = 6, 6
_GLINT = 0.4
"""A glint exceeds the outside by so much of the rim's contrast, or more."""
_SPOT = np.ones((1, 7), np.uint8)
"""Samples along a ray, nearly half a radius: a glint is smaller. Odd, or it would shift."""
_LID_SIDE, _LEAST_REST, _BEYOND, _BETTER = 0.35, 12, 0.15, 0.9
"""How a squeezed ellipse is told; of whole rims of drawn eyes it refuses less than 1 %."""


_Ellipse = tuple[tuple[float, float], tuple[float, float], float, np.ndarray]
"""As of cv2.fitEllipse, and which rays agree."""


@dataclass(frozen=True)
class Rim:
    """
    An ellipse in pixels, the centre of the first pixel at (0, 0).

    ``major`` and ``minor`` are whole axes, ``tilt_deg`` the direction of the major one from x
    towards y; ``seen`` the share of the rays that meet the rim there, of those that no glint
    hides; ``inside`` and ``outside`` the grey on either side of it.
    """

    x: float
    y: float
    major: float
    minor: float
    tilt_deg: float
    seen: float
    inside: float
    outside: float

    @property
    def half_height(self) -> float:
        """Return the distance of the ellipse's top from its centre."""
        tilt = math.radians(self.tilt_deg)
        return 0.5 * math.hypot(self.major * math.sin(tilt), self.minor * math.cos(tilt))


def find_rim(image: np.ndarray, x: float, y: float, radius: float) -> Rim | None:
    """
    Return the rim around (x, y) in ``image``, uint8 [H, W]; None unless nearly all of it is seen.

    :param radius: about how far it is, pixels; off by up to a half
    """
    rim: Rim | None = None
    for _ in range(3):
        crossed = _crossings(image, x, y, radius)
        if crossed is None:
            return None
        points, met, glinting, inside, outside = crossed
        found = _ellipse(points, met, glinting, radius)
        if found is None:
            return None
        (cx, cy), (width, height), angle, agree = found
        if width < height:
            width, height, angle = height, width, angle + 90.0
        if not (0.0 <= cx <= image.shape[1] - 1 and 0.0 <= cy <= image.shape[0] - 1):
            return None
        rim = Rim(
            cx, cy, width, height, angle % 180.0, _seen(agree, glinting), inside, outside)
        moved = math.hypot(cx - x, cy - y) + abs(0.5 * width - radius)
        x, y, radius = cx, cy, 0.25 * (width + height)
        # From about the middle the rays meet the rim as they should.
        if moved < 0.3 * radius:
            break
    return rim


def _crossings(
    image: np.ndarray, x: float, y: float, radius: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, float, float] | None:
    """
    Return where rays go from dark to bright [RAYS, 2], which do, and the grey of both.

    The third value is which of them pass a glint.
    """
    rows, columns = image.shape
    unit = np.float32(max(radius, 4.0))
    values = cv2.remap(
        image, _ACROSS * unit + np.float32(x), _DOWN * unit + np.float32(y),
        cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    inside = _median(values[:, :_INSIDE])
    outside = _median(values[:, -_OUTSIDE:])
    contrast = outside - inside
    if contrast < LEAST_CONTRAST:
        return None
    middle = inside + 0.5 * contrast
    lit = (values > middle).view(np.uint8)
    lit[:, 0] = 0
    # What is bright only for a short way is a glint.
    bright = cv2.morphologyEx(lit, cv2.MORPH_OPEN, _SPOT)
    first = np.argmax(bright, axis=1)
    ray = np.arange(RAYS)
    before = np.maximum(first - 1, 0)
    met = (bright[ray, first] > 0) & (first > 0) & (lit[ray, before] == 0)
    glint = values > outside + _GLINT * contrast
    # A spot; what stays bright is a lid, or the white of the eye.
    hidden = glint.any(axis=1) & ~glint[:, -1]
    low = values[ray, before].astype(np.float64)
    high = values[ray, first].astype(np.float64)
    share = np.clip((middle - low) / np.maximum(high - low, 1e-3), 0.0, 1.0)
    at = unit * (_REACH[before] + share * (_REACH[first] - _REACH[before]))
    points = np.stack([x + _COS * at, y + _SIN * at], axis=1)
    met &= (
        (points[:, 0] > 0.5) & (points[:, 0] < columns - 1.5)
        & (points[:, 1] > 0.5) & (points[:, 1] < rows - 1.5))
    return points, met, hidden, inside, outside


def _median(values: np.ndarray) -> float:
    """Return the upper median; np.median spends more on so few values than on the partition."""
    middle = values.size // 2
    return float(np.partition(values, middle, axis=None)[middle])


def _seen(agree: np.ndarray, glinting: np.ndarray) -> float:
    """Return the share of rays that agree, of those that a glint does not keep from it."""
    hidden = min(int(np.count_nonzero(glinting & ~agree)), _MOST_HIDDEN)
    return float(np.count_nonzero(agree)) / (RAYS - hidden)


def _ellipse(
    points: np.ndarray, met: np.ndarray, glinting: np.ndarray, radius: float,
) -> _Ellipse | None:
    """Return an ellipse that nearly all rays agree on, or None."""
    # One squeezed into what a lid leaves free does not fit the corners.
    tolerance = max(0.5, 0.03 * radius)
    use = met
    for _ in range(3):
        if np.count_nonzero(use) < RAYS // 2:
            return None
        found = _direct(points, use)
        if found is None:
            return None
        misfit = _misfit(found, points)
        agree = met & (misfit < tolerance)
        if _seen(agree, glinting) >= SURE:
            return None if is_squeezed(points[agree], found) else (*found, agree)
        # Without what is furthest off: the edge of a glint, a lash.
        use = met & (misfit < max(tolerance, 2.0 * _median(misfit[met])))
    return None


def _direct(
    points: np.ndarray, use: np.ndarray,
) -> tuple[tuple[float, float], tuple[float, float], float] | None:
    """Return the ellipse through points (Fitzgibbon, Pilu & Fisher 1999), None if squeezed."""
    (x, y), (width, height), angle = cv2.fitEllipseDirect(points[use].astype(np.float32))
    if not all(math.isfinite(v) for v in (x, y, width, height, angle)):
        return None
    is_squeezed = min(width, height) < max(0.5 * max(width, height), 1.0)
    return None if is_squeezed else ((x, y), (width, height), angle)


def _misfit(ellipse: tuple, points: np.ndarray) -> np.ndarray:
    """Return about how far points [N, 2] are from an ellipse, pixels."""
    (x, y), (width, height), angle = ellipse[:3]
    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    dx, dy = points[:, 0] - x, points[:, 1] - y
    away = np.hypot((dx * c + dy * s) * 2.0 / width, (dy * c - dx * s) * 2.0 / height)
    return 0.25 * (width + height) * np.abs(away - 1.0)


def is_squeezed(points: np.ndarray, ellipse: tuple) -> bool:
    """
    Return whether a lid cuts a circle off: that fits all but one side better, and goes beyond.

    Points [N, 2] on an ellipse that a disc and the edge of a lid across it make.
    """
    (_, middle), (width, height), _ = ellipse[:3]
    radius = 0.25 * (width + height)
    misfit = _misfit(ellipse, points)
    for way in (1.0, -1.0):
        rest = way * (points[:, 1] - middle) > -_LID_SIDE * radius
        circle = _circle(points[rest]) if np.count_nonzero(rest) >= _LEAST_REST else None
        if circle is None:
            continue
        x, y, r = circle
        off = np.abs(np.hypot(points[rest, 0] - x, points[rest, 1] - y) - r)
        beyond = r - way * (y - middle) - 0.5 * min(width, height)
        if beyond > _BEYOND * radius and _rms(off) < _BETTER * max(_rms(misfit[rest]), 0.05):
            return True
    return False


def _rms(values: np.ndarray) -> float:
    return math.sqrt(float(values @ values) / len(values))


def _circle(points: np.ndarray) -> tuple[float, float, float] | None:
    """Return x, y and radius of the circle through points [N, 2] (Kasa 1976), or None."""
    x, y = points.T
    middle_x, middle_y = float(x.sum()) / len(x), float(y.sum()) / len(y)
    u, v = x - middle_x, y - middle_y
    uu, uv, vv, square = float(u @ u), float(u @ v), float(v @ v), u * u + v * v
    determinant = uu * vv - uv * uv
    if determinant < 1e-6:
        return None
    right_u, right_v = 0.5 * float(square @ u), 0.5 * float(square @ v)
    a = (right_u * vv - right_v * uv) / determinant
    b = (right_v * uu - right_u * uv) / determinant
    return middle_x + a, middle_y + b, math.sqrt(a * a + b * b + (uu + vv) / len(x))
