# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Output a list of packages that provide interfaces."""

from ros2cli.interface_index import interface_packages
from ros2cli.interface_index import interfaces_of
from ros2cli.verb.interface.list import add_kind_arguments
from ros2cli.verb.interface.list import chosen_kinds


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    add_kind_arguments(parser)


def main(*, parser, args) -> int:
    """Print and return 0."""
    for package in interface_packages():
        if interfaces_of(package, chosen_kinds(args)):
            print(package)
    return 0
