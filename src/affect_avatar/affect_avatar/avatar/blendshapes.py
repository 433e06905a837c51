# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
ARKit's 52 blendshapes and the poses of emotions made of them.

The poses follow the prototypes of EMFACS (Friesen & Ekman 1983; table 10-1 of Ekman, Friesen &
Hager, Facial Action Coding System, 2002) in their most common form. What an action unit (AU) is in
ARKit's shapes is the usual correspondence by the muscle that both name.
"""

import numpy as np

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
"""Apple's names in the order of its face capture stream, which is that of FaceTracking.msg."""

INDEX = {name: i for i, name in enumerate(NAMES)}
COUNT = len(NAMES)


def select(*starts: str) -> np.ndarray:
    """Return a mask [52] of the shapes whose names begin with one of ``starts``."""
    return np.array([name.startswith(starts) for name in NAMES])


BLINK = select('eyeBlink')
LOOK = select('eyeLook')
EYES = select('eye')
UPPER = select('brow', 'cheekSquint', 'eyeSquint', 'eyeWide')
LOWER = select('jaw', 'mouth', 'nose', 'cheekPuff', 'tongue')

# What an action unit is in ARKit's shapes; both sides, weight at full intensity.
ACTION_UNITS: dict[int, dict[str, float]] = {
    1: {'browInnerUp': 1.0},
    2: {'browOuterUpLeft': 1.0, 'browOuterUpRight': 1.0},
    4: {'browDownLeft': 1.0, 'browDownRight': 1.0},
    5: {'eyeWideLeft': 1.0, 'eyeWideRight': 1.0},
    6: {'cheekSquintLeft': 1.0, 'cheekSquintRight': 1.0},
    7: {'eyeSquintLeft': 1.0, 'eyeSquintRight': 1.0},
    9: {'noseSneerLeft': 1.0, 'noseSneerRight': 1.0},
    12: {'mouthSmileLeft': 1.0, 'mouthSmileRight': 1.0},
    15: {'mouthFrownLeft': 1.0, 'mouthFrownRight': 1.0},
    16: {'mouthLowerDownLeft': 1.0, 'mouthLowerDownRight': 1.0},
    20: {'mouthStretchLeft': 1.0, 'mouthStretchRight': 1.0},
    # No shape is the lip tightener; pressed lips that roll inwards come closest.
    23: {'mouthPressLeft': 1.0, 'mouthPressRight': 1.0, 'mouthRollLower': 0.3,
         'mouthRollUpper': 0.3},
    # AU 26 is the jaw's own drop; jawOpen at 1 is AU 27, a mouth stretched open.
    26: {'jawOpen': 0.4},
}

# Prototypes: category of AffectEstimate to action units. Neutral and calm have none.
PROTOTYPES: dict[int, tuple[int, ...]] = {
    0: (),
    1: (),
    2: (6, 12),
    3: (1, 4, 15),
    4: (4, 5, 7, 23),
    5: (1, 2, 4, 5, 7, 20, 26),
    6: (9, 15, 16),
    7: (1, 2, 5, 26),
}


def emotion_pose(category: int, intensity: float) -> np.ndarray:
    """
    Return the pose of a category as weights float64 [52] in [0, 1].

    :param category: index of AffectEstimate.
    :param intensity: 0 (neutral face) to 1; beyond that it is cut.
    :raises ValueError: no such category, or the intensity is NaN.
    """
    if category not in PROTOTYPES:
        raise ValueError(f'category is {category}, it must be from 0 to {len(PROTOTYPES) - 1}')
    if np.isnan(intensity):
        raise ValueError('intensity is NaN: without one there is no pose')
    weights = np.zeros(COUNT)
    for unit in PROTOTYPES[category]:
        for name, weight in ACTION_UNITS[unit].items():
            weights[INDEX[name]] = max(weights[INDEX[name]], weight)
    return weights * min(max(float(intensity), 0.0), 1.0)
