# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A gaze sample of what VRCFaceTracking told of the eyes."""

import math

from affect_sensors.osc.vrcft_state import VrcftState
from affect_sensors.sources.gaze_row import CLOSED_BELOW
from affect_sensors.sources.gaze_row import empty_rows
import numpy as np

_SEEN_THROUGH_THE_PUPIL = ('azimuth_deg', 'elevation_deg', 'pupil_diameter_mm')


def osc_gaze_row(state: VrcftState) -> np.void | None:
    """
    Return a row of type GAZE_ROW; None when nothing is known of the eyes.

    The combined direction is the mean of the eyes that are open. Vergence is unknown: the distance
    between the pupils is not told.
    """
    row = empty_rows(1)[0]
    told = False
    directions = []
    for side in ('left', 'right'):
        eye = state.eye(side)
        if eye['openness'] < CLOSED_BELOW:
            # The sender goes on with the last direction; behind a lid there is none.
            eye.update(dict.fromkeys(_SEEN_THROUGH_THE_PUPIL, math.nan))
        for name, value in eye.items():
            row[f'{side}_{name}'] = value
            told = told or not math.isnan(value)
        direction = eye['azimuth_deg'], eye['elevation_deg']
        if not math.isnan(sum(direction)):
            directions.append(direction)
    if directions:
        row['azimuth_deg'], row['elevation_deg'] = np.mean(directions, axis=0)
    return row if told else None
