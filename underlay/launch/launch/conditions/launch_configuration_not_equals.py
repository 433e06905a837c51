# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A negated condition on a launch configuration."""

from .launch_configuration_equals import LaunchConfigurationEquals


class LaunchConfigurationNotEquals(LaunchConfigurationEquals):
    """Holds if a launch configuration has another value; None stands for being set."""

    def _predicate_func(self, context):
        return not super()._predicate_func(context)
