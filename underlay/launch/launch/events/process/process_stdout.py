# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Output of a process."""

from .process_io import ProcessIO


class ProcessStdout(ProcessIO):
    """Bytes were read from stdout."""

    name = 'launch.events.process.ProcessStdout'

    def __init__(self, *, text, **kwargs):
        super().__init__(text=text, fd=1, **kwargs)
