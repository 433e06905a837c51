# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""One binocular gaze sample as numbers, the fields named after affect_msgs/GazeSample."""

from collections.abc import Callable
from collections.abc import Sequence
import math

import numpy as np

BOTH_FIELDS = ('azimuth_deg', 'elevation_deg', 'vergence_distance_m', 'confidence')
EYE_FIELDS = (
    'azimuth_deg', 'elevation_deg', 'pupil_x', 'pupil_y', 'pupil_diameter_mm', 'openness',
    'squint', 'widening', 'confidence')
FIELDS = (*BOTH_FIELDS, *(f'{side}_{name}' for side in ('left', 'right') for name in EYE_FIELDS))
GAZE_ROW = np.dtype([(name, 'f8') for name in FIELDS])

SLACK = 0.02
"""Trackers overshoot a little: such values are cut to their range, others are unknown."""

_RANGES = {
    'azimuth_deg': (-180.0, 180.0), 'elevation_deg': (-90.0, 90.0),
    'vergence_distance_m': (0.0, 1e4), 'pupil_diameter_mm': (0.5, 12.0), 'openness': (0.0, 2.0)}
LIMITS = tuple(
    _RANGES.get(name.removeprefix('left_').removeprefix('right_'), (0.0, 1.0))
    for name in FIELDS)
"""What each of FIELDS can be, in its unit; where nothing else is said it is a fraction."""

CLOSED_BELOW = 0.2
"""Openness below which the lid covers the pupil (PERCLOS P80: at least 80 % closed)."""


def empty_rows(count: int) -> np.ndarray:
    """Return rows in which everything is unknown."""
    rows = np.empty(count, dtype=GAZE_ROW)
    for name in FIELDS:
        rows[name] = np.nan
    return rows


def within_limits(
    values: Sequence[float], complain: Callable[[str, str, str], None],
) -> list[float]:
    """
    Return the values of FIELDS with those that can't be made NaN, and have them named.

    ``complain(source, reason, remedy)`` is called for each of them.
    """
    kept = list(values)
    for i, value in enumerate(values):
        low, high = LIMITS[i]
        if low <= value <= high or value != value:
            continue
        if low - SLACK <= value <= high + SLACK:
            kept[i] = min(max(value, low), high)
            continue
        kept[i] = math.nan
        complain(
            'gaze', f'{FIELDS[i]} out of range',
            f'{value:g} is not in [{low:g}, {high:g}]; it is published as unknown')
    return kept
