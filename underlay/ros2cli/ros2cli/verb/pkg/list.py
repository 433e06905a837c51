# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Output a list of available packages."""

from ament_index_python.packages import get_packages_with_prefixes


def add_arguments(parser, cli_name):
    """Add nothing: the verb has no arguments."""


def main(*, parser, args) -> int:
    """Print and return 0."""
    for name in sorted(get_packages_with_prefixes()):
        print(name)
    return 0
