# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A bag recorded with the frozen interfaces can be read, and says that it is a simulation."""

from importlib import import_module
from itertools import pairwise
from pathlib import Path

from affect_msgs.msg import GazeSample
from affect_msgs.msg import GroundTruth
from affect_node import stamp_ns
import numpy as np
import pytest
from rclpy.serialization import deserialize_message
from rosbags.rosbag2 import Reader
from rosbags.typesys import get_types_from_msg
from rosbags.typesys import get_typestore
from rosbags.typesys import Stores
import yaml

BAG = Path(__file__).resolve().parents[2] / 'bags' / 'simulated_wearer'
STREAMS = {
    '/hmd/microphone/audio', '/hmd/face_camera/image', '/hmd/face/tracking', '/hmd/gaze/sample',
    '/hmd/imu/data', '/hmd/physiology/chunk', '/hmd/depth_camera/points',
    '/hmd/world_camera/image', '/hmd/world_camera/camera_info', '/ground_truth/wearer',
    '/ground_truth/eyes', '/ground_truth/illuminance', '/ground_truth/body'}


def message_class(name):
    """Return the class of a type such as `sensor_msgs/msg/Imu`."""
    package, _, type_name = name.split('/')
    return getattr(import_module(f'{package}.msg'), type_name)


@pytest.fixture(scope='module')
def messages():
    """Return {topic: [(as its own definition in the bag reads it, as ROS reads it now)]}."""
    found = {}
    with Reader(BAG) as reader:
        typestore = get_typestore(Stores.EMPTY)
        for connection in reader.connections:
            typestore.register(get_types_from_msg(connection.msgdef.data, connection.msgtype))
        for connection, _, raw in reader.messages():
            found.setdefault(connection.topic, []).append((
                typestore.deserialize_cdr(raw, connection.msgtype),
                deserialize_message(raw, message_class(connection.msgtype))))
    return found


def assert_same(recorded, now):
    """Compare a message field by field; NaN equals NaN."""
    if not hasattr(now, 'get_fields_and_field_types'):
        if isinstance(now, (str, bytes, bool)):
            assert recorded == now
        elif isinstance(now, list) and now and hasattr(now[0], 'get_fields_and_field_types'):
            assert len(recorded) == len(now)
            for one, other in zip(recorded, now, strict=True):
                assert_same(one, other)
        else:
            np.testing.assert_array_equal(np.asarray(recorded), np.asarray(now))
        return
    names = [name for name in vars(type(recorded)).get('__dataclass_fields__', ())
             if name[0].islower()]  # constants are upper case
    assert names == list(now.get_fields_and_field_types())
    for name in names:
        assert_same(getattr(recorded, name), getattr(now, name))


def test_every_message_means_today_what_it_meant_when_it_was_recorded(messages):
    assert set(messages) == STREAMS | {'/hmd/headset/status'}
    for pairs in messages.values():
        for recorded, now in pairs[::10]:
            assert_same(recorded, now)


@pytest.mark.parametrize('topic', sorted(STREAMS))
def test_stamps_go_forward(messages, topic):
    previous = {}
    for _, message in messages[topic]:
        key = getattr(message, 'channel', 0)
        stamp = stamp_ns(message.header.stamp)
        assert stamp > previous.get(key, 0)
        previous[key] = stamp


def test_audio_has_no_gap(messages):
    chunks = [message for _, message in messages['/hmd/microphone/audio']]
    for before, after in pairwise(chunks):
        assert after.first_sample == before.first_sample + len(before.samples)


def test_it_says_that_it_is_a_simulation(messages):
    assert all(m.source == GazeSample.SOURCE_SIMULATION
               for _, m in messages['/hmd/gaze/sample'])
    assert all(m.kind == GroundTruth.KIND_SIMULATION
               for _, m in messages['/ground_truth/wearer'])


def test_its_metadata_is_what_the_real_tool_reads():
    metadata = yaml.safe_load((BAG / 'metadata.yaml').read_text())
    information = metadata['rosbag2_bagfile_information']
    assert information['version'] >= 5
    assert information['storage_identifier'] == 'mcap'
    assert sum(path.stat().st_size for path in BAG.iterdir()) < 6_000_000
    for topic in information['topics_with_message_count']:
        assert topic['topic_metadata']['offered_qos_profiles']
        assert topic['topic_metadata']['type_description_hash'].startswith('RIHS01_')
