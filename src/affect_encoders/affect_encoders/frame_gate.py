# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Which frames of a camera count: those in order, and not more of them than are needed."""

from collections.abc import Callable
import math


class FrameGate:
    """
    Take frames at most every ``least_step_s``, by their stamps alone, so that cost has a bound.

    A frame that is late or doubled is not taken. Two in a row from more than GONE_BACK_S before
    the newest mean that the clock went back (or that one frame came from the future): ``forget``
    is called, and the second is the first of a new time.
    """

    GONE_BACK_S = 1.0

    def __init__(self, least_step_s: float, forget: Callable[[], None]) -> None:
        self._least_step_s = least_step_s
        self._forget = forget
        self.clear()

    def clear(self) -> None:
        """Forget which stamps there were."""
        self._newest_s = -math.inf
        self._strays = 0

    def is_too_soon(self, stamp_s: float) -> bool:
        """Return whether a frame would not be taken only because one was taken just before."""
        return 0.0 <= stamp_s - self._newest_s < self._least_step_s

    def take(self, stamp_s: float) -> bool:
        """
        Return whether to use the frame of this stamp.

        :raises ValueError: the stamp is no finite number
        """
        if not math.isfinite(stamp_s):
            raise ValueError(f'frame stamped {stamp_s}: give finite seconds')
        if stamp_s < self._newest_s - self.GONE_BACK_S:
            self._strays += 1
            if self._strays < 2:
                return False
            self._forget()
            self.clear()
        elif stamp_s - self._newest_s < self._least_step_s:
            return False
        self._strays = 0
        self._newest_s = stamp_s
        return True
