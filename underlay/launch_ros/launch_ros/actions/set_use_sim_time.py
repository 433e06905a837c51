# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Puts the launch itself on simulated time."""

from launch.action import Action


class SetUseSimTime(Action):
    """Set `use_sim_time` of the node within this launch, the one that ROSTimer uses."""

    def __init__(self, value, **kwargs):
        super().__init__(**kwargs)
        self.__value = value

    @property
    def value(self):
        """Whether to use it."""
        return self.__value

    def execute(self, context):
        """Set it."""
        from rclpy.parameter import Parameter

        from ..ros_adapters import get_ros_node
        node = get_ros_node(context)
        node.set_parameters([Parameter('use_sim_time', Parameter.Type.BOOL, self.value)])
        if node.get_parameter('use_sim_time').value is not self.value:
            raise RuntimeError('Failed to set use_sim_time parameter')
