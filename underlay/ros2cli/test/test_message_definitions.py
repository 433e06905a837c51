# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The definitions that a bag carries."""

import pytest
from ros2cli.bag.message_definitions import full_text
from rosbags.typesys import get_types_from_msg
from rosbags.typesys import get_typestore
from rosbags.typesys import Stores


@pytest.mark.parametrize('type_name', [
    'std_msgs/msg/String', 'sensor_msgs/msg/Imu', 'diagnostic_msgs/msg/DiagnosticArray',
    'sensor_msgs/msg/PointCloud2', 'rcl_interfaces/msg/ParameterEvent'])
def test_a_reader_without_the_packages_understands_the_text(type_name):
    types = get_types_from_msg(full_text(type_name), type_name)
    known = get_typestore(Stores.ROS2_JAZZY)
    expected = {name: known.fielddefs[name][1] for name in types}
    assert {name: definition[1] for name, definition in types.items()} == expected


def test_each_dependency_is_there_once():
    text = full_text('sensor_msgs/msg/Imu')
    assert text.count('MSG: geometry_msgs/Vector3\n') == 1
    assert text.count('MSG: builtin_interfaces/Time\n') == 1


@pytest.mark.parametrize('type_name', ['nowhere/msg/Nothing', 'std_msgs/msg/Nothing', 'String'])
def test_an_unknown_type_has_no_text(type_name):
    assert full_text(type_name) == ''
