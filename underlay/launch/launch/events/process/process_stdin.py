# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Input of a process."""

from .process_io import ProcessIO


class ProcessStdin(ProcessIO):
    """Bytes are to be written to stdin."""

    name = 'launch.events.process.ProcessStdin'

    def __init__(self, *, text, **kwargs):
        super().__init__(text=text, fd=0, **kwargs)
