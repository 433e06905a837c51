# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""One set of messages per tick of the grid, whatever arrives, on top of message_filters."""

from collections import Counter
from collections import deque
from collections.abc import Callable
from collections.abc import Iterable
import logging
from typing import Any

from affect_fusion.tick_set import StreamState
from affect_fusion.tick_set import TickSet
from message_filters import ApproximateTimeSynchronizer
from message_filters import Cache
from message_filters import SimpleFilter
from rclpy.clock import ClockType
from rclpy.time import Time

_MISSES_UNTIL_DEAD = 2
_MAX_CATCH_UP = 50  # ticks

_logger = logging.getLogger(__name__)


class _Gridded:
    """A message with its stamp snapped to the grid; looks like a stamped message itself."""

    __slots__ = ('message', 'stamp', 'tick_ns')

    def __init__(self, message: Any, tick_ns: int) -> None:
        self.message = message
        self.tick_ns = tick_ns
        self.stamp = Time(nanoseconds=tick_ns, clock_type=ClockType.ROS_TIME)

    @property
    def header(self) -> '_Gridded':
        return self


def has_evidence(message: Any) -> bool:
    """Return whether a message has a quality above 0 (or says nothing about quality)."""
    return getattr(message, 'quality', 1.0) > 0.0


class GridSynchronizer:
    """
    Calls ``on_tick`` once per tick of the grid, in order, always.

    A tick is handed over as soon as every living stream has a message for it
    (ApproximateTimeSynchronizer), at the latest ``max_wait_s`` after it with what has arrived
    (Cache), also when that is nothing.

    What message_filters leaves open is settled here, for either implementation of it:

    - Stamps are snapped to the nearest tick *before* the synchroniser sees them. It takes the
      first set that fits, and could otherwise pair neighbouring ticks of two off-grid streams;
      on the grid there is one candidate per stream, so its search costs nothing.
    - A stream is dead when two ticks in a row went without a sign of life from it. The
      synchroniser is rebuilt for the living whenever that set changes, since one silent topic
      would silence all. A dead stream returns with its first recent message. At the start, and
      when all were dead, every stream counts as living, so that the first to come waits for the
      others.
    - Output is in order and not before the tick; sets that complete early are held.
    - It does not survive a clock that jumps back: it is rebuilt then.
    - Its callback only takes a note, since an exception in it would keep its lock.

    Messages are counted in ``counters`` by what was wrong with them: `late` (the tick has been
    handed over), `duplicate`, `future` (beyond ``max_lead_s``), `no stamp`: not used;
    `out of order` and `off grid` (further than ``slop_s`` from a tick): used. ``stream_counters``
    has the same by stream, and ``n_received`` is the number of all messages.

    Not thread-safe: all calls belong into one callback group. Memory is bounded by the number of
    streams times ``max_wait_s + max_lead_s`` in ticks.

    :param streams: names of the expected streams, at least one, no name twice.
    :param hop_s: spacing of the ticks, which are multiples of it.
    :param max_wait_s: how long after a tick to wait for the last message.
    :param slop_s: tolerance of the synchroniser; 0 < slop_s < hop_s / 2.
    :param on_tick: called with each TickSet; what it raises is logged and counted.
    :param now: returns the time in nanoseconds on the clock of the stamps.
    :param max_lead_s: how far a stamp may be ahead of ``now`` (default one hop).
    :raises ValueError: a parameter is out of range.
    """

    def __init__(
        self,
        streams: Iterable[str],
        hop_s: float,
        max_wait_s: float,
        slop_s: float,
        on_tick: Callable[[TickSet], None],
        now: Callable[[], int],
        *,
        max_lead_s: float | None = None,
    ) -> None:
        self.streams = tuple(streams)
        if not self.streams or len(set(self.streams)) != len(self.streams):
            raise ValueError(f'streams must be named, each once; got {list(self.streams)}')
        if not hop_s > 0.0:
            raise ValueError(f'hop_s must be positive, got {hop_s}')
        if not max_wait_s >= 0.0:
            raise ValueError(f'max_wait_s must not be negative, got {max_wait_s}')
        if not 0.0 < slop_s < hop_s / 2:
            raise ValueError(
                f'slop_s must be above 0 and below half of hop_s ({hop_s / 2}), got {slop_s}')
        self._hop_ns = round(hop_s * 1e9)
        self._wait_ns = round(max_wait_s * 1e9)
        self._slop_s = slop_s
        self._slop_ns = round(slop_s * 1e9)
        self._lead_ns = self._hop_ns if max_lead_s is None else round(max_lead_s * 1e9)
        self._depth = (self._wait_ns + self._lead_ns) // self._hop_ns + 4
        self._on_tick = on_tick
        self._now = now
        self.n_received = 0
        self.counters: Counter[str] = Counter()
        self.stream_counters: dict[str, Counter[str]] = {s: Counter() for s in self.streams}
        self.reset()

    @property
    def live_streams(self) -> tuple[str, ...]:
        """Streams that a tick waits for, in the order of ``streams``."""
        return tuple(stream for stream in self.streams if stream in self._live)

    def connect(self, stream: str, message_filter: SimpleFilter) -> None:
        """Take the output of a filter as a stream; KeyError if the stream is not expected."""
        message_filter.registerCallback(self.add, self.streams[self.streams.index(stream)])

    def reset(self) -> None:
        """Forget all messages and begin with the next tick, as after a jump of the clock."""
        self._latest_now_ns = self._now()
        self._next_ns = (self._latest_now_ns // self._hop_ns + 1) * self._hop_ns
        self._live = set(self.streams)
        self._seen: set[str] = set()
        self._misses = dict.fromkeys(self.streams, 0)
        self._newest_ns = dict.fromkeys(self.streams, -self._hop_ns)
        self._recent: dict[str, deque[int]] = {
            stream: deque(maxlen=self._depth) for stream in self.streams}
        self._inlets = {stream: SimpleFilter() for stream in self.streams}
        self._caches = {
            stream: Cache(inlet, self._depth) for stream, inlet in self._inlets.items()}
        self._rebuild()

    def add(self, message: Any, stream: str) -> None:
        """Take a message of a stream, in the order of message_filters; it may complete a tick."""
        now_ns = self._now()
        self.n_received += 1
        self._follow_clock(now_ns)
        tick_ns = self._place(message, stream, now_ns)
        if tick_ns is None:
            return
        gridded = _Gridded(message, tick_ns)
        self._inlets[stream].signalMessage(gridded)
        if stream in self._relays:
            self._relays[stream].signalMessage(gridded)
        else:
            self._revive(stream)
        self._hand_over_complete()
        if tick_ns - self._next_ns > self._depth * self._hop_ns:
            self.advance(now_ns)  # nobody calls it; what is kept must stay bounded

    def advance(self, now_ns: int) -> None:
        """Hand over every tick whose deadline has passed at ``now_ns``; call it at deadlines."""
        self._follow_clock(now_ns)
        if now_ns - self._wait_ns - self._next_ns > _MAX_CATCH_UP * self._hop_ns:
            # A clock that leaps hours ahead must not cost hours of results.
            self.counters['clock jumped forward'] += 1
            self.reset()
        while self._next_ns + self._wait_ns <= now_ns:
            self._hand_over()
        self._hand_over_complete()

    def _follow_clock(self, now_ns: int) -> None:
        if now_ns < self._latest_now_ns - self._hop_ns:
            self.counters['clock jumped back'] += 1
            self.reset()
        self._latest_now_ns = max(self._latest_now_ns, now_ns)

    def _place(self, message: Any, stream: str, now_ns: int) -> int | None:
        """Return the tick that a message is for, or None (counted) when it can't be used."""
        try:
            stamp = message.header.stamp
            stamp_ns = stamp.sec * 1_000_000_000 + stamp.nanosec
        except AttributeError:
            self._count(stream, 'no stamp')
            return None
        if stamp_ns > now_ns + self._lead_ns:
            self._count(stream, 'future')
            return None
        tick_ns = (stamp_ns + self._hop_ns // 2) // self._hop_ns * self._hop_ns
        if tick_ns in self._recent[stream]:
            self._count(stream, 'duplicate')
            return None
        self._recent[stream].append(tick_ns)
        if abs(stamp_ns - tick_ns) > self._slop_ns:
            self._count(stream, 'off grid')
        if tick_ns < self._newest_ns[stream]:
            self._count(stream, 'out of order')
        else:
            self._newest_ns[stream] = tick_ns
        is_late = tick_ns < self._next_ns
        if tick_ns >= self._next_ns - _MISSES_UNTIL_DEAD * self._hop_ns:
            self._misses[stream] = 0
            self._seen.add(stream)
            if is_late and stream not in self._live:
                self._revive(stream)
        if is_late:
            self._count(stream, 'late')
            return None
        return tick_ns

    def _count(self, stream: str, reason: str) -> None:
        self.counters[reason] += 1
        self.stream_counters[stream][reason] += 1

    def _revive(self, stream: str) -> None:
        if self._live:
            self._live.add(stream)
        else:
            self._live = set(self.streams)
            self._misses = dict.fromkeys(self.streams, 0)
        self._rebuild()

    def _rebuild(self) -> None:
        """Synchronise the living, beginning with what the caches hold."""
        self._complete: dict[int, dict[str, Any]] = {}
        # A filter of message_filters can't be disconnected everywhere; these are dropped instead.
        self._relays = {stream: SimpleFilter() for stream in self.live_streams}
        if not self._relays:
            return
        self._synchronizer = ApproximateTimeSynchronizer(
            list(self._relays.values()), self._depth, self._slop_s)
        self._synchronizer.registerCallback(self._take_note)
        for stream, relay in self._relays.items():
            for gridded in self._caches[stream].cache_msgs:
                if gridded.tick_ns >= self._next_ns:
                    relay.signalMessage(gridded)

    def _take_note(self, *gridded: _Gridded) -> None:
        self._complete[gridded[0].tick_ns] = {
            stream: entry.message for stream, entry in zip(self._relays, gridded, strict=True)}

    def _hand_over_complete(self) -> None:
        # Not before its time: a publisher whose clock is ahead must not close the tick to others.
        while self._next_ns in self._complete and self._next_ns <= self._latest_now_ns:
            self._hand_over()

    def _hand_over(self) -> None:
        """Hand over the next tick as it is."""
        tick_ns = self._next_ns
        self._next_ns += self._hop_ns
        messages = self._complete.pop(tick_ns, None)
        is_complete = messages is not None
        if messages is None:
            messages = self._arrived(tick_ns)
        self._bury_the_dead(messages)
        states = {stream: self._state(stream, messages) for stream in self.streams}
        try:
            self._on_tick(TickSet(tick_ns, messages, states, is_complete))
        except Exception:
            self.counters['errors'] += 1
            _logger.exception('on_tick failed at tick %.1f s', tick_ns * 1e-9)

    def _arrived(self, tick_ns: int) -> dict[str, Any]:
        tick = Time(nanoseconds=tick_ns, clock_type=ClockType.ROS_TIME)
        found = {
            stream: self._caches[stream].getInterval(tick, tick)
            for stream, newest_ns in self._newest_ns.items() if newest_ns >= tick_ns}
        return {stream: entries[-1].message for stream, entries in found.items() if entries}

    def _bury_the_dead(self, messages: dict[str, Any]) -> None:
        dead = set()
        for stream in self._live:
            self._misses[stream] = 0 if stream in messages else self._misses[stream] + 1
            if self._misses[stream] >= _MISSES_UNTIL_DEAD:
                dead.add(stream)
        if dead:
            self._live -= dead
            self._seen -= dead
            self._rebuild()

    def _state(self, stream: str, messages: dict[str, Any]) -> StreamState:
        if stream in messages:
            return (
                StreamState.EVIDENCE if has_evidence(messages[stream]) else StreamState.ALIVE)
        return StreamState.LATE if stream in self._seen else StreamState.DEAD
