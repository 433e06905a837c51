# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Notices that the monitor itself was held up. No ROS."""

import math

from affect_safety.instant import Instant


class HoldUp:
    """
    How long the monitor was held up, while what came meanwhile may still wait in its queues.

    A process that gets no processor, or waits for its disk, finds at its next look that everybody
    has been silent for that long. Neither that look nor those within ``SETTLE_S`` of it may blame
    others for it. The one after them may, however late it is itself: a monitor that is always
    late still raises alarms. It goes without excuses until ``look`` is called at every step.
    """

    SETTLE_S = 0.1

    def __init__(self, after_s: float = math.inf) -> None:
        """Take steps that are further apart than ``after_s`` for a hold-up."""
        self._after_s = after_s
        self._looked_s: float | None = None
        self._since_s = -math.inf
        self.excused_s = 0.0
        """Steady seconds of silence that nobody is to be blamed for now."""

    def look(self, now: Instant) -> None:
        """Begin a step."""
        away_s = 0.0 if self._looked_s is None else now.steady_s - self._looked_s
        self._looked_s = now.steady_s
        if self.excused_s:
            if now.steady_s - self._since_s >= self.SETTLE_S:
                self.excused_s = 0.0
        elif away_s > self._after_s:
            self.excused_s, self._since_s = away_s, now.steady_s
