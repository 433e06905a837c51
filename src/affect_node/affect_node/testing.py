# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A bench for tests: nodes in this process, on a domain of their own, spun until an event."""

from collections.abc import Callable
import math
import os
import time
from typing import Any

from affect_node.domain import free_domain
from affect_node.run import make_executor
from affect_node.stamps import to_stamp
from diagnostic_msgs.msg import DiagnosticStatus
import rclpy
from rclpy.context import Context
from rclpy.lifecycle import TransitionCallbackReturn
from rclpy.node import Node
from rclpy.qos import QoSProfile
from rosgraph_msgs.msg import Clock

TIMEOUT_S = 20.0
_TELL_AGAIN_S = 0.5


class Bench:
    """
    Runs nodes under test beside a peer that publishes to them and listens to them.

    It spins the executor that the executables use. With ``clock_s`` the nodes follow a /clock
    that only ``set_clock`` moves, so that a minute of input takes no minute. A context manager:
    leaving it destroys everything.
    """

    def __init__(self, *, clock_s: float | None = None) -> None:
        os.environ['ROS_AUTOMATIC_DISCOVERY_RANGE'] = 'LOCALHOST'
        self.context = Context()
        rclpy.init(context=self.context, domain_id=free_domain())
        self.executor = make_executor(self.context)
        self.nodes: list[Node] = []
        self._publishers: dict[str, Any] = {}
        self.peer = Node('bench', context=self.context, use_global_arguments=False)
        self.executor.add_node(self.peer)
        self.is_simulated = clock_s is not None
        self.clock_ns = 0
        if clock_s is not None:
            self._clock = self.peer.create_publisher(Clock, '/clock', QoSProfile(depth=10))
            self.clock_ns = round(clock_s * 1e9)

    def __enter__(self) -> 'Bench':
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Destroy the nodes and their context."""
        for node in [*self.nodes, self.peer]:
            self.executor.remove_node(node)
            node.destroy_node()
        self.nodes.clear()
        self.executor.shutdown()
        self.context.try_shutdown()

    def add(
        self, factory: Callable[..., Any], *arguments: str, activate: bool = True,
        **parameters: Any,
    ) -> Any:
        """
        Make a node of ``factory`` and bring it up; ``parameters`` by name.

        Further ``arguments`` follow ``--ros-args``, as in ``'-r', '__ns:=/w1'``.
        """
        given = list(arguments)
        if self.is_simulated:
            parameters.setdefault('use_sim_time', True)
        for name, value in parameters.items():
            text = str(value).lower() if isinstance(value, bool) else str(value)
            given += ['-p', f'{name}:={text}']
        node = factory(
            context=self.context, use_global_arguments=False, cli_args=['--ros-args', *given])
        self.nodes.append(node)
        self.executor.add_node(node)
        if self.is_simulated and parameters['use_sim_time']:
            self.until(lambda: self._clock.get_subscription_count() >= len(self.nodes), '/clock')
            self.set_clock(self.clock_ns * 1e-9)
        if activate:
            assert node.trigger_configure() == TransitionCallbackReturn.SUCCESS, health(node)
            assert node.trigger_activate() == TransitionCallbackReturn.SUCCESS, health(node)
        return node

    def remove(self, node: Any) -> None:
        """Destroy one node."""
        self.nodes.remove(node)
        self.executor.remove_node(node)
        node.destroy_node()

    def until(
        self, condition: Callable[[], Any], what: str = 'a condition',
        timeout_s: float = TIMEOUT_S,
    ) -> Any:
        """Spin until ``condition()`` is true and return it; fail with ``what`` otherwise."""
        end = time.monotonic() + timeout_s
        while not (result := condition()):
            if time.monotonic() > end:
                said = '; '.join(f'{n.get_name()}: {health(n)}' for n in self.nodes)
                raise AssertionError(f'waited {timeout_s:g} s in vain for {what} ({said})')
            self.executor.spin_once(timeout_sec=0.02)
        return result

    def publish(self, topic: str, message: Any, qos: QoSProfile) -> None:
        """Publish to at least one matched subscription (the first time it is waited for)."""
        if topic not in self._publishers:
            publisher = self.peer.create_publisher(type(message), topic, qos)
            self._publishers[topic] = publisher
            self.until(publisher.get_subscription_count, f'a subscription of {topic}')
        self._publishers[topic].publish(message)

    def hear(self, message_type: type, topic: str, qos: QoSProfile) -> list[Any]:
        """Return a list that grows by what comes on a topic."""
        heard: list[Any] = []
        self.peer.create_subscription(message_type, topic, heard.append, qos)
        return heard

    def set_clock(self, clock_s: float) -> None:
        """Publish /clock and spin until every node that follows it has got it."""
        self.clock_ns = round(clock_s * 1e9)
        followers = [n for n in self.nodes if n.get_clock().ros_time_is_active]
        told_s = -math.inf

        def have_it() -> bool:
            nonlocal told_s
            # Nodes listen to /clock with best effort: beside much else one may be lost.
            if time.monotonic() - told_s > _TELL_AGAIN_S:
                self._clock.publish(Clock(clock=to_stamp(ns=self.clock_ns)))
                told_s = time.monotonic()
            return all(n.get_clock().now().nanoseconds == self.clock_ns for n in followers)
        self.until(have_it, '/clock')

    def now_s(self) -> float:
        """Return the time of the nodes, seconds."""
        if self.is_simulated:
            return self.clock_ns * 1e-9
        return self.peer.get_clock().now().nanoseconds * 1e-9


def health(node: Any) -> str:
    """Return the message of a node's diagnostics."""
    return node.diagnostics.status().message


def is_well(node: Any) -> bool:
    """Return whether a node's diagnostics are OK."""
    return node.diagnostics.status().level == DiagnosticStatus.OK
