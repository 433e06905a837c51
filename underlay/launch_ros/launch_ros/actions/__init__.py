# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Actions on ROS nodes."""

from .lifecycle_node import LifecycleNode
from .lifecycle_transition import LifecycleTransition
from .node import Node
from .push_ros_namespace import PushROSNamespace
from .push_ros_namespace import PushROSNamespace as PushRosNamespace
from .ros_timer import ROSTimer
from .ros_timer import ROSTimer as RosTimer
from .set_parameter import SetParameter
from .set_parameters_from_file import SetParametersFromFile
from .set_remap import SetRemap
from .set_ros_log_dir import SetROSLogDir
from .set_use_sim_time import SetUseSimTime

__all__ = [
    'LifecycleNode',
    'LifecycleTransition',
    'Node',
    'PushROSNamespace',
    'PushRosNamespace',
    'ROSTimer',
    'RosTimer',
    'SetParameter',
    'SetParametersFromFile',
    'SetROSLogDir',
    'SetRemap',
    'SetUseSimTime',
]


def __getattr__(name):
    if name in ('ComposableNodeContainer', 'LoadComposableNodes'):
        raise ImportError(
            f'launch_ros.actions.{name} loads C++ components, which takes the packages '
            '`ros-jazzy-launch-ros` and `ros-jazzy-rclcpp-components` of a ROS distribution')
    raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
