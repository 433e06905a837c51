# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
The datagrams by which a headset tells what it senses; nothing but the standard library.

Copy this file, field.py, records.py and send.py to send from a Python that has no ROS. The format
is described for people in doc/headset_wire_format.md; a test holds the two together.
"""

import dataclasses
import struct

from affect_sensors.headset_link.field import Field
from affect_sensors.headset_link.field import layout
from affect_sensors.headset_link.records import DeviceName
from affect_sensors.headset_link.records import Eye
from affect_sensors.headset_link.records import Face
from affect_sensors.headset_link.records import Gaze
from affect_sensors.headset_link.records import HeadPose
from affect_sensors.headset_link.records import Inertial
from affect_sensors.headset_link.records import Record
from affect_sensors.headset_link.records import Status

MAGIC = b'AFHM'
MAJOR, MINOR = 1, 0
LARGEST_BYTES = 1200
"""A datagram of this size passes every network in one piece (QUIC, RFC 9000, section 14)."""

DEFAULT_PORT = 14560
UNKNOWN_TIME = -2**63
FLAG_SIMULATION = 1
FLAG_EYE_LOOK_FROM_GAZE = 1
LONGEST_NAME_BYTES = 64

HEADER_FIELDS = (
    Field('magic', 'u8', 4, '', "the letters 'AFHM'"),
    Field('major', 'u8', 1, '', '1; a receiver refuses another'),
    Field('minor', 'u8', 1, '', '0; a higher one only adds'),
    Field('header_bytes', 'u16', 1, 'B', '32; the first record begins there'),
    Field('session', 'u64', 1, '', 'random, new at every start of the app'),
    Field('sequence', 'u32', 1, '', 'of the datagram in the session: 0, 1, 2, ...; wraps'),
    Field('flags', 'u32', 1, '', 'bit 0: simulation, no person was there; else 0'),
    Field('sent_ns', 'i64', 1, 'ns', 'device clock when the datagram is sent'),
)
RECORD_HEADER_FIELDS = (
    Field('type', 'u16', 1, '', 'which record; unknown ones are skipped'),
    Field('bytes', 'u16', 1, 'B', 'of what follows these four bytes'),
)
_EYE_FIELDS = (
    Field('direction', 'f32', 3, '', 'unit vector of the visual axis'),
    Field('origin', 'f32', 3, 'm', 'centre of rotation of the eye'),
    Field('pupil', 'f32', 2, '', 'pupil in the eye image, fractions; top left is 0, 0'),
    Field('pupil_diameter', 'f32', 1, 'mm', 'typically 2 to 8'),
    Field('openness', 'f32', 1, '', '0 closed, 1 as usual, more when widened'),
    Field('squint', 'f32', 1, '', 'lower lid tightened, 0 to 1'),
    Field('widening', 'f32', 1, '', 'upper lid raised, 0 to 1'),
    Field('confidence', 'f32', 1, '', 'in this eye, 0 to 1'),
)
GAZE_FIELDS = (
    Field('time_ns', 'i64', 1, 'ns', "device clock, middle of the eye cameras' exposure"),
    Field('sample', 'u32', 1, '', "the tracker's running number"),
    Field('device_delay', 'f32', 1, 's', 'exposure to availability in the app'),
    Field('left_lid', 'u8', 1, '', '0 unknown, 1 open, 2 closed'),
    Field('right_lid', 'u8', 1, '', '0 unknown, 1 open, 2 closed'),
    Field('reserved', 'u8', 2, '', '0'),
    *(dataclasses.replace(field, name=f'{side}_{field.name}')
      for side in ('left', 'right') for field in _EYE_FIELDS),
    Field('direction', 'f32', 3, '', 'unit vector, both eyes combined'),
    Field('vergence_distance', 'f32', 1, 'm', 'where the two axes meet'),
    Field('confidence', 'f32', 1, '', 'in the combined direction, 0 to 1'),
)
FACE_FIELDS = (
    Field('time_ns', 'i64', 1, 'ns', 'device clock, middle of the exposure'),
    Field('upper_confidence', 'f32', 1, '', 'in brows, lids and cheeks, 0 to 1'),
    Field('lower_confidence', 'f32', 1, '', 'in jaw, mouth and nose, 0 to 1'),
    Field('shape_set', 'u8', 1, '', '1 ARKit, 2 Magic Leap, 3 Meta, 4 Unified Expressions'),
    Field('data_source', 'u8', 1, '', '0 unknown, 1 cameras, 2 sound'),
    Field('flags', 'u8', 1, '', 'bit 0: eyeLook shapes come from the gaze tracker'),
    Field('count', 'u8', 1, '', 'how many weights follow: 52, 46, 70 or all of the set'),
)
HEAD_POSE_FIELDS = (
    Field('time_ns', 'i64', 1, 'ns', 'device clock'),
    Field('flags', 'u32', 1, '', 'XrSpaceLocationFlags: 1 orientation, 2 position valid'),
    Field('position', 'f32', 3, 'm', 'of the head in the world'),
    Field('orientation', 'f32', 4, '', 'of the head in the world: x, y, z, w'),
    Field('angular_velocity', 'f32', 3, 'rad/s', 'about the axes of the world'),
    Field('linear_velocity', 'f32', 3, 'm/s', 'along the axes of the world'),
)
INERTIAL_FIELDS = (
    Field('time_ns', 'i64', 1, 'ns', 'device clock'),
    Field('angular_velocity', 'f32', 3, 'rad/s', 'about the axes of the head'),
    Field('linear_acceleration', 'f32', 3, 'm/s^2', 'specific force: at rest 9.81 upwards'),
)
STATUS_FIELDS = (
    Field('time_ns', 'i64', 1, 'ns', 'device clock, when this was true'),
    Field('fit', 'u8', 1, '', '0 unknown, 1 not worn, 2 good, 3 bad'),
    Field('eye_calibration', 'u8', 1, '', '0 unknown, 1 none, 2 coarse, 3 fine'),
    Field('reserved', 'u8', 2, '', '0'),
    Field('interpupillary_distance', 'f32', 1, 'mm', 'between the pupils'),
    Field('fit_changed_ns', 'i64', 1, 'ns', 'device clock; -2^63 is unknown'),
    Field('eye_calibration_changed_ns', 'i64', 1, 'ns', 'device clock; -2^63 is unknown'),
    Field('battery_fraction', 'f32', 1, '', 'charge, 0 to 1'),
)

HEADER = layout(HEADER_FIELDS)
RECORD_HEADER = layout(RECORD_HEADER_FIELDS)
GAZE, FACE, HEAD_POSE, INERTIAL, STATUS = (
    layout(fields) for fields in
    (GAZE_FIELDS, FACE_FIELDS, HEAD_POSE_FIELDS, INERTIAL_FIELDS, STATUS_FIELDS))

TYPES: dict[type, int] = {Gaze: 1, Face: 2, HeadPose: 3, Inertial: 4, Status: 5, DeviceName: 6}
RECORD_FIELDS = {
    'gaze': (1, GAZE_FIELDS), 'face': (2, FACE_FIELDS), 'head_pose': (3, HEAD_POSE_FIELDS),
    'inertial': (4, INERTIAL_FIELDS), 'status': (5, STATUS_FIELDS), 'device_name': (6, ())}


@dataclasses.dataclass(frozen=True, slots=True)
class Header:
    """What every datagram begins with."""

    session: int
    sequence: int
    sent_ns: int
    flags: int = 0
    minor: int = MINOR


def encode(header: Header, records: list[Record]) -> bytes:
    """
    Return a datagram.

    :raises ValueError: it would be larger than LARGEST_BYTES; send the records in two.
    """
    pieces = [HEADER.pack(
        *MAGIC, MAJOR, header.minor, HEADER.size, header.session, header.sequence, header.flags,
        header.sent_ns)]
    pieces += [encode_record(record) for record in records]
    datagram = b''.join(pieces)
    if len(datagram) > LARGEST_BYTES:
        raise ValueError(
            f'{len(records)} records make {len(datagram)} bytes; a datagram holds '
            f'{LARGEST_BYTES}: send them in two')
    return datagram


def encode_record(record: Record) -> bytes:
    """Return a record with its type and length."""
    payload = _payload(record)
    return RECORD_HEADER.pack(TYPES[type(record)], len(payload)) + payload


def _payload(record: Record) -> bytes:
    if isinstance(record, Gaze):
        return GAZE.pack(
            record.time_ns, record.sample, record.device_delay_s, record.left.lid,
            record.right.lid, 0, 0, *_eye(record.left), *_eye(record.right), *record.direction,
            record.vergence_distance_m, record.confidence)
    if isinstance(record, Face):
        count = len(record.weights)
        return FACE.pack(
            record.time_ns, record.upper_confidence, record.lower_confidence, record.shape_set,
            record.data_source, FLAG_EYE_LOOK_FROM_GAZE * record.eye_look_from_gaze, count,
        ) + struct.pack(f'<{count}f', *record.weights)
    if isinstance(record, HeadPose):
        return HEAD_POSE.pack(
            record.time_ns, record.flags, *record.position_m, *record.orientation_xyzw,
            *record.angular_velocity_rad_s, *record.linear_velocity_m_s)
    if isinstance(record, Inertial):
        return INERTIAL.pack(
            record.time_ns, *record.angular_velocity_rad_s, *record.linear_acceleration_m_s2)
    if isinstance(record, Status):
        return STATUS.pack(
            record.time_ns, record.fit, record.eye_calibration, 0, 0,
            record.interpupillary_distance_mm, _time(record.fit_changed_ns),
            _time(record.eye_calibration_changed_ns), record.battery_fraction)
    return record.name.encode()[:LONGEST_NAME_BYTES]


def _eye(eye: Eye) -> tuple[float, ...]:
    return (
        *eye.direction, *eye.origin_m, *eye.pupil, eye.pupil_diameter_mm, eye.openness,
        eye.squint, eye.widening, eye.confidence)


def _time(time_ns: int | None) -> int:
    return UNKNOWN_TIME if time_ns is None else time_ns
