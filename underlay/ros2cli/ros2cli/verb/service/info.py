# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Print information about a service."""

from ros2cli.direct_node import add_strategy_arguments
from ros2cli.direct_node import direct_node
from ros2cli.direct_node import wait_for
from ros2cli.errors import CommandError


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    add_strategy_arguments(parser)
    parser.add_argument(
        'service_name', help="Name of the ROS service to get info (e.g. '/add_two_ints')")


def main(*, parser, args) -> int:
    """Print and return 0."""
    service = args.service_name
    with direct_node(args) as node:
        if not wait_for(lambda: service in dict(node.get_service_names_and_types())):
            raise CommandError(f"Unknown service '{service}'")
        types = dict(node.get_service_names_and_types())[service]
        print(f'Type: {types[0] if len(types) == 1 else types}')
        print(f'Clients count: {node.count_clients(service)}')
        print(f'Services count: {node.count_services(service)}')
    return 0
