# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Unregisters an event handler."""

from ..action import Action


class UnregisterEventHandler(Action):
    """Unregister an event handler."""

    def __init__(self, event_handler, **kwargs):
        super().__init__(**kwargs)
        self.__event_handler = event_handler

    @property
    def event_handler(self):
        """The handler."""
        return self.__event_handler

    def execute(self, context):
        """Unregister it."""
        context.unregister_event_handler(self.__event_handler)
