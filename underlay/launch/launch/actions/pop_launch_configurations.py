# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Ends a scope of launch configurations."""

from ..action import Action


class PopLaunchConfigurations(Action):
    """Go back to the launch configurations that were pushed last."""

    def execute(self, context):
        """Pop them."""
        context._pop_launch_configurations()
