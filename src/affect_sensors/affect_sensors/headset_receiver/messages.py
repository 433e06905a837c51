# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""From records of the headset wire format to messages; what can't be right becomes unknown."""

from collections.abc import Callable
from collections.abc import Sequence
import math

from affect_msgs.msg import EyeState
from affect_msgs.msg import FaceTracking
from affect_msgs.msg import GazeSample
from affect_msgs.msg import HeadsetStatus
from affect_node import to_stamp
from affect_sensors.blendshapes import NAMES
from affect_sensors.face_shapes import SHAPE_SETS
from affect_sensors.headset_link.axes import fick_angles_deg
from affect_sensors.headset_link.axes import to_rep103
from affect_sensors.headset_link.axes import vergence_distance_m
from affect_sensors.headset_link.records import Eye
from affect_sensors.headset_link.records import Face
from affect_sensors.headset_link.records import FACE_AUDIO
from affect_sensors.headset_link.records import Gaze
from affect_sensors.headset_link.records import LID_CLOSED
from affect_sensors.headset_link.records import LID_OPEN
from affect_sensors.headset_link.records import LID_UNKNOWN
from affect_sensors.headset_link.records import SHAPE_SET_NAMES
from affect_sensors.headset_link.records import Status
from affect_sensors.headset_receiver.head_motion import Motion
from affect_sensors.sources.gaze_row import CLOSED_BELOW
from affect_sensors.sources.gaze_row import SLACK
import numpy as np
from sensor_msgs.msg import Imu

Complain = Callable[[str, str, str], None]

_UNIT_WITHIN = 0.05
_FURTHEST_EYE_M = 0.3
_NAN_3 = (math.nan,) * 3
_LIDS = {
    LID_UNKNOWN: EyeState.STATE_UNKNOWN, LID_OPEN: EyeState.STATE_OPEN,
    LID_CLOSED: EyeState.STATE_CLOSED}


def fill_gaze(message: GazeSample, record: Gaze, complain: Complain) -> None:
    """
    Put a gaze record into a message.

    Without a combined direction the middle of the two eyes' directions stands for it, and without
    a vergence distance the place where their axes come nearest.
    """
    message.sequence = record.sample
    message.device_delay_s = _within(
        record.device_delay_s, 0.0, 1.0, 'gaze', 'device delay', 's', complain)
    left = _fill_eye(message.left, record.left, 'left eye', complain)
    right = _fill_eye(message.right, record.right, 'right eye', complain)
    both = _unit(record.direction, 'gaze', complain)
    if math.isnan(both[0]):
        both = _unit([a + b for a, b in zip(left, right, strict=True)], None, complain)
    message.azimuth_deg, message.elevation_deg = fick_angles_deg(both)
    distance_m = record.vergence_distance_m
    if math.isnan(distance_m):
        distance_m = vergence_distance_m(record.left.origin_m, left, record.right.origin_m, right)
    elif math.isinf(distance_m) and distance_m > 0.0:
        distance_m = math.nan  # parallel
    message.vergence_distance_m = _within(
        distance_m, 0.0, 1e4, 'gaze', 'vergence distance', 'm', complain)
    message.confidence = _fraction(record.confidence, 'gaze', 'confidence', complain)


def _fill_eye(message: EyeState, eye: Eye, side: str, complain: Complain) -> Sequence[float]:
    """Fill one eye and return its direction; a closed eye has neither pupil nor direction."""
    message.openness = _within(eye.openness, 0.0, 2.0, side, 'openness', '', complain)
    message.squint = _fraction(eye.squint, side, 'squint', complain)
    message.widening = _fraction(eye.widening, side, 'widening', complain)
    message.confidence = _fraction(eye.confidence, side, 'confidence', complain)
    origin = eye.origin_m
    if not all(abs(v) < _FURTHEST_EYE_M for v in origin):
        if not any(math.isnan(v) for v in origin):
            complain(
                side, 'an origin outside of the headset',
                f'{_say(origin)} m: send it in metres in the frame of the head, or NaN')
        origin = _NAN_3
    message.origin.x, message.origin.y, message.origin.z = to_rep103(origin)
    direction, pupil, diameter_mm = eye.direction, eye.pupil, eye.pupil_diameter_mm
    state = _LIDS[eye.lid]
    if eye.lid == LID_UNKNOWN and message.openness < CLOSED_BELOW:
        state = EyeState.STATE_CLOSED
    if state == EyeState.STATE_CLOSED:
        direction, pupil, diameter_mm = _NAN_3, (math.nan, math.nan), math.nan
    direction = _unit(direction, side, complain)
    if state == EyeState.STATE_UNKNOWN and not math.isnan(direction[0]):
        state = EyeState.STATE_OPEN
    message.state = state
    message.azimuth_deg, message.elevation_deg = fick_angles_deg(direction)
    message.pupil_x, message.pupil_y = (
        _fraction(v, side, 'place of the pupil', complain) for v in pupil)
    message.pupil_diameter_mm = _pupil(diameter_mm, side, complain)
    return direction


