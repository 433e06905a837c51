# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A lifecycle node that survives its own steps."""

from collections.abc import Callable
import traceback
from typing import Any

from affect_node.diagnostics import Diagnostics
from affect_node.entities import Entities
from affect_node.guard import Guard
from affect_node.setup_error import SetupError
from diagnostic_msgs.msg import DiagnosticStatus
from rclpy.clock import Clock
from rclpy.lifecycle import LifecycleNode
from rclpy.lifecycle import LifecycleState
from rclpy.lifecycle import TransitionCallbackReturn


class GuardedLifecycleNode(LifecycleNode):
    """
    Turns transitions into ``setup``, ``start``, ``stop``, ``teardown``, for a subclass to write.

    A step that fails is reported and refused, never raised. What is owned is destroyed on
    clean-up and shutdown, after a failed set-up, and when the node ends without any of them.
    """

    def __init__(self, name: str, **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self.diagnostics = Diagnostics(self)
        self._guard = Guard(self, self.diagnostics)
        self._entities = Entities()
        self._refusals: list[str] = []
        self._is_set_up = False
        # rclpy lets a transition that is impossible now end the process.
        self._change_state = self._service_change_state.callback
        self._service_change_state.callback = self._on_change_state

    def setup(self) -> None:
        """Create entities; raise SetupError when that is not possible."""

    def start(self) -> None:
        """Begin work."""

    def stop(self) -> None:
        """Pause work."""

    def teardown(self) -> None:
        """Release what is not a ROS entity."""

    @property
    def is_active(self) -> bool:
        """Whether the node is in the lifecycle state `active`."""
        return self._guard.is_active

    def own(self, destroy: Callable[[Any], Any], entity: Any) -> Any:
        """Have ``destroy(entity)`` called on clean-up; return the entity."""
        return self._entities.own(destroy, entity)

    def withdraw(self, entity: Any) -> None:
        """Destroy what is owned, such as a publisher or a subscription, before clean-up."""
        self._entities.withdraw(entity)

    def guarded(
        self, callback: Callable[..., None], *, while_inactive: bool = False,
    ) -> Callable[..., None]:
        """Return a callback that runs only while the node is active, and never raises."""
        return self._guard.callback(callback, while_inactive=while_inactive)

    def on_configure(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Call ``setup``; a failure leaves the node unconfigured with the reason logged."""
        self._is_set_up = self._attempt('configured', self._setup_unless_refused)
        if not self._is_set_up:
            self._release()
            return TransitionCallbackReturn.FAILURE
        return super().on_configure(state)

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Call ``start``; a failure leaves the node inactive with the reason logged."""
        self._guard.is_active = True
        self._guard.is_active = self._attempt('activated', self.start)
        if not self._guard.is_active:
            return TransitionCallbackReturn.FAILURE
        return super().on_activate(state)

    def on_deactivate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Call ``stop``."""
        self._pause()
        return super().on_deactivate(state)

    def on_cleanup(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Destroy what ``setup`` created."""
        self._release()
        return TransitionCallbackReturn.SUCCESS

    def on_shutdown(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Stop and destroy what ``setup`` created."""
        self._release()
        return TransitionCallbackReturn.SUCCESS

    def on_error(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Return to unconfigured, so that a manager can try again."""
        self._release()
        return TransitionCallbackReturn.SUCCESS

    def destroy_node(self) -> None:
        """Release everything also when nobody took the node down in order (a signal)."""
        self._release()
        super().destroy_node()
        # rclpy leaves the services of the life cycle, and with them the participant, on the
        # network until a garbage collection: others see a node that nobody answers for.
        self._state_machine.destroy_when_not_in_use()

    def _on_change_state(self, request: Any, response: Any) -> Any:
        """Answer `change_state`, also when the transition is not possible."""
        try:
            return self._change_state(request, response)
        except RuntimeError:
            _, state = self._state_machine.current_state
            self.diagnostics.reject(
                'change_state', f'transition {request.transition.id} is not possible',
                f'the node is {state}')
            response.success = False
            return response

    def _attempt(self, verb: str, step: Callable[[], None]) -> bool:
        """Return whether a step of the life cycle went well; report it when not."""
        try:
            step()
        except SetupError as error:
            reason = str(error)
            self.get_logger().error(f'cannot be {verb}: {reason}')
        except Exception:
            reason = 'internal error, see the log'
            self.get_logger().error(f'cannot be {verb}:\n{traceback.format_exc()}')
        else:
            self.diagnostics.set('setup', DiagnosticStatus.OK, '')
            return True
        self.diagnostics.set('setup', DiagnosticStatus.ERROR, reason)
        return False

    def _setup_unless_refused(self) -> None:
        if self._refusals:
            raise SetupError('; '.join(self._refusals))
        self.setup()

    def _pause(self) -> None:
        if self._guard.is_active:
            self._guard.is_active = False
            self._guard.call(self.stop)

    def _release(self) -> None:
        """Stop, tear down, destroy the entities; an exception on the way holds up nothing."""
        self._pause()
        self._is_set_up = False
        self._guard.call(self.teardown)
        self._entities.destroy_all()
        self._guard.expire()

    def _start_alone_soon(self, steady_clock: Clock) -> None:
        """Configure and activate without a manager, as soon as the node spins."""
        has_started = False

        def start() -> None:
            nonlocal has_started
            # EventsExecutor may fire a due timer once more after it was destroyed.
            if has_started:
                return
            has_started = True
            self.destroy_timer(timer)
            if self.trigger_configure() == TransitionCallbackReturn.SUCCESS:
                self.trigger_activate()

        timer = self.create_timer(0.01, start, clock=steady_clock)
