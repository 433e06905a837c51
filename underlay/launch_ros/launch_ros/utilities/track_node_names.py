# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Counts the nodes of each name in a launch."""

from collections import Counter


def add_node_name(context, node_name):
    """Count one more node of this name."""
    counts = context.get_locals_as_dict().get('unique_ros_node_names')
    if counts is None:
        counts = Counter()
        context.extend_globals({'unique_ros_node_names': counts})
    counts[node_name] += 1


def get_node_name_count(context, node_name):
    """Return how many nodes of this name there are."""
    return context.get_locals_as_dict().get('unique_ros_node_names', Counter())[node_name]
