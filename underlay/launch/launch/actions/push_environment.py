# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Begins a scope of the environment."""

from ..action import Action


class PushEnvironment(Action):
    """Remember the environment until it is popped."""

    def execute(self, context):
        """Push it."""
        context._push_environment()
