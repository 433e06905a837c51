# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Output a list of available topics."""

from ros2cli.direct_node import add_strategy_arguments
from ros2cli.direct_node import direct_node
from ros2cli.graph import topics_and_types


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    add_strategy_arguments(parser)
    parser.add_argument(
        '-t', '--show-types', action='store_true', help='Additionally show the topic type')
    parser.add_argument(
        '-c', '--count-topics', action='store_true',
        help='Only display the number of topics discovered')
    parser.add_argument(
        '--include-hidden-topics', action='store_true', help='Consider hidden topics as well')
    parser.add_argument(
        '-v', '--verbose', action='store_true', help='List full details about each topic')


def details(title: str, noun: str, rows: list[tuple[str, list[str], int]]) -> str:
    """Return one part of the verbose list: topic, types and how many publish or subscribe."""
    text = f'{title} topics:\n'
    for name, types, count in rows:
        if count:
            text += f" * {name} [{', '.join(types)}] {count} {noun}{'s' if count > 1 else ''}\n"
    return text


def main(*, parser, args) -> int:
    """Print and return 0."""
    with direct_node(args) as node:
        topics = topics_and_types(node, include_hidden=args.include_hidden_topics)
        if args.verbose:
            published = [(name, types, node.count_publishers(name)) for name, types in topics]
            subscribed = [(name, types, node.count_subscribers(name)) for name, types in topics]
    if args.count_topics:
        print(len(topics))
    elif topics and args.verbose:
        print(details('Published', 'publisher', published))
        print(details('Subscribed', 'subscriber', subscribed))
    else:
        for name, types in topics:
            print(f"{name} [{', '.join(types)}]" if args.show_types else name)
    return 0
