# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Output information about a node."""

import sys

from rclpy.action import get_action_client_names_and_types_by_node
from rclpy.action import get_action_server_names_and_types_by_node
from ros2cli.direct_node import add_strategy_arguments
from ros2cli.direct_node import appears
from ros2cli.direct_node import direct_node
from ros2cli.errors import CommandError
from ros2cli.graph import full_node_names
from ros2cli.graph import split_node_name


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    add_strategy_arguments(parser)
    parser.add_argument('node_name', help='Node name to request information')
    parser.add_argument(
        '--include-hidden', action='store_true',
        help='Display hidden topics, services, and actions as well')


def is_hidden(name: str) -> bool:
    """Return whether a part of the name starts with an underscore."""
    return any(part.startswith('_') for part in name.split('/'))


def main(*, parser, args) -> int:
    """Print and return 0."""
    target = args.node_name
    with direct_node(args) as node:
        def count() -> int:
            return full_node_names(node, include_hidden=args.include_hidden).count(target)

        if not appears(node, lambda: count() > 0):
            raise CommandError(f"Unable to find node '{target}'")
        if count() > 1:
            print(
                f'There are {count()} nodes in the graph with the exact name "{target}". '
                'You are seeing information about only one of them.', file=sys.stderr)
        name, namespace = split_node_name(target)
        sections = (
            ('Subscribers', node.get_subscriber_names_and_types_by_node(name, namespace)),
            ('Publishers', node.get_publisher_names_and_types_by_node(name, namespace)),
            ('Service Servers', node.get_service_names_and_types_by_node(name, namespace)),
            ('Service Clients', node.get_client_names_and_types_by_node(name, namespace)),
            ('Action Servers',
             get_action_server_names_and_types_by_node(node, name, namespace)),
            ('Action Clients',
             get_action_client_names_and_types_by_node(node, name, namespace)),
        )
    print(target)
    for title, names_and_types in sections:
        print(f'  {title}:')
        print('\n'.join(
            f"    {entry}: {', '.join(types)}" for entry, types in names_and_types
            if args.include_hidden or not is_hidden(entry)))
    return 0
