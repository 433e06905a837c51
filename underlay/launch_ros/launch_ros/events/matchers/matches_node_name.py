# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A matcher of node names."""


def matches_node_name(node_name):
    """Return a matcher for the node with this full name; a leading slash may be left out."""
    if not node_name.startswith('/'):
        node_name = f'/{node_name}'
    return lambda action: action.node_name == node_name
