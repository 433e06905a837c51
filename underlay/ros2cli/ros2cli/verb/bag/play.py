# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Play back ROS data from a bag."""

from argparse import FileType
import gc
import sys

from ros2cli.bag.arguments import add_log_level
from ros2cli.bag.arguments import add_standard_reader_args
from ros2cli.bag.arguments import not_negative_float
from ros2cli.bag.arguments import not_negative_int
from ros2cli.bag.arguments import positive_float
from ros2cli.bag.bag_reader import BagReader
from ros2cli.bag.interruptible_wait import InterruptibleWait
from ros2cli.bag.player import Player
from ros2cli.bag.player import PlayOptions
from ros2cli.bag.qos import read_overrides
from ros2cli.bag.ros_node import bag_node
from ros2cli.bag.topic_names import absolute_names
from ros2cli.bag.topic_names import check_regex
from ros2cli.bag.topic_names import check_remaps
from ros2cli.bag.topic_names import service_event_topics
from ros2cli.direct_node import discover
from ros2cli.verbs import add_foreign_options

SWITCH_INTERVAL_S = 0.0002


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    add_standard_reader_args(parser)
    parser.add_argument(
        '--read-ahead-queue-size', type=int, default=1000,
        help='size of message queue rosbag tries to hold in memory to help deterministic '
             'playback. Larger size will result in larger memory needs but might prevent '
             'delay of message playback.')
    parser.add_argument(
        '-r', '--rate', type=positive_float, default=1.0,
        help='rate at which to play back messages. Valid range > 0.0.')
    parser.add_argument(
        '--topics', default=[], metavar='topic', nargs='+',
        help='Space-delimited list of topics to play.')
    parser.add_argument(
        '--services', default=[], metavar='service', nargs='+',
        help='Space-delimited list of services to play.')
    parser.add_argument(
        '-e', '--regex', default='',
        help='Play only topics and services matches with regular expression.')
    parser.add_argument(
        '-x', '--exclude-regex', default='',
        help='regular expressions to exclude topics and services from replay.')
    parser.add_argument(
        '--exclude-topics', default=[], metavar='topic', nargs='+',
        help='Space-delimited list of topics not to play.')
    parser.add_argument(
        '--exclude-services', default=[], metavar='service', nargs='+',
        help='Space-delimited list of services not to play.')
    parser.add_argument(
        '--qos-profile-overrides-path', type=FileType('r'),
        help='Path to a yaml file defining overrides of the QoS profile for specific topics.')
    parser.add_argument(
        '-l', '--loop', action='store_true',
        help='enables loop playback when playing a bagfile: it starts back at the beginning '
             'on reaching the end and plays indefinitely.')
    parser.add_argument(
        '--remap', '-m', default=[], nargs='+',
        help='list of topics to be remapped: in the form '
             '"old_topic1:=new_topic1 old_topic2:=new_topic2 etc." ')
    clock_group = parser.add_mutually_exclusive_group()
    clock_group.add_argument(
        '--clock', type=positive_float, nargs='?', const=40.0, default=0.0,
        help='Publish to /clock at a specific frequency in Hz, to act as a ROS Time Source. '
             'Value must be positive. Defaults to not publishing. '
             'If specified, /clock topic in the bag file is excluded to publish.')
    clock_group.add_argument(
        '--clock-topics', default=[], nargs='+',
        help='List of topics separated by spaces that will trigger a /clock update '
             'when a message is published on them')
    clock_group.add_argument(
        '--clock-topics-all', action='store_true',
        help='Publishes an update on /clock immediately before each replayed message')
    parser.add_argument(
        '-d', '--delay', type=not_negative_float, default=0.0,
        help='Sleep duration before play (each loop), in seconds. Negative durations invalid.')
    parser.add_argument(
        '--playback-duration', type=float, default=-1.0,
        help='Playback duration, in seconds. Negative durations mark an infinite playback. '
             'Default is %(default)d. When positive, the maximum effective time between '
             '`playback-until-*` and this argument will determine when playback stops.')
    until_group = parser.add_mutually_exclusive_group()
    until_group.add_argument(
        '--playback-until-sec', type=float, default=-1.0,
        help='Playback until timestamp, expressed in seconds since epoch. A negative value '
             'disables this feature. Default is %(default)f.')
    until_group.add_argument(
        '--playback-until-nsec', type=int, default=-1,
        help='Playback until timestamp, expressed in nanoseconds since epoch. A negative value '
             'disables this feature. Default is %(default)s.')
    parser.add_argument(
        '--disable-keyboard-controls', action='store_true',
        help='disables keyboard controls for playback')
    parser.add_argument(
        '-p', '--start-paused', action='store_true',
        help='Start the playback player in a paused state.')
    parser.add_argument(
        '--start-offset', type=not_negative_float, default=0.0,
        help='Start the playback player this many seconds into the bag file.')
    parser.add_argument(
        '--wait-for-all-acked', type=not_negative_int, default=-1, metavar='TIMEOUT',
        help='Wait until all published messages are acknowledged by all subscribers or until '
             'the timeout elapses in millisecond before play is terminated. 0 means wait forever. '
             "Only valid if the publisher's QOS profile is RELIABLE.")
    parser.add_argument(
        '--disable-loan-message', action='store_true',
        help='Disable to publish as loaned message. Accepted for compatibility: messages are '
             'never loaned here.')
    add_log_level(parser)
    add_foreign_options(parser, cli_name, 'ros2bag', (
        '--storage-config-file', '--publish-service-requests', '--service-requests-source'))


def play_options(args) -> PlayOptions:
    """Return the options as the player wants them."""
    until_ns = args.playback_until_nsec
    if args.playback_until_sec >= 0:
        until_ns = int(args.playback_until_sec * 1e9)
    exclude_topics = absolute_names(args.exclude_topics)
    if args.clock > 0:
        exclude_topics.append('/clock')
    return PlayOptions(
        rate=args.rate,
        loop=args.loop,
        delay_s=args.delay,
        start_offset_s=args.start_offset,
        start_paused=args.start_paused,
        playback_duration_s=args.playback_duration,
        playback_until_ns=until_ns,
        read_ahead_queue_size=args.read_ahead_queue_size,
        clock_hz=args.clock,
        clock_on_publish=args.clock_topics_all or bool(args.clock_topics),
        clock_topics=absolute_names(args.clock_topics),
        topics=absolute_names(args.topics),
        services=service_event_topics(args.services),
        exclude_topics=exclude_topics,
        exclude_services=service_event_topics(args.exclude_services),
        regex=check_regex(args.regex),
        exclude_regex=check_regex(args.exclude_regex),
        qos_overrides=read_overrides(args.qos_profile_overrides_path),
        wait_for_all_acked_ms=args.wait_for_all_acked)


def main(*, parser, args) -> int:
    """Play; 0 at the end of the bag and after SIGINT or SIGTERM."""
    options = play_options(args)
    check_remaps(args.remap)
    # The thread that reads ahead must not hold up the one that publishes: short turns at the
    # interpreter, and no garbage collection over thousands of waiting messages (none are cyclic).
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    gc.disable()
    reader = BagReader(args.bag_path)
    try:
        with InterruptibleWait(read_keys=not args.disable_keyboard_controls) as wait, \
                bag_node('rosbag2_player', log_level=args.log_level, remaps=args.remap) as node:
            player = Player(node, reader, options, wait)
            # What is played before the graph has found the player is lost to it.
            discover(node, 0.0, wait.wait, lambda: wait.stopped)
            player.play()
    finally:
        reader.close()
    return 0
