# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Descriptions."""

from ..parameter_descriptions import Parameter
from ..parameter_descriptions import ParameterFile
from ..parameter_descriptions import ParameterValue

__all__ = [
    'Parameter',
    'ParameterFile',
    'ParameterValue',
]


def __getattr__(name):
    if name == 'ComposableNode':
        raise ImportError(
            'launch_ros.descriptions.ComposableNode describes C++ components, which takes the '
            'packages `ros-jazzy-launch-ros` and `ros-jazzy-rclcpp-components` of a ROS '
            'distribution')
    raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
