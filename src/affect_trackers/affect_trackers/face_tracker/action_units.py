# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Intensities of facial action units (FACS) from ARKit's weights, of whichever tracker.

ARKit's shapes were made after the action units of Ekman, Friesen & Hager (Facial Action Coding
System, 2002), most of them one to one; the correspondence is that of OpenXR's
XR_ML_facial_expression, which names its shapes by units, and of FACS' own descriptions. 0 is not
there, 1 the most that the shape can do: FACS' letters A to E are fifths of it only roughly (its
steps are not equal), and no coder has looked at them here.
"""

from affect_trackers.face_tracker import blendshapes as arkit
import numpy as np

ACTION_UNITS: dict[str, tuple[tuple[int, ...], ...]] = {
    # name: groups of shapes; the mean within a group (left and right), the largest of the groups
    'AU01': ((arkit.BROW_INNER_UP,),),
    'AU02': (arkit.BROW_OUTER_UP,),
    'AU04': (arkit.BROW_DOWN,),
    'AU05': (arkit.EYE_WIDE,),
    'AU06': (arkit.CHEEK_SQUINT,),
    'AU07': (arkit.EYE_SQUINT,),
    'AU09': (arkit.NOSE_SNEER,),
    'AU10': (arkit.MOUTH_UPPER_UP,),
    'AU12': (arkit.MOUTH_SMILE,),
    'AU14': (arkit.MOUTH_DIMPLE,),
    'AU15': (arkit.MOUTH_FROWN,),
    'AU16': (arkit.MOUTH_LOWER_DOWN,),
    'AU17': ((arkit.MOUTH_SHRUG_LOWER,),),
    'AU18': ((arkit.MOUTH_PUCKER,),),
    'AU20': (arkit.MOUTH_STRETCH,),
    'AU22': ((arkit.MOUTH_FUNNEL,),),
    # Tightened lips get narrow in themselves, and shorter: pressed, with the corners drawn in.
    'AU23': (),
    'AU24': (arkit.MOUTH_PRESS,),
    'AU25': (),
    'AU26': ((arkit.JAW_OPEN,),),
    'AU28': ((arkit.MOUTH_ROLL_LOWER, arkit.MOUTH_ROLL_UPPER),),
    'AU43': (arkit.EYE_BLINK,),
}
"""AU45, a blink, is AU43 that lasts less than half a second: it can't be told in one picture."""

NAMES = tuple(ACTION_UNITS)

_PARTING = (
    (arkit.JAW_OPEN,), arkit.MOUTH_UPPER_UP, arkit.MOUTH_LOWER_DOWN, (arkit.MOUTH_FUNNEL,))


def action_units(weights: np.ndarray) -> np.ndarray:
    """
    Return intensities in [0, 1] of ``NAMES``, float64 [..., 22], from weights [..., 52].

    NaN where a shape that it takes was not observed; where one of two sides was, that one stands
    for both. AU25 (lips part) is the largest of what parts lips, less ``mouthClose``.

    :raises ValueError: the last dimension is not 52
    """
    weights = np.asarray(weights, dtype=np.float64)
    if weights.shape[-1:] != (arkit.SHAPES,):
        raise ValueError(f'weights {list(weights.shape)}: the last dimension must be 52')
    units = np.stack([_largest(weights, groups) for groups in ACTION_UNITS.values()], axis=-1)
    close = np.nan_to_num(weights[..., arkit.MOUTH_CLOSE])
    units[..., NAMES.index('AU25')] = np.clip(_largest(weights, _PARTING) - close, 0.0, 1.0)
    press, pucker = (
        _largest(weights, groups) for groups in ((arkit.MOUTH_PRESS,), ((arkit.MOUTH_PUCKER,),)))
    units[..., NAMES.index('AU23')] = np.sqrt(press * pucker)
    return units


def _largest(weights: np.ndarray, groups: tuple[tuple[int, ...], ...]) -> np.ndarray:
    """Return the largest of the groups' means [...]; NaN when one group is unknown."""
    largest = np.full(weights.shape[:-1], np.nan)
    for k, group in enumerate(groups):
        sides = weights[..., list(group)]
        known = np.isfinite(sides)
        count = known.sum(axis=-1)
        mean = np.where(known, sides, 0.0).sum(axis=-1) / np.where(count, count, np.nan)
        largest = mean if k == 0 else np.maximum(largest, mean)
    return largest
