# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Print information about an action."""

from collections.abc import Callable

from rclpy.action import get_action_client_names_and_types_by_node
from rclpy.action import get_action_server_names_and_types_by_node
from rclpy.node import Node
from ros2cli.direct_node import add_strategy_arguments
from ros2cli.direct_node import direct_node
from ros2cli.graph import expand_topic


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    add_strategy_arguments(parser)
    parser.add_argument(
        'action_name', help="Name of the ROS action to get info (e.g. '/fibonacci')")
    parser.add_argument(
        '-t', '--show-types', action='store_true', help='Additionally show the action type')
    parser.add_argument(
        '-c', '--count', action='store_true',
        help='Only display the number of action clients and action servers')


def nodes_with(
    node: Node, action: str, names_and_types_of: Callable,
) -> list[tuple[str, list[str]]]:
    """Return the nodes on one side of an action, each with the types it knows it by."""
    return [
        (f"{namespace.rstrip('/')}/{name}", types)
        for name, namespace in node.get_node_names_and_namespaces()
        for found, types in names_and_types_of(node, name, namespace)
        if found == action]


def main(*, parser, args) -> int:
    """Print and return 0; an action that nobody knows has no clients and no servers."""
    with direct_node(args) as node:
        action = expand_topic(node, args.action_name)
        sides = (
            ('clients', nodes_with(node, action, get_action_client_names_and_types_by_node)),
            ('servers', nodes_with(node, action, get_action_server_names_and_types_by_node)),
        )
    print(f'Action: {args.action_name}')
    for side, found in sides:
        print(f'Action {side}: {len(found)}')
        for name, types in () if args.count else found:
            print(f"    {name} [{', '.join(types)}]" if args.show_types else f'    {name}')
    return 0
