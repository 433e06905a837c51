# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Ends a scope of the environment."""

from ..action import Action


class PopEnvironment(Action):
    """Go back to the environment that was pushed last."""

    def execute(self, context):
        """Pop it."""
        context._pop_environment()
