# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Processes and containers get the same nodes, names, parameters and remaps."""

from itertools import pairwise
import json
from pathlib import Path
import sys
from unittest.mock import patch

from affect_bringup.graph import MODALITIES
from affect_bringup.graph import STAGES
from affect_bringup.launch_graph import declare_arguments
from affect_bringup.launch_graph import nodes_of
from affect_bringup.launch_graph import replay
from affect_bringup.launch_graph import replay_has_ended
from launch import LaunchContext
from launch import LaunchDescription
from launch import LaunchService
from launch.actions import DeclareLaunchArgument
from launch.actions import ExecuteLocal
from launch.actions import ExecuteProcess
from launch.utilities import perform_substitutions
import pytest
import yaml


def context_with(**arguments):
    context = LaunchContext()
    for name, value in arguments.items():
        context.launch_configurations[name] = value
    for action in declare_arguments():
        if isinstance(action, DeclareLaunchArgument):
            action.execute(context)
    return context


def ros_arguments(words):
    """Return node name, namespace, parameters and remaps that ROS arguments amount to."""
    name, namespace, parameters, remaps = None, '/', {}, set()
    for flag, value in pairwise(words):
        if flag == '-r' and value.startswith('__node:='):
            name = value.removeprefix('__node:=')
        elif flag == '-r' and value.startswith('__ns:='):
            namespace = value.removeprefix('__ns:=') or '/'
        elif flag == '-r':
            remaps.add(value)
        elif flag == '-p':
            key, _, text = value.partition(':=')
            parameters[key] = yaml.safe_load(text)
        elif flag == '--params-file':
            # launch_ros writes a list as a tuple of Python, which rcl reads as a list.
            for node in yaml.full_load(Path(value).read_text()).values():
                parameters.update({
                    key: list(value) if isinstance(value, tuple) else value
                    for key, value in node['ros__parameters'].items()})
    return name, namespace, parameters, remaps


def commands(context):
    """Return the command lines of all processes, as launch would run them."""
    lines = []

    def instead_of_starting(action, context):
        lines.append([perform_substitutions(context, word) for word in action.cmd])

    with patch.object(ExecuteLocal, 'execute', instead_of_starting):
        for action in nodes_of(context, STAGES):
            action.execute(context)
    return lines


def nodes(context):
    """Return {fully qualified name: (parameters, remaps)}."""
    found = {}
    for line in commands(context):
        argument_lists = [line]
        if '--component' in line:
            argument_lists = [
                json.loads(word)['arguments'] for flag, word in pairwise(line)
                if flag == '--component']
        for words in argument_lists:
            name, namespace, parameters, remaps = ros_arguments(words)
            if name is not None:
                found[f'{namespace.rstrip("/")}/{name}'] = (parameters, remaps)
    return found


@pytest.mark.parametrize('arguments', [
    {}, {'namespace': 'w1'}, {'namespace': '/far/w1'}, {'voice': 'false'},
    {'use_sim_time': 'true', 'purpose': 'research', 'source': 'file'}])
def test_containers_and_processes_run_the_same_graph(arguments):
    composed = nodes(context_with(container='true', **arguments))
    separate = nodes(context_with(container='false', **arguments))
    assert composed == separate
    assert any(name.endswith('/fusion') for name in composed)


def test_a_namespace_prefixes_frames_and_nodes():
    for name, (parameters, _) in nodes(context_with(namespace='w1')).items():
        assert name.startswith('/w1/')
        if not name.endswith('lifecycle_manager'):
            assert parameters['frame_prefix'] == 'w1/'


def test_remaps_and_parameters_of_an_enclosing_launch_file_reach_composed_nodes():
    context = context_with(container='true')
    context.launch_configurations['ros_remaps'] = [('hmd/imu/data', '/my_imu')]
    context.launch_configurations['global_params'] = [('max_stamp_age_s', 3.0)]
    context.launch_configurations['ros_namespace'] = '/robot'
    found = nodes(context)
    parameters, remaps = found['/robot/head_motion_encoder']
    assert 'hmd/imu/data:=/my_imu' in remaps
    assert parameters['max_stamp_age_s'] == 3.0


def test_a_simulated_wearer_gets_the_files_of_simulation_on_top(tmp_path):
    (tmp_path / 'simulation').mkdir()
    for path, hop_s in ((tmp_path, 0.2), (tmp_path / 'simulation', 0.3)):
        (path / 'fusion.param.yaml').write_text(f'/**: {{ros__parameters: {{hop_s: {hop_s}}}}}')
    for source, hop_s in (('simulation', 0.3), ('file', 0.2)):
        parameters, _ = nodes(context_with(config=str(tmp_path), source=source))['/fusion']
        assert parameters['hop_s'] == hop_s


def test_the_seed_of_the_wearer_and_the_port_of_the_avatar_are_handed_on():
    found = nodes(context_with(seed='7', wearer='anna', osc_port='39540'))
    assert found['/imu'][0]['seed'] == 7
    assert found['/fusion'][0]['wearer'] == 'anna'
    assert found['/avatar'][0]['osc_port'] == 39540


def test_a_seed_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="seed is 'lucky'"):
        commands(context_with(seed='lucky'))


def test_the_fusion_node_expects_what_is_switched_on():
    parameters, _ = nodes(context_with(voice='false'))['/fusion']
    assert parameters['modalities'] == [m for m in MODALITIES if m != 'voice']


def test_the_default_purpose_is_none():
    parameters, _ = nodes(context_with())['/safety_monitor']
    assert parameters['initial_purpose'] == 'none'


def test_every_argument_is_described():
    for action in declare_arguments():
        if isinstance(action, DeclareLaunchArgument):
            assert len(action.description) > 10, action.name


def test_a_config_folder_that_is_none_is_refused(tmp_path):
    for folder in (tmp_path / 'nothing', tmp_path):
        with pytest.raises(ValueError, match=r'config is .*param\.yaml'):
            commands(context_with(config=str(folder)))


@pytest.mark.parametrize('text', [
    'a: [b', 'fusion: 3', 'hop_s: 0.1', '/**: {ros__parameters: [1]}', '', '\x00'])
def test_a_parameter_file_that_is_none_is_named(tmp_path, text):
    (tmp_path / 'fusion.param.yaml').write_text(text)
    with pytest.raises(ValueError, match=r"'.*fusion\.param\.yaml' can't be used"):
        commands(context_with(config=str(tmp_path)))


def test_a_parameter_file_may_name_namespaces(tmp_path):
    (tmp_path / 'fusion.param.yaml').write_text('w1: {fusion: {ros__parameters: {hop_s: 0.2}}}')
    assert any('fusion.param.yaml' in word for line in commands(
        context_with(config=str(tmp_path), container='true')) for word in line)


def test_a_rate_that_is_no_number_is_refused(tmp_path):
    with pytest.raises(ValueError, match="rate is 'fast'"):
        replay(context_with(bag=str(tmp_path), rate='fast'))


def test_a_replay_that_fails_ends_the_launch_with_an_error():
    code = 'import sys; sys.exit(3)'
    service = LaunchService(noninteractive=True)
    service.include_launch_description(LaunchDescription([
        ExecuteProcess(cmd=[sys.executable, '-c', code], on_exit=replay_has_ended)]))
    assert service.run() == 1


def test_a_replay_that_ends_by_itself_ends_the_launch_without_an_error():
    service = LaunchService(noninteractive=True)
    service.include_launch_description(LaunchDescription([
        ExecuteProcess(cmd=[sys.executable, '-c', ''], on_exit=replay_has_ended)]))
    assert service.run() == 0
