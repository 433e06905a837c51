# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Error output of a process."""

from .process_io import ProcessIO


class ProcessStderr(ProcessIO):
    """Bytes were read from stderr."""

    name = 'launch.events.process.ProcessStderr'

    def __init__(self, *, text, **kwargs):
        super().__init__(text=text, fd=2, **kwargs)
