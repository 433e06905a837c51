# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The request to include a description."""

from ..event import Event


class IncludeLaunchDescription(Event):
    """A launch description is to be visited."""

    name = 'launch.events.IncludeLaunchDescription'

    def __init__(self, launch_description):
        self.__launch_description = launch_description

    @property
    def launch_description(self):
        """The description."""
        return self.__launch_description
