# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What is only true of this stand-in for launch_ros."""

from importlib import metadata
from pathlib import Path
import subprocess
import sys

from launch import LaunchContext
from launch import LaunchDescription
from launch import LaunchService
from launch.conditions import IfCondition
from launch.substitutions import LocalSubstitution
from launch_ros.actions import ComposableNodeContainer
from launch_ros.actions import LoadComposableNodes
from launch_ros.actions import Node
from launch_ros.actions import SetParametersFromFile
from launch_ros.actions.node import NodeActionExtension
from launch_ros.actions.node_action_extension import load_node_action_extensions
from launch_ros.descriptions import ComposableNode
from launch_ros.parameter_descriptions import ParameterFile
from launch_ros.utilities import evaluate_parameters
from launch_ros.utilities import normalize_parameters
from launch_ros.utilities import to_parameters_list
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
from launch.conditions import IfCondition
from launch_ros.actions import ComposableNodeContainer
from launch_ros.actions import LoadComposableNodes
from launch_ros.actions import Node
service = LaunchService()
service.include_launch_description(LaunchDescription([
    Node(executable='true', parameters=[{'a': 1}], remappings=[('b', 'c')])]))
sys.exit(service.run())
"""
    assert subprocess.run([sys.executable, '-c', program], check=False).returncode == 0


class Extension(NodeActionExtension):

    def prepare_for_execute(self, context, ros_specific_arguments, node_action):
        arguments = {**ros_specific_arguments, 'more': f'{self.NAME} {node_action.node_name}'}
        return ['--more', LocalSubstitution("ros_specific_arguments['more']")], arguments


def test_extensions_add_to_the_command_line_of_nodes(monkeypatch, capfd):
    monkeypatch.setattr(metadata, 'entry_points', lambda *, group: [
        metadata.EntryPoint('fine', f'{__name__}:Extension', group),
        metadata.EntryPoint('broken', 'no_such_module', group)])
    load_node_action_extensions.cache_clear()
    node = Node(executable='true', name='x', namespace='w')
    assert run(node) == 0
    load_node_action_extensions.cache_clear()
    assert node.cmd[-2:] == ['--more', 'fine /w/x']
    assert "extension 'broken' of node actions" in capfd.readouterr().out


def test_parameter_file_is_for_the_node():
    node = Node(executable='true', name='x', namespace='/w', parameters=[
        {'a': [1, 2], 'b': {'c': ['x', 'y z']}}])
    assert run(node) == 0
    path = node.cmd[node.cmd.index('--params-file') + 1]
    assert yaml.full_load(Path(path).read_text()) == {
        '/w/x': {'ros__parameters': {'a': (1, 2), 'b.c': ('x', 'y z')}}}


def test_parameter_file_of_a_scope_that_is_missing_is_named(capfd):
    assert run(SetParametersFromFile('/no/such/file.yaml'), Node(executable='true')) == 1
    assert ("SetParametersFromFile: the parameter file '/no/such/file.yaml' does not exist"
            in capfd.readouterr().out)


def test_parameter_file_may_be_given_as_bytes(tmp_path):
    path = tmp_path / 'file.yaml'
    path.touch()
    assert ParameterFile(str(path).encode()).evaluate(LaunchContext()) == path


def test_loading_components_names_the_packages_it_takes(monkeypatch, capfd):
    monkeypatch.setitem(sys.modules, 'composition_interfaces', None)
    component = ComposableNode(package='a', plugin='a::B', parameters=[{'p': 1}])
    assert run(LoadComposableNodes(
        composable_node_descriptions=[component], target_container='/container')) == 1
    out = capfd.readouterr().out
    assert 'ros-jazzy-composition-interfaces' in out
    assert 'ros-jazzy-rclcpp-components' in out


def test_components_whose_condition_does_not_hold_take_nothing():
    component = ComposableNode(package='a', plugin='a::B', condition=IfCondition('false'))
    assert run(ComposableNodeContainer(
        executable='true', name='c', namespace='',
        composable_node_descriptions=[component])) == 0


def test_component_takes_from_a_parameter_file_what_is_meant_for_it(tmp_path):
    path = tmp_path / 'file.yaml'
    path.write_text("""
/**: {ros__parameters: {a: 1, b: all}}
/w/x: {ros__parameters: {b: [mine, own], c: {d: 2.5}}}
/w/y: {ros__parameters: {a: 9}}
""")
    context = LaunchContext()
    evaluated = evaluate_parameters(context, normalize_parameters([str(path), {'e': True}]))
    found = to_parameters_list(context, 'x', '/w', evaluated)
    assert [(parameter.name, parameter.value) for parameter in found] == [
        ('a', 1), ('b', ('mine', 'own')), ('c.d', 2.5), ('e', True)]
