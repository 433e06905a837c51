# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
What a headset says, as Python values; nothing but the standard library.

Axes are OpenXR's: x right, y up, z backward, so that forward is -z. What was not given is NaN, and
None for a time. Field by field: doc/headset_wire_format.md.
"""

from dataclasses import dataclass
from dataclasses import field
import math
from typing import TypeAlias

NAN = math.nan
NAN_2 = (math.nan,) * 2
NAN_3 = (math.nan,) * 3

LID_UNKNOWN, LID_OPEN, LID_CLOSED = 0, 1, 2
FIT_UNKNOWN, FIT_NOT_WORN, FIT_GOOD, FIT_BAD = 0, 1, 2, 3
CALIBRATION_UNKNOWN, CALIBRATION_NONE, CALIBRATION_COARSE, CALIBRATION_FINE = 0, 1, 2, 3
ORIENTATION_VALID, POSITION_VALID, ORIENTATION_TRACKED, POSITION_TRACKED = 1, 2, 4, 8
FACE_UNKNOWN, FACE_VISUAL, FACE_AUDIO = 0, 1, 2

SHAPE_SET_NAMES = {
    1: 'ARKit', 2: 'XR_ML_facial_expression', 3: 'XR_FB_face_tracking2', 4: 'unified_expressions'}
SHAPE_SET_IDS = {name: number for number, name in SHAPE_SET_NAMES.items()}


@dataclass(frozen=True, slots=True)
class Eye:
    """One eye of a gaze sample."""

    lid: int = LID_UNKNOWN
    direction: tuple[float, ...] = NAN_3
    origin_m: tuple[float, ...] = NAN_3
    pupil: tuple[float, ...] = NAN_2
    pupil_diameter_mm: float = NAN
    openness: float = NAN
    squint: float = NAN
    widening: float = NAN
    confidence: float = NAN


@dataclass(frozen=True, slots=True)
class Gaze:
    """Both eyes at one instant."""

    time_ns: int
    sample: int = 0
    left: Eye = field(default_factory=Eye)
    right: Eye = field(default_factory=Eye)
    direction: tuple[float, ...] = NAN_3
    vergence_distance_m: float = NAN
    confidence: float = NAN
    device_delay_s: float = NAN


@dataclass(frozen=True, slots=True)
class Face:
    """The weights of one of SHAPE_SET_NAMES, in the order of that set; NaN is not tracked."""

    time_ns: int
    shape_set: int
    weights: tuple[float, ...]
    data_source: int = FACE_UNKNOWN
    eye_look_from_gaze: bool = False
    upper_confidence: float = NAN
    lower_confidence: float = NAN


@dataclass(frozen=True, slots=True)
class HeadPose:
    """Pose of the head in a world with y up; velocities in the axes of that world."""

    time_ns: int
    orientation_xyzw: tuple[float, ...]
    position_m: tuple[float, ...] = NAN_3
    angular_velocity_rad_s: tuple[float, ...] = NAN_3
    linear_velocity_m_s: tuple[float, ...] = NAN_3
    flags: int = ORIENTATION_VALID


@dataclass(frozen=True, slots=True)
class Inertial:
    """One sample of the inertial unit, in the axes of the head."""

    time_ns: int
    angular_velocity_rad_s: tuple[float, ...] = NAN_3
    linear_acceleration_m_s2: tuple[float, ...] = NAN_3


@dataclass(frozen=True, slots=True)
class Status:
    """Fit and eye calibration, the values of XR_ML_user_calibration."""

    time_ns: int
    fit: int = FIT_UNKNOWN
    eye_calibration: int = CALIBRATION_UNKNOWN
    interpupillary_distance_mm: float = NAN
    battery_fraction: float = NAN
    fit_changed_ns: int | None = None
    eye_calibration_changed_ns: int | None = None


@dataclass(frozen=True, slots=True)
class DeviceName:
    """Maker and model; no serial number."""

    name: str


Record: TypeAlias = Gaze | Face | HeadPose | Inertial | Status | DeviceName
