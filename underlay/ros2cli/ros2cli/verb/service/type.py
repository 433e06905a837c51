# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Output a service's type."""

from ros2cli.direct_node import add_strategy_arguments
from ros2cli.direct_node import direct_node
from ros2cli.direct_node import wait_for


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    add_strategy_arguments(parser)
    parser.add_argument(
        'service_name',
        help="Name of the ROS service to get type (e.g. '/talker/list_parameters')")


def main(*, parser, args) -> int:
    """Print and return 0, or 1 when there is no such service."""
    with direct_node(args) as node:
        wait_for(lambda: args.service_name in dict(node.get_service_names_and_types()))
        types = dict(node.get_service_names_and_types()).get(args.service_name, [])
    for type_name in types:
        print(type_name)
    return 0 if types else 1
