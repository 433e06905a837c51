# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Get lifecycle state for one or more nodes."""

import sys

from ros2cli.direct_node import add_strategy_arguments
from ros2cli.direct_node import direct_node
from ros2cli.errors import CommandError
from ros2cli.lifecycle_graph import find_lifecycle_node
from ros2cli.lifecycle_graph import lifecycle_nodes
from ros2cli.lifecycle_graph import state_of


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    add_strategy_arguments(parser)
    parser.add_argument(
        'node_name', nargs='?',
        help='Name of the ROS node. If no name is provided, then get the state for all nodes.')
    parser.add_argument(
        '--include-hidden-nodes', action='store_true', help='Consider hidden nodes as well')


def main(*, parser, args) -> int:
    """Print the state of one node, or of all with their names."""
    with direct_node(args) as node:
        if args.node_name:
            target = find_lifecycle_node(
                node, args.node_name, include_hidden=args.include_hidden_nodes)
            print(state_of(node, target))
            return 0
        targets = lifecycle_nodes(node, include_hidden=args.include_hidden_nodes)
        for target in sorted(set(targets)):
            try:
                print(f'{target}: {state_of(node, target)}')
            except CommandError as error:
                print(
                    f"Exception while calling service of node '{target}': {error}",
                    file=sys.stderr)
    return 0
