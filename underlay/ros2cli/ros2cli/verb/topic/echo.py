# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Output messages from a topic."""

import argparse
from collections.abc import Callable

import rclpy
from rclpy.event_handler import SubscriptionEventCallbacks
from rclpy.event_handler import UnsupportedEventTypeError
from rclpy.task import Future
from ros2cli.arguments import positive_float
from ros2cli.arguments import unsigned_int
from ros2cli.direct_node import add_strategy_arguments
from ros2cli.direct_node import direct_node
from ros2cli.errors import CommandError
from ros2cli.graph import expand_topic
from ros2cli.graph import find_message_class
from ros2cli.interface_lookup import get_interface
from ros2cli.messages import message_to_csv
from ros2cli.messages import message_to_yaml
from ros2cli.topic_qos import add_qos_arguments
from ros2cli.topic_qos import profile_for_publishers
import yaml

TRUNCATE_LENGTH = 128


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    add_strategy_arguments(parser)
    parser.add_argument(
        'topic_name', help="Name of the ROS topic to listen to (e.g. '/chatter')")
    parser.add_argument(
        'message_type', nargs='?', help="Type of the ROS message (e.g. 'std_msgs/msg/String')")
    add_qos_arguments(parser, 'subscribe', 'sensor_data')
    parser.add_argument(
        '--csv', action='store_true',
        help='Output all recursive fields separated by commas (e.g. for plotting). '
             'If --include-message-info is also passed, the following fields are prepended: '
             'source_timestamp, received_timestamp, publication_sequence_number,'
             ' reception_sequence_number.')
    parser.add_argument(
        '--field', default=None,
        help="Echo a selected field of a message. Use '.' to select sub-fields. For example, to "
             'echo the position field of a nav_msgs/msg/Odometry message: '
             "'ros2 topic echo /odom --field pose.pose.position'")
    add_format_arguments(parser)
    parser.add_argument(
        '--no-lost-messages', action='store_true', help="Don't report when a message is lost")
    parser.add_argument(
        '--raw', action='store_true', help='Echo the raw binary representation')
    parser.add_argument(
        '--filter', dest='filter_expr',
        help='Python expression to filter messages that are printed. Expression can use Python '
             'builtins as well as m (the message).')
    parser.add_argument(
        '--once', action='store_true', help='Print the first message received and then exit.')
    parser.add_argument(
        '--timeout', metavar='N', type=positive_float, default=None,
        help='Set a timeout in seconds for waiting')
    parser.add_argument(
        '--include-message-info', '-i', action='store_true',
        help='Shows the associated message info.')


def add_format_arguments(parser):
    """Add what says how much of a message is printed, and how."""
    parser.add_argument(
        '--full-length', '-f', action='store_true',
        help='Output all elements for arrays, bytes, and string with a '
             "length > '--truncate-length', by default they are truncated "
             "after '--truncate-length' elements with '...''")
    parser.add_argument(
        '--truncate-length', '-l', type=unsigned_int, default=TRUNCATE_LENGTH,
        help='The length to truncate arrays, bytes, and string to (default: %(default)d)')
    parser.add_argument(
        '--no-arr', action='store_true', help="Don't print array fields of messages")
    parser.add_argument(
        '--no-str', action='store_true', help="Don't print string fields of messages")
    parser.add_argument(
        '--flow-style', action='store_true',
        help='Print collections in the block style (not available with csv format)')


def format_options(args: argparse.Namespace) -> dict:
    """Return the arguments of `message_to_dict` and its like."""
    return {
        'truncate_length': None if args.full_length else args.truncate_length,
        'no_arr': args.no_arr,
        'no_str': args.no_str,
    }


def filter_function(expression: str) -> Callable:
    """Return a function of the message; CommandError for what is not an expression."""
    try:
        code = compile(expression, '--filter', 'eval')
    except SyntaxError as error:
        raise CommandError(f"'{expression}' is not a Python expression: {error}") from None
    return lambda message: eval(code, {'m': message})


class Echo:
    """Prints the messages that arrive, as the arguments say."""

    def __init__(self, args: argparse.Namespace, done: Future | None) -> None:
        self._args = args
        self._done = done
        self._fields = [name for name in (args.field or '').split('.') if name]
        if args.field is not None and not self._fields:
            raise CommandError(f"Invalid field value '{args.field}'")
        self._filter = filter_function(args.filter_expr) if args.filter_expr else None
        self._options = format_options(args)

    def __call__(self, message, info: dict) -> None:
        """Print one message."""
        if self._done is not None and self._done.done():
            return
        part = message
        for name in self._fields:
            try:
                part = getattr(part, name)
            except AttributeError as error:
                raise CommandError(
                    f"Invalid field '{'.'.join(self._fields)}': {error}") from None
        if self._filter is not None and not self._filter(part):
            return
        if self._args.once:
            self._done.set_result(True)
        if not hasattr(part, 'get_fields_and_field_types'):
            if self._args.include_message_info:
                print('---Got new message, message info:---')
                print(info)
                print('---Message data:---')
            print(part, end='\n---\n')
        elif self._args.csv:
            text = message_to_csv(part, **self._options)
            if self._args.include_message_info:
                text = f"{','.join(str(value) for value in info.values())},{text}"
            print(text)
        else:
            if self._args.include_message_info:
                print(yaml.dump(info), end='---\n')
            print(
                message_to_yaml(part, flow_style=self._args.flow_style, **self._options),
                end='---\n')


def report_lost(status) -> None:
    """Print how many messages the middleware knows to be lost."""
    print(
        'A message was lost!!!\n\ttotal count change:'
        f'{status.total_count_change}\n\ttotal count: {status.total_count}',
        end='---\n')


def message_class_of(node, args):
    """Return the class that was named or, without a name, that of the topic."""
    if args.message_type is not None:
        try:
            return get_interface(args.message_type)
        except (AttributeError, ImportError, ValueError):
            raise CommandError('The passed message type is invalid') from None
    message_class = find_message_class(node, args.topic_name, blocking=False)
    if message_class is None:
        raise CommandError('Could not determine the type for the passed topic')
    return message_class


def main(*, parser, args) -> int:
    """Print until the end of time, the timeout, or the first message with --once."""
    done = Future() if args.timeout or args.once else None
    echo = Echo(args, done)
    with direct_node(args) as node:
        message_class = message_class_of(node, args)
        profile = profile_for_publishers(node, expand_topic(node, args.topic_name), args)
        if args.timeout is not None:
            node.create_timer(args.timeout, lambda: done.set_result(True))

        def subscribe(events: SubscriptionEventCallbacks | None) -> None:
            node.create_subscription(
                message_class, args.topic_name, echo, profile, event_callbacks=events,
                raw=args.raw)

        try:
            subscribe(
                None if args.no_lost_messages
                else SubscriptionEventCallbacks(message_lost=report_lost))
        except UnsupportedEventTypeError:
            subscribe(None)
        if done is not None:
            rclpy.spin_until_future_complete(node, done)
        else:
            rclpy.spin(node)
    return 0
