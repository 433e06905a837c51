# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Print the average publishing rate to screen."""

import rclpy
from rclpy.clock import Clock
from rclpy.clock import ClockType
from rclpy.qos import qos_profile_sensor_data
from ros2cli.arguments import positive_int
from ros2cli.direct_node import add_direct_arguments
from ros2cli.direct_node import direct_node
from ros2cli.graph import find_message_class
from ros2cli.rate_statistics import RateStatistics
from ros2cli.verb.topic.echo import filter_function

WINDOW_SIZE = 10000


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    parser.add_argument(
        'topic_name', help="Name of the ROS topic to listen to (e.g. '/chatter')")
    parser.add_argument(
        '--window', '-w', dest='window_size', type=positive_int, default=WINDOW_SIZE,
        metavar='WINDOW',
        help='window size, in # of messages, for calculating rate (default: %(default)d)')
    parser.add_argument(
        '--filter', dest='filter_expr', default=None, metavar='EXPR',
        help='only measure messages matching the specified Python expression')
    parser.add_argument(
        '--wall-time', dest='use_wtime', action='store_true',
        help='calculates rate using wall time which can be helpful when clock is not published '
             'during simulation')
    add_direct_arguments(parser)


def main(*, parser, args) -> int:
    """Print a line per second in which messages arrive, until interrupted."""
    accepts = filter_function(args.filter_expr) if args.filter_expr else None
    with direct_node(args) as node:
        message_class = find_message_class(node, args.topic_name)
        clock = Clock(clock_type=ClockType.SYSTEM_TIME) if args.use_wtime else node.get_clock()
        statistics = RateStatistics(args.window_size)

        def count(message) -> None:
            if accepts is None or accepts(message):
                statistics.add(clock.now().nanoseconds)

        # Without a filter nobody looks inside: a megabyte image need not be decoded to be counted.
        node.create_subscription(
            message_class, args.topic_name, count, qos_profile_sensor_data, raw=accepts is None)
        while rclpy.ok():
            rclpy.spin_once(node)
            report = statistics.report()
            if report is not None:
                print(report)
    return 0
