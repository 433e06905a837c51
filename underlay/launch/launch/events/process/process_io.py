# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Input or output of a process."""

from .running_process_event import RunningProcessEvent


class ProcessIO(RunningProcessEvent):
    """Bytes went through a standard stream."""

    name = 'launch.events.process.ProcessIO'

    def __init__(self, *, text, fd, **kwargs):
        """
        Create the event.

        :param text: the bytes
        :param fd: 0 for stdin, 1 for stdout, 2 for stderr
        """
        super().__init__(**kwargs)
        self.__text = text
        self.__fd = fd

    @property
    def text(self):
        """The bytes."""
        return self.__text

    @property
    def from_stdin(self):
        """Whether they are for stdin."""
        return self.__fd == 0

    @property
    def from_stdout(self):
        """Whether they are from stdout."""
        return self.__fd == 1

    @property
    def from_stderr(self):
        """Whether they are from stderr."""
        return self.__fd == 2
