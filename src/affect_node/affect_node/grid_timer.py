# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Ticks on the common grid of ROS time."""

from collections.abc import Callable

from rclpy.node import Node


class GridTimer:
    """
    Calls back at every multiple of ``hop_s`` of the node's clock, ``grace_s`` after it.

    The grid hangs on the clock's epoch and not on the start of the node, so every node of the
    graph ticks at the same times. The callback gets the tick in integer nanoseconds. A tick that
    was missed (a busy node, a stalled clock) is skipped and counted in ``skipped``. Whoever owns
    the timer calls ``restart`` when the clock has jumped back.
    """

    def __init__(
        self,
        node: Node,
        hop_s: float,
        grace_s: float,
        on_tick: Callable[[int], None],
    ) -> None:
        self._clock = node.get_clock()
        self._node = node
        self._hop_ns = round(hop_s * 1e9)
        self._grace_ns = round(grace_s * 1e9)
        self._on_tick = on_tick
        self._last_tick_ns: int | None = None
        self._is_destroyed = False
        self.skipped = 0
        self._timer = node.create_timer(hop_s, self._fire, clock=self._clock)
        self._aim()

    def destroy(self) -> None:
        """Stop ticking for good."""
        self._is_destroyed = True
        self._node.destroy_timer(self._timer)

    def restart(self) -> None:
        """Tick anew from the clock's present time on, as after a jump back."""
        self._last_tick_ns = None
        self._aim()

    def _aim(self) -> None:
        """Set the timer to the next tick after now."""
        since_grace = self._clock.now().nanoseconds - self._grace_ns
        self._next_tick_ns = (since_grace // self._hop_ns + 1) * self._hop_ns
        self._timer.timer_period_ns = self._next_tick_ns - since_grace
        self._timer.reset()

    def _fire(self) -> None:
        if self._is_destroyed:
            return  # An executor may still have it among its due timers.
        since_grace = self._clock.now().nanoseconds - self._grace_ns
        # A timer may wake a little early; the period grid rounds that away.
        tick_ns = (since_grace + 1_000_000) // self._hop_ns * self._hop_ns
        if self._last_tick_ns is not None:
            if tick_ns <= self._last_tick_ns:
                self._aim()
                return
            self.skipped += (tick_ns - self._last_tick_ns) // self._hop_ns - 1
        self._last_tick_ns = tick_ns
        try:
            self._on_tick(tick_ns)
        finally:
            self._aim()
