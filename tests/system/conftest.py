# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A launched graph and an observer of it, in a ROS domain of their own."""

from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
import os
from pathlib import Path
import signal
import subprocess
import time
from typing import Any

from affect_bringup.launched_graph import LaunchedGraph
from affect_bringup.shared_memory import remove_orphans
from affect_node.domain import free_domain
import psutil
import pytest
import rclpy
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node

_NUMBERS = count(1)
ROOT = Path(__file__).resolve().parents[2]
BAG = ROOT / 'bags' / 'simulated_wearer'


class Observer:
    """Subscribes to topics of a graph and waits for what they bring."""

    def __init__(self, graph: LaunchedGraph) -> None:
        self.graph = graph
        self.node = Node(f'observer_{os.getpid()}_{next(_NUMBERS)}')
        self._executor = SingleThreadedExecutor()
        self._executor.add_node(self.node)

    def spin_once(self) -> None:
        """Take what has come."""
        self._executor.spin_once(timeout_sec=0.0)

    @contextmanager
    def recording(self, profile: str, bag: Path) -> Iterator[None]:
        """Record by a profile beside the graph, and end the bag in order."""
        recorder = subprocess.Popen(
            ['ros2', 'run', 'affect_bringup', 'record', profile, '-o', str(bag), '--use-sim-time'],
            stdin=subprocess.DEVNULL, start_new_session=True)
        try:
            yield
        finally:
            os.killpg(recorder.pid, signal.SIGINT)
            recorder.wait(30.0)

    def wait_end(self, within_s: float) -> None:
        """Spin until the graph has ended by itself, as a replay that does not loop does."""
        end_s = time.monotonic() + within_s
        while self.graph.is_running:
            assert time.monotonic() < end_s, self.graph.log_path.read_text()[-4000:]
            self._executor.spin_once(timeout_sec=0.1)

    def collect(self, message_type: type, topic: str, qos: Any) -> list:
        """Return a list that grows with every message of a topic."""
        messages: list = []
        self.node.create_subscription(message_type, topic, messages.append, qos)
        return messages

    def wait_until(self, condition: Callable[[], bool], within_s: float, what: str) -> float:
        """Spin until a condition holds; return the seconds that took."""
        started = time.monotonic()
        while not condition():
            if not self.graph.is_running:
                pytest.fail(f'the graph ended:\n{self.graph.log_path.read_text()[-4000:]}')
            if time.monotonic() - started > within_s:
                pytest.fail(
                    f'not within {within_s} s: {what}\n'
                    f'{self.graph.log_path.read_text()[-4000:]}')
            self._executor.spin_once(timeout_sec=0.1)
        return time.monotonic() - started

    def process_of(self, word: str) -> psutil.Process:
        """Return the process of the graph whose command line has a word in it."""
        for process in self.graph.processes():
            if any(word in part for part in process.cmdline()) and 'launch' not in (
                    process.cmdline()[:3]):
                return process
        raise LookupError(f'no process of the graph has {word!r} in its command line')

    def close(self) -> None:
        """End the graph and look that nothing of it is left."""
        processes = self.graph.processes()
        self._executor.remove_node(self.node)
        self.node.destroy_node()
        self.graph.stop()
        remove_orphans()
        alive = [process for process in processes if process.is_running()]
        assert not alive, f'left behind: {alive}'


@pytest.fixture(scope='module')
def launch(tmp_path_factory) -> Iterator[Callable[..., Observer]]:
    """Return a function that launches the graph, on the recorded wearer if no bag is named."""
    os.environ['ROS_AUTOMATIC_DISCOVERY_RANGE'] = 'LOCALHOST'
    os.environ['ROS_DOMAIN_ID'] = str(free_domain())
    # The safety journal of this machine's user is none of a test's business.
    os.environ['XDG_STATE_HOME'] = str(tmp_path_factory.mktemp('state'))
    rclpy.init()
    observers: list[Observer] = []

    def start(*arguments: str, bag: Path | None = BAG, loop: bool = True) -> Observer:
        source = [f'bag:={bag}', f'loop:={str(loop).lower()}'] if bag else ['source:=simulation']
        observers.append(Observer(LaunchedGraph([*source, *arguments])))
        return observers[-1]

    yield start
    try:
        for observer in observers:
            observer.close()
    finally:
        rclpy.try_shutdown()
