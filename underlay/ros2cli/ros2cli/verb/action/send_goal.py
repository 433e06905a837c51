# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Send an action goal."""

import os
import signal
import sys

from action_msgs.msg import GoalStatus
import rclpy
from rclpy.action import ActionClient
from rclpy.executors import ExternalShutdownException
from rclpy.node import Node
from rclpy.task import Future
from ros2cli.direct_node import direct_node
from ros2cli.errors import CommandError
from ros2cli.interface_lookup import get_interface
from ros2cli.messages import message_to_yaml
from ros2cli.messages import set_fields
import yaml

STATUS_NAMES = {
    GoalStatus.STATUS_ACCEPTED: 'ACCEPTED',
    GoalStatus.STATUS_EXECUTING: 'EXECUTING',
    GoalStatus.STATUS_CANCELING: 'CANCELING',
    GoalStatus.STATUS_SUCCEEDED: 'SUCCEEDED',
    GoalStatus.STATUS_CANCELED: 'CANCELED',
    GoalStatus.STATUS_ABORTED: 'ABORTED',
}
# A goal just accepted is of unknown status until the server's first status message comes.
FINISHED = (GoalStatus.STATUS_CANCELING, GoalStatus.STATUS_SUCCEEDED, GoalStatus.STATUS_CANCELED,
            GoalStatus.STATUS_ABORTED)
# Signals are heeded between two turns of a wait.
TURN_S = 0.1
CANCEL_TIMEOUT_S = 10.0


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    parser.add_argument('action_name', help="Name of the ROS action (e.g. '/fibonacci')")
    parser.add_argument(
        'action_type',
        help="Type of the ROS action (e.g. 'example_interfaces/action/Fibonacci')")
    group = parser.add_mutually_exclusive_group()
    group.add_argument(
        'goal', nargs='?', default='{}',
        help="Goal request values in YAML format (e.g. '{order: 10}')")
    group.add_argument(
        '--stdin', action='store_true', help='Read goal from standard input')
    parser.add_argument(
        '-f', '--feedback', action='store_true', help='Echo feedback messages for the goal')


def create_goal(action_type: str, text: str):
    """Return the action's class and a goal with the values of a YAML text."""
    try:
        action_class = get_interface(action_type, ('action',))
    except (AttributeError, ImportError, ValueError):
        raise CommandError('The passed action type is invalid') from None
    goal = action_class.Goal()
    try:
        set_fields(goal, yaml.safe_load(text) or {})
    except Exception as error:
        # Which class it is depends on the field; all of them say what does not fit.
        raise CommandError(f'Failed to populate message fields: {error!r}') from None
    return action_class, goal


class Interruption:
    """
    Remembers a signal until it can be heeded; a second one is heeded at once.

    An exception raised wherever Python happens to be could cut a request off between its sending
    and the noting of its number, and the answer would be a stranger's.
    """

    def __init__(self) -> None:
        self._number: int | None = None
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._come)

    def _come(self, number: int, frame: object) -> None:
        if self._number is not None:
            raise KeyboardInterrupt
        self._number = number

    def heed(self) -> None:
        """Raise what rclpy or Python would have raised at the signal, if one has come."""
        if self._number == signal.SIGINT:
            raise KeyboardInterrupt
        if self._number is not None:
            raise ExternalShutdownException


def result_of(node: Node, future: Future, doing: str, interruption: Interruption):
    """Return what a future brings, heeding signals; CommandError when it brings an exception."""
    while not future.done():
        interruption.heed()
        rclpy.spin_once(node, timeout_sec=TURN_S)
    if future.exception() is not None:
        raise CommandError(f'Exception while {doing}: {future.exception()!r}')
    return future.result()


def cancel(node: Node, goal_handle) -> None:
    """Ask the server to end the goal; CommandError when it will not."""
    print('Canceling goal...')
    future = goal_handle.cancel_goal_async()
    rclpy.spin_until_future_complete(node, future, timeout_sec=CANCEL_TIMEOUT_S)
    if not future.done() or future.result() is None:
        raise CommandError('Exception while canceling goal: the server does not answer')
    canceling = future.result().goals_canceling
    if not canceling:
        raise CommandError('Failed to cancel goal')
    if len(canceling) > 1:
        raise CommandError('More than one goal canceled')
    if canceling[0].goal_id != goal_handle.goal_id:
        raise CommandError('Canceled goal with incorrect goal ID')
    print('Goal canceled.')


def main(*, parser, args) -> int:
    """Send the goal, print its result and return 0; whoever is interrupted cancels the goal."""
    # Let generated messages refuse what does not fit; they read this when they are imported.
    os.environ.setdefault('ROS_PYTHON_CHECK_FIELDS', '1')
    action_class, goal = create_goal(
        args.action_type, sys.stdin.read() if args.stdin else args.goal)
    args.spin_time = 0.0

    def show_feedback(message) -> None:
        print(f'Feedback:\n    {message_to_yaml(message.feedback)}')

    # rclpy would end its context at the first signal, and the goal could not be cancelled.
    interruption = Interruption()
    with direct_node(args, heeds_signals=False) as node:
        client = ActionClient(node, action_class, args.action_name)
        print('Waiting for an action server to become available...')
        while not client.wait_for_server(timeout_sec=TURN_S):
            interruption.heed()
        print(f'Sending goal:\n     {message_to_yaml(goal)}')
        goal_handle = result_of(
            node, client.send_goal_async(goal, show_feedback if args.feedback else None),
            'sending goal', interruption)
        if not goal_handle.accepted:
            print('Goal was rejected.')
            return 0
        try:
            print(f'Goal accepted with ID: {bytes(goal_handle.goal_id.uuid).hex()}\n')
            result = result_of(
                node, goal_handle.get_result_async(), 'getting result', interruption)
        except BaseException:
            if goal_handle.status not in FINISHED:
                cancel(node, goal_handle)
            raise
        print(f'Result:\n    {message_to_yaml(result.result)}')
        print(f"Goal finished with status: {STATUS_NAMES.get(result.status, 'UNKNOWN')}")
    return 0
