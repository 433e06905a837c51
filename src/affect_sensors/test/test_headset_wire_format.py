# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What is sent is what is read; what was never meant to be read harms nothing."""

import dataclasses
import math
from pathlib import Path
import re
import struct
import subprocess
import sys

from affect_sensors.face_shapes import SHAPE_SETS
from affect_sensors.headset_link import wire_format
from affect_sensors.headset_link.parse import parse
from affect_sensors.headset_link.records import DeviceName
from affect_sensors.headset_link.records import Eye
from affect_sensors.headset_link.records import Face
from affect_sensors.headset_link.records import Gaze
from affect_sensors.headset_link.records import HeadPose
from affect_sensors.headset_link.records import Inertial
from affect_sensors.headset_link.records import SHAPE_SET_NAMES
from affect_sensors.headset_link.records import Status
from affect_sensors.headset_link.send import HeadsetSender
from affect_sensors.headset_link.wire_error import WireError
from affect_sensors.headset_link.wire_format import encode
from affect_sensors.headset_link.wire_format import encode_record
from affect_sensors.headset_link.wire_format import Header
from affect_sensors.headset_link.wire_format import LARGEST_BYTES
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
import pytest

DOCUMENT = Path(__file__).parents[1] / 'doc' / 'headset_wire_format.md'
HEADER = Header(session=2**63 + 5, sequence=7, sent_ns=-3, flags=1)

floats = st.floats(width=32)
times = st.integers(-2**63 + 1, 2**63 - 1)


def vectors(count):
    return st.tuples(*[floats] * count)


eyes = st.builds(
    Eye, lid=st.integers(0, 2), direction=vectors(3), origin_m=vectors(3), pupil=vectors(2),
    pupil_diameter_mm=floats, openness=floats, squint=floats, widening=floats, confidence=floats)
records = st.one_of(
    st.builds(
        Gaze, time_ns=times, sample=st.integers(0, 2**32 - 1), left=eyes, right=eyes,
        direction=vectors(3), vergence_distance_m=floats, confidence=floats,
        device_delay_s=floats),
    st.builds(
        Face, time_ns=times, shape_set=st.integers(0, 255),
        weights=st.lists(floats, max_size=90).map(tuple), data_source=st.integers(0, 2),
        eye_look_from_gaze=st.booleans(), upper_confidence=floats, lower_confidence=floats),
    st.builds(
        HeadPose, time_ns=times, orientation_xyzw=vectors(4), position_m=vectors(3),
        angular_velocity_rad_s=vectors(3), linear_velocity_m_s=vectors(3),
        flags=st.integers(0, 2**32 - 1)),
    st.builds(
        Inertial, time_ns=times, angular_velocity_rad_s=vectors(3),
        linear_acceleration_m_s2=vectors(3)),
    st.builds(
        Status, time_ns=times, fit=st.integers(0, 3), eye_calibration=st.integers(0, 3),
        interpupillary_distance_mm=floats, battery_fraction=floats,
        fit_changed_ns=st.none() | times, eye_calibration_changed_ns=st.none() | times),
    st.builds(DeviceName, name=st.from_regex(
        r'[A-Za-z0-9]([A-Za-z0-9 ]{0,62}[a-z])?', fullmatch=True)),
)


def same(a, b):
    """Return whether two records agree, NaN being equal to itself."""
    if dataclasses.is_dataclass(a):
        return type(a) is type(b) and all(
            same(getattr(a, f.name), getattr(b, f.name)) for f in dataclasses.fields(a))
    if isinstance(a, tuple):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b or (isinstance(a, float) and math.isnan(a) and math.isnan(b))


@settings(max_examples=300, deadline=None)
@given(records)
def test_every_record_comes_back_as_it_was_sent(record):
    datagram = parse(encode(HEADER, [record]))
    assert datagram.header == HEADER
    assert datagram.problems == []
    assert len(datagram.records) == 1
    assert same(record, datagram.records[0])


@settings(max_examples=50, deadline=None)
@given(st.lists(records, max_size=20))
def test_a_sender_divides_records_among_datagrams(group):
    sender = HeadsetSender('127.0.0.1')
    datagrams = sender.datagrams(tuple(group), 5)
    sender.close()
    assert all(len(d) <= LARGEST_BYTES for d in datagrams)
    read = [r for d in datagrams for r in parse(d).records]
    assert len(read) == len(group)
    assert all(map(same, group, read))
    assert [parse(d).header.sequence for d in datagrams] == list(range(len(datagrams)))


def survives(data):
    try:
        datagram = parse(data)
    except WireError as error:
        assert error.reason
        assert error.remedy
    else:
        assert len(datagram.records) <= len(data)


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=1500))
def test_any_bytes_are_read_or_refused_with_a_reason(data):
    survives(data)
    survives(b'AFHM\x01' + data)
    survives(encode(HEADER, []) + data)


@settings(max_examples=500, deadline=None)
@given(
    st.lists(records, min_size=1, max_size=3),
    st.lists(st.tuples(st.integers(0, 1500), st.integers(0, 255)), max_size=6),
    st.integers(0, 1500))
def test_damaged_datagrams_are_read_or_refused_with_a_reason(group, changes, length):
    data = bytearray(encode(HEADER, group))
    for place, value in changes:
        data[place % len(data)] = value
    survives(bytes(data))
    survives(bytes(data[:length]))


