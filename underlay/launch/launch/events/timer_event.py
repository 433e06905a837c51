# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The end of a timer."""

from ..event import Event


class TimerEvent(Event):
    """The period of a timer has passed."""

    name = 'launch.events.TimerEvent'

    def __init__(self, *, timer_action):
        self.__timer_action = timer_action

    @property
    def timer_action(self):
        """The timer."""
        return self.__timer_action
