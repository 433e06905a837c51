# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Output a service's type."""

from ros2cli.direct_node import add_strategy_arguments
from ros2cli.direct_node import appears
from ros2cli.direct_node import direct_node
from ros2cli.graph import services_and_types


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    add_strategy_arguments(parser)
    parser.add_argument(
        'service_name',
        help="Name of the ROS service to get type (e.g. '/talker/list_parameters')")


def main(*, parser, args) -> int:
    """Print and return 0, or 1 when there is no such service."""
    with direct_node(args) as node:
        def types() -> list[str]:
            found = services_and_types(node, include_hidden=args.include_hidden_services)
            return dict(found).get(args.service_name, [])

        appears(node, lambda: bool(types()))
        found = types()
    for type_name in found:
        print(type_name)
    return 0 if found else 1
