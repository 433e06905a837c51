# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The shutdown."""

from ..event import Event


class Shutdown(Event):
    """The launch shuts down."""

    name = 'launch.events.Shutdown'

    def __init__(self, *, reason='reason not given', due_to_sigint=False):
        """
        Create the event.

        :param reason: why, in words
        :param due_to_sigint: whether a ctrl-c is the cause
        """
        self.__reason = reason
        self.__due_to_sigint = due_to_sigint
        # The launch service knows when no terminal has sent the SIGINT to all processes.
        self._reaches_group = True

    @property
    def reason(self):
        """Why, in words."""
        return self.__reason

    @property
    def due_to_sigint(self):
        """Whether a ctrl-c is the cause."""
        return self.__due_to_sigint
