# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Output the status of the daemon."""


def add_arguments(parser, cli_name):
    """Add no arguments."""


def main(*, parser, args) -> int:
    """Print and return 0."""
    print('The daemon is not running')
    return 0
