# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Print information about a bag to the screen."""

from pathlib import Path

from ros2cli.bag.arguments import add_standard_reader_args
from ros2cli.bag.bag_info import format_bag_info
from ros2cli.bag.bag_info import is_service_event
from ros2cli.bag.bag_metadata import read_metadata
from ros2cli.bag.service_events import count_service_events


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    add_standard_reader_args(parser)
    parser.add_argument('-t', '--topic-name', action='store_true',
                        help='Only display topic names.')
    parser.add_argument('-v', '--verbose', action='store_true',
                        help='Display request/response information for services')


def main(*, parser, args) -> int:
    """Print and return 0."""
    if args.topic_name and args.verbose:
        print("Warning! You have set both the '-t' and '-v' parameters. The '-t' parameter "
              'will be ignored.')
    path = Path(args.bag_path)
    reader = None
    if args.verbose or not path.is_dir():
        # Metadata alone do without rosbags, whose import takes longer than all the rest.
        from ros2cli.bag.bag_reader import BagReader
        reader = BagReader(path)
    metadata = read_metadata(path) if reader is None else reader.metadata()
    if args.verbose:
        events = [topic.name for topic in metadata.topics if is_service_event(topic)]
        print(format_bag_info(metadata, count_service_events(reader.messages(events))))
    elif args.topic_name:
        for topic in metadata.topics:
            if not is_service_event(topic):
                print(topic.name)
    else:
        print(format_bag_info(metadata))
    return 0
