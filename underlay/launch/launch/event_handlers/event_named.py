# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A matcher of event names."""


def event_named(name):
    """Return a matcher for events of this name."""
    return lambda event: event.name == name
