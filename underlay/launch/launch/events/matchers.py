# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Matchers of actions."""


def matches_action(target_action):
    """Return a matcher that is True for this action only."""
    return lambda action: action == target_action
