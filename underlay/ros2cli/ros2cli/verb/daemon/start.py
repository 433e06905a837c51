# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Say why there is nothing to start."""


def add_arguments(parser, cli_name):
    """Add the argument that upstream has."""
    parser.add_argument(
        '--debug', '-d', action='store_true', help='Print debug messages (there are none)')


def main(*, parser, args) -> int:
    """Print and return 0: what a script wants of a daemon works without one."""
    print('The underlay needs no daemon: every command discovers the graph itself')
    return 0
