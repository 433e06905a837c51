# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Output a list of available services of a given type."""

from ros2cli.direct_node import add_strategy_arguments
from ros2cli.direct_node import direct_node
from ros2cli.graph import services_and_types


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    add_strategy_arguments(parser)
    parser.add_argument(
        'service_type', help='Name of the ROS service type to filter for')
    parser.add_argument(
        '-c', '--count-services', action='store_true',
        help='Only display the number of services discovered')
    parser.add_argument(
        '--include-hidden-services', action='store_true', help='Consider hidden services as well')


def main(*, parser, args) -> int:
    """Print and return 0."""
    with direct_node(args) as node:
        found = [
            name for name, types
            in services_and_types(node, include_hidden=args.include_hidden_services)
            if args.service_type in types]
    if args.count_services:
        print(len(found))
        return 0
    for name in found:
        print(name)
    return 0
