# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A node that looks at the graph for one command."""

import argparse
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
import os
import time

import rclpy
from rclpy.node import Node
from rclpy.parameter import Parameter
from rclpy.signals import SignalHandlerOptions
from ros2cli.local_participants import known_participants
from ros2cli.local_participants import participants_with_ports

SPIN_TIME_S = 0.5
POLL_S = 0.05
# The graph counts as known when nothing new has appeared for this long.
SETTLED_S = 0.2
# A daemon would have known for long what a fresh node learns only when the next announcement of
# a busy participant arrives. Participants announce themselves every three seconds (Fast DDS), and
# one announcement may get lost.
PATIENCE_S = 6.0


def add_direct_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what concerns the node of the command."""
    parser.add_argument(
        '--spin-time', type=float, default=SPIN_TIME_S,
        help='Spin time in seconds to wait for discovery')
    parser.add_argument(
        '-s', '--use-sim-time', action='store_true', help='Enable ROS simulation time')


def add_strategy_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the same, and what upstream's daemon would want."""
    add_direct_arguments(parser)
    parser.add_argument(
        '--no-daemon', action='store_true',
        help='Do not spawn nor use an already running daemon (the underlay has none)')


@contextmanager
def direct_node(
    args: argparse.Namespace, *, node_name: str | None = None, heeds_signals: bool = True,
) -> Iterator[Node]:
    """Yield a hidden node that has discovered the graph; signals end it unless told otherwise."""
    rclpy.init(signal_handler_options=None if heeds_signals else SignalHandlerOptions.NO)
    try:
        node = rclpy.create_node(
            node_name or f'_ros2cli_{os.getpid()}',
            start_parameter_services=False,
            parameter_overrides=[
                Parameter('use_sim_time', value=getattr(args, 'use_sim_time', False)),
                Parameter('start_type_description_service', value=False)])
        try:
            discover(node, getattr(args, 'spin_time', SPIN_TIME_S))
            yield node
        finally:
            node.destroy_node()
    finally:
        rclpy.try_shutdown()


def discover(
    node: Node, spin_time_s: float, pause: Callable[[float], object] = time.sleep,
    is_stopped: Callable[[], bool] = lambda: False,
) -> None:
    """
    Wait for the given time, and on while the graph is known to be incomplete.

    That is, while it still grows, or while participants on this host have not been heard of:
    on a busy machine their answer takes until their next announcement. `pause` waits between two
    looks at the graph, and `is_stopped` ends it all.
    """
    start_s = changed_s = time.monotonic()
    expected = participants_with_ports(node.context.get_domain_id())
    known = None
    while not is_stopped():
        now_s = time.monotonic()
        graph = (node.get_topic_names_and_types(), sorted(node.get_node_names_and_namespaces()))
        if graph != known:
            known, changed_s = graph, now_s
        elapsed_s = now_s - start_s
        settled = now_s - changed_s >= SETTLED_S and known_participants(node) >= expected
        if elapsed_s >= spin_time_s and (settled or elapsed_s >= spin_time_s + PATIENCE_S):
            return
        pause(POLL_S)


def wait_for(condition: Callable[[], bool], timeout_s: float = PATIENCE_S) -> bool:
    """Return whether the condition came true in time."""
    end_s = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() >= end_s:
            return False
        time.sleep(POLL_S)
    return True


def appears(node: Node, condition: Callable[[], bool]) -> bool:
    """
    Return whether the condition comes true while the graph is still being learned.

    `discover` has waited for the graph to settle. When all participants of this host were heard of
    in that time, nothing more is on its way, and a name that nobody has is an error at once.
    """
    start_s = time.monotonic()
    domain_id = node.context.get_domain_id()
    while not condition():
        complete = known_participants(node) >= participants_with_ports(domain_id)
        if complete or time.monotonic() - start_s >= PATIENCE_S:
            return condition()
        time.sleep(POLL_S)
    return True
