# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
The dark pupil in a near-infrared image of one eye.

Threshold between the image's darkest level and its median, morphology against glints and lashes,
ellipses through the contour's parts (a lid may cover one end), and the one whose rim is best seen
wins: the ingredients of Swirski et al. (ETRA 2012) and PuRe (Santini et al., CVIU 2018), much
simplified. Where no rim is seen there is no pupil: it never invents one.
"""

from dataclasses import dataclass
from enum import Enum
import math

import cv2
import numpy as np

WORKING_WIDTH = 160
"""Images are reduced to at most about this width; a pupil is some 40 pixels wide then."""

NO_CONTRAST, LEAST_CONTRAST = 8.0, 20.0
LEAST_CONFIDENCE = 0.35

_DARKNESS = (0.4, 0.25, 0.55)
_PARTS = ((0.0, 1.0), (0.2, 1.0), (0.4, 1.0), (0.0, 0.75))
"""From top to bottom of a blob: all of it, or without what a lid may have cut."""
_LEAST_RATIO = 0.5
_DIAMETER = (0.08, 0.75)
_RIM_POINTS = 48
_ANGLES = np.linspace(0.0, 2.0 * np.pi, _RIM_POINTS, endpoint=False)
_RIM = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)], axis=-1)
_ROUND = {n: cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (n, n)) for n in (5, 7)}


class EyeOpening(Enum):
    """Whether the pupil is in sight; UNKNOWN when the image tells nothing (dark, flat)."""

    UNKNOWN = 0
    OPEN = 1
    CLOSED = 2


@dataclass(frozen=True)
class Pupil:
    """
    What was found in an eye image. Numbers are NaN unless OPEN.

    ``x`` and ``y`` are the pupil's centre as fractions of the image's width and height, origin
    top left; ``major``, ``minor`` the axes of its ellipse and ``aperture`` the distance between
    the lids over the pupil's centre as fractions of the height; ``tilt_deg`` the direction of the
    axis ``major``, from x towards y. ``confidence`` in [0, 1] is the share of the rim that is
    seen, rescaled.
    """

    opening: EyeOpening
    x: float = math.nan
    y: float = math.nan
    major: float = math.nan
    minor: float = math.nan
    tilt_deg: float = math.nan
    aperture: float = math.nan
    confidence: float = 0.0


def find_pupil(image: np.ndarray) -> Pupil:
    """
    Find the pupil in ``image``, uint8 [H, W] with H and W at least 32.

    :raises ValueError: another shape or type.
    """
    if image.ndim != 2 or image.dtype != np.uint8 or min(image.shape) < 32:
        raise ValueError(
            f'find_pupil needs a grey uint8 image of at least 32 x 32, not {image.dtype} '
            f'{image.shape}')
    scale = max(1, round(image.shape[1] / WORKING_WIDTH))
    small = image if scale == 1 else cv2.resize(
        image, (image.shape[1] // scale, image.shape[0] // scale),
        interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (5, 5), 0)
    dark, middle = (float(v) for v in np.percentile(small, (0.5, 50.0)))
    contrast = middle - dark
    if contrast < NO_CONTRAST:
        return Pupil(EyeOpening.UNKNOWN)
    best: _Candidate | None = None
    for share in _DARKNESS if contrast >= LEAST_CONTRAST else ():
        best = _best(small, dark + share * contrast, contrast, dark, best)
        if best is not None and best.score > 0.6:
            break
    if best is not None:
        # The rim lies half way between the pupil and the iris around it, wherever that is.
        best = _best(small, best.middle, contrast, dark, None) or best
    confidence = 0.0 if best is None else float(np.clip((best.seen - 0.3) / 0.6, 0.0, 1.0))
    if best is None or confidence < LEAST_CONFIDENCE:
        return Pupil(EyeOpening.CLOSED)
    (x, y), (width, height), angle = best.ellipse
    # A contour runs through the centres of the outermost pixels.
    width, height = width + 1.0, height + 1.0
    if width < height:
        width, height, angle = height, width, angle + 90.0
    rows, columns = small.shape
    return Pupil(
        EyeOpening.OPEN, x=(x + 0.5) / columns, y=(y + 0.5) / rows, major=width / rows,
        minor=height / rows, tilt_deg=angle % 180.0,
        aperture=_aperture(small, best.ellipse, dark, contrast) / rows, confidence=confidence)


@dataclass(frozen=True)
class _Candidate:
    """An ellipse (as cv2.fitEllipse), the share of its rim in sight, and the grey on the rim."""

    ellipse: tuple
    seen: float
    score: float
    middle: float


def _best(
    small: np.ndarray, threshold: float, contrast: float, dark: float, best: _Candidate | None,
) -> _Candidate | None:
    """Return the best ellipse at a threshold, or ``best`` when that is better."""
    for ellipse, misfit in _candidates(small, threshold):
        inner, outer = _across_rim(small, ellipse)
        with np.errstate(invalid='ignore'):
            seen = (outer - inner > 0.25 * contrast) & (inner < dark + 0.5 * contrast)
            covered = float(np.mean(inner >= dark + 0.5 * contrast))
        share = float(np.mean(seen))
        # A lid may cover a part of the rim. An ellipse squeezed into what it leaves free has
        # all of its rim in sight, and does not fit the corners.
        score = share + 0.5 * covered - 0.4 * min(misfit, 2.0)
        if share > 0.0 and (best is None or score > best.score):
            middle = 0.5 * float(np.median(inner[seen]) + np.median(outer[seen]))
            best = _Candidate(ellipse, share, score, middle)
    return best


def _candidates(small: np.ndarray, threshold: float) -> list[tuple[tuple, float]]:
    """Return ellipses (as cv2.fitEllipse) through the rims of dark blobs, and misfits."""
    rows, columns = small.shape
    _, mask = cv2.threshold(small, threshold, 255, cv2.THRESH_BINARY_INV)
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, _ROUND[5])
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, _ROUND[7])
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    found = []
    for contour in sorted(contours, key=cv2.contourArea, reverse=True)[:4]:
        area = cv2.contourArea(contour)
        if area < 0.003 * rows * columns:
            break
        points = cv2.convexHull(contour)[:, 0, :]
        # The hull bridges glints; every pixel of the contour on it has an equal say.
        near = _rim_distance(contour[:, 0, :], points) < 1.5
        rim = contour[near, 0, :]
        inside = (
            (rim[:, 0] > 1) & (rim[:, 0] < columns - 2)
            & (rim[:, 1] > 1) & (rim[:, 1] < rows - 2))
        rim = rim[inside]
        if len(rim) < 12:
            continue
        top, bottom = int(rim[:, 1].min()), int(rim[:, 1].max())
        for upper, lower in _PARTS:
            part = rim[
                (rim[:, 1] >= top + upper * (bottom - top))
                & (rim[:, 1] <= top + lower * (bottom - top))]
            if len(part) < 12:
                continue
            ellipse = cv2.fitEllipseDirect(part.astype(np.float32))
            if _plausible(ellipse, small.shape):
                found.append((ellipse, _misfit(ellipse, part)))
    return found


def _rim_distance(points: np.ndarray, hull: np.ndarray) -> np.ndarray:
    """Return the distance of points [N, 2] to a convex polygon's rim, [N]."""
    start = hull.astype(np.float64)
    along = np.roll(start, -1, axis=0) - start
    length = np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)
    across = (
        along[None, :, 0] * (points[:, None, 1] - start[None, :, 1])
        - along[None, :, 1] * (points[:, None, 0] - start[None, :, 0])) / length
    return np.abs(across).min(axis=1)


