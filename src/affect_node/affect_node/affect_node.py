# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The base class of every node of the suite."""

from collections.abc import Callable
from collections.abc import Sequence
import copy
import math
import time
import traceback
from typing import Any

from affect_msgs.msg import Purpose
from affect_node.diagnostics import Diagnostics
from affect_node.grid_timer import GridTimer
from affect_node.parameters import declare
from affect_node.qos import LATCHED
from affect_node.stamps import from_stamp
from builtin_interfaces.msg import Time
from diagnostic_msgs.msg import DiagnosticStatus
from rclpy.clock import Clock
from rclpy.clock import ClockType
from rclpy.clock import JumpThreshold
from rclpy.duration import Duration
from rclpy.exceptions import InvalidParameterTypeException
from rclpy.lifecycle import LifecycleNode
from rclpy.lifecycle import LifecycleState
from rclpy.lifecycle import TransitionCallbackReturn
from rclpy.qos import QoSProfile
from rclpy.qos_overriding_options import InvalidQosOverridesError
from rclpy.qos_overriding_options import QoSOverridingOptions

_WATCH_S = 0.5
_CLOCK_STALLS_AFTER_S = 1.4


class SetupError(Exception):
    """A node can't be configured; the text says what is wrong, where, and what to do."""


class AffectNode(LifecycleNode):
    """
    A lifecycle node with described parameters, guarded callbacks and diagnostics.

    A subclass declares its parameters in ``__init__`` and overrides

    - ``setup``: create entities (on configure); raise SetupError when that is not possible,
    - ``start`` and ``stop``: on activate and deactivate,
    - ``teardown``: release what is not a ROS entity (on clean-up and shutdown, after a failed
      set-up, and when the process ends); it may be called twice and without a set-up,
    - ``clock_jumped``: forget evidence from another time (only called between set-up and
      clean-up).

    Entities made by ``subscribe``, ``advertise``, ``serve``, ``tick_on_grid`` and
    ``tick_steadily`` are destroyed on clean-up.
    Callbacks run only while the node is active, and an exception in one is reported, not raised.
    """

    AUTOSTART = False
    """Default of the parameter `autostart`; true for a node that must depend on nobody."""

    def __init__(self, name: str, **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self.diagnostics = Diagnostics(self)
        self.purpose = Purpose.NONE
        self._active = False
        self._refused: list[str] = []
        self._configuration = 0
        self._is_set_up = False
        self._entities: list[tuple[Callable[[Any], Any], Any]] = []
        self._purpose_changed: Callable[[], None] | None = None
        self._watches = 0
        self._last_clock_ns = 0
        self._clock_stands = False
        self._clock_moved_s = time.monotonic()
        autostart = self.declare(
            'autostart', self.AUTOSTART,
            'Configure and activate without a lifecycle manager, for a node used by itself.')
        self._frame_prefix = self.declare(
            'frame_prefix', '', "Put before every frame id, e.g. 'w1/' for the wearer in /w1.")
        self._max_stamp_age_s = self.declare(
            'max_stamp_age_s', 10.0, 'Input stamped longer ago than this is rejected.',
            low=0.1, high=3600.0)
        self._max_stamp_lead_s = self.declare(
            'max_stamp_lead_s', 0.5, 'Input stamped further ahead than this is rejected.',
            low=0.0, high=60.0)
        self._steady_clock = Clock(clock_type=ClockType.STEADY_TIME)
        # Steady time: a stalled /clock must not stop vigilance.
        self._watchdog = self.create_timer(_WATCH_S, self._watch, clock=self._steady_clock)
        # The handle must be kept: dropping it crashes the spin loop at the next jump.
        self._jump_handle = self.get_clock().create_jump_callback(
            JumpThreshold(
                min_forward=None, min_backward=Duration(nanoseconds=-1), on_clock_change=True),
            post_callback=lambda _: self._jumped())
        self._autostart = None
        if autostart:
            self._autostart = self.create_timer(
                0.01, self._start_alone, clock=self._steady_clock)

    # -- for subclasses to override ------------------------------------------------------------

    def setup(self) -> None:
        """Create entities; raise SetupError when that is not possible."""

    def start(self) -> None:
        """Begin work."""

    def stop(self) -> None:
        """Pause work."""

    def teardown(self) -> None:
        """Release what is not a ROS entity."""

    def clock_jumped(self) -> None:
        """Forget evidence: the clock jumped back or changed."""

    # -- for subclasses to use -----------------------------------------------------------------

    @property
    def is_active(self) -> bool:
        """Whether the node is in the lifecycle state `active`."""
        return self._active

    @property
    def emotion_allowed(self) -> bool:
        """Whether the purpose permits to publish emotion."""
        return self.purpose in (Purpose.RESEARCH, Purpose.MEDICAL)

    def declare(
        self, name: str, default: Any, description: str, *, low: float | None = None,
        high: float | None = None, choices: Sequence[str] | None = None, must_fit: bool = False,
    ) -> Any:
        """
        Declare a parameter once and return its value; a bad override is reported, not taken.

        With ``must_fit`` there is no stand-in: a node with a bad override can't be configured.
        """
        value, complaint = declare(
            self, name, default, description, low=low, high=high, choices=choices)
        if complaint:
            self.get_logger().error(complaint)
            self.diagnostics.count('bad parameters')
            self.diagnostics.set(f'parameter {name}', DiagnosticStatus.WARN, complaint)
            if must_fit:
                self._refused.append(complaint.split(';')[0])
        return value

    def frame(self, name: str) -> str:
        """Return a frame id with this wearer's prefix."""
        return self._frame_prefix + name

    def subscribe(
        self, message_type: type, topic: str, callback: Callable[[Any], None], qos: QoSProfile,
        *, while_inactive: bool = False, raw: bool = False,
    ) -> Any:
        """Subscribe with a guarded callback (``raw``: of bytes); QoS can be overridden."""
        subscription = self._with_qos(lambda own_qos, options: self.create_subscription(
            message_type, topic, self._guarded(callback, while_inactive), own_qos, raw=raw,
            qos_overriding_options=options), topic, qos)
        self._entities.append((self.destroy_subscription, subscription))
        return subscription

    def advertise(self, message_type: type, topic: str, qos: QoSProfile) -> Any:
        """Create a publisher; QoS can be overridden by parameter."""
        publisher = self._with_qos(lambda own_qos, options: self.create_publisher(
            message_type, topic, own_qos, qos_overriding_options=options), topic, qos)
        self._entities.append((self.destroy_publisher, publisher))
        return publisher

    def withdraw(self, entity: Any) -> None:
        """Destroy a publisher or subscription before clean-up."""
        for destroy, known in list(self._entities):
            if known is entity:
                self._entities.remove((destroy, known))
                destroy(known)

    def serve(
        self, service_type: type, name: str, handler: Callable[[Any, Any], Any],
    ) -> Any:
        """
        Offer a service with a guarded handler.

        While the node is inactive, and when the handler raises, the answer is as constructed,
        with the reason in its ``message`` if it has one.
        """
        def guarded(request: Any, response: Any) -> Any:
            reason = 'the node is not active; activate it first'
            if self._active:
                try:
                    return handler(request, response)
                except Exception as error:
                    reason = f'{type(error).__name__}: {error}'
                    self.diagnostics.reject(
                        name, reason, 'this is a defect of the node, please report it')
                    self.get_logger().debug(traceback.format_exc())
                    response = service_type.Response()
            if hasattr(response, 'message'):
                response.message = reason
            return response
        service = self.create_service(service_type, name, guarded)
        self._entities.append((self.destroy_service, service))
        return service

    def tick_steadily(self, period_s: float, on_tick: Callable[[], None]) -> Any:
        """Call ``on_tick()`` on steady time while active, also when /clock stands still."""
        guarded = self._guarded(lambda _: on_tick(), False)
        timer = self.create_timer(period_s, lambda: guarded(None), clock=self._steady_clock)
        self._entities.append((self.destroy_timer, timer))
        return timer

    def tick_on_grid(
        self, hop_s: float, grace_s: float, on_tick: Callable[[int], None],
    ) -> GridTimer:
        """Call ``on_tick(tick_ns)`` for every tick of the common grid while active."""
        timer = GridTimer(self, hop_s, grace_s, self._guarded(on_tick, False))
        self._entities.append((GridTimer.destroy, timer))
        return timer

    def follow_purpose(self, on_change: Callable[[], None]) -> None:
        """Follow `safety/purpose`; ``on_change`` is called after ``self.purpose`` has changed."""
        self._purpose_changed = on_change
        self.subscribe(Purpose, 'safety/purpose', self._on_purpose, LATCHED, while_inactive=True)

    def accept_stamp(self, topic: str, stamp: Time, duration_s: float = 0.0) -> float | None:
        """
        Return a stamp in seconds, or None (counted, reported) when it can't be of now.

        For a run of samples that is stamped at its start, ``duration_s`` is how long it lasts:
        what has to be of now is its end.
        """
        stamp_s = from_stamp(stamp)
        ahead_s = stamp_s + duration_s - self.get_clock().now().nanoseconds * 1e-9
        if stamp_s == 0.0:
            self.diagnostics.reject(topic, 'no stamp', 'its publisher must set header.stamp')
        elif ahead_s > self._max_stamp_lead_s:
            self.diagnostics.reject(
                topic, 'stamped in the future',
                f"{ahead_s:.3f} s ahead: is the publisher's clock synchronised?")
        elif ahead_s < -self._max_stamp_age_s:
            self.diagnostics.reject(
                topic, 'stamped in the past',
                f'{-ahead_s:.1f} s ago: for a replay set use_sim_time and play the bag '
                'with --clock')
        elif math.isfinite(ahead_s):
            return stamp_s
        return None

    # -- lifecycle -----------------------------------------------------------------------------

    def on_configure(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Call ``setup``; a failure leaves the node unconfigured with the reason logged."""
        self._is_set_up = self._attempt_transition('configured', self._setup_with_parameters)
        if not self._is_set_up:
            self._release()
            return TransitionCallbackReturn.FAILURE
        return super().on_configure(state)

    def _setup_with_parameters(self) -> None:
        if self._refused:
            raise SetupError('; '.join(self._refused))
        self.setup()

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Call ``start``; a failure leaves the node inactive with the reason logged."""
        self._active = True
        self._active = self._attempt_transition('activated', self.start)
        if not self._active:
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
        self._jump_handle.unregister()
        super().destroy_node()

    # -- private -------------------------------------------------------------------------------

    def _attempt_transition(self, verb: str, step: Callable[[], None]) -> bool:
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

    def _pause(self) -> None:
        if self._active:
            self._active = False
            self._call_safely(self.stop)

    def _release(self) -> None:
        """Stop, tear down, destroy the entities; an exception on the way holds up nothing."""
        self._pause()
        self._is_set_up = False
        self._call_safely(self.teardown)
        for destroy, entity in reversed(self._entities):
            destroy(entity)
        self._entities.clear()
        self._configuration += 1
        self._purpose_changed = None
        self.purpose = Purpose.NONE

    def _with_qos(
        self, create: Callable[[QoSProfile, QoSOverridingOptions], Any], topic: str,
        qos: QoSProfile,
    ) -> Any:
        # A copy: rclpy writes overrides into the profile, and profiles are shared by topics.
        try:
            return create(copy.copy(qos), QoSOverridingOptions.with_default_policies())
        except (InvalidQosOverridesError, InvalidParameterTypeException, RuntimeError,
                TypeError, ValueError, AssertionError) as error:
            overrides = self.get_parameters_by_prefix(
                f'qos_overrides.{self.resolve_topic_name(topic)}')
            if not overrides:
                raise
            raise SetupError(
                f"qos_overrides of topic '{topic}' can't be used: {error}; allowed are history "
                '(keep_last, keep_all), depth (1 or more) and reliability (reliable, best_effort)'
            ) from error

    def _call_safely(self, step: Callable[[], None]) -> None:
        self._guarded(lambda _: step(), True, step)(None)

    def _guarded(
        self, callback: Callable[[Any], None], while_inactive: bool, blamed: Any = None,
    ) -> Callable[[Any], None]:
        configuration = self._configuration

        def guarded(message: Any) -> None:
            # An executor may still deliver to an entity that clean-up has destroyed.
            if configuration != self._configuration or not (self._active or while_inactive):
                return
            try:
                callback(message)
            except Exception as error:
                if not self.context.ok():
                    return  # ROS was shut down in the middle of the callback.
                named = blamed or callback
                named = getattr(named, 'func', named)
                name = getattr(named, '__qualname__', str(named))
                self.diagnostics.reject(
                    name, f'{type(error).__name__}: {error}',
                    'this is a defect of the node, please report it')
                self.get_logger().debug(traceback.format_exc())
        return guarded

    def _on_purpose(self, message: Purpose) -> None:
        if message.purpose != self.purpose:
            self.purpose = message.purpose
            if self._purpose_changed is not None:
                self._purpose_changed()

    def _jumped(self) -> None:
        if not self._is_set_up:
            return
        self.diagnostics.count('clock jumps')
        self._call_safely(self.clock_jumped)
        for _, entity in self._entities:
            if isinstance(entity, GridTimer):
                entity.restart()

    def _start_alone(self) -> None:
        if self._autostart is not None:
            self.destroy_timer(self._autostart)
            self._autostart = None
            if self.trigger_configure() == TransitionCallbackReturn.SUCCESS:
                self.trigger_activate()

    def _watch(self) -> None:
        """Publish diagnostics once a second, and say so when simulated time stands still."""
        stood = self._clock_stands
        self._watch_clock()
        self._watches += 1
        if self._watches % 2 == 0 or self._clock_stands != stood:
            self._call_safely(self.diagnostics.publish)

    def _watch_clock(self) -> None:
        now_s, clock_ns = time.monotonic(), self.get_clock().now().nanoseconds
        is_simulated = self.get_clock().ros_time_is_active
        if clock_ns < self._last_clock_ns and not is_simulated:
            # Nobody tells when the host's clock is set back; timers would wait till it catches up.
            self._jumped()
        if clock_ns != self._last_clock_ns or not is_simulated:
            self._last_clock_ns, self._clock_moved_s = clock_ns, now_s
            self._clock_stands = False
            self.diagnostics.set('clock', DiagnosticStatus.OK, '')
        elif now_s - self._clock_moved_s > _CLOCK_STALLS_AFTER_S:
            message = (
                'use_sim_time is set and nobody publishes /clock' if clock_ns == 0
                else '/clock stands still') + (
                "; play a bag with 'ros2 bag play --clock', or unset use_sim_time")
            self._clock_stands = True
            self.diagnostics.set('clock', DiagnosticStatus.ERROR, message)
            self.diagnostics.warn('clock', message)
