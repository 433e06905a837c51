# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The rest of the graph, as the safety monitor sees it: streams that can be stopped."""

from collections.abc import Callable
import math
from pathlib import Path
import time
from typing import Any

from affect_msgs.msg import AlarmArray
from affect_msgs.msg import ConditionIndex
from affect_msgs.msg import HeadsetStatus
from affect_msgs.msg import ModalityEmbedding
from affect_msgs.msg import Purpose
from affect_msgs.msg import SafetyStatus
from affect_msgs.msg import WearerCondition
from affect_node import LATCHED
from affect_node import STATE
from affect_safety.node import SafetyMonitorNode
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.qos import QoSProfile
from rosgraph_msgs.msg import Clock

INDICES = {'stress': 0.2, 'fatigue': 0.1, 'cognitive_load': 0.3, 'attention': 0.9}


class Graph:
    """A monitor and a peer in one process. Streams in `live` tick at 20 Hz."""

    def __init__(self, context: Any, journal_path: Path, rules_file: Path) -> None:
        self.journal_path = journal_path
        self._context = context
        self._rules_file = rules_file
        self.executor = SingleThreadedExecutor(context=context)
        self.peer = Node('peer', context=context, use_global_arguments=False)
        self.executor.add_node(self.peer)
        self.monitor: SafetyMonitorNode | None = None
        self.live = {'voice', 'fusion'}
        self.indices = dict(INDICES)
        self.stamp_offset_s = 0.0
        self.clock_s: float | None = None
        self.statuses: list[SafetyStatus] = []
        self.alarm_arrays: list[AlarmArray] = []
        self.purposes: list[Purpose] = []
        peer = self.peer
        self._voice = peer.create_publisher(ModalityEmbedding, 'affect/voice/embedding', STATE)
        self._condition = peer.create_publisher(
            WearerCondition, 'affect/wearer_condition', STATE)
        self._headset = peer.create_publisher(HeadsetStatus, 'hmd/headset/status', LATCHED)
        self._clock = peer.create_publisher(Clock, '/clock', 10)
        peer.create_subscription(SafetyStatus, 'safety/status', self.statuses.append, STATE)
        # Deeper than LATCHED: a state that lasts for a moment is not overwritten by the next.
        peer.create_subscription(
            AlarmArray, 'safety/alarms', self.alarm_arrays.append,
            QoSProfile(depth=100, durability=LATCHED.durability))
        peer.create_subscription(Purpose, 'safety/purpose', self.purposes.append, LATCHED)
        peer.create_timer(0.05, self._tick)

    def start(self, **parameters: Any) -> SafetyMonitorNode:
        """Start a monitor; parameters override the test's."""
        given = {
            'modalities': ['voice'], 'journal_path': str(self.journal_path),
            'rules_file': str(self._rules_file), 'startup_grace_s': 3.0,
            'initial_purpose': 'safety', 'period_s': 0.2, **parameters}
        arguments = ['--ros-args']
        for name, value in given.items():
            text = str(value).lower() if isinstance(value, bool) else str(value) or "''"
            arguments += ['-p', f'{name}:={text}']
        self.monitor = SafetyMonitorNode(
            context=self._context, cli_args=arguments, use_global_arguments=False)
        self.executor.add_node(self.monitor)
        return self.monitor

    def stop(self) -> None:
        """Stop the monitor as a signal would."""
        if self.monitor is not None:
            self.executor.remove_node(self.monitor)
            self.monitor.destroy_node()
            self.monitor = None
        self.forget()

    def close(self) -> None:
        """Stop everything."""
        self.stop()
        self.executor.remove_node(self.peer)
        self.peer.destroy_node()
        self.executor.shutdown()

    def forget(self) -> None:
        """Forget what was heard so far."""
        for heard in (self.statuses, self.alarm_arrays, self.purposes):
            heard.clear()

    def wait_for(self, what: Callable[[], Any], timeout_s: float = 20.0) -> Any:
        """Spin until `what` is true and return it."""
        end = time.monotonic() + timeout_s
        while not (result := what()):
            assert time.monotonic() < end, self.describe()
            self.executor.spin_once(timeout_sec=0.05)
        return result

    def wait_state(self, state: int, timeout_s: float = 20.0) -> SafetyStatus:
        """Return the first status from now on that has this state."""
        self.forget()
        return self.wait_for(
            lambda: next((s for s in self.statuses if s.state == state), None), timeout_s)

    def alarm(self, rule: str) -> Any:
        """Return a rule's alarm out of the newest list, or None."""
        alarms = self.alarm_arrays[-1].alarms if self.alarm_arrays else []
        return next((a for a in alarms if a.rule == rule), None)

    def wait_alarm(self, rule: str, state: int, timeout_s: float = 20.0) -> Any:
        """Return a rule's alarm as soon as it has this state."""
        def found() -> Any:
            alarm = self.alarm(rule)
            return alarm if alarm is not None and alarm.state == state else None
        return self.wait_for(found, timeout_s)

    def call(self, service_type: type, name: str, **fields: Any) -> Any:
        """Call a service and return the answer."""
        client = self.peer.create_client(service_type, name)
        try:
            self.wait_for(client.service_is_ready)
            future = client.call_async(service_type.Request(**fields))
            self.wait_for(future.done)
            return future.result()
        finally:
            self.peer.destroy_client(client)

    def wear(self, fit: int) -> None:
        """Say how the headset fits."""
        message = HeadsetStatus(fit=fit)
        message.header.stamp = self._stamp()
        self._headset.publish(message)

    def describe(self) -> str:
        """Say what was heard last, for a failing test."""
        return f'last status {self.statuses[-1:]}, last alarms {self.alarm_arrays[-1:]}'

    def _tick(self) -> None:
        if self.clock_s is not None:
            if 'clock' in self.live:
                self.clock_s += 0.05
            message = Clock()
            message.clock.sec = int(self.clock_s)
            message.clock.nanosec = int((self.clock_s % 1.0) * 1e9)
            self._clock.publish(message)
        stamp = self._stamp()
        if 'voice' in self.live:
            embedding = ModalityEmbedding(modality='voice', embedding=[0.0] * 64)
            embedding.header.stamp = stamp
            self._voice.publish(embedding)
        if 'fusion' in self.live:
            condition = WearerCondition(headset_fit=HeadsetStatus.FIT_GOOD)
            condition.header.stamp = stamp
            for name, value in self.indices.items():
                known = not math.isnan(value)
                setattr(condition, name, ConditionIndex(
                    value=value, status=int(known), evidence_age_s=0.1, formula='test',
                    evidence_names=['x'], evidence_values=[1.0], evidence_units=['1'],
                    reason='' if known else 'no evidence'))
            self._condition.publish(condition)

    def _stamp(self) -> Any:
        now_s = time.time() if self.clock_s is None else self.clock_s
        stamp = self.peer.get_clock().now().to_msg()
        now_s += self.stamp_offset_s
        stamp.sec, stamp.nanosec = int(now_s), int((now_s % 1.0) * 1e9)
        return stamp
