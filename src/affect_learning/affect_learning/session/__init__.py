# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Compose recordings of several people into one bag that drives the whole graph.

The bag proves plumbing: its streams come from different people and different situations, so no
accuracy may be quoted from it.
"""

from affect_learning.session.compose import compose
from affect_learning.session.compose import SessionInfo
from affect_learning.session.data_root import find_data_root
from affect_learning.session.data_root import SessionError

__all__ = [
    'SessionError',
    'SessionInfo',
    'compose',
    'find_data_root',
]
