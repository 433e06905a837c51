# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Display bandwidth used by topic."""

from collections import deque
import sys

import rclpy
from rclpy.qos import qos_profile_sensor_data
from ros2cli.arguments import positive_int
from ros2cli.direct_node import add_direct_arguments
from ros2cli.direct_node import direct_node
from ros2cli.graph import find_message_class

WINDOW_SIZE = 100


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    parser.add_argument('topic', help='Topic name to monitor for bandwidth utilization')
    parser.add_argument(
        '--window', '-w', type=positive_int, default=WINDOW_SIZE, metavar='WINDOW',
        help='maximum window size, in # of messages, for calculating rate (default: %(default)d)')
    add_direct_arguments(parser)


def report(times_ns: list[int], sizes: list[int], now_ns: int) -> str:
    """Return bytes per second and the sizes of messages, in one common unit."""
    per_second = sum(sizes) / ((now_ns - times_ns[0]) * 1e-9)
    values = (per_second, sum(sizes) / len(sizes), min(sizes), max(sizes))
    if per_second < 1000:
        texts = [f'{value:.0f} B' for value in values]
    elif per_second < 1_000_000:
        texts = [f'{value / 1000:.2f} KB' for value in values]
    else:
        texts = [f'{value / 1e6:.2f} MB' for value in values]
    return (
        f'{texts[0]}/s from {len(sizes)} messages\n'
        f'\tMessage size mean: {texts[1]} min: {texts[2]} max: {texts[3]}')


def main(*, parser, args) -> int:
    """Print once per second, until interrupted."""
    times_ns: deque[int] = deque(maxlen=args.window)
    sizes: deque[int] = deque(maxlen=args.window)
    with direct_node(args) as node:
        message_class = find_message_class(node, args.topic)
        clock = node.get_clock()

        def count(data: bytes) -> None:
            times_ns.append(clock.now().nanoseconds)
            sizes.append(len(data))

        def show() -> None:
            if len(sizes) < 2:
                return
            now_ns = clock.now().nanoseconds
            if now_ns <= times_ns[0]:
                print('WARNING: time is reset!', file=sys.stderr)
                times_ns.clear()
                sizes.clear()
                return
            print(report(list(times_ns), list(sizes), now_ns))

        node.create_subscription(
            message_class, args.topic, count, qos_profile_sensor_data, raw=True)
        print(f'Subscribed to [{args.topic}]')
        node.create_timer(1, show)
        rclpy.spin(node)
    return 0
