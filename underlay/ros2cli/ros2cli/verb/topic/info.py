# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Print information about a topic."""

from ros2cli.direct_node import add_strategy_arguments
from ros2cli.direct_node import appears
from ros2cli.direct_node import direct_node
from ros2cli.errors import CommandError


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    add_strategy_arguments(parser)
    parser.add_argument(
        'topic_name', help="Name of the ROS topic to get info (e.g. '/chatter')")
    parser.add_argument(
        '--verbose', '-v', action='store_true',
        help='Prints detailed information like the node name, node namespace, topic type, '
             'topic type hash, GUID, and QoS Profile of the publishers and subscribers to '
             'this topic')


def main(*, parser, args) -> int:
    """Print and return 0."""
    topic = args.topic_name
    with direct_node(args) as node:
        if not appears(node, lambda: topic in dict(node.get_topic_names_and_types())):
            raise CommandError(f"Unknown topic '{topic}'")
        types = dict(node.get_topic_names_and_types())[topic]
        end = '\n\n' if args.verbose else '\n'
        print(f'Type: {types[0] if len(types) == 1 else types}', end=end)
        print(f'Publisher count: {node.count_publishers(topic)}', end=end)
        if args.verbose:
            for endpoint in node.get_publishers_info_by_topic(topic):
                print(endpoint, end=end)
        print(f'Subscription count: {node.count_subscribers(topic)}', end=end)
        if args.verbose:
            for endpoint in node.get_subscriptions_info_by_topic(topic):
                print(endpoint, end=end)
    return 0
