# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Resets the environment."""

from ..action import Action
from ..frontend.expose import expose_action


@expose_action('reset_env')
class ResetEnvironment(Action):
    """Go back to the environment the launch was started with."""

    @classmethod
    def parse(cls, entity, parser):
        """Return class and arguments for ``<reset_env>``."""
        _, kwargs = super().parse(entity, parser)
        return cls, kwargs

    def execute(self, context):
        """Reset it."""
        context._reset_environment()
