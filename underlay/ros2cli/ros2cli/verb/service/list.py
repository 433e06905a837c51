# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Output a list of available services."""

from ros2cli.direct_node import add_strategy_arguments
from ros2cli.direct_node import direct_node
from ros2cli.graph import services_and_types


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    add_strategy_arguments(parser)
    parser.add_argument(
        '-t', '--show-types', action='store_true', help='Additionally show the service type')
    parser.add_argument(
        '-c', '--count-services', action='store_true',
        help='Only display the number of services discovered')
    parser.add_argument(
        '--include-hidden-services', action='store_true', help='Consider hidden services as well')


def main(*, parser, args) -> int:
    """Print and return 0."""
    with direct_node(args) as node:
        services = services_and_types(node, include_hidden=args.include_hidden_services)
    if args.count_services:
        print(len(services))
        return 0
    for name, types in services:
        print(f"{name} [{', '.join(types)}]" if args.show_types else name)
    return 0
