# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The base class of events."""


class Event:
    """Something that happened in, or is asked of, a running launch."""

    name = 'launch.Event'
