# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A callback group that no executor serves."""

from rclpy.callback_groups import CallbackGroup


class FetchedGroup(CallbackGroup):
    """For subscriptions whose messages the owner takes itself."""

    def can_execute(self, entity) -> bool:
        """Keep executors from waiting for the entity."""
        return False

    def beginning_execution(self, entity) -> bool:
        """Keep executors from running the entity's callback."""
        return False

    def ending_execution(self, entity) -> None:
        """Do nothing: nothing ever began."""
