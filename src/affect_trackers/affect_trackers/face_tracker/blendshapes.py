# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
From what a face measures to ARKit's 52 weights, by geometry.

A weight is how far a measurement is from the wearer's neutral, over how far it goes when the shape
is fully formed. That range is, where pictures show it, the distance from the median of neutral
faces to the second or 98th percentile of 2310 acted and spontaneous faces (FER2013). What no
landmark shows is not given: the tongue, puffed cheeks, a jaw thrust forward, dimples, a shrugged
upper lip, lips closed over an open jaw.
"""

from affect_trackers.face_tracker.measurements import PLACES
import numpy as np

SHAPES = 52

NAMES = (
    'eyeBlinkLeft', 'eyeLookDownLeft', 'eyeLookInLeft', 'eyeLookOutLeft', 'eyeLookUpLeft',
    'eyeSquintLeft', 'eyeWideLeft', 'eyeBlinkRight', 'eyeLookDownRight', 'eyeLookInRight',
    'eyeLookOutRight', 'eyeLookUpRight', 'eyeSquintRight', 'eyeWideRight', 'jawForward',
    'jawLeft', 'jawRight', 'jawOpen', 'mouthClose', 'mouthFunnel', 'mouthPucker', 'mouthLeft',
    'mouthRight', 'mouthSmileLeft', 'mouthSmileRight', 'mouthFrownLeft', 'mouthFrownRight',
    'mouthDimpleLeft', 'mouthDimpleRight', 'mouthStretchLeft', 'mouthStretchRight',
    'mouthRollLower', 'mouthRollUpper', 'mouthShrugLower', 'mouthShrugUpper', 'mouthPressLeft',
    'mouthPressRight', 'mouthLowerDownLeft', 'mouthLowerDownRight', 'mouthUpperUpLeft',
    'mouthUpperUpRight', 'browDownLeft', 'browDownRight', 'browInnerUp', 'browOuterUpLeft',
    'browOuterUpRight', 'cheekPuff', 'cheekSquintLeft', 'cheekSquintRight', 'noseSneerLeft',
    'noseSneerRight', 'tongueOut')
"""ARKit's names, in the order of affect_msgs/FaceTracking."""

# Indices as in affect_msgs/FaceTracking; pairs are the wearer's left and right.
EYE_BLINK, EYE_LOOK_DOWN, EYE_LOOK_IN = (0, 7), (1, 8), (2, 9)
EYE_LOOK_OUT, EYE_LOOK_UP, EYE_SQUINT, EYE_WIDE = (3, 10), (4, 11), (5, 12), (6, 13)
JAW_FORWARD, JAW_LEFT, JAW_RIGHT, JAW_OPEN = 14, 15, 16, 17
MOUTH_CLOSE, MOUTH_FUNNEL, MOUTH_PUCKER, MOUTH_LEFT, MOUTH_RIGHT = 18, 19, 20, 21, 22
MOUTH_SMILE, MOUTH_FROWN, MOUTH_DIMPLE, MOUTH_STRETCH = (23, 24), (25, 26), (27, 28), (29, 30)
MOUTH_ROLL_LOWER, MOUTH_ROLL_UPPER, MOUTH_SHRUG_LOWER, MOUTH_SHRUG_UPPER = 31, 32, 33, 34
MOUTH_PRESS, MOUTH_LOWER_DOWN, MOUTH_UPPER_UP = (35, 36), (37, 38), (39, 40)
BROW_DOWN, BROW_INNER_UP, BROW_OUTER_UP = (41, 42), 43, (44, 45)
CHEEK_PUFF, CHEEK_SQUINT, NOSE_SNEER, TONGUE_OUT = 46, (47, 48), (49, 50), 51

NEVER_OBSERVED = (
    JAW_FORWARD, MOUTH_CLOSE, *MOUTH_DIMPLE, MOUTH_SHRUG_UPPER, CHEEK_PUFF, TONGUE_OUT)

UPPER = np.zeros(SHAPES, dtype=bool)
UPPER[[*range(14), *range(41, 46), *CHEEK_SQUINT]] = True
"""Shapes of the upper face (lids, gaze, brows, cheeks); the others are of the lower face."""

NEEDS_WHOLE_FACE = (MOUTH_LEFT, MOUTH_RIGHT, *MOUTH_UPPER_UP, *NOSE_SNEER)
"""
Shapes of the lower face that are not measured when the upper one is hidden.

They are small against how far the hidden eyes and the nose are guessed wrong: of 56 faces of
FER2013 with and without a drawn headset they correlated by -0.1 to 0.5, the smile by 0.7.
"""

_DEAD = 0.1  # of a range: nobody's face stands perfectly still, and no network sees it so
_LOOK_HIDDEN = 0.6  # of a blink, from which on the iris is a guess


