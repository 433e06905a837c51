# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Distances in a face that expressions change, in the head's own frame."""

import numpy as np

# Landmarks as pairs (wearer's left, wearer's right); numbering of MediaPipe's face mesh.
_OUTER, _INNER = np.array([263, 33]), np.array([362, 133])
_UPPER_LID = np.array([[386, 385, 387], [159, 158, 160]])
_LOWER_LID = np.array([[374, 380, 373], [145, 153, 144]])
_IRIS = np.array([473, 468])
_INNER_BROW = np.array([[285, 336, 295], [55, 107, 65]])
_OUTER_BROW = np.array([[276, 300, 283], [46, 70, 53]])
_CHEEK = np.array([280, 50])
_NOSTRIL = np.array([278, 48])
_MOUTH_CORNER = np.array([291, 61])
_UPPER_LIP_SIDE = np.array([[270, 269], [40, 39]])
_LOWER_LIP_SIDE = np.array([[405, 314], [181, 84]])
_NOSE_BASE, _CHIN = 2, 152
_LIP_TOP, _LIP_INNER_TOP, _LIP_INNER_BOTTOM, _LIP_BOTTOM = 0, 13, 14, 17
_OUTWARDS = np.array([1.0, -1.0])


_TABLE: dict[str, tuple[tuple[float, ...], float]] = {
    # name: (median of neutral faces, of the left and the right where there are two; deviation)
    'eye_opening': ((0.305, 0.305), 0.070),
    'lower_lid': ((0.036, 0.036), 0.010),
    'look_left': ((0.035, -0.035), 0.04),
    'look_down': ((-0.056, -0.056), 0.045),
    'inner_brow': ((0.181, 0.181), 0.036),
    'outer_brow': ((0.166, 0.166), 0.031),
    'cheek': ((0.358, 0.358), 0.020),
    'nostril': ((0.210, 0.210), 0.019),
    'corner_lift': ((0.005, 0.005), 0.025),
    'corner_reach': ((0.266, 0.266), 0.037),
    'upper_lip': ((0.183, 0.183), 0.034),
    'lower_lip': ((0.320, 0.320), 0.060),
    'mouth_shift': ((0.0,), 0.023),
    'jaw_shift': ((0.0,), 0.035),
    'mouth_gap': ((0.013,), 0.048),
    'mouth_height': ((0.245,), 0.055),
    'chin_height': ((0.649,), 0.055),
    'upper_lip_thickness': ((0.097,), 0.012),
    'lower_lip_thickness': ((0.101,), 0.020),
}


def _places() -> dict[str, slice]:
    places, start = {}, 0
    for name, (usual, _) in _TABLE.items():
        places[name] = slice(start, start + len(usual))
        start += len(usual)
    return places


PLACES = _places()
"""Where a measurement stands in the vector; left before right."""

USUAL = np.array([value for usual, _ in _TABLE.values() for value in usual])
"""Medians of 350 neutral faces of FER2013 through this code, made symmetric, [COUNT]."""

DEVIATION = np.array([deviation for usual, deviation in _TABLE.values() for _ in usual])
"""Their standard deviations: how much people differ at rest, [COUNT]."""

COUNT = len(USUAL)

UPPER = np.arange(COUNT) < PLACES['nostril'].start
"""Which measurements are of the upper face, [COUNT]."""


def measure(points: np.ndarray) -> np.ndarray:
    """
    Return measurements [COUNT] of landmarks [478, 3] in the head's frame, places as in ``PLACES``.

    Unit: outer-eye-corner distance; eyes and gaze in widths of the eye. ``eye_opening`` is the
    eye aspect ratio (Soukupova & Cech, 2016).
    """
    outer, inner = points[_OUTER], points[_INNER]
    width = np.linalg.norm(outer - inner, axis=1)
    eye = 0.5 * (outer + inner)
    upper, lower = points[_UPPER_LID], points[_LOWER_LID]
    opening = np.linalg.norm(upper - lower, axis=2).mean(axis=1) / width
    iris = (points[_IRIS] - eye) / width[:, None]
    nose, chin = points[_NOSE_BASE], points[_CHIN]
    top, bottom = points[_LIP_INNER_TOP], points[_LIP_INNER_BOTTOM]
    corner = points[_MOUTH_CORNER]
    middle = 0.5 * (top + bottom)
    return np.concatenate([
        opening,
        lower[:, :, 1].mean(axis=1) - eye[:, 1],
        iris[:, 0],
        iris[:, 1],
        -points[_INNER_BROW, 1].mean(axis=1),
        -points[_OUTER_BROW, 1].mean(axis=1),
        points[_CHEEK, 1],
        _OUTWARDS * points[_NOSTRIL, 0],
        middle[1] - corner[:, 1],
        _OUTWARDS * (corner[:, 0] - middle[0]),
        points[_UPPER_LIP_SIDE, 1].mean(axis=1) - nose[1],
        chin[1] - points[_LOWER_LIP_SIDE, 1].mean(axis=1),
        [0.5 * (corner[0, 0] + corner[1, 0]),
         chin[0],
         np.linalg.norm(top - bottom),
         bottom[1] - nose[1],
         chin[1] - nose[1],
         np.linalg.norm(points[_LIP_TOP] - top),
         np.linalg.norm(bottom - points[_LIP_BOTTOM])],
    ])