def _plausible(ellipse: tuple, shape: tuple[int, int]) -> bool:
    (x, y), (width, height), _ = ellipse
    rows, columns = shape
    if not all(math.isfinite(v) for v in (x, y, width, height)):
        return False
    longest, shortest = max(width, height), min(width, height)
    return (
        _DIAMETER[0] * rows < longest < _DIAMETER[1] * rows
        and shortest > _LEAST_RATIO * longest and 0 <= x < columns and 0 <= y < rows)


def _around(ellipse: tuple, reach: float) -> np.ndarray:
    """Return points at ``reach`` times the ellipse, [_RIM_POINTS, 2]."""
    (x, y), (width, height), angle = ellipse
    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    local = _RIM * (0.5 * reach * np.array([width, height]))
    return local @ np.array([[c, s], [-s, c]]) + (x, y)


def _misfit(ellipse: tuple, points: np.ndarray) -> float:
    """Return how far points [N, 2] are from an ellipse, root mean square, pixels."""
    (x, y), (width, height), angle = ellipse
    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    local = (points - (x, y)) @ np.array([[c, -s], [s, c]]) / (0.5 * np.array([width, height]))
    off = np.hypot(local[:, 0], local[:, 1]) - 1.0
    return 0.25 * (width + height) * math.sqrt(float(np.mean(off * off)))


def _across_rim(small: np.ndarray, ellipse: tuple) -> tuple[np.ndarray, np.ndarray]:
    """Return the grey three pixels inside and outside of the rim; NaN outside of the image."""
    rows, columns = small.shape
    radius = 0.25 * sum(ellipse[1])
    values = []
    for offset in (-3.0, 3.0):
        at = np.round(_around(ellipse, 1.0 + offset / max(radius, 4.0))).astype(int)
        within = (at[:, 0] >= 0) & (at[:, 0] < columns) & (at[:, 1] >= 0) & (at[:, 1] < rows)
        value = np.full(_RIM_POINTS, np.nan)
        value[within] = small[at[within, 1], at[within, 0]]
        values.append(value)
    return values[0], values[1]


def _aperture(small: np.ndarray, ellipse: tuple, dark: float, contrast: float) -> float:
    """Return the distance in pixels from lid to lid, as far as the image shows it."""
    (x, y), axes, _ = ellipse
    rows, columns = small.shape
    half = 0.25 * min(axes)
    left, right = (int(np.clip(v, 0, columns - 1)) for v in (x - half, x + half))
    profile = np.median(small[:, left:right + 1], axis=1)
    # Over the pupil's own columns the ellipse is about this high.
    reach = 0.5 * _height(ellipse)
    # Lashes and the lid's shadow are dark, iris and sclera are not.
    shadow = profile < dark + 0.55 * contrast
    centre = int(np.clip(y, 0, rows - 1))

    def lid(outwards: np.ndarray) -> int:
        """Return the number of rows from the centre to a lid, along a view of the profile."""
        bright = np.flatnonzero(~outwards)
        if len(bright) == 0:
            return len(outwards)
        edge = int(bright[0])
        if edge < reach - 3.0:
            return edge  # the lid lies over the pupil
        beyond = np.flatnonzero(outwards[edge + 2:])
        return edge + 2 + int(beyond[0]) if len(beyond) else len(outwards)

    return float(lid(shadow[centre::-1]) + lid(shadow[centre:]) - 1)


def _height(ellipse: tuple) -> float:
    """Return the extent of an ellipse along y."""
    _, (width, height), angle = ellipse
    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    return math.hypot(width * s, height * c)
