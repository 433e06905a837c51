# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The text of `ros2 bag info`."""

import time

import pytest
from ros2cli.bag.bag_info import format_bag_info
from ros2cli.bag.bag_info import format_file_size
from ros2cli.bag.bag_metadata import BagMetadata
from ros2cli.bag.bag_metadata import FileInformation
from ros2cli.bag.bag_metadata import parse_metadata
from ros2cli.bag.bag_metadata import TopicInformation


@pytest.fixture
def utc(monkeypatch):
    monkeypatch.setenv('TZ', 'UTC')
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def example():
    return BagMetadata(
        storage_identifier='mcap',
        files=[FileInformation('walk_0.mcap'), FileInformation('walk_1.mcap')],
        topics=[
            TopicInformation('/clock', 'rosgraph_msgs/msg/Clock', message_count=20),
            TopicInformation('/hmd/imu', 'sensor_msgs/msg/Imu', message_count=400),
            TopicInformation(
                '/add/_service_event', 'example_interfaces/srv/AddTwoInts_Event',
                message_count=4)],
        starting_time_ns=1_700_000_000_000_000_005, duration_ns=2_000_000_010,
        message_count=424, ros_distro='jazzy', bag_size=2_621_440)


def test_the_layout_is_that_of_ros2bag(utc):
    assert format_bag_info(example()).splitlines() == [
        '',
        'Files:             walk_0.mcap',
        '                   walk_1.mcap',
        'Bag size:          2.5 MiB',
        'Storage id:        mcap',
        'ROS Distro:        jazzy',
        'Duration:          2.000000010s',
        'Start:             Nov 14 2023 22:13:20.000000005 (1700000000.000000005)',
        'End:               Nov 14 2023 22:13:22.000000015 (1700000002.000000015)',
        'Messages:          420',
        'Topic information: Topic: /clock | Type: rosgraph_msgs/msg/Clock | Count: 20 | '
        'Serialization Format: cdr',
        '                   Topic: /hmd/imu | Type: sensor_msgs/msg/Imu | Count: 400 | '
        'Serialization Format: cdr',
        'Service:           1',
        'Service information: Service: /add | Type: example_interfaces/srv/AddTwoInts | '
        'Event Count: 4 | Serialization Format: cdr',
    ]


@pytest.mark.parametrize(('size', 'text'), [
    (0, '0 B'), (1023, '1023 B'), (1024, '1.0 KiB'), (1536 * 1024, '1.5 MiB'),
    (3 * 1024**5, '3072.0 TiB')])
def test_sizes(size, text):
    assert format_file_size(size) == text


def test_metadata_survives_its_own_yaml(tmp_path):
    metadata = example()
    again = parse_metadata(metadata.to_yaml(), tmp_path)
    assert again.topics == metadata.topics
    assert [file.path for file in again.files] == ['walk_0.mcap', 'walk_1.mcap']
    assert again.starting_time_ns == metadata.starting_time_ns
    assert again.duration_ns == metadata.duration_ns


def test_metadata_of_an_older_version_has_its_qos_in_a_string(tmp_path):
    text = """
rosbag2_bagfile_information:
  version: 5
  storage_identifier: sqlite3
  duration: {nanoseconds: 1}
  starting_time: {nanoseconds_since_epoch: 2}
  message_count: 1
  relative_file_paths: [old_0.db3]
  topics_with_message_count:
    - message_count: 1
      topic_metadata:
        name: /a
        type: std_msgs/msg/String
        serialization_format: cdr
        offered_qos_profiles: "- history: 1\\n  depth: 10\\n  reliability: 1"
"""
    metadata = parse_metadata(text, tmp_path)
    assert metadata.topics[0].offered_qos_profiles == [
        {'history': 1, 'depth': 10, 'reliability': 1}]
    assert metadata.files[0].path == 'old_0.db3'
