# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Events of ROS nodes."""

from . import lifecycle
from . import matchers
from .matchers import matches_node_name

__all__ = ['lifecycle', 'matchers', 'matches_node_name']
