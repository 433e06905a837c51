# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Reads datagrams of the headset wire format; never trusts them."""

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
import struct

from affect_sensors.headset_link.records import CALIBRATION_FINE
from affect_sensors.headset_link.records import DeviceName
from affect_sensors.headset_link.records import Eye
from affect_sensors.headset_link.records import Face
from affect_sensors.headset_link.records import FACE_AUDIO
from affect_sensors.headset_link.records import FIT_BAD
from affect_sensors.headset_link.records import Gaze
from affect_sensors.headset_link.records import HeadPose
from affect_sensors.headset_link.records import Inertial
from affect_sensors.headset_link.records import LID_CLOSED
from affect_sensors.headset_link.records import Record
from affect_sensors.headset_link.records import Status
from affect_sensors.headset_link.wire_error import WireError
from affect_sensors.headset_link.wire_format import FACE
from affect_sensors.headset_link.wire_format import FLAG_EYE_LOOK_FROM_GAZE
from affect_sensors.headset_link.wire_format import GAZE
from affect_sensors.headset_link.wire_format import HEAD_POSE
from affect_sensors.headset_link.wire_format import HEADER
from affect_sensors.headset_link.wire_format import Header
from affect_sensors.headset_link.wire_format import INERTIAL
from affect_sensors.headset_link.wire_format import LARGEST_BYTES
from affect_sensors.headset_link.wire_format import LONGEST_NAME_BYTES
from affect_sensors.headset_link.wire_format import MAGIC
from affect_sensors.headset_link.wire_format import MAJOR
from affect_sensors.headset_link.wire_format import RECORD_HEADER
from affect_sensors.headset_link.wire_format import STATUS
from affect_sensors.headset_link.wire_format import UNKNOWN_TIME

SEE = 'see doc/headset_wire_format.md'
_EYE_FLOATS = 13


@dataclass(slots=True)
class Datagram:
    """A header, the records that could be read, and what was wrong with the others."""

    header: Header
    records: list[Record] = field(default_factory=list)
    problems: list[WireError] = field(default_factory=list)
    unknown_types: int = 0


def parse(data: bytes) -> Datagram:
    """
    Return what a datagram says.

    A record that is wrong in itself is named in ``problems`` and the others are read; records of
    unknown types are counted and skipped, bytes behind a known record (of a later minor version)
    are not looked at.

    :raises WireError: it is no datagram of this format.
    """
    header, position = _parse_header(data)
    datagram = Datagram(header)
    while position < len(data):
        if position + RECORD_HEADER.size > len(data):
            datagram.problems.append(WireError('ends within the head of a record', SEE))
            break
        number, length = RECORD_HEADER.unpack_from(data, position)
        position += RECORD_HEADER.size
        if position + length > len(data):
            # Not by any number: what is no record of ours must not fill the diagnostics.
            which = f'type {number}' if number in _READERS else 'an unknown type'
            datagram.problems.append(WireError(
                f'ends within a record of {which}', 'its length says more than was sent'))
            break
        payload = data[position:position + length]
        position += length
        reader = _READERS.get(number)
        if reader is None:
            datagram.unknown_types += 1
            continue
        try:
            datagram.records.append(reader(payload))
        except WireError as error:
            datagram.problems.append(error)
    return datagram


def _parse_header(data: bytes) -> tuple[Header, int]:
    if len(data) > LARGEST_BYTES:
        raise WireError('larger than a datagram may be', f'send at most {LARGEST_BYTES} bytes')
    if data[:len(MAGIC)] != MAGIC[:len(data)] or not data:
        raise WireError('not of the headset wire format', f"it does not begin with 'AFHM'; {SEE}")
    if len(data) > len(MAGIC) and data[len(MAGIC)] != MAJOR:
        raise WireError(
            f'of format version {data[len(MAGIC)]}',
            f'this receiver speaks version {MAJOR}: update the headset app or this package')
    if len(data) < HEADER.size:
        raise WireError('shorter than its header', SEE)
    values = HEADER.unpack_from(data)[len(MAGIC):]
    _, minor, header_bytes, session, sequence, flags, sent_ns = values
    if not HEADER.size <= header_bytes <= len(data):
        raise WireError('a header of impossible length', SEE)
    return Header(session, sequence, sent_ns, flags, minor), header_bytes


