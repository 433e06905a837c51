# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Resets the environment."""

from ..action import Action


class ResetEnvironment(Action):
    """Go back to the environment the launch was started with."""

    def execute(self, context):
        """Reset it."""
        context._reset_environment()
