# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Brings the nodes of the graph up in order, and up again after they have died."""

from collections.abc import Callable
from dataclasses import dataclass
import time
from typing import Any

from affect_node import run
from affect_node.diagnostics import Diagnostics
from affect_node.parameters import declare
from diagnostic_msgs.msg import DiagnosticStatus
from lifecycle_msgs.msg import State
from lifecycle_msgs.msg import Transition
from lifecycle_msgs.srv import ChangeState
from lifecycle_msgs.srv import GetState
from rclpy.clock import Clock
from rclpy.clock import ClockType
from rclpy.node import Node

_POLL_S = 0.25
_POLL_ACTIVE_S = 1.0
_ANSWER_WITHIN_S = 2.0
# Loading a model takes seconds on a busy machine.
_TRANSITION_WITHIN_S = 20.0
_RETRY_FIRST_S = 2.0
_RETRY_MOST_S = 30.0


@dataclass
class ManagedNode:
    """What the manager knows of one node, and what it waits for."""

    name: str
    get_state: Any
    change_state: Any
    state: str = 'absent'
    pending: Any = None
    deadline_s: float = 0.0
    next_poll_s: float = 0.0
    retry_s: float = _RETRY_FIRST_S


class LifecycleManagerNode(Node):
    """
    Configures and activates ``node_names`` in their order.

    A node that is absent or refuses does not hold the others up for longer than
    ``patience_s``. Nodes are asked for their state again and again, so one that was killed and
    respawned (unconfigured) is brought back; one that refuses is tried again after 2, 4, ... 30 s.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__('lifecycle_manager', **kwargs)
        names, _ = declare(
            self, 'node_names', [''],
            'Nodes to manage in the order of bring-up, relative to this namespace.')
        self._patience_s, _ = declare(
            self, 'patience_s', 4.0,
            'How long a node waits for the ones before it to become active, seconds.',
            low=0.0, high=60.0)
        self._started_s = time.monotonic()
        self._diagnostics = Diagnostics(self)
        self._nodes = [
            ManagedNode(
                name,
                self.create_client(GetState, f'{name}/get_state'),
                self.create_client(ChangeState, f'{name}/change_state'))
            for name in names if name]
        # Steady time: bringing nodes up must not wait for a /clock that a node may have to make.
        steady = Clock(clock_type=ClockType.STEADY_TIME)
        self._timer = self.create_timer(_POLL_S, self._look_after_all, clock=steady)
        self._report = self.create_timer(1.0, self._diagnose, clock=steady)
        self._all_active = False

    def _look_after_all(self) -> None:
        now_s = time.monotonic()
        before_is_up = True
        for node in self._nodes:
            self._look_after(node, now_s, may_start=before_is_up)
            if node.state != 'active' and now_s - self._started_s < self._patience_s:
                before_is_up = False
        all_active = all(node.state == 'active' for node in self._nodes)
        if all_active and not self._all_active:
            self.get_logger().info(f'all {len(self._nodes)} managed nodes are active')
        self._all_active = all_active

    def _look_after(self, node: ManagedNode, now_s: float, *, may_start: bool) -> None:
        if node.pending is not None:
            if now_s > node.deadline_s:
                # A participant that died is seen for up to 20 s; its answer never comes.
                node.pending.cancel()
                node.pending = None
                self._set_state(node, 'absent')
            return
        if now_s < node.next_poll_s:
            return
        if not node.get_state.service_is_ready():
            self._set_state(node, 'absent')
            return
        self._ask(
            node, node.get_state, GetState.Request(), _ANSWER_WITHIN_S,
            lambda response: self._state_arrived(node, response, may_start))

    def _ask(
        self, node: ManagedNode, client: Any, request: Any, within_s: float,
        on_answer: Callable[[Any], None],
    ) -> None:
        node.deadline_s = time.monotonic() + within_s
        node.pending = future = client.call_async(request)

        def answered(done: Any) -> None:
            if node.pending is not future:
                return
            node.pending = None
            if not done.cancelled() and done.exception() is None:
                on_answer(done.result())

        future.add_done_callback(answered)

    def _state_arrived(self, node: ManagedNode, response: Any, may_start: bool) -> None:
        state = response.current_state
        now_s = time.monotonic()
        if state.id == State.PRIMARY_STATE_ACTIVE:
            self._set_state(node, 'active')
            node.retry_s = _RETRY_FIRST_S
            node.next_poll_s = now_s + _POLL_ACTIVE_S
        elif state.id == State.PRIMARY_STATE_UNCONFIGURED and may_start:
            self._set_state(node, 'unconfigured')
            self._change(node, Transition.TRANSITION_CONFIGURE)
        elif state.id == State.PRIMARY_STATE_INACTIVE and may_start:
            self._set_state(node, 'inactive')
            self._change(node, Transition.TRANSITION_ACTIVATE)
        else:
            self._set_state(node, state.label)

    def _change(self, node: ManagedNode, transition: int) -> None:
        request = ChangeState.Request(transition=Transition(id=transition))

        def changed(response: Any) -> None:
            now_s = time.monotonic()
            if not response.success:
                self._set_state(node, 'refused')
                node.next_poll_s = now_s + node.retry_s
                node.retry_s = min(2.0 * node.retry_s, _RETRY_MOST_S)
            elif transition == Transition.TRANSITION_CONFIGURE:
                self._change(node, Transition.TRANSITION_ACTIVATE)
            else:
                self._set_state(node, 'active')
                node.retry_s = _RETRY_FIRST_S
                node.next_poll_s = now_s + _POLL_ACTIVE_S

        self._ask(node, node.change_state, request, _TRANSITION_WITHIN_S, changed)

    def _set_state(self, node: ManagedNode, state: str) -> None:
        if state != node.state:
            if node.state == 'active':
                self.get_logger().warning(f'{node.name} was active and is now {state}')
            elif state == 'active':
                self.get_logger().info(f'{node.name} is active')
            elif state == 'refused':
                self.get_logger().error(
                    f'{node.name} could not be brought up (its own log says why); '
                    f'trying again in {node.retry_s:.0f} s')
            node.state = state

    def _diagnose(self) -> None:
        down = [f'{node.name} is {node.state}' for node in self._nodes if node.state != 'active']
        self._diagnostics.values = {node.name: node.state for node in self._nodes}
        self._diagnostics.set(
            'nodes', DiagnosticStatus.ERROR if down else DiagnosticStatus.OK, ', '.join(down))
        self._diagnostics.publish()


def main(args=None) -> int:
    """Run the node."""
    return run(LifecycleManagerNode, args)
