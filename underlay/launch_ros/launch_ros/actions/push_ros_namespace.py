# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Puts nodes below a namespace."""

from launch.action import Action
from launch.substitutions import SubstitutionFailure
from launch.utilities import normalize_to_list_of_substitutions
from launch.utilities import perform_substitutions

from ..utilities import make_namespace_absolute
from ..utilities import prefix_namespace
from ..utilities.validate_names import validate_namespace


class PushROSNamespace(Action):
    """Put the nodes of this scope that come later below a namespace; it adds to earlier ones."""

    def __init__(self, namespace, **kwargs):
        super().__init__(**kwargs)
        self.__namespace = normalize_to_list_of_substitutions(namespace)

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
