# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Publish a message to a topic."""

import os
import sys
import time

import rclpy
from ros2cli.arguments import positive_float
from ros2cli.arguments import unsigned_int
from ros2cli.direct_node import add_direct_arguments
from ros2cli.direct_node import direct_node
from ros2cli.errors import CommandError
from ros2cli.interface_lookup import get_interface
from ros2cli.messages import set_fields
from ros2cli.topic_qos import add_qos_arguments
from ros2cli.topic_qos import requested_profile
import yaml

POLL_S = 0.1


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    parser.add_argument(
        'topic_name', help="Name of the ROS topic to publish to (e.g. '/chatter')")
    parser.add_argument('message_type', help="Type of the ROS message (e.g. 'std_msgs/String')")
    values_group = parser.add_mutually_exclusive_group()
    values_group.add_argument(
        'values', nargs='?', default='{}',
        help="Values to fill the message with in YAML format (e.g. 'data: Hello World'), "
             'otherwise the message will be published with default values')
    values_group.add_argument(
        '--stdin', action='store_true', help='Read values from standard input')
    parser.add_argument(
        '-r', '--rate', metavar='N', type=positive_float, default=1.0,
        help='Publishing rate in Hz (default: 1)')
    parser.add_argument(
        '-p', '--print', metavar='N', type=int, default=1,
        help='Only print every N-th published message (default: 1)')
    times_group = parser.add_mutually_exclusive_group()
    times_group.add_argument(
        '-1', '--once', action='store_true', help='Publish one message and exit')
    times_group.add_argument(
        '-t', '--times', type=unsigned_int, default=0,
        help='Publish this number of times and then exit')
    parser.add_argument(
        '-w', '--wait-matching-subscriptions', type=unsigned_int, default=None,
        help='Wait until finding the specified number of matching subscriptions. '
             'Defaults to 1 when using "-1"/"--once"/"--times", otherwise defaults to 0.')
    parser.add_argument(
        '--max-wait-time-secs', type=positive_float, default=None,
        help='This sets the maximum wait time in seconds if --wait-until-matching-subscriptions '
             'is set. By default, this flag is not set meaning the subscriber will wait '
             'endlessly.')
    parser.add_argument(
        '--keep-alive', metavar='N', type=positive_float, default=0.1,
        help='Keep publishing node alive for N seconds after the last msg (default: 0.1)')
    parser.add_argument('-n', '--node-name', help='Name of the created publishing node')
    add_qos_arguments(parser, 'publish', 'default')
    add_direct_arguments(parser)


def read_values(text: str) -> dict:
    """Return the fields from YAML."""
    try:
        values = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise CommandError(f'The passed value is not valid YAML: {error}') from None
    if not isinstance(values, dict):
        raise CommandError('The passed value needs to be a dictionary in YAML format')
    return values


def wait_for_subscriptions(publisher, wanted: int, max_wait_s: float | None) -> None:
    """Wait, with a word every second; CommandError when it takes too long."""
    start_s = time.monotonic()
    spoken_s = -1.0
    while (found := publisher.get_subscription_count()) < wanted:
        waited_s = time.monotonic() - start_s
        if spoken_s < 0 or waited_s - spoken_s >= 1:
            print(f'Waiting for at least {wanted} matching subscription(s)...')
            spoken_s = waited_s
        if max_wait_s is not None and waited_s >= max_wait_s:
            raise CommandError(
                f'Timed out waiting for subscribers: Expected {wanted} subcribers but only got '
                f'{found} subscribers')
        time.sleep(POLL_S)


def main(*, parser, args) -> int:
    """Publish as often as asked, or until interrupted."""
    # Let generated messages refuse what does not fit; they read this when they are imported.
    os.environ.setdefault('ROS_PYTHON_CHECK_FIELDS', '1')
    times = 1 if args.once else args.times
    values = read_values(sys.stdin.read() if args.stdin else args.values)
    wanted = args.wait_matching_subscriptions
    if wanted is None:
        wanted = int(times != 0)
    if wanted == 0 and args.max_wait_time_secs is not None:
        raise CommandError(
            '--max-wait-time-secs option is only effective with --wait-matching-subscriptions, '
            '--once or --times')
    try:
        message = get_interface(args.message_type)()
    except (AttributeError, ImportError, ValueError):
        raise CommandError('The passed message type is invalid') from None
    try:
        stamp_setters = set_fields(message, values, expand_auto=True)
    except Exception as error:
        # Which class it is depends on the field; all of them say what does not fit.
        raise CommandError(f'Failed to populate field: {error}') from None
    with direct_node(args, node_name=args.node_name) as node:
        publisher = node.create_publisher(
            type(message), args.topic_name, requested_profile(args))
        wait_for_subscriptions(publisher, wanted, args.max_wait_time_secs)
        print('publisher: beginning loop')
        count = 0

        def publish() -> None:
            nonlocal count
            stamp = node.get_clock().now().to_msg()
            for set_stamp in stamp_setters:
                set_stamp(stamp)
            count += 1
            if args.print and count % args.print == 0:
                print(f'publishing #{count}: {message!r}\n')
            publisher.publish(message)

        publish()
        if times != 1:
            node.create_timer(1 / args.rate, publish)
            while times == 0 or count < times:
                rclpy.spin_once(node)
        # The last message needs a moment to reach the wire.
        time.sleep(args.keep_alive)
    return 0
