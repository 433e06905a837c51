# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Who ticks, and who has stopped: watched on steady time. No ROS."""

from collections.abc import Iterable
from dataclasses import dataclass
import enum

from affect_safety.hold_up import HoldUp
from affect_safety.instant import Instant


class Life(enum.Enum):
    """Whether something ticks."""

    WAITING = 'waiting'
    ALIVE = 'alive'
    DEAD = 'dead'


@dataclass
class _Source:
    since_s: float
    last_s: float | None = None
    stamp_ns: int | None = None


class Liveness:
    """
    Watches ticks of named sources.

    A source that has not ticked yet is waited for during ``grace_s`` (nodes take time to start);
    from its first tick on, ``dead_after_s`` of silence by steady time is death. A tick counts only
    when its stamp moves and is of now by ROS time: a node that repeats itself is not alive.
    Nobody dies of a hold-up of the monitor itself.
    """

    LEAD_S = 0.5

    def __init__(
        self, sources: Iterable[str], now: Instant, *, dead_after_s: float, grace_s: float,
        late_after_s: float, hold_up: HoldUp | None = None,
    ) -> None:
        self._dead_after_s = dead_after_s
        self._grace_s = grace_s
        self._late_after_s = late_after_s
        self._hold_up = hold_up or HoldUp()
        self._sources = {source: _Source(now.steady_s) for source in sources}

    def await_anew(self, source: str, now: Instant) -> None:
        """Begin the grace of a source again, e.g. when it is first asked to tick."""
        self._sources[source] = _Source(now.steady_s)

    def tick(self, source: str, stamp_ns: int, now: Instant) -> str:
        """Take a tick; return why it does not count, empty when it does."""
        state = self._sources[source]
        age_s = (now.ros_ns - stamp_ns) * 1e-9
        if stamp_ns == state.stamp_ns:
            return 'repeats its stamp'
        if age_s < -self.LEAD_S:
            return 'stamped in the future'
        if age_s > self._late_after_s:
            return 'stamped in the past'
        state.stamp_ns = stamp_ns
        state.last_s = now.steady_s
        return ''

    def silence_s(self, source: str, now: Instant) -> float:
        """Return steady seconds since the last tick, or since the wait began."""
        state = self._sources[source]
        return now.steady_s - (state.since_s if state.last_s is None else state.last_s)

    def life(self, source: str, now: Instant) -> Life:
        """Return whether the source ticks."""
        silence_s = self.silence_s(source, now) - self._hold_up.excused_s
        if self._sources[source].last_s is None:
            return Life.WAITING if silence_s <= self._grace_s else Life.DEAD
        return Life.ALIVE if silence_s <= self._dead_after_s else Life.DEAD
