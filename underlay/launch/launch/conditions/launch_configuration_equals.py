# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A condition on a launch configuration."""

import warnings

from ..condition import Condition
from ..utilities import normalize_to_list_of_substitutions
from ..utilities import perform_substitutions


class LaunchConfigurationEquals(Condition):
    """Holds if a launch configuration has a value; None stands for not being set."""

    def __init__(self, launch_configuration_name, expected_value):
        warnings.warn(
            "The 'LaunchConfigurationEquals' and 'LaunchConfigurationNotEquals' Conditions are "
            'deprecated. Use the substitutions instead: IfCondition(EqualsSubstitution('
            "LaunchConfiguration('some_launch_arg'), 'some_value'))",
            UserWarning, stacklevel=2)
        self.__name = launch_configuration_name
        self.__expected = None
        if expected_value is not None:
            self.__expected = normalize_to_list_of_substitutions(expected_value)
        super().__init__(predicate=self._predicate_func)

    def _predicate_func(self, context):
        expected = None
        if self.__expected is not None:
            expected = perform_substitutions(context, self.__expected)
        return context.launch_configurations.get(self.__name) == expected
