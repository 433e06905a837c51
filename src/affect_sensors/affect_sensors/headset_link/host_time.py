# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""From steady time to the time of the node's clock, which may be set."""

_SET_NS = 250_000_000
_GAIN = 0.05


class HostTime:
    """
    Knows what the node's clock shows beyond the steady one.

    The two are never read at the same instant, so their difference is smoothed; when it changes by
    more than a quarter of a second, somebody has set the clock.
    """

    def __init__(self) -> None:
        self._ahead_ns: int | None = None

    def forget(self) -> None:
        """Take the next difference as it is."""
        self._ahead_ns = None

    def update(self, clock_ns: int, steady_ns: int) -> bool:
        """Tell what both clocks show; return whether the clock was set (or is new)."""
        ahead_ns = clock_ns - steady_ns
        if self._ahead_ns is None or abs(ahead_ns - self._ahead_ns) > _SET_NS:
            self._ahead_ns = ahead_ns
            return True
        self._ahead_ns += round(_GAIN * (ahead_ns - self._ahead_ns))
        return False

    def stamp_ns(self, steady_ns: int) -> int:
        """Return the node's time at a steady time; needs an update before."""
        if self._ahead_ns is None:
            raise ValueError('stamp_ns before the first update')
        return steady_ns + self._ahead_ns
