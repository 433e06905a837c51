# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Notices a clock that stands still. No ROS."""

from affect_safety.hold_up import HoldUp
from affect_safety.instant import Instant


class ClockWatch:
    """Compares ROS time with steady time."""

    def __init__(self, timeout_s: float, hold_up: HoldUp | None = None) -> None:
        self._timeout_s = timeout_s
        self._hold_up = hold_up or HoldUp()
        self._moved: Instant | None = None

    def complaint(self, now: Instant) -> str:
        """Return what is wrong with ROS time, empty when it moves."""
        if self._moved is None or now.ros_ns != self._moved.ros_ns:
            self._moved = now
        still_s = now.steady_s - self._moved.steady_s
        if still_s - self._hold_up.excused_s <= self._timeout_s:
            return ''
        if now.ros_ns == 0:
            return 'use_sim_time is set and nobody publishes /clock'
        return f'/clock has stood still for {still_s:.1f} s'
