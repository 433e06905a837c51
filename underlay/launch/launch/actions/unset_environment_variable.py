# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Unsets an environment variable."""

from ..action import Action
from ..utilities import normalize_to_list_of_substitutions
from ..utilities import perform_substitutions


class UnsetEnvironmentVariable(Action):
    """Remove an environment variable, if it is there."""

    def __init__(self, name, **kwargs):
        super().__init__(**kwargs)
        self.__name = normalize_to_list_of_substitutions(name)

    @property
    def name(self):
        """The name of the variable."""
        return self.__name

    def execute(self, context):
        """Unset it."""
        context.environment.pop(perform_substitutions(context, self.name), None)
        return None
