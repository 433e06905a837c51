# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Output a list of available topics of a given type."""

from ros2cli.direct_node import add_strategy_arguments
from ros2cli.direct_node import direct_node
from ros2cli.graph import topics_and_types


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    add_strategy_arguments(parser)
    parser.add_argument(
        'topic_type', help="Name of the ROS topic type to filter for (e.g. 'std_msg/msg/String')")
    parser.add_argument(
        '-c', '--count-topics', action='store_true',
        help='Only display the number of topics discovered')
    parser.add_argument(
        '--include-hidden-topics', action='store_true', help='Consider hidden topics as well')


def main(*, parser, args) -> int:
    """Print and return 0."""
    with direct_node(args) as node:
        found = [
            name
            for name, types in topics_and_types(node, include_hidden=args.include_hidden_topics)
            if args.topic_type in types]
    if args.count_topics:
        print(len(found))
    else:
        for name in found:
            print(name)
    return 0
