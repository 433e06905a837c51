# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Remaps a name in nodes."""

from launch.action import Action
from launch.frontend import expose_action
from launch.utilities import normalize_to_list_of_substitutions
from launch.utilities import perform_substitutions


@expose_action('set_remap')
class SetRemap(Action):
    """Remap a name in all nodes of this scope that come later; it wins over their own rules."""

    def __init__(self, src, dst, **kwargs):
        super().__init__(**kwargs)
        self.__src = normalize_to_list_of_substitutions(src)
        self.__dst = normalize_to_list_of_substitutions(dst)

    @classmethod
    def parse(cls, entity, parser):
        """Return class and arguments for ``<set_remap from to>``."""
        _, kwargs = super().parse(entity, parser)
        kwargs['src'] = parser.parse_substitution(entity.get_attr('from'))
        kwargs['dst'] = parser.parse_substitution(entity.get_attr('to'))
        return cls, kwargs

    @property
    def src(self):
        """The name in the node."""
        return self.__src

    @property
    def dst(self):
        """The name it becomes."""
        return self.__dst

    def execute(self, context):
        """Remember the rule."""
        rule = (perform_substitutions(context, self.src),
                perform_substitutions(context, self.dst))
        context.launch_configurations.setdefault('ros_remaps', []).append(rule)
