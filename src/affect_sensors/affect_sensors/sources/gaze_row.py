# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""One binocular gaze sample as numbers, the fields named after affect_msgs/GazeSample."""

import numpy as np

BOTH_FIELDS = ('azimuth_deg', 'elevation_deg', 'vergence_distance_m', 'confidence')
EYE_FIELDS = (
    'azimuth_deg', 'elevation_deg', 'pupil_x', 'pupil_y', 'pupil_diameter_mm', 'openness',
    'squint', 'widening', 'confidence')
FIELDS = (*BOTH_FIELDS, *(f'{side}_{name}' for side in ('left', 'right') for name in EYE_FIELDS))
GAZE_ROW = np.dtype([(name, 'f8') for name in FIELDS])

CLOSED_BELOW = 0.2
"""Openness below which the lid covers the pupil (PERCLOS P80: at least 80 % closed)."""


def empty_rows(count: int) -> np.ndarray:
    """Return rows in which everything is unknown."""
    rows = np.empty(count, dtype=GAZE_ROW)
    for name in FIELDS:
        rows[name] = np.nan
    return rows
