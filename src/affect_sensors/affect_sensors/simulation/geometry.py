# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Where the simulated cameras are and what a pixel of theirs means: the one place that says so.

Axes of ``hmd_link`` are x forward, y left, z up (REP-103); of an optical frame x right, y down,
z forward. Directions are Fick angles as in affect_msgs/EyeState: azimuth positive to the wearer's
left, elevation positive up. Parameters of trackers and encoders can be set from these numbers;
nothing else of the simulation is meant to be known to them.

Eye cameras
    Each looks straight into its eye, against the wearer's gaze, and is taken for orthographic (it
    is far from the eye for the depth of an eye): the wearer's left is the image's right. The eye
    turns about a point EYE_ROTATION_TO_PUPIL_MM behind its entrance pupil (centre of rotation
    13.5 mm behind the cornea: Fry & Hill, Am. J. Optom. 1962; entrance pupil 3.05 mm behind it:
    Gullstrand's eye), so that with EYE_STRAIGHT_AHEAD_PX = (x0, y0) the pupil's centre is at

        x = x0 + EYE_ROTATION_TO_PUPIL_MM / EYE_MM_PER_PX * cos(elevation) * sin(azimuth)
        y = y0 - EYE_ROTATION_TO_PUPIL_MM / EYE_MM_PER_PX * sin(elevation)

    in pixels, where the centre of the first pixel is (0, 0). EYE_MM_PER_PX and
    EYE_STRAIGHT_AHEAD_PX are for images of EYE_SIZE; larger or smaller ones show the same field
    in more or fewer pixels (``eye_mm_per_px``, ``eye_straight_ahead_px``). A round pupil is seen
    as an ellipse: its longer axis is the diameter, the shorter one is that times cos(elevation)
    cos(azimuth).
World camera
    A pinhole at ``hmd_link`` that looks straight ahead with a fixed exposure: a pixel value v is
    the luminance WORLD_WHITE_CD_M2 * (v / 255) ** WORLD_GAMMA, and white is white or more.
Depth camera
    Looks forward and DEPTH_PITCH_DOWN_DEG down, at the wearer's own trunk and hands.
"""

import math

import numpy as np

EYE_SIZE = (192, 144)
"""Usual width and height in pixels."""
EYE_MM_PER_PX = 0.15
EYE_ROTATION_TO_PUPIL_MM = 10.45
EYE_STRAIGHT_AHEAD_PX = (96.0, 72.0)

WORLD_SIZE = (320, 240)
WORLD_FOCAL_PX = 228.5
"""70 degrees from left to right."""
WORLD_CENTRE_PX = (159.5, 119.5)
WORLD_WHITE_CD_M2 = 700.0
WORLD_GAMMA = 2.2

DEPTH_PITCH_DOWN_DEG = 55.0
DEPTH_POSITION_M = (0.06, 0.0, 0.02)
"""The depth camera's origin in ``hmd_link``."""
DEPTH_FIELD_DEG = (100.0, 100.0)
"""Field of view from left to right and from top to bottom."""
DEPTH_RANGE_M = (0.15, 2.5)

_OPTICAL = np.array([[0.0, -1.0, 0.0], [0.0, 0.0, -1.0], [1.0, 0.0, 0.0]])


def eye_mm_per_px(size: tuple[int, int] = EYE_SIZE) -> float:
    """
    Return what a pixel of eye images of a size (width, height) is in millimetres.

    :raises ValueError: the size has not the proportions of EYE_SIZE.
    """
    width, height = size
    if width <= 0 or width * EYE_SIZE[1] != height * EYE_SIZE[0]:
        raise ValueError(
            f'eye images are {EYE_SIZE[0]} x {EYE_SIZE[1]} or proportional to it (320 x 240), '
            f'not {width} x {height}')
    return EYE_MM_PER_PX * EYE_SIZE[0] / width


def eye_straight_ahead_px(size: tuple[int, int] = EYE_SIZE) -> tuple[float, float]:
    """Return where in eye images of a size an eye that looks straight ahead has its pupil."""
    scale = size[0] / EYE_SIZE[0]
    return (scale * EYE_STRAIGHT_AHEAD_PX[0], scale * EYE_STRAIGHT_AHEAD_PX[1])


def pupil_px(
    azimuth_deg: float, elevation_deg: float, size: tuple[int, int] = EYE_SIZE,
) -> tuple[float, float]:
    """Return where in an eye image of a size the pupil's centre is, in pixels (x, y)."""
    azimuth, elevation = math.radians(azimuth_deg), math.radians(elevation_deg)
    scale = size[0] / EYE_SIZE[0]
    reach = EYE_ROTATION_TO_PUPIL_MM / EYE_MM_PER_PX
    return (
        scale * (EYE_STRAIGHT_AHEAD_PX[0] + reach * math.cos(elevation) * math.sin(azimuth)),
        scale * (EYE_STRAIGHT_AHEAD_PX[1] - reach * math.sin(elevation)))


def rotation(roll: float, pitch: float, yaw: float) -> np.ndarray:
    """Return the matrix [3, 3] that turns axes by yaw, then pitch, then roll; radians."""
    sr, cr, sp, cp = math.sin(roll), math.cos(roll), math.sin(pitch), math.cos(pitch)
    sy, cy = math.sin(yaw), math.cos(yaw)
    return np.array([
        [cy * cp, cy * sp * sr - sy * cr, cy * sp * cr + sy * sr],
        [sy * cp, sy * sp * sr + cy * cr, sy * sp * cr - cy * sr],
        [-sp, cp * sr, cp * cr]])


def optical_from_hmd(pitch_down_deg: float = 0.0) -> np.ndarray:
    """Return the matrix [3, 3] that takes a direction from ``hmd_link`` to an optical frame."""
    return _OPTICAL @ rotation(0.0, math.radians(pitch_down_deg), 0.0).T