def fill_face(message: FaceTracking, record: Face, complain: Complain) -> bool:
    """Put a face record into a message; return whether there was anything to put."""
    name = SHAPE_SET_NAMES.get(record.shape_set)
    if name is None:
        complain(
            'face', f'shape set {record.shape_set} is not known',
            'known are ' + ', '.join(f'{n} {s}' for n, s in SHAPE_SET_NAMES.items()))
        return False
    shapes = SHAPE_SETS[name]
    if len(record.weights) != len(shapes.names):
        complain(
            'face', f'{len(record.weights)} weights of {name}',
            f'the set has {len(shapes.names)}: send NaN for those that are not tracked')
        return False
    native = np.array(record.weights, dtype=np.float32)
    wrong = ~np.isnan(native) & ~((native >= -SLACK) & (native <= 1.0 + SLACK))
    if wrong.any():
        first = int(np.argmax(wrong))
        complain(
            'face', f'{shapes.names[first]} out of range',
            f'{native[first]:g} is not in [0, 1]; it is published as not observed')
    weights = np.asarray(
        shapes.to_arkit(np.where(wrong, np.float32(np.nan), np.clip(native, 0.0, 1.0))),
        dtype=np.float32)
    message.weights = weights
    message.observed = np.isfinite(weights).tolist()
    message.upper_confidence = _fraction(
        record.upper_confidence, 'face', 'upper confidence', complain)
    message.lower_confidence = _fraction(
        record.lower_confidence, 'face', 'lower confidence', complain)
    message.eye_look_from_gaze = record.eye_look_from_gaze
    message.source = (
        FaceTracking.SOURCE_AUDIO if record.data_source == FACE_AUDIO
        else FaceTracking.SOURCE_DEVICE)
    is_foreign = shapes.names != NAMES
    message.native_schema = name if is_foreign else ''
    message.native_weights = native.tolist() if is_foreign else []
    return True


def fill_status(message: HeadsetStatus, record: Status, device: str, complain: Complain) -> None:
    """Put a status record into a message, except its times."""
    message.fit = record.fit
    message.eye_calibration = record.eye_calibration
    message.interpupillary_distance_mm = _within(
        record.interpupillary_distance_mm, 40.0, 90.0, 'status', 'interpupillary distance', 'mm',
        complain)
    message.battery_fraction = _fraction(
        record.battery_fraction, 'status', 'battery fraction', complain)
    message.device = device


def fill_imu(message: Imu, motion: Motion) -> None:
    """Put a motion into a message; a covariance that begins with -1 says "not measured"."""
    message.header.stamp = to_stamp(ns=motion.stamp_ns)
    turn, push = message.angular_velocity, message.linear_acceleration
    turn.x, turn.y, turn.z = motion.angular_velocity_rad_s
    push.x, push.y, push.z = motion.linear_acceleration_m_s2
    is_turned = motion.orientation_xyzw is not None
    message.angular_velocity_covariance[0] = -1.0 if math.isnan(turn.x) else 0.0
    message.linear_acceleration_covariance[0] = -1.0 if math.isnan(push.x) else 0.0
    message.orientation_covariance[0] = 0.0 if is_turned else -1.0
    pose = message.orientation
    pose.x, pose.y, pose.z, pose.w = motion.orientation_xyzw or (0.0, 0.0, 0.0, 1.0)


def _unit(vector: Sequence[float], what: str | None, complain: Complain) -> Sequence[float]:
    """Return a unit vector, or NaN; without ``what`` any length but none will do."""
    length = math.sqrt(sum(v * v for v in vector))
    if abs(length - 1.0) <= _UNIT_WITHIN or (what is None and 0.1 < length < math.inf):
        return [v / length for v in vector]
    if what is not None and not math.isnan(length):
        complain(
            what, 'a direction that is no unit vector',
            f'{_say(vector)}: send a vector of length 1, or NaN when it is not known')
    return _NAN_3


def _pupil(diameter_mm: float, side: str, complain: Complain) -> float:
    if 0.0 < diameter_mm < 0.05:
        complain(
            side, 'a pupil diameter that looks like metres',
            f'{diameter_mm:g}: multiply by 1000, the field is in millimetres')
        return math.nan
    return _within(diameter_mm, 0.5, 12.0, side, 'pupil diameter', 'mm', complain)


def _fraction(value: float, source: str, what: str, complain: Complain) -> float:
    return _within(value, 0.0, 1.0, source, what, '', complain)


def _within(
    value: float, low: float, high: float, source: str, what: str, unit: str,
    complain: Complain,
) -> float:
    if low - SLACK <= value <= high + SLACK:
        return min(max(value, low), high)
    if not math.isnan(value):
        complain(
            source, f'{what} out of range',
            f'{value:g}{unit and " " + unit} is not in [{low:g}, {high:g}]; send NaN when it is '
            'not known')
    return math.nan


def _say(vector: Sequence[float]) -> str:
    return '(' + ', '.join(f'{v:.3g}' for v in vector) + ')'
