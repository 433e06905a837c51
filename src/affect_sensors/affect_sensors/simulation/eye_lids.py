# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Where the lids of the simulated wearer are in an eye image.

They follow vertical gaze (Becker & Fuchs, Vision Res. 1988); the upper one does the blinking, a
shutting lower one comes up a little.
"""

from affect_sensors.simulation.eye_look import EyeLook
from affect_sensors.simulation.geometry import eye_mm_per_px
from affect_sensors.simulation.geometry import EYE_SIZE
from affect_sensors.simulation.geometry import eye_straight_ahead_px
from affect_sensors.simulation.geometry import pupil_px
import numpy as np

APERTURE_MM = 10.0
"""Distance of the lids over the pupil at an openness of 1 (Fox, 1966: 9 to 11 mm)."""
LID_MARGIN_MM = 0.45
"""Width of the dark margin of the upper lid, half of it to either side of the edge."""
HALF_FISSURE_MM = 14.0
ALONG = np.linspace(-1.0, 1.0, 17)
"""Places along an edge, from its left end to its right one."""
ARCH = 1.0 - ALONG * ALONG

_LOWER_LID_MM = 5.5
_SQUINT_LIFT_MM = 2.0
_BLINK_LIFT_MM = 1.5
"""So a pupil of 4 mm is covered at an openness of 0.2."""
_LID_FOLLOWS = 0.5
_CORNER_DROP_MM = 2.0
_CORNER_TILT_MM = 0.75


def lid_edges(
    look: EyeLook, is_left: bool, size: tuple[int, int] = EYE_SIZE,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the edges of upper and lower lid at the places ALONG, pixels [17, 2] each."""
    mm_per_px = eye_mm_per_px(size)
    x0, y_ahead = eye_straight_ahead_px(size)
    _, y = pupil_px(0.0, look.elevation_deg, size)
    y0 = y_ahead + _LID_FOLLOWS * (y - y_ahead)
    shut = 1.0 - min(max(look.openness, 0.0), 1.0)
    lower_mm = _LOWER_LID_MM - _SQUINT_LIFT_MM * look.squint - _BLINK_LIFT_MM * shut
    upper_mm = APERTURE_MM * max(look.openness, 0.0) - lower_mm
    # The inner corner is lower than the outer one; the nose of the left eye is at the left.
    tilt_mm = -_CORNER_TILT_MM if is_left else _CORNER_TILT_MM
    corner = y0 + (_CORNER_DROP_MM + tilt_mm * ALONG) / mm_per_px
    x = x0 + HALF_FISSURE_MM / mm_per_px * ALONG
    middle = float(corner[len(corner) // 2])
    upper, lower = (
        np.stack([x, corner + (y0 + mm / mm_per_px - middle) * ARCH], axis=-1)
        for mm in (-upper_mm, lower_mm))
    return upper, lower
