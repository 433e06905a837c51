# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The end of a process."""

from .running_process_event import RunningProcessEvent


class ProcessExited(RunningProcessEvent):
    """A process has ended."""

    name = 'launch.events.process.ProcessExited'

    def __init__(self, *, returncode, **kwargs):
        super().__init__(**kwargs)
        self.__returncode = returncode

    @property
    def returncode(self):
        """The exit code, or minus the number of the signal that ended it."""
        return self.__returncode
