# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Record ROS data to a bag."""

from argparse import FileType
from datetime import datetime
import os

from ros2cli.bag.arguments import add_log_level
from ros2cli.bag.arguments import not_negative_int
from ros2cli.bag.bag_error import BagError
from ros2cli.bag.bag_writer import BagWriter
from ros2cli.bag.bag_writer import STORAGES
from ros2cli.bag.interruptible_wait import InterruptibleWait
from ros2cli.bag.qos import read_overrides
from ros2cli.bag.recorder import Recorder
from ros2cli.bag.recorder import RecordOptions
from ros2cli.bag.ros_node import bag_node
from ros2cli.bag.topic_filter import TopicFilter
from ros2cli.bag.topic_names import absolute_names
from ros2cli.bag.topic_names import check_regex
from ros2cli.bag.topic_names import service_event_topics
from ros2cli.bag.writer_thread import WriterThread
from ros2cli.verbs import add_foreign_options


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    parser.add_argument(
        '-o', '--output',
        help='Destination of the bagfile to create, '
             'defaults to a timestamped folder in the current directory.')
    parser.add_argument(
        '-s', '--storage', default='mcap', choices=sorted(STORAGES),
        help="Storage identifier to be used, defaults to '%(default)s'.")
    topics_group = parser.add_mutually_exclusive_group()
    topics_group.add_argument(
        'topics_positional', default=[], metavar='[Topic ...]', nargs='*',
        help='Space-delimited list of topics to record. (deprecated)')
    topics_group.add_argument(
        '--topics', default=[], metavar='Topic', nargs='+',
        help='Space-delimited list of topics to record.')
    parser.add_argument(
        '--services', default=[], metavar='ServiceName', nargs='+',
        help='Space-delimited list of services to record.')
    parser.add_argument(
        '--topic-types', nargs='+', default=[], metavar='TopicType',
        help='Space-delimited list of topic types to record.')
    parser.add_argument(
        '-a', '--all', action='store_true',
        help='Record all topics and services (Exclude hidden topic).')
    parser.add_argument(
        '--all-topics', action='store_true', help='Record all topics (Exclude hidden topic).')
    parser.add_argument(
        '--all-services', action='store_true',
        help='Record all services via service event topics.')
    parser.add_argument(
        '-e', '--regex', default='',
        help='Record only topics and services containing provided regular expression. '
             'Note:  --all, --all-topics or --all-services will override --regex.')
    parser.add_argument(
        '--exclude-regex', default='',
        help='Exclude topics and services containing provided regular expression.')
    parser.add_argument(
        '--exclude-topic-types', default=[], metavar='ExcludeTopicTypes', nargs='+',
        help='Space-delimited list of topic types not being recorded.')
    parser.add_argument(
        '--exclude-topics', default=[], metavar='Topic', nargs='+',
        help='Space-delimited list of topics not being recorded.')
    parser.add_argument(
        '--exclude-services', default=[], metavar='ServiceName', nargs='+',
        help='Space-delimited list of services not being recorded.')
    parser.add_argument(
        '--include-unpublished-topics', action='store_true',
        help='Discover and record topics which have no publisher. Subscriptions on such topics '
             'will be made with default QoS unless otherwise specified in a QoS overrides file.')
    parser.add_argument(
        '--include-hidden-topics', action='store_true',
        help='Discover and record hidden topics as well. '
             'These are topics used internally by ROS 2 implementation.')
    parser.add_argument(
        '--no-discovery', action='store_true',
        help='Disables topic auto discovery during recording: only topics present at '
             'startup will be recorded.')
    parser.add_argument(
        '-p', '--polling-interval', type=not_negative_int, default=100,
        help='Time in ms to wait between querying available topics for recording. '
             'It has no effect if --no-discovery is enabled.')
    parser.add_argument(
        '--ignore-leaf-topics', action='store_true', help='Ignore topics without a subscription.')
    parser.add_argument(
        '--qos-profile-overrides-path', type=FileType('r'),
        help='Path to a yaml file defining overrides of the QoS profile for specific topics.')
    parser.add_argument(
        '-f', '--serialization-format', default='', choices=['cdr'],
        help='The rmw serialization format in which the messages are saved, defaults to the '
             'rmw currently in use.')
    parser.add_argument(
        '-b', '--max-bag-size', type=not_negative_int, default=0,
        help='Maximum size in bytes before the bagfile will be split. Default: %(default)d, '
             'recording written in single bagfile and splitting is disabled.')
    parser.add_argument(
        '-d', '--max-bag-duration', type=not_negative_int, default=0,
        help='Maximum duration in seconds before the bagfile will be split. Default: %(default)d, '
             'recording written in single bagfile and splitting is disabled. If both splitting '
             'by size and duration are enabled, the bag will split at whichever threshold is '
             'reached first.')
    parser.add_argument(
        '--max-cache-size', type=not_negative_int, default=100 * 1024 * 1024,
        help='Maximum size (in bytes) of messages that wait to be written. Default: %(default)d. '
             'Messages beyond it are dropped; 0 means no limit.')
    parser.add_argument(
        '--disable-keyboard-controls', action='store_true',
        help='disables keyboard controls for recorder')
    parser.add_argument(
        '--start-paused', action='store_true', help='Start the recorder in a paused state.')
    parser.add_argument(
        '--use-sim-time', action='store_true',
        help='Use simulation time for message timestamps by subscribing to the /clock topic. '
             'Until first /clock message is received, no messages will be written to bag.')
    parser.add_argument(
        '--node-name', default='rosbag2_recorder',
        help='Specify the recorder node name. Default is %(default)s.')
    parser.add_argument(
        '--custom-data', metavar='KEY=VALUE', nargs='*', default=[],
        help='Space-delimited list of key=value pairs. Store the custom data in metadata '
             'under the "rosbag2_bagfile_information/custom_data". The key=value pair can '
             'appear more than once. The last value will override the former ones.')
    parser.add_argument(
        '--storage-preset-profile', default='none',
        help='Preset configuration of the storage. sqlite3: none, resilient; '
             'mcap: none, fastwrite, zstd_fast, zstd_small.')
    add_log_level(parser)
    add_compression_arguments(parser)
    add_foreign_options(
        parser, cli_name, 'ros2bag', ('--snapshot-mode', '--storage-config-file'))


