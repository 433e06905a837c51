# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Puts the launch itself on simulated time."""

from launch.action import Action
from launch.frontend import expose_action
from launch.utilities.type_utils import normalize_typed_substitution
from launch.utilities.type_utils import perform_typed_substitution


@expose_action('set_use_sim_time')
class SetUseSimTime(Action):
    """Set `use_sim_time` of the node within this launch, the one that ROSTimer uses."""

    def __init__(self, value, **kwargs):
        super().__init__(**kwargs)
        self.__value = normalize_typed_substitution(value, bool)

    @classmethod
    def parse(cls, entity, parser):
        """Return class and arguments for ``<set_use_sim_time value>``."""
        _, kwargs = super().parse(entity, parser)
        kwargs['value'] = parser.parse_substitution(entity.get_attr('value'))
        return cls, kwargs

    @property
    def value(self):
        """Whether to use it."""
        return self.__value

    def execute(self, context):
        """Set it."""
        from rclpy.parameter import Parameter

        from ..ros_adapters import get_ros_node
        node = get_ros_node(context)
        value = perform_typed_substitution(context, self.value, bool)
        node.set_parameters([Parameter('use_sim_time', Parameter.Type.BOOL, value)])
        if node.get_parameter('use_sim_time').value is not value:
            raise RuntimeError('Failed to set use_sim_time parameter')
