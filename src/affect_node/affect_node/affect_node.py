# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The base class of every node of the suite."""

from collections.abc import Callable
from collections.abc import Sequence
from typing import Any

from affect_msgs.msg import Purpose
from affect_msgs.msg import SafetyStatus
from affect_node.clock_watch import ClockWatch
from affect_node.grid_timer import GridTimer
from affect_node.guarded_lifecycle_node import GuardedLifecycleNode
from affect_node.parameters import declare
from affect_node.purpose_gate import PurposeGate
from affect_node.qos import LATCHED
from affect_node.qos import STATE
from affect_node.qos_overrides import create_with_overrides
from affect_node.stamp_check import StampCheck
from builtin_interfaces.msg import Time
from diagnostic_msgs.msg import DiagnosticStatus
from rclpy.clock import Clock
from rclpy.clock import ClockType
from rclpy.clock import JumpThreshold
from rclpy.duration import Duration
from rclpy.qos import QoSProfile

_WATCH_S = 0.5


class AffectNode(GuardedLifecycleNode):
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
    ``tick_steadily``, and those it is told to ``own``, are destroyed on clean-up.
    Callbacks run only while the node is active, and an exception in one is reported, not raised.
    """

    AUTOSTART = False
    """Default of the parameter `autostart`; true for a node that must depend on nobody."""

    def __init__(self, name: str, **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self._gate = PurposeGate(self.diagnostics)
        self.purpose = Purpose.NONE
        self._purpose_changed: Callable[[], None] | None = None
        autostart = self.declare(
            'autostart', self.AUTOSTART,
            'Configure and activate without a lifecycle manager, for a node used by itself.')
        self._frame_prefix = self.declare(
            'frame_prefix', '', "Put before every frame id, e.g. 'w1/' for the wearer in /w1.")
        max_age_s = self.declare(
            'max_stamp_age_s', 10.0, 'Input stamped longer ago than this is rejected.',
            low=0.1, high=3600.0)
        max_lead_s = self.declare(
            'max_stamp_lead_s', 0.5, 'Input stamped further ahead than this is rejected.',
            low=0.0, high=60.0)
        self._stamp_check = StampCheck(
            self.get_clock(), self.diagnostics, max_age_s=max_age_s, max_lead_s=max_lead_s)
        self._clock_watch = ClockWatch(self.get_clock(), self.diagnostics)
        self._last_clock_ns = 0
        self._watches = 0
        self._steady_clock = Clock(clock_type=ClockType.STEADY_TIME)
        # Steady time: a stalled /clock must not stop vigilance.
        self._watchdog = self.create_timer(_WATCH_S, self._watch, clock=self._steady_clock)
        # The handle must be kept: dropping it crashes the spin loop at the next jump.
        self._jump_handle = self.get_clock().create_jump_callback(
            JumpThreshold(
                min_forward=None, min_backward=Duration(nanoseconds=-1), on_clock_change=True),
            post_callback=lambda _: self._jumped())
        if autostart:
            self._start_alone_soon(self._steady_clock)

    def clock_jumped(self) -> None:
        """Forget evidence: the clock jumped back or changed."""

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
                self._refusals.append(complaint.split(';')[0])
        return value

    def frame(self, name: str) -> str:
        """Return a frame id with this wearer's prefix."""
        return self._frame_prefix + name

    def subscribe(
        self, message_type: type, topic: str, callback: Callable[[Any], None], qos: QoSProfile,
        *, while_inactive: bool = False, raw: bool = False,
    ) -> Any:
        """Subscribe with a guarded callback (``raw``: of bytes); QoS can be overridden."""
        guarded = self.guarded(callback, while_inactive=while_inactive)
        return self.own(self.destroy_subscription, create_with_overrides(
            self, topic, qos, lambda own_qos, options: self.create_subscription(
                message_type, topic, guarded, own_qos, raw=raw,
                qos_overriding_options=options)))

    def advertise(self, message_type: type, topic: str, qos: QoSProfile) -> Any:
        """Create a publisher; QoS can be overridden by parameter."""
        return self.own(self.destroy_publisher, create_with_overrides(
            self, topic, qos, lambda own_qos, options: self.create_publisher(
                message_type, topic, own_qos, qos_overriding_options=options)))

    def serve(
        self, service_type: type, name: str, handler: Callable[[Any, Any], Any],
    ) -> Any:
        """
        Offer a service with a guarded handler.

        While the node is inactive, and when the handler raises, the answer is as constructed,
        with the reason in its ``message`` if it has one.
        """
        return self.own(self.destroy_service, self.create_service(
            service_type, name, self._guard.handler(service_type, name, handler)))

    def tick_steadily(self, period_s: float, on_tick: Callable[[], None]) -> Any:
        """Call ``on_tick()`` on steady time while active, also when /clock stands still."""
        guarded = self.guarded(on_tick)
        # Later versions of rclpy give a timer's callback an argument if it takes one.
        return self.own(self.destroy_timer, self.create_timer(
            period_s, lambda: guarded(), clock=self._steady_clock))

    def tick_on_grid(
        self, hop_s: float, grace_s: float, on_tick: Callable[[int], None],
    ) -> GridTimer:
        """Call ``on_tick(tick_ns)`` for every tick of the common grid while active."""
        return self.own(
            GridTimer.destroy, GridTimer(self, hop_s, grace_s, self.guarded(on_tick)))

    def follow_purpose(self, on_change: Callable[[], None]) -> None:
        """Call ``on_change`` when ``purpose`` changes; it is NONE while the monitor is silent."""
        self._purpose_changed = on_change
        self.subscribe(Purpose, 'safety/purpose', self._on_purpose, LATCHED, while_inactive=True)
        self.subscribe(SafetyStatus, 'safety/status', self._on_beat, STATE, while_inactive=True)

    def accept_stamp(self, topic: str, stamp: Time, duration_s: float = 0.0) -> float | None:
        """
        Return a stamp in seconds, or None (counted, reported) when it can't be of now.

        For a run of samples that is stamped at its start, ``duration_s`` is how long it lasts:
        what has to be of now is its end.
        """
        return self._stamp_check.accept(topic, stamp, duration_s)

    def destroy_node(self) -> None:
        """Release everything also when nobody took the node down in order (a signal)."""
        self._jump_handle.unregister()
        super().destroy_node()

    def _release(self) -> None:
        super()._release()
        self._purpose_changed = None
        self._gate.reset()
        self.purpose = Purpose.NONE

    def _on_purpose(self, message: Purpose) -> None:
        self._gate.tell(message.purpose)
        self._take_purpose()

    def _on_beat(self, message: SafetyStatus) -> None:
        self._gate.beat(message.period_s)
        self._take_purpose()

    def _take_purpose(self) -> None:
        if self._gate.purpose != self.purpose:
            self.purpose = self._gate.purpose
            if self._purpose_changed is not None:
                self._purpose_changed()

    def _watch(self) -> None:
        """Publish diagnostics once a second, and at once when the clock stops or goes on."""
        clock = self.get_clock()
        clock_ns = clock.now().nanoseconds
        if clock_ns < self._last_clock_ns and not clock.ros_time_is_active:
            # Nobody tells when the host's clock is set back; timers would wait till it catches up.
            self._jumped()
        self._last_clock_ns = clock_ns
        stops_or_goes_on = self._clock_watch.look()
        self._gate.look()
        self._guard.call(self._take_purpose)
        self._watches += 1
        if self._watches % 2 == 0 or stops_or_goes_on:
            self._guard.call(self.diagnostics.publish)

    def _jumped(self) -> None:
        if not self._is_set_up:
            return
        self.diagnostics.count('clock jumps')
        self._guard.call(self.clock_jumped)
        for entity in self._entities:
            if isinstance(entity, GridTimer):
                entity.restart()
