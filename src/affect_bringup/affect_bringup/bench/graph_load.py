# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The launched graph at the reference load: delay, processor, memory, rates."""

from collections import Counter
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
import importlib
import statistics
import time

from affect_bringup.bench.bench_row import BenchRow
from affect_bringup.launched_graph import LaunchedGraph
from affect_bringup.shared_memory import remove_orphans
from affect_bringup.state_log import StateLog
from affect_bringup.state_log import StateObserver
from affect_msgs.msg import AvatarState
from affect_node import STATE
import rclpy
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.qos import QoSProfile
from rclpy.qos import ReliabilityPolicy

SETTLE_S = 12.0
"""Windows fill, neutral baselines settle, and start-up is over."""
VALID_WITHIN_S = 90.0

_REFERENCE = (
    'ros2 launch affect.launch.py source:=simulation purpose:=research at the reference load of '
    'the design; simulation renders every sensor and is part of the figure')


class GraphUnderTest:
    """A launched graph with an observer of its state and its avatar."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self.log = StateLog()
        self.graph = LaunchedGraph(['purpose:=research', *arguments])
        self.log.started_s = self.graph.started_s
        rclpy.init(args=[])
        self.observer = StateObserver(self.log)
        self.avatar_latencies_s: list[float] = []
        self.observer.create_subscription(
            AvatarState, 'avatar/state',
            lambda message: self.avatar_latencies_s.append(message.latency_s), STATE)
        self.executor = SingleThreadedExecutor()
        self.executor.add_node(self.observer)

    def spin(self, seconds: float, *, sample_load: bool = False) -> None:
        """Listen for so long."""
        end_s = time.monotonic() + seconds
        next_s = time.monotonic()
        while (now_s := time.monotonic()) < end_s:
            if sample_load and now_s >= next_s:
                next_s += 1.0
                self.graph.sample_load()
            self.executor.spin_once(timeout_sec=min(0.1, end_s - now_s))

    def wait_valid(self) -> None:
        """Listen until the first VALID state, or for VALID_WITHIN_S."""
        end_s = time.monotonic() + VALID_WITHIN_S
        while self.log.first_valid_at_s is None and time.monotonic() < end_s:
            if not self.graph.is_running:
                raise RuntimeError(f'the graph ended early; its log is {self.graph.log_path}')
            self.executor.spin_once(timeout_sec=0.1)

    def close(self) -> None:
        """End the graph and leave nothing behind."""
        self.executor.remove_node(self.observer)
        self.observer.destroy_node()
        rclpy.try_shutdown()
        self.graph.stop()
        remove_orphans()


@contextmanager
def launched(*arguments: str) -> Iterator[GraphUnderTest]:
    """Launch a graph and end it."""
    under_test = GraphUnderTest(arguments)
    try:
        yield under_test
    finally:
        under_test.close()


def reference_rows(seconds: float) -> list[BenchRow]:
    """Measure the whole graph in containers at the reference load, then the rate of each topic."""
    with launched() as test:
        test.wait_valid()
        test.spin(SETTLE_S)
        test.log.count_anew()
        test.avatar_latencies_s.clear()
        test.spin(seconds, sample_load=True)
        summary = test.log.summary()
        cpu_percent, rss_mib = test.graph.mean_load()
        nodes = test.observer.count_nodes()
        avatar_ms = [1e3 * s for s in test.avatar_latencies_s if s == s]
        rates = topic_rates(test.observer, 10.0)
    how = f'{_REFERENCE}; {seconds:g} s after {SETTLE_S:g} s'
    return [
        BenchRow('graph/nodes', nodes, '1', how),
        BenchRow('graph/containers/first_valid', summary['first_valid_s'], 's', how, 15.0),
        BenchRow('graph/tick_to_state_p50', summary['latency_p50_ms'], 'ms', how, 50.0),
        BenchRow('graph/tick_to_state_p95', summary['latency_p95_ms'], 'ms', how, 100.0),
        BenchRow('graph/valid_fraction', summary['valid_fraction'], '1', how),
        BenchRow('graph/cpu', cpu_percent, '% of a core', how, 150.0),
        BenchRow('graph/rss', rss_mib, 'MiB', how + '; sum of resident sets', 4096.0),
        BenchRow('graph/stamp_to_avatar_p95', percentile(avatar_ms, 0.95), 'ms', how, 50.0),
        *(BenchRow(f'graph/quality/{name}', value, '1', how + '; mean quality')
          for name, value in summary['modalities'].items()),
        *(BenchRow(f'graph/rate/{topic}', rate, 'Hz', how + '; one raw subscription each, 10 s')
          for topic, rate in rates.items())]


def without_trackers_rows(seconds: float) -> list[BenchRow]:
    """Measure the graph of a headset that tracks eyes and face by itself."""
    with launched('trackers:=false') as test:
        test.wait_valid()
        test.spin(SETTLE_S)
        test.spin(seconds, sample_load=True)
        cpu_percent, _ = test.graph.mean_load()
    return [BenchRow(
        'graph/cpu_without_trackers', cpu_percent, '% of a core',
        _REFERENCE + f', trackers:=false; {seconds:g} s', 60.0)]


def process_rows() -> list[BenchRow]:
    """Measure the bring-up with a process per node."""
    with launched('container:=false') as test:
        test.wait_valid()
        first_valid_s = test.log.summary()['first_valid_s']
    return [BenchRow(
        'graph/processes/first_valid', first_valid_s, 's',
        _REFERENCE + ', container:=false', 40.0)]


def topic_rates(observer: Node, seconds: float) -> dict[str, float]:
    """Return messages per second of every topic that somebody publishes, by topic."""
    counts: Counter[str] = Counter()
    best_effort = QoSProfile(depth=50, reliability=ReliabilityPolicy.BEST_EFFORT)
    subscriptions = []
    executor = SingleThreadedExecutor(context=observer.context)
    counter = Node('rate_counter', context=observer.context, use_global_arguments=False)
    for topic, types in observer.get_topic_names_and_types():
        if not observer.count_publishers(topic) or topic in ('/rosout', '/parameter_events'):
            continue
        package, _, name = types[0].split('/')
        message_type = getattr(importlib.import_module(f'{package}.msg'), name)

        def count(_: bytes, topic: str = topic) -> None:
            counts[topic] += 1
        subscriptions.append(counter.create_subscription(
            message_type, topic, count, best_effort, raw=True))
    executor.add_node(counter)
    _spin(executor, 2.0)  # discovery
    names = [subscription.topic_name for subscription in subscriptions]
    counts.clear()
    began_s = time.monotonic()
    _spin(executor, seconds)
    taken_s = time.monotonic() - began_s
    executor.remove_node(counter)
    counter.destroy_node()
    return {name: round(counts[name] / taken_s, 2) for name in sorted(names)}


def _spin(executor: SingleThreadedExecutor, seconds: float) -> None:
    end_s = time.monotonic() + seconds
    while time.monotonic() < end_s:
        executor.spin_once(timeout_sec=0.05)


def percentile(values: Sequence[float], share: float) -> float | None:
    """Return a percentile, or None without values."""
    if len(values) < 2:
        return None
    cuts = statistics.quantiles(values, n=100, method='inclusive')
    return round(cuts[round(100 * share) - 1], 2)
