# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Print an action's type."""

from rclpy.action import get_action_names_and_types
from ros2cli.direct_node import add_strategy_arguments
from ros2cli.direct_node import appears
from ros2cli.direct_node import direct_node


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    add_strategy_arguments(parser)
    parser.add_argument(
        'action_name', help="Name of the ROS action to get info (e.g. '/fibonacci')")


def main(*, parser, args) -> int:
    """Print and return 0, or 1 when there is no such action."""
    with direct_node(args) as node:
        def types() -> list[str]:
            return dict(get_action_names_and_types(node)).get(args.action_name, [])

        appears(node, lambda: bool(types()))
        found = types()
    for type_name in found:
        print(type_name)
    return 0 if found else 1
