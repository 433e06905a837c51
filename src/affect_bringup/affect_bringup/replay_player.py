# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Plays a bag once the graph is up, so that no node misses its beginning; `replay` launches it.

Until then it publishes a /clock of its own, which runs towards the beginning of the bag: nodes
that follow /clock come up with a clock that goes. Two replays of one bag then differ by what the
machine makes late, and not by what each graph had already begun to hear.
"""

import argparse
from collections.abc import Sequence
import math
import signal
import sys
import time

from affect_bringup.child_process import end_child
from affect_bringup.child_process import start_child
from affect_bringup.managed_states import ManagedStates
from affect_node import stamp_ns
from affect_node import to_stamp
from diagnostic_msgs.msg import DiagnosticArray
import rclpy
from rclpy.executors import ExternalShutdownException
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.qos import QoSProfile
from rclpy.qos import ReliabilityPolicy
from rclpy.utilities import remove_ros_args
from rosgraph_msgs.msg import Clock

LEAD_IN_S = 20.0
"""How long before the bag the clock begins."""
SLOWS_S = 5.0
"""From so long before the bag on the clock slows down, and never arrives."""
PERIOD_S = 0.02
_HAND_OVER_WITHIN_S = 30.0


class LeadIn(Node):
    """Publishes /clock up to the beginning of the bag and watches the lifecycle manager."""

    def __init__(self, manager: str, start_ns: int) -> None:
        super().__init__('replay_lead_in')
        self.states = ManagedStates(manager)
        self.is_relieved = False
        self._start_ns = start_ns
        self._began_s = time.monotonic()
        self._clock = self.create_publisher(Clock, '/clock', QoSProfile(depth=10))
        # Players offer best effort.
        self.create_subscription(Clock, '/clock', self._on_clock, QoSProfile(
            depth=10, reliability=ReliabilityPolicy.BEST_EFFORT))
        self.create_subscription(
            DiagnosticArray, '/diagnostics', self._on_diagnostics, QoSProfile(depth=50))

    @property
    def waited_s(self) -> float:
        """Return the seconds since the beginning."""
        return time.monotonic() - self._began_s

    def tick(self) -> None:
        """Publish the time."""
        ahead_s = remaining_s(self.waited_s)
        self._clock.publish(Clock(clock=to_stamp(ns=self._start_ns - round(ahead_s * 1e9))))

    def _on_clock(self, message: Clock) -> None:
        # Not the first publisher but the first message relieves: a player takes seconds between.
        self.is_relieved = self.is_relieved or stamp_ns(message.clock) >= self._start_ns

    def _on_diagnostics(self, message: DiagnosticArray) -> None:
        for status in message.status:
            self.states.take(status.name, {v.key: v.value for v in status.values})


def remaining_s(waited_s: float) -> float:
    """Return how far before the bag the clock is after so long: positive, always falling."""
    linear_s = LEAD_IN_S - SLOWS_S
    if waited_s <= linear_s:
        return LEAD_IN_S - waited_s
    return SLOWS_S * math.exp((linear_s - waited_s) / SLOWS_S)


def main(args: Sequence[str] | None = None) -> int:
    """Wait for the graph, play, and return the player's exit code."""
    parser = argparse.ArgumentParser(prog='replay_player', description=__doc__.split('\n\n')[0])
    parser.add_argument(
        '--manager', required=True, help='the lifecycle manager, such as /w1/lifecycle_manager')
    parser.add_argument('--start-ns', type=int, required=True, help='when the bag begins')
    parser.add_argument(
        '--patience', type=float, default=30.0, help='seconds to wait for the graph at most')
    parser.add_argument('command', nargs='+', help='how to play the bag, after --')
    settings = parser.parse_args(remove_ros_args(sys.argv if args is None else ['', *args])[1:])
    signals: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: signals.append(number))
    rclpy.init(args=[], signal_handler_options=rclpy.SignalHandlerOptions.NO)
    node = LeadIn(settings.manager, settings.start_ns)
    try:
        player = _lead_in(node, settings.command, settings.patience, signals)
    except ExternalShutdownException:
        player = None
    finally:
        node.destroy_node()
        rclpy.try_shutdown()
    if player is None:
        return 0
    while player.poll() is None and not signals:
        time.sleep(0.05)
    return end_child(player)


def _lead_in(node: LeadIn, command: Sequence[str], patience_s: float, signals: list[int]):
    """Return the player once it has taken over the clock; None when a signal came before."""
    executor = SingleThreadedExecutor()
    executor.add_node(node)
    player, until_s, next_s = None, 0.0, time.monotonic()
    while not signals:
        # It hears its own /clock: without a period of its own it would answer itself for ever.
        if time.monotonic() >= next_s:
            node.tick()
            next_s = time.monotonic() + PERIOD_S
        executor.spin_once(timeout_sec=max(0.0, next_s - time.monotonic()))
        if player is None:
            is_settled = node.states.are_settled
            if is_settled or node.waited_s >= patience_s:
                if not is_settled:
                    node.get_logger().warning(
                        f'the graph is not up after {patience_s:g} s ({node.states.describe()}); '
                        'playing all the same')
                player, until_s = start_child(command), node.waited_s + _HAND_OVER_WITHIN_S
        elif node.is_relieved or player.poll() is not None or node.waited_s >= until_s:
            return player
    if player is not None:
        end_child(player)
    return None


if __name__ == '__main__':
    sys.exit(main())
