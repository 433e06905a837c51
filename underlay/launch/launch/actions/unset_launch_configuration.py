# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Unsets a launch configuration."""

from ..action import Action
from ..utilities import normalize_to_list_of_substitutions
from ..utilities import perform_substitutions


class UnsetLaunchConfiguration(Action):
    """Remove a launch configuration, if it is there."""

    def __init__(self, name, **kwargs):
        super().__init__(**kwargs)
        self.__name = normalize_to_list_of_substitutions(name)

    @property
    def name(self):
        """The name."""
        return self.__name

    def execute(self, context):
        """Unset it."""
        context.launch_configurations.pop(perform_substitutions(context, self.name), None)
