# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Output the prefix path of a package."""

from ros2cli.packages import package_prefix
from ros2cli.packages import package_share


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    parser.add_argument('package_name', help='The package name')
    parser.add_argument(
        '--share', action='store_true', help='Show share directory for the package')


def main(*, parser, args) -> int:
    """Print and return 0."""
    print(package_share(args.package_name) if args.share else package_prefix(args.package_name))
    return 0