def add_compression_arguments(parser):
    """Add rosbag2's own compression, for scripts that name it: only `none` is there."""
    parser.add_argument(
        '--compression-mode', default='none', choices=['none', 'file', 'message'],
        help='Choose mode of compression for the storage. Default: %(default)s. The underlay '
             'compresses in the storage only: see --storage-preset-profile.')
    for option, kind in (
        ('--compression-format', str), ('--compression-queue-size', int),
        ('--compression-threads', int), ('--compression-threads-priority', int),
    ):
        parser.add_argument(
            option, type=kind, help='Has no effect if no compression mode is chosen.')


def check_arguments(args) -> None:
    """Raise BagError for combinations that rosbag2 refuses; warn where one option wins."""
    selects_many = args.all or args.all_topics or args.topic_types or args.regex
    if not (selects_many or args.all_services or args.services or args.topics):
        raise BagError(
            'Need to specify at least one option out of --all, --all-topics, --all-services, '
            '--services, --topics, --topic-types or --regex')
    if args.exclude_regex and not (selects_many or args.all_services):
        raise BagError(
            '--exclude-regex argument requires either --all, --all-topics, --topic-types, '
            '--all-services or --regex')
    if args.exclude_topics and not selects_many:
        raise BagError(
            '--exclude-topics argument requires either --all, --all-topics, --topic-types or '
            '--regex')
    if args.exclude_topic_types and not selects_many:
        raise BagError(
            '--exclude-topic-types argument requires either --all, --all-topics or --regex')
    if args.exclude_services and not (args.all or args.all_services or args.regex):
        raise BagError(
            '--exclude-services argument requires either --all, --all-services or --regex')
    if (args.all or args.all_services) and args.services:
        print_warning('--all or --all-services will override --services')
    if (args.all or args.all_topics) and args.topics:
        print_warning('--all or --all-topics will override --topics')
    if (args.all or args.all_topics or args.all_services) and args.regex:
        print_warning('--all, --all-topics or --all-services will override --regex')
    if args.use_sim_time and args.no_discovery:
        raise BagError(
            '--use-sim-time and --no-discovery both set, but are incompatible settings. '
            'The /clock topic needs to be discovered to record with sim time.')
    if args.compression_mode != 'none':
        raise BagError(
            f"The compression mode '{args.compression_mode}' is not part of the underlay; record "
            "with '--storage mcap --storage-preset-profile zstd_fast' (or zstd_small) instead")
    profiles = STORAGES[args.storage].PROFILES
    if args.storage_preset_profile not in profiles:
        raise BagError(
            f"The storage {args.storage} has no preset profile '{args.storage_preset_profile}'; "
            f"choose from {', '.join(profiles)}")


