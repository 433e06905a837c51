# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Handler for requests to include a description."""

from ..event_handler import EventHandler
from ..events import IncludeLaunchDescription
from ..utilities import is_a_subclass


class OnIncludeLaunchDescription(EventHandler):
    """Has the description in the event visited."""

    def __init__(self, **kwargs):
        from ..actions.opaque_function import OpaqueFunction
        super().__init__(
            matcher=lambda event: is_a_subclass(event, IncludeLaunchDescription),
            entities=OpaqueFunction(
                function=lambda context: [context.locals.event.launch_description]),
            **kwargs)

    @property
    def handler_description(self):
        """What is done, in words."""
        return 'returns the launch_description in the event'

    @property
    def matcher_description(self):
        """Which events match, in words."""
        return 'event issubclass of launch.events.IncludeLaunchDescription'
