# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Print information about a service."""

from ros2cli.direct_node import add_strategy_arguments
from ros2cli.direct_node import appears
from ros2cli.direct_node import direct_node
from ros2cli.errors import CommandError
from ros2cli.graph import services_and_types


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    add_strategy_arguments(parser)
    parser.add_argument(
        'service_name', help="Name of the ROS service to get info (e.g. '/add_two_ints')")


def main(*, parser, args) -> int:
    """Print and return 0."""
    service = args.service_name
    with direct_node(args) as node:
        def types() -> list[str]:
            found = services_and_types(node, include_hidden=args.include_hidden_services)
            return dict(found).get(service, [])

        if not appears(node, lambda: bool(types())):
            raise CommandError(f"Unknown service '{service}'")
        found = types()
        print(f'Type: {found[0] if len(found) == 1 else found}')
        print(f'Clients count: {node.count_clients(service)}')
        print(f'Services count: {node.count_services(service)}')
    return 0
