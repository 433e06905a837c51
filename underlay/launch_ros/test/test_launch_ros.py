# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What is only true of this stand-in for launch_ros."""

from pathlib import Path
import subprocess
import sys

from launch import LaunchDescription
from launch import LaunchService
from launch_ros.actions import Node
from launch_ros.actions import SetParametersFromFile
from launch_ros.parameter_descriptions import ParameterFile
import pytest
import yaml


def run(*entities):
    service = LaunchService()
    service.include_launch_description(LaunchDescription(list(entities)))
    return service.run()


def test_starting_processes_needs_no_ros():
    program = """
import sys
sys.modules['rclpy'] = None
sys.modules['lifecycle_msgs'] = None
from launch import LaunchDescription, LaunchService
from launch_ros.actions import Node
service = LaunchService()
service.include_launch_description(LaunchDescription([
    Node(executable='true', parameters=[{'a': 1}], remappings=[('b', 'c')])]))
sys.exit(service.run())
"""
    assert subprocess.run([sys.executable, '-c', program], check=False).returncode == 0


def test_parameter_file_is_plain_yaml():
    node = Node(executable='true', name='x', namespace='/w', parameters=[
        {'a': [1, 2], 'b': {'c': ['x', 'y z']}}])
    assert run(node) == 0
    path = node.cmd[node.cmd.index('--params-file') + 1]
    assert yaml.safe_load(Path(path).read_text()) == {
        '/w/x': {'ros__parameters': {'a': [1, 2], 'b.c': ['x', 'y z']}}}


def test_parameter_file_of_a_scope_that_is_missing_is_named(capfd):
    assert run(SetParametersFromFile('/no/such/file.yaml'), Node(executable='true')) == 1
    assert ("SetParametersFromFile: the parameter file '/no/such/file.yaml' does not exist"
            in capfd.readouterr().out)


def test_parameter_file_may_be_given_as_bytes(tmp_path):
    from launch import LaunchContext
    path = tmp_path / 'file.yaml'
    path.touch()
    assert ParameterFile(str(path).encode()).evaluate(LaunchContext()) == path


@pytest.mark.parametrize('module, name', [
    ('launch_ros.actions', 'ComposableNodeContainer'),
    ('launch_ros.actions', 'LoadComposableNodes'),
    ('launch_ros.descriptions', 'ComposableNode')])
def test_components_name_the_packages_that_load_them(module, name):
    with pytest.raises(ImportError, match='ros-jazzy-rclcpp-components'):
        exec(f'from {module} import {name}')