def blendshapes(measured: np.ndarray, neutral: np.ndarray) -> np.ndarray:
    """
    Return weights [52] in [0, 1] from measurements and neutral [COUNT]; NaN: can't be measured.

    Both as ``measurements.measure`` gives them; order as in affect_msgs/FaceTracking.
    """
    now = {name: measured[place] for name, place in PLACES.items()}
    rest = {name: neutral[place] for name, place in PLACES.items()}
    more = {name: now[name] - rest[name] for name in PLACES}
    weights = np.zeros(SHAPES)

    # Lids: open is as wide as at rest. Half of the rest is where people see a drooping lid.
    opening = now['eye_opening'] / rest['eye_opening']
    blink = _formed(0.8 - opening, 0.5)
    weights[list(EYE_BLINK)] = blink
    weights[list(EYE_WIDE)] = _formed(opening - 1.0, 0.45)
    weights[list(EYE_SQUINT)] = _formed(-more['lower_lid'], 0.028) * (1.0 - blink)
    left, down = more['look_left'], more['look_down']
    outwards = left * (1.0, -1.0)
    weights[list(EYE_LOOK_OUT)] = _formed(outwards, 0.2)
    weights[list(EYE_LOOK_IN)] = _formed(-outwards, 0.2)
    weights[list(EYE_LOOK_DOWN)] = _formed(down, 0.13)
    weights[list(EYE_LOOK_UP)] = _formed(-down, 0.10)
    for shapes in (EYE_LOOK_OUT, EYE_LOOK_IN, EYE_LOOK_DOWN, EYE_LOOK_UP):
        weights[np.array(shapes)[blink > _LOOK_HIDDEN]] = np.nan

    weights[BROW_INNER_UP] = _formed(more['inner_brow'].mean(), 0.095)
    weights[list(BROW_OUTER_UP)] = _formed(more['outer_brow'], 0.08)
    weights[list(BROW_DOWN)] = _formed(-more['inner_brow'], 0.075)

    gap = float(more['mouth_gap'][0])
    height = float(more['mouth_height'][0])
    closed = 1.0 - _formed(gap, 0.06)
    jaw = _formed(0.7 * height / 0.3 + 0.3 * float(more['chin_height'][0]) / 0.16, 1.0)
    weights[JAW_OPEN] = jaw
    aside = float(more['jaw_shift'][0])
    weights[JAW_LEFT], weights[JAW_RIGHT] = _formed(aside, 0.12), _formed(-aside, 0.12)
    aside = float(more['mouth_shift'][0])
    weights[MOUTH_LEFT], weights[MOUTH_RIGHT] = _formed(aside, 0.08), _formed(-aside, 0.08)

    lift, reach = more['corner_lift'], more['corner_reach']
    smile = _formed(0.65 * lift / 0.1 + 0.35 * reach / 0.1, 1.0) * (lift > 0.0)
    weights[list(MOUTH_SMILE)] = smile
    weights[list(MOUTH_FROWN)] = _formed(-lift, 0.06)
    weights[list(MOUTH_STRETCH)] = _formed(reach, 0.1) * (1.0 - smile)
    narrow = _formed(-float(reach.mean()), 0.08)
    weights[MOUTH_PUCKER], weights[MOUTH_FUNNEL] = narrow * closed, narrow * (1.0 - closed)

    upper, lower = (
        float(-more[f'{lip}_lip_thickness'][0] / rest[f'{lip}_lip_thickness'][0])
        for lip in ('upper', 'lower'))
    weights[list(MOUTH_PRESS)] = _formed(min(upper, lower), 0.35) * closed
    weights[MOUTH_ROLL_UPPER] = _formed(upper - 0.2, 0.4)
    weights[MOUTH_ROLL_LOWER] = _formed(lower - 0.2, 0.4)
    weights[MOUTH_SHRUG_LOWER] = _formed(-height, 0.07) * closed
    # A smile takes the upper lip along.
    weights[list(MOUTH_UPPER_UP)] = _formed(-more['upper_lip'] - 0.05 * smile, 0.08)
    # The jaw takes the lower lip along; what it bares beyond that is the lip's own.
    weights[list(MOUTH_LOWER_DOWN)] = _formed(-more['lower_lip'], 0.17) * (1.0 - closed)

    weights[list(CHEEK_SQUINT)] = _formed(-more['cheek'], 0.05)
    # A smile widens the nose and lifts the lip as well; a sneer does so without it.
    sneer = 0.5 * more['nostril'] / 0.04 - 0.5 * more['upper_lip'] / 0.095
    weights[list(NOSE_SNEER)] = _formed(sneer, 1.0) * (1.0 - smile)
    weights[list(NEVER_OBSERVED)] = np.nan
    return weights


def _formed(distance: np.ndarray | float, full: float) -> np.ndarray | float:
    """Return 0 within the dead zone, 1 from ``full`` on, linear between."""
    return np.clip((distance / full - _DEAD) / (1.0 - _DEAD), 0.0, 1.0)
