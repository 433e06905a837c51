# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The upper and the lower half of a face as a few numbers, whatever the light and the size."""

from dataclasses import dataclass
import math

import cv2
import numpy as np

_OUTER_EYES = [33, 263]
_MOUTH = [13, 14, 61, 291]
_BINS = 8
_CELL_PX = 4
_SOFT = 0.05  # of the patch's mean gradient: where nothing is to be seen, noise is not enlarged
_TWICE = 2  # sampled at twice the size and averaged, so that large pictures don't alias


@dataclass(frozen=True)
class _Window:
    """Where a patch lies around its middle, in outer-eye-corner distances, and its pixels."""

    left: float
    top: float
    width: float
    height: float
    columns: int
    rows: int


_UPPER = _Window(-0.75, -0.40, 1.5, 0.75, 32, 16)
_LOWER = _Window(-0.45, -0.32, 0.9, 0.75, 24, 20)


def half_patches(grey: np.ndarray, mesh: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """
    Return patches uint8 of brows and eyes [16, 32] and of the mouth [20, 24].

    From a picture uint8 [H, W] and landmarks [478, 3] in its pixels; upright, as large as the
    face, black beyond the picture.
    """
    right, left = mesh[_OUTER_EYES, :2]
    eyes = 0.5 * (right + left)
    across = left - right
    mouth = mesh[_MOUTH, :2].mean(axis=0)
    return _patch(grey, eyes, across, _UPPER), _patch(grey, mouth, across, _LOWER)


def describe(patch: np.ndarray) -> np.ndarray:
    """
    Return a histogram of oriented gradients (Dalal & Triggs, 2005) of a patch uint8 [h, w].

    Cells of 4 x 4 pixels with 8 unsigned orientations, each over the patch's mean gradient,
    square-rooted: float64 [h / 4 * w / 4 * 8].
    """
    pixels = patch.astype(np.float32)
    x = cv2.Sobel(pixels, cv2.CV_32F, 1, 0)
    y = cv2.Sobel(pixels, cv2.CV_32F, 0, 1)
    size = np.hypot(x, y)
    angle = np.arctan2(y, x) % math.pi * (_BINS / math.pi)
    low = np.floor(angle).astype(np.intp)
    share = angle - low
    rows, columns = patch.shape[0] // _CELL_PX, patch.shape[1] // _CELL_PX
    cell = ((np.arange(patch.shape[0]) // _CELL_PX)[:, None] * columns
            + np.arange(patch.shape[1]) // _CELL_PX) * _BINS
    count = rows * columns * _BINS
    histogram = np.bincount(
        (cell + low % _BINS).ravel(), (size * (1.0 - share)).ravel(), count) + np.bincount(
        (cell + (low + 1) % _BINS).ravel(), (size * share).ravel(), count)
    mean = float(histogram.sum()) / (rows * columns) + _SOFT * 255.0
    described: np.ndarray = np.sqrt(histogram / mean)
    return described


def _patch(
    grey: np.ndarray, middle: np.ndarray, across: np.ndarray, window: _Window,
) -> np.ndarray:
    down = np.array([-across[1], across[0]])
    origin = middle + window.left * across + window.top * down
    right = across * (window.width / (_TWICE * window.columns))
    below = down * (window.height / (_TWICE * window.rows))
    where = np.column_stack([right, below, origin + 0.5 * (right + below)])
    large = cv2.warpAffine(
        grey, where, (_TWICE * window.columns, _TWICE * window.rows),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_CONSTANT)
    return cv2.resize(large, (window.columns, window.rows), interpolation=cv2.INTER_AREA)
