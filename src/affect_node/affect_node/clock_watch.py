# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Says so when simulated time stands still."""

from collections.abc import Callable
import time

from affect_node.diagnostics import Diagnostics
from diagnostic_msgs.msg import DiagnosticStatus
from rclpy.clock import ROSClock

_STILL_AFTER_S = 0.9


class ClockWatch:
    """
    Compares a node's clock with steady time whenever ``look`` is called, every half second or so.

    Two looks in a row must find it still: a node that was busy itself has /clock still waiting in
    its queue.
    """

    def __init__(
        self, clock: ROSClock, diagnostics: Diagnostics,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._diagnostics = diagnostics
        self._now_s = now_s
        self._last_ns = 0
        self._moved_s = now_s()
        self._still_looks = 0

    def look(self) -> bool:
        """Set or clear the condition `clock`; return whether it has begun or ended just now."""
        stood = self._still_looks > 1
        now_s, clock_ns = self._now_s(), self._clock.now().nanoseconds
        if clock_ns != self._last_ns or not self._clock.ros_time_is_active:
            self._last_ns, self._moved_s = clock_ns, now_s
            self._still_looks = 0
            self._diagnostics.set('clock', DiagnosticStatus.OK, '')
        elif now_s - self._moved_s > _STILL_AFTER_S:
            self._still_looks += 1
        stands = self._still_looks > 1
        if stands:
            message = (
                'use_sim_time is set and nobody publishes /clock' if clock_ns == 0
                else '/clock stands still') + (
                "; play a bag with 'ros2 bag play --clock', or unset use_sim_time")
            self._diagnostics.set('clock', DiagnosticStatus.ERROR, message)
            self._diagnostics.warn('clock', message)
        return stands != stood
