# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""How far a mesh can be trusted, for the upper and the lower face apart."""

from dataclasses import dataclass
import math

from affect_trackers.face_tracker.head_frame import HeadFrame
import cv2
import numpy as np

_UPPER = np.array([
    468, 473, 158, 159, 160, 385, 386, 387, 27, 28, 56, 257, 258, 286, 225, 445,
    105, 66, 52, 334, 296, 282])
"""Irises, lids, the skin between lid and brow, brows: light and dark where a face is bare."""

_LOWER = np.array([
    13, 14, 82, 312, 87, 317, 80, 310, 61, 291, 37, 267, 0, 17, 84, 314, 164])
"""The line between the lips, its corners, the red of the lips and the skin above."""

# Contrast that is left between those points when a plane is taken off, over that of the face.
# 236 faces of FER2013: 0.26 in 98 of 100 (lower: 0.19); under a grey box the median is 0.00, under
# one with an even gradient and noise 0.20.
_UPPER_RELIEF = (0.12, 0.28)
_LOWER_RELIEF = (0.10, 0.22)

# Irises and upper lids are darker than the skin around them, by this in deviations of the face:
# 0.44 in 95 of 100 faces. The network sees an upright face in one upside down; there it is 0.0.
_EYES, _AROUND_EYES = slice(0, 8), np.array([119, 118, 348, 347, 27, 28, 56, 257, 258, 286])
_DARK_EYES = (0.0, 0.4)

# Deviation of the Laplacian over that of the face at SHARPNESS_PX on a side: 0.23 in 99 of 100
# pictures of FER2013 (24 pixels from eye to eye), 0.15 when a good one is blurred by a
# twentieth of the eye distance.
SHARPNESS_PX = 64
_SHARPNESS = (0.10, 0.22)

_EYE_DISTANCE_PX = (24.0, 48.0)
_YAW_DEG, _PITCH_DEG, _ROLL_DEG = (35.0, 60.0), (30.0, 50.0), (50.0, 80.0)
_MISFIT = (0.06, 0.10)
_CONTRAST = (5.0, 14.0)  # standard deviation in grey levels
_SATURATED = (0.5, 0.9)
_MARGIN_LEVELS = 4


@dataclass(frozen=True)
class Visibility:
    """Confidence in [0, 1] in the halves of a face, and what lowered the better one the most."""

    upper: float
    lower: float
    reason: str = ''


def visibility(grey: np.ndarray, mesh: np.ndarray, frame: HeadFrame) -> Visibility:
    """
    Judge a mesh [478, 3] (pixels) in its grey picture uint8 [H, W].

    The network places landmarks also where nothing is to be seen (under a headset, in the dark),
    so what they should show is looked for: light and dark at brows, lids, irises and lips.
    """
    height, width = grey.shape
    at = np.rint(mesh[:, :2]).astype(np.intp)
    inside = (at >= 0).all(axis=1) & (at[:, 0] < width) & (at[:, 1] < height)
    np.clip(at, 0, (width - 1, height - 1), out=at)
    (left, top), (right, bottom) = at.min(axis=0), at.max(axis=0)
    face = grey[top:bottom + 1, left:right + 1]
    # A quarter of the pixels says as much.
    deviation = float(cv2.meanStdDev(np.ascontiguousarray(face[::2, ::2]))[1][0, 0])
    sample = grey[at[:, 1], at[:, 0]]
    saturated = float(np.mean(
        (sample <= _MARGIN_LEVELS) | (sample >= 255 - _MARGIN_LEVELS)))
    bare = _rising(_relief(sample[_UPPER], at[_UPPER]) / max(deviation, 1.0), _UPPER_RELIEF)
    darker = (float(sample[_AROUND_EYES].mean()) - float(sample[_UPPER[_EYES]].mean())) / max(
        deviation, 1.0)
    common = {
        'face too small': _rising(frame.eye_distance_px, _EYE_DISTANCE_PX),
        'face turned away': _falling(abs(frame.yaw_deg), _YAW_DEG)
        * _falling(abs(frame.pitch_deg), _PITCH_DEG) * _falling(abs(frame.roll_deg), _ROLL_DEG),
        'not shaped like a face': _falling(frame.misfit, _MISFIT),
        'not like an upright face': 1.0 - bare * _falling(darker, _DARK_EYES),
        'blurred': _rising(_sharpness(face, deviation), _SHARPNESS),
        'too little contrast': _rising(deviation, _CONTRAST),
        'too dark or too bright': _falling(saturated, _SATURATED),
    }
    whole = math.prod(common.values())
    worst = min(common, key=lambda name: common[name])
    halves = []
    lower = _rising(_relief(sample[_LOWER], at[_LOWER]) / max(deviation, 1.0), _LOWER_RELIEF)
    for points, seen in ((_UPPER, bare), (_LOWER, lower)):
        share = float(np.mean(inside[points]))
        halves.append(whole * _rising(share, (0.5, 0.9)) * seen)
    reason = ''
    if max(halves) < 0.5:
        reason = worst if common[worst] < 0.5 else 'no brows, eyes or lips where they should be'
    elif halves[0] < 0.5:
        reason = 'upper face covered'
    elif halves[1] < 0.5:
        reason = 'lower face covered'
    return Visibility(halves[0], halves[1], reason)


def _relief(sample: np.ndarray, at: np.ndarray) -> float:
    """Return the standard deviation of grey values [N] at [N, 2] around a fitted plane."""
    plane = np.column_stack([at - at.mean(axis=0), np.ones(len(at))])
    values = sample.astype(np.float64)
    fit, *_ = np.linalg.lstsq(plane, values, rcond=None)
    return float(np.std(values - plane @ fit))


def _sharpness(face: np.ndarray, deviation: float) -> float:
    small = cv2.resize(
        np.ascontiguousarray(face), (SHARPNESS_PX, SHARPNESS_PX), interpolation=cv2.INTER_AREA)
    return float(cv2.Laplacian(small, cv2.CV_16S).std()) / max(deviation, 1.0)


def _rising(value: float, between: tuple[float, float]) -> float:
    """0 up to the first limit, 1 from the second, linear between."""
    low, high = between
    return min(max((value - low) / (high - low), 0.0), 1.0)


def _falling(value: float, between: tuple[float, float]) -> float:
    return 1.0 - _rising(value, between)
