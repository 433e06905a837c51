# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Reconstruct metadata file for a bag."""

from ros2cli.bag.arguments import add_standard_reader_args
from ros2cli.bag.reindexer import reindex


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    add_standard_reader_args(parser)


def main(*, parser, args) -> int:
    """Write metadata.yaml and return 0."""
    reindex(args.bag_path)
    return 0
