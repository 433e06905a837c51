# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""One node as its manager knows it."""

from collections.abc import Callable
import time
from typing import Any

from lifecycle_msgs.msg import State
from lifecycle_msgs.msg import Transition
from lifecycle_msgs.srv import ChangeState
from lifecycle_msgs.srv import GetState
from rclpy.node import Node

_LOOK_S = 0.25
_LOOK_WHEN_SETTLED_S = 1.0
_ASK_AGAIN_S = 0.5
_SILENT_AFTER_S = 2.0
_ABSENT_AFTER_S = 0.8
# Loading a model takes seconds on a busy machine.
_CHANGE_WITHIN_S = 20.0
_RETRY_FIRST_S = 2.0
_RETRY_MOST_S = 30.0

_NEXT = {
    State.PRIMARY_STATE_UNCONFIGURED: (Transition.TRANSITION_CONFIGURE, 'configuring'),
    State.PRIMARY_STATE_INACTIVE: (Transition.TRANSITION_ACTIVATE, 'activating'),
}


class ManagedNode:
    """
    Asks a node for its state and brings it up; never waits, ``look_after`` is to be called often.

    ``state`` is the node's own, or `absent` (not seen), `silent` (seen, does not answer; a process
    that died is seen for up to 20 s) or `refused` (tried again after 2, 4, ... 30 s).

    A node that is not seen is asked all the same: the middleware calls a service absent while it
    knows halves of one, which a process that was killed leaves behind for up to 20 s, although a
    respawned node would answer.
    ``on_settled`` is called when the node has become active or has refused.
    """

    def __init__(
        self, manager: Node, name: str, *, patience_s: float, on_settled: Callable[[], None],
    ) -> None:
        self.name = name
        self.state = 'absent'
        self._logger = manager.get_logger()
        self._get_state = manager.create_client(GetState, f'{name}/get_state')
        self._change_state = manager.create_client(ChangeState, f'{name}/change_state')
        self._patience_s = patience_s
        self._on_settled = on_settled
        self._known_s = time.monotonic()
        self._allowed_s: float | None = None
        self._was_active = False
        self._answer: Any = None
        self._ask_again_s = 0.0
        self._is_asked_unseen = False
        self._silent_from_s: float | None = None
        self._transition: int | None = None
        self._look_s = 0.0
        self._retry_s = _RETRY_FIRST_S
        self._next_try_s = 0.0

    @property
    def is_active(self) -> bool:
        """Whether the node was active when last heard of."""
        return self.state == 'active'

    @property
    def is_changing(self) -> bool:
        """Whether a transition is under way, as far as is known."""
        return self._transition is not None

    def description(self) -> str:
        """Return what is wrong with the node, in words."""
        return {
            'refused': f'{self.name} refused to come up, its own log says why',
            'silent': f'{self.name} does not answer',
        }.get(self.state, f'{self.name} is {self.state}')

    def holds_up_others(self, now_s: float) -> bool:
        """Whether the ones after it should still wait for it: once, and for a while only."""
        if self._was_active or self.state == 'refused':
            return False
        since_s = self._known_s if self.state in ('absent', 'silent') else self._allowed_s
        return since_s is None or now_s - since_s < self._patience_s

    def look_after(self, now_s: float, *, may_start: bool, others_are_changing: bool) -> None:
        """Ask for the state when it is time to, and give up answers that do not come."""
        if self._allowed_s is None and may_start:
            self._allowed_s = self._look_s = now_s
        is_seen = self._get_state.service_is_ready() and self._change_state.service_is_ready()
        if self._answer is not None:
            has_come = is_seen and self._is_asked_unseen
            if now_s < self._ask_again_s and not has_come:
                return
            # The answer may be lost; the state will tell what came of the question.
            self._answer.cancel()
            self._answer = None
            # In a container, one that loads a model keeps the others from answering.
            is_excused = self.is_active and others_are_changing
            if now_s >= self._silent_from_s and not is_excused:
                self._gone('silent' if is_seen else 'absent')
        if now_s < self._look_s:
            return
        self._is_asked_unseen = not is_seen
        within_s = _SILENT_AFTER_S if is_seen else _ABSENT_AFTER_S
        self._ask(self._get_state, GetState.Request(), self._state_arrived, within_s)

    def _ask(
        self, client: Any, request: Any, on_answer: Callable[[Any], None], within_s: float,
    ) -> None:
        now_s = time.monotonic()
        self._ask_again_s = now_s + _ASK_AGAIN_S
        if self._silent_from_s is None:
            self._silent_from_s = now_s + within_s
        self._answer = future = client.call_async(request)

        def answered(done: Any) -> None:
            if self._answer is not future:
                return
            self._answer = None
            if not done.cancelled() and done.exception() is None:
                self._silent_from_s = None
                on_answer(done.result())

        future.add_done_callback(answered)

    def _state_arrived(self, response: Any) -> None:
        state, now_s = response.current_state, time.monotonic()
        self._look_s = now_s + _LOOK_S
        tried = self._transition
        if state.id == State.PRIMARY_STATE_ACTIVE:
            self._settle('active')
        elif state.id not in _NEXT:
            self._set_state(state.label)
        elif tried == _NEXT[state.id][0]:
            self._refuse()
        elif self.state != 'refused' or now_s >= self._next_try_s:
            self._set_state(state.label)
            if self._allowed_s is not None:
                self._change(state.id)

    def _change(self, state_id: int) -> None:
        self._transition, label = _NEXT[state_id]
        self._set_state(label)

        def changed(response: Any) -> None:
            if not response.success:
                self._refuse()
            elif state_id == State.PRIMARY_STATE_UNCONFIGURED:
                self._change(State.PRIMARY_STATE_INACTIVE)
            else:
                self._settle('active')

        request = ChangeState.Request(transition=Transition(id=self._transition))
        self._ask(self._change_state, request, changed, _CHANGE_WITHIN_S)

    def _refuse(self) -> None:
        self._logger.error(
            f'{self.name} could not be brought up (its own log says why); '
            f'trying again in {self._retry_s:.0f} s')
        retry_s = self._retry_s
        self._settle('refused')
        self._next_try_s = time.monotonic() + retry_s
        self._retry_s = min(2.0 * retry_s, _RETRY_MOST_S)

    def _settle(self, state: str) -> None:
        is_news = state != self.state
        self._transition = None
        self._look_s = time.monotonic() + _LOOK_WHEN_SETTLED_S
        self._set_state(state)
        if state == 'active':
            self._was_active = True
            self._retry_s = _RETRY_FIRST_S
        if is_news:
            self._on_settled()

    def _gone(self, state: str) -> None:
        """Forget what was under way: what comes back is another process, to be tried at once."""
        self._transition = self._silent_from_s = None
        self._retry_s = _RETRY_FIRST_S
        self._set_state(state)

    def _set_state(self, state: str) -> None:
        if state == self.state:
            return
        was_active = self.is_active
        self.state = state
        if was_active:
            self._logger.warning(f'{self.name} was active; now {self.description()}')
        elif state == 'active':
            self._logger.info(f'{self.name} is active')
