# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Sets an environment variable."""

from ..action import Action
from ..utilities import normalize_to_list_of_substitutions
from ..utilities import perform_substitutions


class SetEnvironmentVariable(Action):
    """Set an environment variable for what is started later."""

    def __init__(self, name, value, **kwargs):
        super().__init__(**kwargs)
        self.__name = normalize_to_list_of_substitutions(name)
        self.__value = normalize_to_list_of_substitutions(value)

    @property
    def name(self):
        """The name of the variable."""
        return self.__name

    @property
    def value(self):
        """The value."""
        return self.__value

    def execute(self, context):
        """Set it."""
        context.environment[perform_substitutions(context, self.name)] = \
            perform_substitutions(context, self.value)
        return None
