# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Which samples of a uniform stream are complete, and when each of them was."""

_SECOND_NS = 1_000_000_000


class Pacing:
    """
    Puts pieces of ``length`` samples at ``rate_hz`` on the clock, in exact integers.

    ``origin_ns`` fixes sample 0 (the simulated wearer); without it the next sample is taken to be
    sampled at the time of ``start`` (a recording). A rate may be fractional (video).
    """

    def __init__(self, rate_hz: float, length: int, *, origin_ns: int | None = None) -> None:
        self.length = length
        self._samples, self._per_ns = _ratio(rate_hz)
        self._fixed = origin_ns is not None
        self._origin_ns = origin_ns or 0
        self._begun: int | None = None
        self.position = 0

    @property
    def due_ns(self) -> int:
        """When the piece at ``position`` is complete: one sample after its last one."""
        return self.stamp_ns(self.position + self.length)

    @property
    def running_index(self) -> int:
        """``position`` counted from where the stream began."""
        return self.position - (self._begun or 0)

    def start(self, now_ns: int) -> None:
        """Begin or go on at ``now_ns``."""
        if self._fixed:
            passed = (now_ns - self._origin_ns) * self._samples
            self.position = -(-passed // self._per_ns)
        else:
            self._origin_ns = now_ns - self.position * self._per_ns // self._samples
        if self._begun is None or self.position < self._begun:
            self._begun = self.position

    def stamp_ns(self, sample: int) -> int:
        """Return when a sample was taken."""
        return self._origin_ns + sample * self._per_ns // self._samples

    def advance(self) -> None:
        """Go to the next piece."""
        self.position += self.length


def _ratio(rate_hz: float) -> tuple[int, int]:
    """Return (samples, nanoseconds) with samples / nanoseconds = rate."""
    if float(rate_hz).is_integer():
        return int(rate_hz), _SECOND_NS
    return round(rate_hz * 1_000_000), _SECOND_NS * 1_000_000