def print_warning(text: str) -> None:
    """Print the way ros2bag does."""
    print(f'[WARN] [ros2bag]: {text}')


def record_options(args) -> RecordOptions:
    """Return the options as the recorder wants them."""
    return RecordOptions(
        topic_filter=TopicFilter(
            all_topics=args.all or args.all_topics,
            all_services=args.all or args.all_services,
            topics=absolute_names(args.topics),
            topic_types=args.topic_types,
            services=service_event_topics(args.services),
            regex=check_regex(args.regex),
            exclude_regex=check_regex(args.exclude_regex),
            exclude_topics=absolute_names(args.exclude_topics),
            exclude_topic_types=args.exclude_topic_types,
            exclude_services=service_event_topics(args.exclude_services),
            include_hidden_topics=args.include_hidden_topics),
        qos_overrides=read_overrides(args.qos_profile_overrides_path),
        include_unpublished_topics=args.include_unpublished_topics,
        ignore_leaf_topics=args.ignore_leaf_topics,
        is_discovery_disabled=args.no_discovery,
        polling_interval_s=args.polling_interval * 1e-3,
        start_paused=args.start_paused,
        use_sim_time=args.use_sim_time)


def custom_data(pairs: list[str]) -> dict[str, str]:
    """Return key=value pairs as a dictionary."""
    for pair in pairs:
        if '=' not in pair:
            raise BagError(f"'{pair}' is not of the form KEY=VALUE")
    return dict(pair.split('=', 1) for pair in pairs)


def main(*, parser, args) -> int:
    """Record until SIGINT or SIGTERM, then finish the bag and return 0."""
    args.topics = args.topics or args.topics_positional
    uri = args.output or datetime.now().strftime('rosbag2_%Y_%m_%d-%H_%M_%S')
    check_arguments(args)
    if os.path.exists(uri):
        raise BagError(f"Output folder '{uri}' already exists.")
    options = record_options(args)
    with InterruptibleWait(read_keys=not args.disable_keyboard_controls) as wait, \
            bag_node(
                args.node_name, log_level=args.log_level,
                use_sim_time=args.use_sim_time) as node:
        writer = WriterThread(
            BagWriter(
                uri, args.storage, profile=args.storage_preset_profile,
                max_size=args.max_bag_size, max_duration_ns=args.max_bag_duration * 10**9,
                custom_data=custom_data(args.custom_data)),
            args.max_cache_size)
        try:
            Recorder(node, writer, options, wait).record()
        finally:
            writer.close()
        for topic, count in sorted(writer.dropped.items()):
            node.get_logger().warning(
                f'Cache buffers lost messages per topic: \n\t{topic}: {count}')
        if writer.error is not None:
            raise BagError(
                f"Writing to '{uri}' failed: {writer.error}. What was written before can be "
                f"recovered by 'ros2 bag reindex {uri}'")
        node.get_logger().info('Recording stopped')
    return 0