@pytest.mark.parametrize(('data', 'reason'), [
    (b'', 'not of the headset wire format'),
    (b'hello', 'not of the headset wire format'),
    (b'AFHM', 'shorter than its header'),
    (b'AFHM\x02\x00', 'of format version 2'),
    (encode(HEADER, [])[:-1], 'shorter than its header'),
    (b'AFHM\x01\x00\x10\x00' + bytes(24), 'a header of impossible length'),
    (b'AFHM\x01\x00\xff\xff' + bytes(24), 'a header of impossible length'),
    (encode(HEADER, []) + bytes(LARGEST_BYTES), 'larger than a datagram may be'),
])
def test_what_is_no_datagram_is_refused_by_name(data, reason):
    with pytest.raises(WireError) as caught:
        parse(data)
    assert caught.value.reason == reason


@pytest.mark.parametrize(('tail', 'reason'), [
    (b'\x01', 'ends within the head of a record'),
    (struct.pack('<HH', 1, 144) + bytes(100), 'ends within a record of type 1'),
    (struct.pack('<HH', 9000, 144) + bytes(100), 'ends within a record of an unknown type'),
    (struct.pack('<HH', 1, 10) + bytes(10), 'a gaze record that is too short'),
    (struct.pack('<HH', 4, 0), 'a inertial record that is too short'),
    (struct.pack('<HHqffBBBB', 2, 20, 0, 0.0, 0.0, 1, 0, 0, 52),
     'a face record with fewer weights than it says'),
    (struct.pack('<HHqBB', 5, 36, 0, 9, 0) + bytes(26), 'a fit that nobody knows'),
])
def test_a_wrong_record_is_named_and_its_neighbour_is_read(tail, reason):
    datagram = parse(encode(HEADER, [Inertial(5)]) + tail)
    assert [type(r) for r in datagram.records] == [Inertial]
    assert [p.reason for p in datagram.problems] == [reason]


def test_what_a_later_minor_version_adds_is_skipped():
    data = bytearray(encode(HEADER, []))
    data[5] = 4
    struct.pack_into('<H', data, 6, len(data) + 8)
    longer = struct.pack('<HH', 4, 40) + encode_record(Inertial(5))[4:] + bytes(8)
    unknown = struct.pack('<HH', 900, 3) + b'abc'
    datagram = parse(bytes(data) + bytes(8) + unknown + longer + encode_record(Status(6)))
    assert datagram.header.minor == 4
    assert [type(r) for r in datagram.records] == [Inertial, Status]
    assert datagram.records[0].time_ns == 5
    assert datagram.unknown_types == 1
    assert datagram.problems == []


def test_a_name_may_be_no_text():
    payload = b'\xff\x00\nMagic Leap 2'
    data = encode(HEADER, []) + struct.pack('<HH', 6, len(payload)) + payload
    assert parse(data).records == [DeviceName('\ufffd??Magic Leap 2')]


def test_too_much_for_a_datagram_is_said_to_the_programmer():
    with pytest.raises(ValueError, match='send them in two'):
        encode(HEADER, [Gaze(0)] * 9)


def test_every_set_of_shapes_fits_into_a_datagram():
    assert set(SHAPE_SET_NAMES.values()) == set(SHAPE_SETS)
    for number, name in SHAPE_SET_NAMES.items():
        encode(HEADER, [Face(0, number, (0.5,) * len(SHAPE_SETS[name].names))])


def test_the_document_has_every_field_at_its_byte():
    """The tables of the document, read back, are the fields of the code, in the same order."""
    tables, rows = [], []
    for line in [*DOCUMENT.read_text(encoding='utf-8').splitlines(), '']:
        row = re.match(r'\| (\d+) \| (\w+) \| (\w+)(?:\[(\d+)\])? \| (.*?) \| (.*) \|$', line)
        if row and not line.startswith('| 1 | ARKit'):
            rows.append(row.groups())
        elif rows:
            tables.append(rows)
            rows = []
    written = [
        wire_format.HEADER_FIELDS, wire_format.RECORD_HEADER_FIELDS,
        *(fields for _, fields in wire_format.RECORD_FIELDS.values() if fields)]
    assert len(tables) == len(written)
    for table, fields in zip(tables, written, strict=True):
        at = 0
        for (byte, name, type_, count, unit, meaning), field in zip(table, fields, strict=True):
            assert (int(byte), name, type_, int(count or 1), unit.strip(), meaning) == (
                at, field.name, field.type, field.count, field.unit, field.meaning)
            at += field.size


def test_the_document_names_every_type_of_record_and_the_limits():
    text = DOCUMENT.read_text(encoding='utf-8')
    for name, (number, _) in wire_format.RECORD_FIELDS.items():
        assert f"### Type {number}: {name.replace('_', ' ')}" in text.replace('_', ' ')
    assert f'at most {LARGEST_BYTES} bytes' in text
    assert f'port = {wire_format.DEFAULT_PORT}' in text
    assert f'w.Write((ushort){wire_format.HEADER.size}); w.Write(session)' in text
    assert f'(ushort)({wire_format.FACE.size} + 4 * weights.Length)' in text
    for number, name in SHAPE_SET_NAMES.items():
        assert f'| {number} | ' in text
        assert str(len(SHAPE_SETS[name].names)) in text or name == 'unified_expressions'


def test_the_reference_sender_needs_nothing_but_the_standard_library():
    """A sender of one's own copies the files; numpy or ROS would not be there."""
    code = (
        'import sys\n'
        'from affect_sensors.headset_link import send, send_command, synthetic_stream\n'
        'foreign = {"numpy", "rclpy", "affect_msgs", "scipy"} & set(sys.modules)\n'
        'sys.exit(", ".join(sorted(foreign)) or None)\n')
    done = subprocess.run(
        [sys.executable, '-c', code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
