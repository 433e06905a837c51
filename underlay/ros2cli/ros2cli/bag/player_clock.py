# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The time inside a bag, as it passes during playback."""

from collections.abc import Callable
import time


class PlayerClock:
    """
    Maps steady time to bag time by a rate; it can stand still and jump.

    All times are integer nanoseconds; `steady_ns` is the source of steady time.
    """

    def __init__(
        self, start_ns: int, *, rate: float = 1.0, paused: bool = False,
        steady_ns: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        self._steady_ns = steady_ns
        self._rate = rate
        self._paused = paused
        self._bag_reference_ns = start_ns
        self._steady_reference_ns = steady_ns()

    @property
    def rate(self) -> float:
        """How much faster than real time the bag passes."""
        return self._rate

    @property
    def paused(self) -> bool:
        """Whether the time in the bag stands still."""
        return self._paused

    def now(self) -> int:
        """Return the time in the bag."""
        if self._paused:
            return self._bag_reference_ns
        elapsed_ns = self._steady_ns() - self._steady_reference_ns
        return self._bag_reference_ns + int(elapsed_ns * self._rate)

    def to_steady(self, bag_ns: int) -> int:
        """Return the steady time at which the bag will be at `bag_ns`, if it goes on like now."""
        return self._steady_reference_ns + int((bag_ns - self._bag_reference_ns) / self._rate)

    def jump(self, bag_ns: int) -> None:
        """Continue from another time in the bag."""
        self._bag_reference_ns = bag_ns
        self._steady_reference_ns = self._steady_ns()

    def set_rate(self, rate: float) -> None:
        """Change the rate, from now on."""
        self.jump(self.now())
        self._rate = rate

    def pause(self) -> None:
        """Stand still."""
        self.jump(self.now())
        self._paused = True

    def resume(self) -> None:
        """Go on from where it stood."""
        self.jump(self.now())
        self._paused = False
