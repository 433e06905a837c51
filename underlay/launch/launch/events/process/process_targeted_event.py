# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The base class of what is asked of a process."""

from ...event import Event


class ProcessTargetedEvent(Event):
    """Something is asked of the processes that a matcher selects."""

    name = 'launch.events.process.ProcessTargetedEvent'

    def __init__(self, *, process_matcher):
        """
        Create the event.

        :param process_matcher: callable, takes an ExecuteLocal action, returns whether it is meant
        """
        super().__init__()
        self.__process_matcher = process_matcher

    @property
    def process_matcher(self):
        """The matcher."""
        return self.__process_matcher
