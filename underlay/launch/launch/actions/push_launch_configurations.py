# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Begins a scope of launch configurations."""

from ..action import Action


class PushLaunchConfigurations(Action):
    """Remember the launch configurations until they are popped."""

    def execute(self, context):
        """Push them."""
        context._push_launch_configurations()