def _need(payload: bytes, shape: struct.Struct, what: str) -> tuple:
    if len(payload) < shape.size:
        raise WireError(f'a {what} record that is too short', f'it needs {shape.size} bytes')
    return shape.unpack_from(payload)


def _one_of(value: int, highest: int, what: str) -> int:
    if value > highest:
        raise WireError(f'{what} that nobody knows', f'it is {value}; 0 to {highest} are known')
    return value


def _read_gaze(payload: bytes) -> Gaze:
    values = _need(payload, GAZE, 'gaze')
    time_ns, sample, delay_s, left_lid, right_lid = values[:5]
    eyes = values[7:]
    return Gaze(
        time_ns=time_ns, sample=sample, device_delay_s=delay_s,
        left=_read_eye(_one_of(left_lid, LID_CLOSED, 'a lid state'), eyes[:_EYE_FLOATS]),
        right=_read_eye(
            _one_of(right_lid, LID_CLOSED, 'a lid state'), eyes[_EYE_FLOATS:2 * _EYE_FLOATS]),
        direction=eyes[-5:-2], vergence_distance_m=eyes[-2], confidence=eyes[-1])


def _read_eye(lid: int, values: tuple[float, ...]) -> Eye:
    return Eye(lid, values[:3], values[3:6], values[6:8], *values[8:])


def _read_face(payload: bytes) -> Face:
    time_ns, upper, lower, shape_set, data_source, flags, count = _need(payload, FACE, 'face')
    if len(payload) < FACE.size + 4 * count:
        raise WireError(
            'a face record with fewer weights than it says', f'it says {count}; {SEE}')
    weights = struct.unpack_from(f'<{count}f', payload, FACE.size)
    return Face(
        time_ns=time_ns, shape_set=shape_set, weights=weights,
        data_source=_one_of(data_source, FACE_AUDIO, 'a source of a face'),
        eye_look_from_gaze=bool(flags & FLAG_EYE_LOOK_FROM_GAZE), upper_confidence=upper,
        lower_confidence=lower)


def _read_head_pose(payload: bytes) -> HeadPose:
    values = _need(payload, HEAD_POSE, 'head pose')
    return HeadPose(
        time_ns=values[0], flags=values[1], position_m=values[2:5], orientation_xyzw=values[5:9],
        angular_velocity_rad_s=values[9:12], linear_velocity_m_s=values[12:15])


def _read_inertial(payload: bytes) -> Inertial:
    values = _need(payload, INERTIAL, 'inertial')
    return Inertial(values[0], values[1:4], values[4:7])


def _read_status(payload: bytes) -> Status:
    (time_ns, fit, calibration, _, _, distance_mm, fit_changed_ns, calibration_changed_ns,
     battery) = _need(payload, STATUS, 'status')
    return Status(
        time_ns=time_ns, fit=_one_of(fit, FIT_BAD, 'a fit'),
        eye_calibration=_one_of(calibration, CALIBRATION_FINE, 'an eye calibration'),
        interpupillary_distance_mm=distance_mm, battery_fraction=battery,
        fit_changed_ns=_time_or_none(fit_changed_ns),
        eye_calibration_changed_ns=_time_or_none(calibration_changed_ns))


def _read_device_name(payload: bytes) -> DeviceName:
    name = payload[:LONGEST_NAME_BYTES].decode('utf-8', 'replace')
    return DeviceName(''.join(c if c.isprintable() else '?' for c in name).strip())


def _time_or_none(time_ns: int) -> int | None:
    return None if time_ns == UNKNOWN_TIME else time_ns


_READERS: dict[int, Callable[[bytes], Record]] = {
    1: _read_gaze, 2: _read_face, 3: _read_head_pose, 4: _read_inertial, 5: _read_status,
    6: _read_device_name}
