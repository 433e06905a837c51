# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
What is in sight of a rim that a lid hides in part, when about where it is is known.

The steepest way from dark to bright on each ray, and the circle that these edges and the
expectation make most likely together: a maximum a posteriori fit with a heavy-tailed (squared
Cauchy) error for edges that belong to the lid, to lashes or to a glint. Where most of the rim is
in sight after all, an ellipse through it may fit more of it.
"""

import math

from affect_trackers.eye_tracker.rim import is_squeezed
from affect_trackers.eye_tracker.rim import Rim
import cv2
import numpy as np

RAYS = 32
LEAST_RAYS = 5
CENTRE_OFF, RADIUS_OFF, KNOWN_OFF = 0.11, 0.09, 0.03
"""How far an expectation is off (one deviation), in radii; the last for a size known before."""

_ANGLES = np.linspace(0.0, 2.0 * np.pi, RAYS, endpoint=False)
_COS, _SIN = np.cos(_ANGLES), np.sin(_ANGLES)
_REACH = np.linspace(0.3, 1.6, 40, dtype=np.float32)
_ACROSS = np.outer(_COS, _REACH).astype(np.float32)
_DOWN = np.outer(_SIN, _REACH).astype(np.float32)
_EXPECTED = np.exp(-0.5 * ((_REACH[1:-1] - 1.0) / 0.3) ** 2).astype(np.float32)
_INSIDE, _OUTSIDE = 20, 22
_STEP = float(_REACH[1] - _REACH[0])
_LEAST_SLOPE, _SLOPE_SHARE, _DARK_SHARE = 4.0, 0.15, 0.5
_EDGE_OFF = 0.06
_ROUNDS = 6
_ELLIPSE_RAYS = 20
_NEAR = 0.25
_SAME_PLACE = 0.12
_LEAST_ASPECT = 0.62
"""Flatter ones may be squeezed into what a lid leaves free."""


def find_arc(
    image: np.ndarray, x: float, y: float, radius: float, known: Rim | None = None,
) -> Rim:
    """
    Return the ellipse that is likeliest in ``image``, uint8 [H, W], pixels.

    :param x: ``x``, ``y`` and ``radius`` are what is expected, from elsewhere; where nothing is
        to be seen that is what comes back, with ``seen`` 0
    :param known: the rim when it was last in full sight, for its shape and its size; None: a
        circle, unless most of it is seen
    """
    off, flat, tilt_deg = RADIUS_OFF, 1.0, 0.0
    if known is not None:
        flat, tilt_deg = known.minor / known.major, known.tilt_deg
        radius /= math.sqrt(flat)
        if 0.7 < 0.5 * known.major / radius < 1.4:
            radius, off = 0.5 * known.major, KNOWN_OFF
    # This makes an ellipse of that shape of a circle: the fit itself knows only circles.
    c, s = math.cos(math.radians(tilt_deg)), math.sin(math.radians(tilt_deg))
    shape = np.array([[c, -s * flat], [s, c * flat]])
    turned = (shape * radius).astype(np.float32)
    values = cv2.remap(
        image, turned[0, 0] * _ACROSS + turned[0, 1] * _DOWN + np.float32(x),
        turned[1, 0] * _ACROSS + turned[1, 1] * _DOWN + np.float32(y), cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE).astype(np.float32)
    inner = np.sort(values[:, :_INSIDE], axis=None)
    inside = float(inner[round(0.15 * inner.size)])
    outside = float(np.median(values[:, _OUTSIDE:]))
    points = _edges(values, inside, outside, radius)
    circle, agreeing, edge_off = _circle(points, radius, off)
    if not agreeing:
        return Rim(x, y, 2.0 * radius, 2.0 * radius * flat, tilt_deg, 0.0, inside, outside)
    near = np.abs(np.hypot(*(points - circle[:2]).T) - circle[2]) < _NEAR * radius
    ellipse = _ellipse(points[near] @ shape.T + (x, y), 1.5 * edge_off, agreeing)
    if ellipse is not None and math.dist(ellipse[0], (x, y)) < max(
            _SAME_PLACE * radius, math.hypot(*circle[:2])):
        (cx, cy), (major, minor), tilt_deg, agreeing = ellipse
        return Rim(cx, cy, major, minor, tilt_deg, agreeing / RAYS, inside, outside)
    right, down = shape @ circle[:2]
    major = 2.0 * float(circle[2])
    return Rim(
        x + float(right), y + float(down), major, major * flat, tilt_deg, agreeing / RAYS,
        inside, outside)


def _circle(
    points: np.ndarray, radius: float, off: float,
) -> tuple[np.ndarray, int, float]:
    """
    Return the likeliest circle (x, y, radius), how many points agree, and how far edges are off.

    Expected is one of ``radius`` around the origin; with too few points that is what it is.
    """
    expected = np.array([0.0, 0.0, radius])
    edge_off = max(0.7, _EDGE_OFF * radius)
    if len(points) < LEAST_RAYS:
        return expected, 0, edge_off
    precision = (np.array([CENTRE_OFF, CENTRE_OFF, off]) * radius) ** -2
    circle = expected.copy()
    for _ in range(_ROUNDS):
        away = points - circle[:2]
        distance = np.maximum(np.hypot(away[:, 0], away[:, 1]), 1e-6)
        misfit = distance - circle[2]
        weight = (1.0 + (misfit / edge_off) ** 2) ** -2 / edge_off ** 2
        slope = np.empty((len(points), 3))
        slope[:, :2] = -away / distance[:, None]
        slope[:, 2] = -1.0
        weighted = slope * weight[:, None]
        step = np.linalg.solve(
            weighted.T @ slope + np.diag(precision),
            weighted.T @ misfit + precision * (circle - expected))
        circle -= step
        if np.abs(step).max() < 0.05:
            break
    misfit = np.abs(np.hypot(*(points - circle[:2]).T) - circle[2])
    return circle, int(np.count_nonzero(misfit < 1.5 * edge_off)), edge_off


def _ellipse(
    points: np.ndarray, tolerance: float, beat: int,
) -> tuple[tuple[float, float], tuple[float, float], float, int] | None:
    """Return an ellipse on which more points agree than ``beat``, and how many; or None."""
    use = points
    for _ in range(2):
        if len(use) < _ELLIPSE_RAYS:
            return None
        (x, y), (width, height), angle = cv2.fitEllipseDirect(use.astype(np.float32))
        if not all(math.isfinite(v) for v in (x, y, width, height, angle)) or (
                min(width, height) < max(_LEAST_ASPECT * max(width, height), 1.0)):
            return None
        c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        dx, dy = points[:, 0] - x, points[:, 1] - y
        away = np.hypot((dx * c + dy * s) * 2.0 / width, (dy * c - dx * s) * 2.0 / height)
        agree = 0.25 * (width + height) * np.abs(away - 1.0) < tolerance
        use = points[agree]
    agreeing = int(np.count_nonzero(agree))
    if agreeing <= max(beat + 1, _ELLIPSE_RAYS - 1) or is_squeezed(
            use, ((x, y), (width, height), angle)):
        return None
    if width < height:
        width, height, angle = height, width, angle + 90.0
    return (x, y), (width, height), angle % 180.0, agreeing


def _edges(
    values: np.ndarray, inside: float, outside: float, radius: float,
) -> np.ndarray:
    """Return where it goes up most steeply from what is dark, [N, 2], relative to the centre."""
    contrast = max(outside - inside, 8.0)
    slope = values[:, 2:] - values[:, :-2]
    slope[values[:, :-2] > inside + _DARK_SHARE * contrast] = 0.0
    ray = np.arange(RAYS)
    at = np.clip(np.argmax(slope * _EXPECTED, axis=1), 1, slope.shape[1] - 2)
    before, top, after = slope[ray, at - 1], slope[ray, at], slope[ray, at + 1]
    good = top > max(_LEAST_SLOPE, _SLOPE_SHARE * contrast)
    bend = np.minimum(before - 2.0 * top + after, -1e-3)
    # The vertex of a parabola through the three steepest.
    part = np.clip(0.5 * (before - after) / bend, -1.0, 1.0)
    far = radius * (_REACH[1:-1][at] + part * _STEP)
    return np.stack([_COS * far, _SIN * far], axis=1)[good]
