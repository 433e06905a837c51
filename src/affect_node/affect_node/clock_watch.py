# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Says so when simulated time stands still."""

import time

from affect_node.diagnostics import Diagnostics
from diagnostic_msgs.msg import DiagnosticStatus
from rclpy.clock import ROSClock

_STALLS_AFTER_S = 1.4


class ClockWatch:
    """Compares a node's clock with steady time whenever ``look`` is called."""

    def __init__(self, clock: ROSClock, diagnostics: Diagnostics) -> None:
        self._clock = clock
        self._diagnostics = diagnostics
        self._last_ns = 0
        self._moved_s = time.monotonic()
        self._stands = False

    def look(self) -> bool:
        """Set or clear the condition `clock`; return whether it has begun or ended just now."""
        stood = self._stands
        now_s, clock_ns = time.monotonic(), self._clock.now().nanoseconds
        if clock_ns != self._last_ns or not self._clock.ros_time_is_active:
            self._last_ns, self._moved_s = clock_ns, now_s
            self._stands = False
            self._diagnostics.set('clock', DiagnosticStatus.OK, '')
        elif now_s - self._moved_s > _STALLS_AFTER_S:
            message = (
                'use_sim_time is set and nobody publishes /clock' if clock_ns == 0
                else '/clock stands still') + (
                "; play a bag with 'ros2 bag play --clock', or unset use_sim_time")
            self._stands = True
            self._diagnostics.set('clock', DiagnosticStatus.ERROR, message)
            self._diagnostics.warn('clock', message)
        return self._stands != stood
