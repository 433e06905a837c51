# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The request to end a process."""

from .process_targeted_event import ProcessTargetedEvent


class ShutdownProcess(ProcessTargetedEvent):
    """A process is to end: SIGINT, later SIGTERM, at last SIGKILL."""

    name = 'launch.events.process.ShutdownProcess'
