# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Puts nodes below a namespace."""

from launch.action import Action
from launch.frontend import expose_action
from launch.substitutions import SubstitutionFailure
from launch.utilities import normalize_to_list_of_substitutions
from launch.utilities import perform_substitutions

from ..utilities import make_namespace_absolute
from ..utilities import prefix_namespace
from ..utilities.validate_names import validate_namespace


@expose_action('push_ros_namespace')
@expose_action('push-ros-namespace')
class PushROSNamespace(Action):
    """Put the nodes of this scope that come later below a namespace; it adds to earlier ones."""

    def __init__(self, namespace, **kwargs):
        super().__init__(**kwargs)
        self.__namespace = normalize_to_list_of_substitutions(namespace)

    @classmethod
    def parse(cls, entity, parser):
        """Return class and arguments for ``<push_ros_namespace namespace>``."""
        _, kwargs = super().parse(entity, parser)
        kwargs['namespace'] = parser.parse_substitution(entity.get_attr('namespace'))
        return cls, kwargs

    @property
    def namespace(self):
        """The namespace."""
        return self.__namespace

    def execute(self, context):
        """Push the namespace."""
        pushed = perform_substitutions(context, self.namespace)
        previous = context.launch_configurations.get('ros_namespace')
        namespace = make_namespace_absolute(prefix_namespace(previous, pushed))
        try:
            validate_namespace(namespace)
        except Exception as error:
            raise SubstitutionFailure(
                'The resulting namespace is invalid: '
                f"[previous_namespace='{previous}', pushed_namespace='{pushed}']") from error
        context.launch_configurations['ros_namespace'] = namespace
