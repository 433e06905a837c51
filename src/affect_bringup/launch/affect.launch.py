# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
The whole suite for one wearer.

    ros2 launch affect_bringup affect.launch.py                      # simulated wearer
    ros2 launch affect_bringup affect.launch.py bag:=DIR purpose:=research
    ros2 launch affect_bringup affect.launch.py namespace:=w2        # a second wearer
"""

from affect_bringup.graph import STAGES
from affect_bringup.launch_graph import argument_names
from affect_bringup.launch_graph import declare_arguments
from affect_bringup.launch_graph import lifecycle_manager
from affect_bringup.launch_graph import replay
from ament_index_python.packages import get_package_share_directory
from launch import LaunchContext
from launch import LaunchDescription
from launch.actions import IncludeLaunchDescription
from launch.actions import OpaqueFunction
from launch.launch_description_sources import PythonLaunchDescriptionSource
from launch.substitutions import LaunchConfiguration
from launch.substitutions import PathJoinSubstitution


def _manager(context: LaunchContext) -> list:
    if LaunchConfiguration('manager').perform(context) == 'true':
        return [lifecycle_manager(context, STAGES)]
    return []


def generate_launch_description() -> LaunchDescription:
    """Return the launch description."""
    folder = PathJoinSubstitution([get_package_share_directory('affect_bringup'), 'launch'])
    passed_on = {
        name: LaunchConfiguration(name) for name in argument_names() if name != 'manager'}
    # One manager for all three, so that the order of bring-up spans them.
    passed_on['manager'] = 'false'
    return LaunchDescription([
        *declare_arguments(),
        OpaqueFunction(function=_manager),
        # Before the others are included: what they are passed stays set afterwards.
        OpaqueFunction(function=replay),
        *(IncludeLaunchDescription(
            PythonLaunchDescriptionSource(PathJoinSubstitution([folder, name])),
            launch_arguments=passed_on.items())
          for name in ('outputs.launch.py', 'perception.launch.py', 'sensors.launch.py')),
    ])
