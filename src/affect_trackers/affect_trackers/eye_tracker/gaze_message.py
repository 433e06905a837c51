# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What was found in both eyes as affect_msgs/GazeSample."""

import math

from affect_msgs.msg import EyeState
from affect_msgs.msg import GazeSample
from affect_node import to_stamp
from affect_trackers.eye_tracker.one_eye import EyeFinding
from affect_trackers.eye_tracker.pupil import EyeOpening

_STATES = {
    EyeOpening.UNKNOWN: EyeState.STATE_UNKNOWN,
    EyeOpening.OPEN: EyeState.STATE_OPEN,
    EyeOpening.CLOSED: EyeState.STATE_CLOSED,
}


def gaze_sample(
    at_ns: int, left: EyeFinding | None, right: EyeFinding | None, *, sequence: int,
    frame_id: str, vergence_distance_m: float,
) -> GazeSample:
    """Return the message; the combined direction is the mean of the eyes that have one."""
    seen = [found for found in (left, right) if found and math.isfinite(found.azimuth_deg)]
    message = GazeSample(
        sequence=sequence, source=GazeSample.SOURCE_CAMERA, device_delay_s=math.nan,
        left=eye_state(left), right=eye_state(right),
        azimuth_deg=_mean([found.azimuth_deg for found in seen]),
        elevation_deg=_mean([found.elevation_deg for found in seen]),
        vergence_distance_m=vergence_distance_m,
        confidence=_mean([found.pupil.confidence for found in seen], 0.0))
    message.header.stamp = to_stamp(ns=at_ns)
    message.header.frame_id = frame_id
    return message


def eye_state(found: EyeFinding | None) -> EyeState:
    """Return one eye as a message; None: no camera of it told anything."""
    nan = math.nan
    eye = EyeState(
        azimuth_deg=nan, elevation_deg=nan, pupil_diameter_mm=nan, pupil_x=nan, pupil_y=nan,
        openness=nan, squint=nan, widening=nan, confidence=nan)
    eye.origin.x = eye.origin.y = eye.origin.z = nan
    if found is not None:
        eye.state = _STATES[found.pupil.opening]
        eye.azimuth_deg, eye.elevation_deg = found.azimuth_deg, found.elevation_deg
        eye.pupil_x, eye.pupil_y = found.pupil.x, found.pupil.y
        eye.pupil_diameter_mm = found.diameter_mm
        eye.openness, eye.squint = found.lids.openness, found.lids.squint
        eye.widening, eye.confidence = found.lids.widening, found.pupil.confidence
    return eye


def _mean(values: list[float], without: float = math.nan) -> float:
    return sum(values) / len(values) if values else without
