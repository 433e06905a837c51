# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
The dark pupil in a near-infrared image of one eye.

A small network says whether there is a pupil and about where, lid or not (``pupil_net``). In a
larger picture rays find its rim there to a fraction of a pixel, or as much of it as a lid leaves
(``rim``, ``arc``). What the network has never met may still be plain to see: something round,
dark and compact with a whole rim (in the spirit of Swirski et al., ETRA 2012, and PuRe, Santini
et al., CVIU 2018) is a pupil, too. Where there is neither there is none: it never invents one.
"""

from dataclasses import dataclass
from enum import Enum
import math

from affect_trackers.eye_tracker.arc import find_arc
from affect_trackers.eye_tracker.lids import lid_distances
from affect_trackers.eye_tracker.pupil_net import PupilGuess
from affect_trackers.eye_tracker.pupil_net import shared_pupil_net
from affect_trackers.eye_tracker.rim import find_rim
from affect_trackers.eye_tracker.rim import Rim
import cv2
import numpy as np

WORKING_WIDTH = 160
"""Images are reduced to about this width; a pupil is 12 to 60 pixels wide then."""

NO_CONTRAST, LEAST_CONTRAST = 8.0, 20.0
LEAST_CONFIDENCE = 0.35

LEAST_PROBABILITY = 0.7
_SAME_PLACE, _SAME_SIZE = 0.35, 1.35
"""A rim is where the network expects it within so many radii, and as large within this ratio."""
_FLAT, _FLAT_PLACE = 0.62, 0.12
"""An ellipse as flat as that may be squeezed into what a lid leaves free."""
_LEAST_SEEN, _LEAST_SEEN_OF_KNOWN = 0.06, 0.15
"""So much of the rim is found, or at least it is dark; more of one whose size is known."""
_DARKNESS = (0.4, 0.25, 0.55)
_DIAMETER = (0.08, 0.75)
_LEAST_AREA = 0.002
_LEAST_FILL = 0.5
_GRAIN = 0.65
"""Share of its contrast that a picture keeps at a quarter of its size: 0.55 if it is white noise,
0.73 at least in drawn, simulated and recorded eyes, open or shut."""
_KERNEL = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))


class EyeOpening(Enum):
    """Whether the pupil is in sight; UNKNOWN when the image tells nothing (dark, flat, noise)."""

    UNKNOWN = 0
    OPEN = 1
    CLOSED = 2


@dataclass(frozen=True)
class Pupil:
    """
    What was found in an eye image. Numbers are NaN unless OPEN.

    ``x`` and ``y`` are the pupil's centre as fractions of the image's width and height, origin
    top left; ``major``, ``minor`` the axes of its ellipse, ``upper`` and ``lower`` the distances
    from its centre to the lids as fractions of the height; ``tilt_deg`` the direction of the
    axis ``major``, from x towards y; ``inside`` and ``outside`` the grey on either side of the
    rim. ``confidence`` in [0, 1] is 1 for a rim in full sight and falls with the share that is
    seen and with the network's doubts.
    """

    opening: EyeOpening
    x: float = math.nan
    y: float = math.nan
    major: float = math.nan
    minor: float = math.nan
    tilt_deg: float = math.nan
    upper: float = math.nan
    lower: float = math.nan
    inside: float = math.nan
    outside: float = math.nan
    confidence: float = 0.0

    @property
    def aperture(self) -> float:
        """Return the distance between the lids over the pupil, a fraction of the height."""
        return self.upper + self.lower


def find_pupil(
    image: np.ndarray, near: Pupil | None = None, known: Pupil | None = None,
) -> Pupil:
    """
    Find the pupil in ``image``, uint8 [H, W] with H and W at least 32.

    :param near: the pupil of the image before: looked for there first, which is cheaper
    :param known: the pupil when it was last in full sight: where a lid covers a part of the rim,
        the rest says more when size and shape need not be found
    :raises ValueError: another shape or type.
    """
    if image.ndim != 2 or image.dtype != np.uint8 or min(image.shape) < 32:
        raise ValueError(
            f'find_pupil needs a grey uint8 image of at least 32 x 32, not {image.dtype} '
            f'{image.shape}')
    scale = max(1, min(round(image.shape[1] / WORKING_WIDTH), min(image.shape) // 32))
    small = image if scale == 1 else cv2.resize(
        image, (image.shape[1] // scale, image.shape[0] // scale),
        interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (3, 3), 0)
    rim, confidence = _again(small, near), 1.0
    if rim is None:
        coarse = cv2.resize(
            small, (small.shape[1] // 2, small.shape[0] // 2), interpolation=cv2.INTER_AREA)
        dark, middle = _levels(coarse)
        contrast = middle - dark
        if contrast < NO_CONTRAST:
            return Pupil(EyeOpening.UNKNOWN)
        guess = shared_pupil_net().guess(small)
        if guess.probability >= LEAST_PROBABILITY:
            rim, confidence = _expected(small, guess, known, dark + 0.5 * contrast)
        elif contrast >= LEAST_CONTRAST:
            rim = _search(small, coarse, dark, contrast)
    if rim is None or confidence < LEAST_CONFIDENCE:
        return Pupil(EyeOpening.UNKNOWN if _is_grain(small) else EyeOpening.CLOSED)
    rows, columns = small.shape
    upper, lower = lid_distances(small, rim)
    return Pupil(
        EyeOpening.OPEN, x=(rim.x + 0.5) / columns, y=(rim.y + 0.5) / rows,
        major=rim.major / rows, minor=rim.minor / rows, tilt_deg=rim.tilt_deg,
        upper=upper / rows, lower=lower / rows, inside=rim.inside, outside=rim.outside,
        confidence=confidence)


def _expected(
    small: np.ndarray, guess: PupilGuess, known: Pupil | None, darkest_iris: float,
) -> tuple[Rim | None, float]:
    """Return the rim where the network expects it, whole or in part, and the confidence."""
    rows, columns = small.shape
    x, y = guess.x * columns - 0.5, guess.y * rows - 0.5
    radius = guess.radius * rows
    rim = find_rim(small, x, y, radius)
    if rim is not None and _is_plausible(rim, rows):
        ratio = math.sqrt(rim.major * rim.minor) / (2.0 * radius)
        away = math.hypot(rim.x - x, rim.y - y) / radius
        if away < (_SAME_PLACE if rim.minor > _FLAT * rim.major else _FLAT_PLACE) and (
                1.0 / _SAME_SIZE < ratio < _SAME_SIZE):
            return rim, 1.0
    arc = find_arc(small, x, y, radius, None if known is None else Rim(
        x, y, known.major * rows, known.minor * rows, known.tilt_deg, 1.0, known.inside,
        known.outside))
    is_inside = 0.0 <= arc.x <= columns - 1 and 0.0 <= arc.y <= rows - 1
    if known is None:
        is_other = arc.seen < _LEAST_SEEN and arc.inside > darkest_iris
    else:
        is_other = arc.seen < _LEAST_SEEN_OF_KNOWN
    if is_other or not (is_inside and _is_plausible(arc, rows)):
        return None, 0.0
    most = 1.0 - LEAST_CONFIDENCE
    return arc, LEAST_CONFIDENCE + most * guess.probability * min(arc.seen / 0.75, 1.0)


def _is_grain(small: np.ndarray) -> bool:
    """Return whether a picture is noise alone: a broken link shows no shut eye."""
    coarse = cv2.resize(
        small, (small.shape[1] // 4, small.shape[0] // 4), interpolation=cv2.INTER_AREA)
    return float(coarse.std()) < _GRAIN * float(small.std())


def _again(small: np.ndarray, near: Pupil | None) -> Rim | None:
    """Return the rim where the last one was, or None when it is not plain to see."""
    if near is None or near.opening is not EyeOpening.OPEN:
        return None
    rows, columns = small.shape
    rim = find_rim(
        small, near.x * columns - 0.5, near.y * rows - 0.5,
        0.25 * (near.major + near.minor) * rows)
    return rim if rim is not None and _is_plausible(rim, rows) else None


def _levels(image: np.ndarray) -> tuple[float, float]:
    """Return the darkest level (that of half a percent) and the median."""
    counts = np.cumsum(cv2.calcHist([image], [0], None, [256], [0, 256]))
    dark, middle = np.searchsorted(counts, np.array([0.005, 0.5]) * image.size)
    return float(dark), float(middle)


def _search(
    small: np.ndarray, coarse: np.ndarray, dark: float, contrast: float,
) -> Rim | None:
    """Return a whole rim around something dark, or None."""
    for share in _DARKNESS:
        for x, y, radius in _blobs(coarse, dark + share * contrast):
            # Pixel centres of the reduced picture lie between those of the large one.
            rim = find_rim(small, 2.0 * x + 0.5, 2.0 * y + 0.5, 2.0 * radius)
            if (
                rim is not None and _is_plausible(rim, small.shape[0])
                and rim.inside < dark + 0.5 * contrast
                and rim.outside - rim.inside > 0.25 * contrast
            ):
                return rim
    return None


def _blobs(coarse: np.ndarray, threshold: float) -> list[tuple[float, float, float]]:
    """Return x, y and radius of what is dark and compact, the largest first, at most three."""
    rows, columns = coarse.shape
    _, mask = cv2.threshold(coarse, threshold, 255, cv2.THRESH_BINARY_INV)
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, _KERNEL)
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, _KERNEL)
    _, _, found, centres = cv2.connectedComponentsWithStats(mask)
    blobs = []
    for (_, _, width, height, area), (x, y) in zip(
            found[1:].tolist(), centres[1:].tolist(), strict=True):
        if area >= _LEAST_AREA * rows * columns and area > _LEAST_FILL * width * height:
            blobs.append((area, (x, y, 0.5 * max(width, height))))
    return [blob for _, blob in sorted(blobs, reverse=True)[:3]]


def _is_plausible(rim: Rim, rows: int) -> bool:
    return _DIAMETER[0] * rows < rim.major < _DIAMETER[1] * rows
