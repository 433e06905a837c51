# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Output a list of available nodes."""

import sys

from ros2cli.direct_node import add_strategy_arguments
from ros2cli.direct_node import direct_node
from ros2cli.graph import duplicates
from ros2cli.graph import full_node_names


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    add_strategy_arguments(parser)
    parser.add_argument(
        '-a', '--all', action='store_true', help='Display all nodes even hidden ones')
    parser.add_argument(
        '-c', '--count-nodes', action='store_true',
        help='Only display the number of nodes discovered')


def main(*, parser, args) -> int:
    """Print and return 0."""
    with direct_node(args) as node:
        names = full_node_names(node, include_hidden=args.all)
    if args.count_nodes:
        print(len(names))
        return 0
    if duplicates(names):
        print(
            'WARNING: Be aware that there are nodes in the graph that share an exact name, which '
            'can have unintended side effects.', file=sys.stderr)
    for name in names:
        print(name)
    return 0
