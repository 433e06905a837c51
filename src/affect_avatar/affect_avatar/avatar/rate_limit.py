# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""At most so many a second, and at once when it is time."""

import math


class RateLimit:
    """
    Lets events through at up to ``rate_hz``, without waiting for a timer.

    Events that come regularly at the rate and jitter by less than a quarter of a period all pass.
    """

    def __init__(self, rate_hz: float) -> None:
        """
        Set it up.

        :raises ValueError: the rate is not positive.
        """
        if not rate_hz > 0:
            raise ValueError(f'rate_hz is {rate_hz}, it must be positive')
        self._period_s = 1.0 / rate_hz
        self.reset()

    def reset(self) -> None:
        """Let the next event through."""
        self._due_s = -math.inf

    def passes(self, now_s: float) -> bool:
        """Return whether an event now may pass, and count it if so."""
        if now_s < self._due_s - 2.0 * self._period_s:
            self.reset()  # the clock went back
        if now_s < self._due_s - 0.25 * self._period_s:
            return False
        self._due_s = max(self._due_s + self._period_s, now_s + 0.75 * self._period_s)
        return True
