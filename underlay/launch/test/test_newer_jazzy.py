# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What Jazzy got after its first releases (3.4.5 to 3.4.10), so that older real ones lack it."""

import io
from pathlib import Path

from launch import LaunchContext
from launch import LaunchDescription
from launch import LaunchService
from launch.actions import SetLaunchConfiguration
from launch.frontend import Parser
from launch.substitutions import LaunchConfiguration
from launch.substitutions import PathJoinSubstitution
from launch.substitutions import PathSubstitution
from launch.substitutions import ThisLaunchFileDir
import pytest


@pytest.mark.parametrize('path', [
    PathJoinSubstitution(['/a', ['b_', LaunchConfiguration('x'), '.yaml']]),
    PathSubstitution('/a') / ['b_', LaunchConfiguration('x'), '.yaml'],
    PathSubstitution(Path('/')) / 'a' / 'b_1.yaml',
    ThisLaunchFileDir() / PathJoinSubstitution(['a', 'b_1.yaml']),
])
def test_paths_are_joined_by_a_slash(path):
    context = LaunchContext()
    context.launch_configurations['x'] = '1'
    context.extend_locals({'current_launch_file_directory': '/'})
    assert path.perform(context) == '/a/b_1.yaml'


def test_paths_stand_for_their_text():
    context = LaunchContext()
    SetLaunchConfiguration('x', Path('/a/b')).visit(context)
    SetLaunchConfiguration('y', [Path('/a'), '/c']).visit(context)
    assert context.launch_configurations == {'x': '/a/b', 'y': '/a/c'}


@pytest.mark.parametrize('tag', ['let', 'arg'])
def test_included_files_are_given_arguments_by_either_tag(tmp_path, tag):
    path = tmp_path / 'inner.launch.xml'
    path.write_text('<launch><arg name="x"/></launch>')
    root, parser = Parser.load(io.StringIO(
        f'<launch><include file="{path}"><{tag} name="x" value="1"/></include></launch>'))
    service = LaunchService()
    service.include_launch_description(LaunchDescription([parser.parse_description(root)]))
    assert service.run() == 0
    assert service.context.launch_configurations['x'] == '1'
