# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Output a list of available transitions."""

from ros2cli.direct_node import add_strategy_arguments
from ros2cli.direct_node import direct_node
from ros2cli.lifecycle_graph import find_lifecycle_node
from ros2cli.lifecycle_graph import transitions_of


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    add_strategy_arguments(parser)
    parser.add_argument('node_name', help='Name of the ROS node')
    parser.add_argument(
        '--include-hidden-nodes', action='store_true', help='Consider hidden nodes as well')
    parser.add_argument(
        '-a', '--all', action='store_true', help='Display all existing transitions')


def main(*, parser, args) -> int:
    """Print and return 0."""
    with direct_node(args) as node:
        target = find_lifecycle_node(
            node, args.node_name, include_hidden=args.include_hidden_nodes)
        for description in transitions_of(node, target, every=args.all):
            print(
                f'- {description.transition.label} [{description.transition.id}]\n'
                f'\tStart: {description.start_state.label}\n'
                f'\tGoal: {description.goal_state.label}')
    return 0
