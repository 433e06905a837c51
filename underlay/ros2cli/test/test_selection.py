# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Which topics are recorded and which are played."""

import pytest
from ros2cli.bag.bag_error import BagError
from ros2cli.bag.bag_metadata import TopicInformation
from ros2cli.bag.player import allows_topic
from ros2cli.bag.player import play_until
from ros2cli.bag.player import PlayOptions
from ros2cli.bag.topic_filter import TopicFilter
from ros2cli.bag.topic_names import absolute_names
from ros2cli.bag.topic_names import check_regex
from ros2cli.bag.topic_names import check_remaps

IMU = 'sensor_msgs/msg/Imu'
EVENT = 'std_srvs/srv/SetBool_Event'


@pytest.mark.parametrize(('selection', 'name', 'taken'), [
    ({'all_topics': True}, '/imu', True),
    ({'all_topics': True}, '/_hidden/imu', False),
    ({'all_topics': True, 'include_hidden_topics': True}, '/_hidden/imu', True),
    ({'all_topics': True, 'exclude_regex': 'im'}, '/imu', False),
    ({'all_topics': True, 'exclude_topics': ['/imu']}, '/imu', False),
    ({'all_topics': True, 'exclude_topic_types': [IMU]}, '/imu', False),
    ({'topics': ['/imu']}, '/imu', True),
    ({'topics': ['/imu']}, '/imu2', False),
    ({'topic_types': [IMU]}, '/anything', True),
    ({'regex': '^/hmd/'}, '/hmd/imu', True),
    ({'regex': '^/hmd/'}, '/other/hmd/imu', False),
    ({}, '/imu', False),
])
def test_topics_to_record(selection, name, taken):
    assert TopicFilter(**selection).takes(name, IMU) is taken


@pytest.mark.parametrize(('selection', 'taken'), [
    ({'all_topics': True}, False),
    ({'all_services': True}, True),
    ({'services': ['/switch/_service_event']}, True),
    ({'regex': '^/switch$'}, True),
    ({'all_services': True, 'exclude_services': ['/switch/_service_event']}, False),
])
def test_service_events_are_selected_as_services(selection, taken):
    assert TopicFilter(**selection).takes('/switch/_service_event', EVENT) is taken


@pytest.mark.parametrize(('options', 'allowed'), [
    ({}, True),
    ({'topics': ['/imu']}, True),
    ({'topics': ['/clock']}, False),
    ({'topics': ['/clock'], 'regex': '/i.*'}, True),
    ({'regex': '/i'}, False),
    ({'exclude_regex': '/im.'}, False),
    ({'exclude_topics': ['/imu'], 'topics': ['/imu']}, False),
])
def test_topics_to_play(options, allowed):
    assert allows_topic(TopicInformation('/imu', IMU), PlayOptions(**options)) is allowed


@pytest.mark.parametrize(('options', 'until'), [
    ({}, None),
    ({'playback_duration_s': 2.0}, 2_000_000_100),
    ({'playback_duration_s': 2.0, 'playback_until_ns': 3_000_000_000}, 3_000_000_000),
    ({'playback_until_ns': 50}, 50),
    ({'playback_duration_s': 0.0}, 0),
])
def test_where_playback_ends(options, until):
    assert play_until(PlayOptions(**options), 100) == until


def test_names_become_absolute():
    assert absolute_names(['imu', '/hmd/imu']) == ['/imu', '/hmd/imu']


def test_a_bad_expression_is_said():
    with pytest.raises(BagError, match='regular expression'):
        check_regex('[')


@pytest.mark.parametrize('rule', ['/a', '/a:=', ':=/b', '/a=/b'])
def test_a_bad_remapping_is_said(rule):
    with pytest.raises(BagError, match='old_topic:=new_topic'):
        check_remaps([rule])
