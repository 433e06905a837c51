# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Display delay of topic from timestamp in header."""

from collections import deque
import math

import rclpy
from rclpy.qos import qos_profile_sensor_data
from rclpy.time import Time
from ros2cli.arguments import positive_int
from ros2cli.direct_node import add_direct_arguments
from ros2cli.direct_node import direct_node
from ros2cli.errors import CommandError
from ros2cli.graph import find_message_class

WINDOW_SIZE = 10000


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    parser.add_argument('topic', help='Topic name to calculate the delay for')
    parser.add_argument(
        '--window', '-w', type=positive_int, default=WINDOW_SIZE,
        help='window size, in # of messages, for calculating rate, string to '
             '(default: %(default)d)')
    add_direct_arguments(parser)


def report(delays_ns: list[int]) -> str:
    """Return mean, extremes and deviation of the delays."""
    mean = sum(delays_ns) / len(delays_ns)
    deviation = math.sqrt(sum((delay - mean) ** 2 for delay in delays_ns) / len(delays_ns))
    return (
        f'average delay: {mean * 1e-9:.3f}\n'
        f'\tmin: {min(delays_ns) * 1e-9:.3f}s max: {max(delays_ns) * 1e-9:.3f}s '
        f'std dev: {deviation * 1e-9:.5f}s window: {len(delays_ns)}')


def main(*, parser, args) -> int:
    """Print once per second, until interrupted."""
    delays_ns: deque[int] = deque(maxlen=args.window)
    fresh = False
    with direct_node(args) as node:
        message_class = find_message_class(node, args.topic)
        if 'header' not in message_class.get_fields_and_field_types():
            raise CommandError('msg does not have header')
        clock = node.get_clock()

        def measure(message) -> None:
            nonlocal fresh
            now = clock.now()
            if now.nanoseconds == 0:
                # Simulated time that has not begun (again).
                if delays_ns:
                    print('time has reset, resetting counters')
                    delays_ns.clear()
                return
            delay = now - Time.from_msg(message.header.stamp, clock.clock_type)
            delays_ns.append(delay.nanoseconds)
            fresh = True

        def show() -> None:
            nonlocal fresh
            if delays_ns:
                print(report(list(delays_ns)) if fresh else 'no new messages')
            fresh = False

        node.create_subscription(message_class, args.topic, measure, qos_profile_sensor_data)
        node.create_timer(1, show)
        rclpy.spin(node)
    return 0
