# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The player waits for the graph with a clock that goes, then hands over."""

from itertools import pairwise
import os
import signal
import subprocess
import sys

from affect_bringup.replay_player import LEAD_IN_S
from affect_bringup.replay_player import PERIOD_S
from affect_bringup.replay_player import remaining_s
from affect_node import STATE
from affect_node.testing import Bench
from diagnostic_msgs.msg import DiagnosticArray
from diagnostic_msgs.msg import DiagnosticStatus
from diagnostic_msgs.msg import KeyValue
import pytest
from rclpy.qos import QoSProfile
from rclpy.qos import ReliabilityPolicy
from rosgraph_msgs.msg import Clock

START_S = 1_700_000_000
# Publishes one /clock message as a player would, and then waits to be interrupted.
PLAYER = f"""
import rclpy, time
from rosgraph_msgs.msg import Clock
# Else a context that rclpy ends in the middle of a publication raises something else.
rclpy.init(signal_handler_options=rclpy.SignalHandlerOptions.NO)
node = rclpy.create_node('player')
best_effort = rclpy.qos.QoSProfile(
    depth=10, reliability=rclpy.qos.ReliabilityPolicy.BEST_EFFORT)
publisher = node.create_publisher(Clock, '/clock', best_effort)
try:
    while True:
        publisher.publish(Clock(clock=rclpy.time.Time(seconds={START_S}).to_msg()))
        time.sleep(0.05)
except KeyboardInterrupt:
    raise SystemExit(7)
"""


@pytest.fixture
def bench():
    with Bench() as bench:
        yield bench


@pytest.fixture
def start(bench):
    started = []

    def begin(*options):
        started.append(subprocess.Popen(
            [sys.executable, '-m', 'affect_bringup.replay_player', '--manager',
             '/lifecycle_manager', '--start-ns', str(START_S * 10**9), *options, '--',
             sys.executable, '-c', PLAYER],
            env={**os.environ, 'ROS_DOMAIN_ID': str(bench.context.get_domain_id())}))
        return started[-1]
    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()


def say(bench, **states):
    bench.publish('/diagnostics', DiagnosticArray(status=[DiagnosticStatus(
        name='/lifecycle_manager: health',
        values=[KeyValue(key=name, value=state) for name, state in states.items()])]), STATE)


def clocks(bench):
    return bench.hear(Clock, '/clock', QoSProfile(
        depth=100, reliability=ReliabilityPolicy.BEST_EFFORT))


def test_the_clock_of_the_lead_in_goes_and_never_arrives():
    ahead_s = [remaining_s(0.1 * i) for i in range(600)]
    assert ahead_s[0] == LEAD_IN_S
    assert all(0.0 < b < a for a, b in pairwise(ahead_s))
    assert all(a - b <= 0.1001 for a, b in pairwise(ahead_s))


def test_the_clock_goes_before_the_bag_begins_and_the_bag_begins_when_the_graph_is_up(
        bench, start):
    heard = clocks(bench)
    process = start()
    bench.until(lambda: len(heard) >= 20, 'a clock')
    seconds = [m.clock.sec + 1e-9 * m.clock.nanosec for m in heard]
    assert seconds == sorted(seconds)
    assert seconds[-1] > seconds[0]
    assert seconds[-1] < START_S
    # At most one message a period: it hears itself, and must not answer.
    assert all(b - a > 0.5 * PERIOD_S for a, b in pairwise(seconds))
    say(bench, fusion='configuring')
    count = len(heard)
    bench.until(lambda: len(heard) >= count + 20, 'more of the clock')
    assert heard[-1].clock.sec < START_S
    say(bench, fusion='active')
    bench.until(lambda: heard[-1].clock.sec >= START_S, 'the player')
    bench.until(lambda: bench.peer.count_publishers('/clock') == 1, 'the hand-over')
    process.send_signal(signal.SIGINT)
    assert process.wait(20.0) == 7, "the player's exit code"


def test_a_graph_that_does_not_come_up_is_waited_for_so_long_and_no_longer(bench, start):
    heard = clocks(bench)
    start('--patience', '0.5')
    bench.until(lambda: heard and heard[-1].clock.sec >= START_S, 'the player')


def test_an_interrupt_before_the_bag_begins_ends_it(bench, start):
    heard = clocks(bench)
    process = start()
    bench.until(lambda: heard, 'a clock')
    process.send_signal(signal.SIGINT)
    assert process.wait(20.0) == 0
