# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Output a list of nodes with lifecycle."""

from ros2cli.direct_node import add_strategy_arguments
from ros2cli.direct_node import direct_node
from ros2cli.lifecycle_graph import lifecycle_nodes


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
        names = lifecycle_nodes(node, include_hidden=args.all)
    if args.count_nodes:
        print(len(names))
        return 0
    for name in sorted(set(names)):
        print(name)
    return 0
