# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Trackers, encoders and fusion of one wearer."""

from affect_bringup.launch_graph import declare_arguments
from affect_bringup.launch_graph import nodes_of
from launch import LaunchDescription
from launch.actions import OpaqueFunction


def generate_launch_description() -> LaunchDescription:
    """Return the launch description."""
    return LaunchDescription([
        *declare_arguments(),
        OpaqueFunction(function=nodes_of, args=[('trackers', 'encoders', 'fusion')]),
    ])
