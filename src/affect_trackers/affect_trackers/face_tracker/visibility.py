# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""How far a mesh can be trusted, for the upper and the lower face apart."""

from dataclasses import dataclass
import math

from affect_trackers.face_tracker.half_judge import HalfJudge
from affect_trackers.face_tracker.half_patch import half_patches
from affect_trackers.face_tracker.head_frame import HeadFrame
import cv2
import numpy as np

_UPPER = np.array([
    468, 473, 158, 159, 160, 385, 386, 387, 27, 28, 56, 257, 258, 286, 225, 445,
    105, 66, 52, 334, 296, 282])
"""Irises, lids, the skin between lid and brow, brows."""

_LOWER = np.array([
    13, 14, 82, 312, 87, 317, 80, 310, 61, 291, 37, 267, 0, 17, 84, 314, 164])
"""The line between the lips, its corners, the red of the lips and the skin above."""

_FOREHEAD, _NOSE_TIP, _CHIN = 10, 4, 152

# Probability that a half shows what it should; see the card of the judge.
_PROBABLE = (0.4, 0.9)

# Deviation of the Laplacian over that of the half itself, at SHARPNESS_PX to its longer side.
# Pictures of FER2013 (24 pixels from eye to eye): above 0.10 in 95 of 100; 0.06 is the
# median when they are blurred by another twentieth of the eye distance.
SHARPNESS_PX = 64
_SHARPNESS = (0.078, 0.115)

_EYE_DISTANCE_PX = (24.0, 48.0)
_YAW_DEG, _PITCH_DEG, _ROLL_DEG = (35.0, 60.0), (30.0, 50.0), (50.0, 80.0)
_MISFIT = (0.07, 0.11)
_CONTRAST = (4.0, 10.0)  # standard deviation in grey levels
_SATURATED = (0.5, 0.9)
_MARGIN_LEVELS = 4
_COVERED, _NOTHING = 'covered', 'no brows, eyes or lips where they should be'
_JUDGE = HalfJudge.load()


@dataclass(frozen=True)
class Visibility:
    """Confidence in [0, 1] in the halves of a face, and what lowered the better one the most."""

    upper: float
    lower: float
    reason: str = ''


def halves_seen(grey: np.ndarray, mesh: np.ndarray) -> tuple[float, float]:
    """Return how probable it is that brows and eyes, and a mouth, are where landmarks lie."""
    return _JUDGE.probabilities(*half_patches(grey, mesh))


def visibility(grey: np.ndarray, mesh: np.ndarray, frame: HeadFrame) -> Visibility:
    """
    Judge a mesh [478, 3] (pixels) in its grey picture uint8 [H, W].

    The network places landmarks also where nothing is to be seen (under a headset, behind a
    hand, in the dark), so each half is looked at: whether it shows brows and eyes, or a mouth,
    where the landmarks say, and whether light and focus permit to measure there. The halves are
    judged apart: a black headset must not make a well-lit mouth look dull.
    """
    common = {
        'face too small': _rising(frame.eye_distance_px, _EYE_DISTANCE_PX),
        'face turned away': _falling(abs(frame.yaw_deg), _YAW_DEG)
        * _falling(abs(frame.pitch_deg), _PITCH_DEG) * _falling(abs(frame.roll_deg), _ROLL_DEG),
        'not shaped like a face': _falling(frame.misfit, _MISFIT),
    }
    whole = math.prod(common.values())
    if whole <= 0.0:
        return Visibility(0.0, 0.0, _worst(common)[0])
    probable = halves_seen(grey, mesh)
    halves = []
    for points, rows, chance in (
            (_UPPER, (_FOREHEAD, _NOSE_TIP), probable[0]),
            (_LOWER, (_NOSE_TIP, _CHIN), probable[1])):
        halves.append(_of_half(grey, mesh, points, rows, chance))
    upper, lower = (whole * math.prod(half.values()) for half in halves)
    reason = ''
    if max(upper, lower) < 0.5:
        better = halves[0] if upper > lower else halves[1]
        name, least = _worst(better)
        other, less = _worst(common)
        reason = other if less <= least else _NOTHING if name == _COVERED else f'face {name}'
    elif min(upper, lower) < 0.5:
        half = 'upper' if upper < lower else 'lower'
        reason = f'{half} face {_worst(halves[0] if upper < lower else halves[1])[0]}'
    return Visibility(upper, lower, reason)


def _of_half(
    grey: np.ndarray, mesh: np.ndarray, points: np.ndarray, rows: tuple[int, int], chance: float,
) -> dict[str, float]:
    """Return, by what may be wrong with a half of the face, 1 where it is not, down to 0."""
    height, width = grey.shape
    at = np.rint(mesh[:, :2]).astype(np.intp)
    inside = (at >= 0).all(axis=1) & (at[:, 0] < width) & (at[:, 1] < height)
    np.clip(at, 0, (width - 1, height - 1), out=at)
    sample = grey[at[points, 1], at[points, 0]]
    saturated = float(np.mean(
        (sample <= _MARGIN_LEVELS) | (sample >= 255 - _MARGIN_LEVELS)))
    ends = at[list(rows)]
    middle = 0.5 * ends.sum(axis=0)
    # As wide as the points reach, as high as the half: the box of a face that is not turned far.
    reach = 0.5 * max(float(np.ptp(at[points, 0])), float(np.ptp(ends[:, 1])))
    high = 0.5 * max(float(np.ptp(ends[:, 1])), 0.5 * reach)
    left, right = max(int(middle[0] - reach), 0), min(int(middle[0] + reach) + 1, width)
    top, bottom = max(int(middle[1] - high), 0), min(int(middle[1] + high) + 1, height)
    box = grey[top:bottom, left:right]
    deviation = float(cv2.meanStdDev(np.ascontiguousarray(box))[1][0, 0]) if box.size else 0.0
    return {
        _COVERED: _rising(chance, _PROBABLE),
        'out of the picture': _rising(float(np.mean(inside[points])), (0.5, 0.9)),
        'blurred': _rising(_sharpness(box, deviation), _SHARPNESS) if box.size else 0.0,
        'of too little contrast': _rising(deviation, _CONTRAST),
        'too dark or too bright': _falling(saturated, _SATURATED),
    }


def _worst(confidences: dict[str, float]) -> tuple[str, float]:
    name = min(confidences, key=lambda each: confidences[each])
    return name, confidences[name]


def _sharpness(box: np.ndarray, deviation: float) -> float:
    shrink = SHARPNESS_PX / max(box.shape)
    # Not in whole grey levels: what their rounding leaves looks sharp where contrast is low.
    small = cv2.resize(
        box.astype(np.float32),
        (max(round(box.shape[1] * shrink), 4), max(round(box.shape[0] * shrink), 4)),
        interpolation=cv2.INTER_AREA)
    return float(cv2.Laplacian(small, cv2.CV_32F).std()) / max(deviation, 1.0)


def _rising(value: float, between: tuple[float, float]) -> float:
    """0 up to the first limit, 1 from the second, linear between."""
    low, high = between
    return min(max((value - low) / (high - low), 0.0), 1.0)


def _falling(value: float, between: tuple[float, float]) -> float:
    return 1.0 - _rising(value, between)
