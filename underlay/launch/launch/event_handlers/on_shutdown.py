# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Handler for the shutdown."""

from ..event_handler import BaseEventHandler
from ..events import Shutdown
from ..utilities import is_a_subclass


class OnShutdown(BaseEventHandler):
    """Does something when the launch shuts down."""

    def __init__(self, *, on_shutdown, **kwargs):
        """
        Create the handler.

        :param on_shutdown: entities, or a callable (event, context) that returns some
        """
        super().__init__(matcher=lambda event: is_a_subclass(event, Shutdown), **kwargs)
        self.__on_shutdown = on_shutdown

    def handle(self, event, context):
        """Return the entities to visit."""
        super().handle(event, context)
        if callable(self.__on_shutdown):
            return self.__on_shutdown(event, context)
        return self.__on_shutdown

    @property
    def handler_description(self):
        """What is done, in words."""
        return str(self.__on_shutdown)

    @property
    def matcher_description(self):
        """Which events match, in words."""
        return 'event issubclass of launch.events.Shutdown'
