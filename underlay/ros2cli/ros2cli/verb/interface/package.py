# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Output a list of available interface types within one package."""

from ros2cli.interface_index import interfaces_of
from ros2cli.verb.interface.list import add_kind_arguments
from ros2cli.verb.interface.list import chosen_kinds


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    add_kind_arguments(parser)
    parser.add_argument(
        'package_name', help="Name of the ROS package (e.g. 'example_interfaces')")


def main(*, parser, args) -> int:
    """Print and return 0."""
    for name in interfaces_of(args.package_name, chosen_kinds(args)):
        print(f'{args.package_name}/{name}')
    return 0
