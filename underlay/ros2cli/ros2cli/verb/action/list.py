# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Output a list of action names."""

from rclpy.action import get_action_names_and_types
from ros2cli.direct_node import add_strategy_arguments
from ros2cli.direct_node import direct_node


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    add_strategy_arguments(parser)
    parser.add_argument(
        '-t', '--show-types', action='store_true', help='Additionally show the action type')
    parser.add_argument(
        '-c', '--count-actions', action='store_true',
        help='Only display the number of actions discovered')


def main(*, parser, args) -> int:
    """Print and return 0."""
    with direct_node(args) as node:
        actions = get_action_names_and_types(node)
    if args.count_actions:
        print(len(actions))
        return 0
    for name, types in actions:
        print(f"{name} [{', '.join(types)}]" if args.show_types else name)
    return 0
