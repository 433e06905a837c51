# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""One result per tick, in order, always: on each implementation of message_filters."""

from random import Random
from types import SimpleNamespace

from affect_fusion.tick_set import StreamState
from hypothesis import given
from hypothesis import HealthCheck
from hypothesis import settings
from hypothesis import strategies as st
import pytest

HOP = 100_000_000
WAIT = 85_000_000
MS = 1_000_000
STREAMS = ('face', 'gaze', 'voice')


def message(stamp_ns, quality=1.0):
    stamp = SimpleNamespace(sec=stamp_ns // 10**9, nanosec=stamp_ns % 10**9)
    return SimpleNamespace(header=SimpleNamespace(stamp=stamp), quality=quality)


class Bench:
    """A synchroniser with a clock that is set by hand, and what came out of it."""

    def __init__(self, grid, streams=STREAMS, start=0, on_tick=None, max_wait_s=0.085):
        self.now = start
        self.sets = []
        self.handed_over_at = []
        self.on_tick = on_tick
        self.synchronizer = grid.GridSynchronizer(
            streams, 0.1, max_wait_s, 0.04, self._take, lambda: self.now)
        self.inputs = {stream: grid.SimpleFilter() for stream in streams}
        for stream, each in self.inputs.items():
            self.synchronizer.connect(stream, each)

    def _take(self, tick_set):
        self.sets.append(tick_set)
        self.handed_over_at.append(self.now)
        if self.on_tick is not None:
            self.on_tick(tick_set)

    def send(self, at, stream, stamp, quality=1.0):
        self.now = at
        self.inputs[stream].signalMessage(message(stamp, quality))

    def advance(self, at):
        self.now = at
        self.synchronizer.advance(at)

    def run(self, arrivals, first_tick, last_tick):
        """Play (time, stream, stamp) with a deadline timer from the first to the last tick."""
        deadlines = [
            (tick * HOP + WAIT, None, None) for tick in range(first_tick, last_tick + 1)]
        for at, stream, stamp in sorted(arrivals + deadlines, key=lambda event: event[0]):
            if stream is None:
                self.advance(at)
            else:
                self.send(at, stream, stamp)

    @property
    def ticks(self):
        return [tick_set.tick_ns // HOP for tick_set in self.sets]


def regular(streams=STREAMS, ticks=range(1, 11), delay=40 * MS, offset=0):
    return [
        (tick * HOP + delay, stream, tick * HOP + offset) for tick in ticks for stream in streams]


def test_a_complete_tick_is_handed_over_at_once(grid):
    bench = Bench(grid)
    bench.run(regular(), 1, 10)
    assert bench.ticks == list(range(1, 11))
    assert all(s.complete and set(s.messages) == set(STREAMS) for s in bench.sets)
    assert bench.handed_over_at == [tick * HOP + 40 * MS for tick in range(1, 11)]


def test_nobody_there_gives_a_result_per_tick_all_the_same(grid):
    bench = Bench(grid)
    bench.run([], 1, 20)
    assert bench.ticks == list(range(1, 21))
    assert all(not s.messages and not s.complete for s in bench.sets)
    assert all(set(s.states.values()) == {StreamState.DEAD} for s in bench.sets)
    assert bench.handed_over_at == [tick * HOP + WAIT for tick in range(1, 21)]


def test_alive_evidence_late_and_dead_are_kept_apart(grid):
    bench = Bench(grid, streams=('silent', 'speaking', 'slow', 'absent'))
    for tick in range(1, 6):
        bench.send(tick * HOP + 30 * MS, 'silent', tick * HOP, quality=0.0)
        bench.send(tick * HOP + 30 * MS, 'speaking', tick * HOP)
        bench.advance(tick * HOP + WAIT)
        bench.send(tick * HOP + 95 * MS, 'slow', tick * HOP)
    assert bench.sets[-1].states == {
        'silent': StreamState.ALIVE, 'speaking': StreamState.EVIDENCE,
        'slow': StreamState.LATE, 'absent': StreamState.DEAD}
    assert bench.synchronizer.stream_counters['slow']['late'] == 5


def test_a_dead_stream_leaves_within_300_ms_and_returns(grid):
    bench = Bench(grid)
    survivors = regular(('face', 'gaze'), range(1, 21))
    bench.run(survivors + regular(('voice',), [*range(1, 6), *range(12, 21)]), 1, 20)
    assert bench.ticks == list(range(1, 21))
    states = [s.states['voice'] for s in bench.sets]
    # Its last message is that of tick 5, sent 40 ms after it.
    reported = next(
        at for at, state in zip(bench.handed_over_at, states, strict=True)
        if state == StreamState.DEAD)
    assert 5 * HOP + 40 * MS < reported <= 5 * HOP + 40 * MS + 300 * MS
    # From then on nobody waits for it.
    waits = [at - tick * HOP for at, tick in zip(bench.handed_over_at, bench.ticks, strict=True)]
    assert waits[5:7] == [WAIT, WAIT]
    assert waits[7:11] == [40 * MS] * 4
    assert all(s.complete for s in bench.sets[7:11])
    # In tick 12 it comes last, when that tick has gone; from 13 on it is back.
    assert all('voice' in s.messages for s in bench.sets[12:])


def test_after_all_were_dead_the_first_to_come_waits_for_the_others(grid):
    bench = Bench(grid)
    bench.run(regular(ticks=[*range(1, 6), *range(12, 16)]), 1, 15)
    assert bench.ticks == list(range(1, 16))
    assert [len(s.messages) for s in bench.sets] == [3] * 5 + [0] * 6 + [3] * 4


def test_off_grid_stamps_snap_to_the_nearest_tick_and_neighbours_are_not_mixed(grid):
    bench = Bench(grid)
    # 30 ms apart across the border of two ticks: within the slop of each other.
    bench.run(
        regular(('face',)) + regular(('gaze',), offset=30 * MS)
        + regular(('voice',), offset=-45 * MS), 1, 10)
    for tick_set in bench.sets:
        assert tick_set.complete
        stamps = {s: m.header.stamp for s, m in tick_set.messages.items()}
        got = {s: stamp.sec * 10**9 + stamp.nanosec for s, stamp in stamps.items()}
        assert got == {
            'face': tick_set.tick_ns, 'gaze': tick_set.tick_ns + 30 * MS,
            'voice': tick_set.tick_ns - 45 * MS}
    assert bench.synchronizer.stream_counters['voice']['off grid'] == 10
    assert bench.synchronizer.stream_counters['gaze']['off grid'] == 0


def test_what_was_wrong_with_messages_is_counted(grid):
    bench = Bench(grid)
    bench.run(regular(ticks=range(1, 5)), 1, 4)
    bench.send(5 * HOP + 10 * MS, 'face', 5 * HOP)
    bench.send(5 * HOP + 10 * MS, 'face', 5 * HOP)
    bench.send(5 * HOP + 10 * MS, 'face', 3 * HOP)
    bench.send(5 * HOP + 10 * MS, 'face', 9 * HOP)
    bench.send(5 * HOP + 10 * MS, 'gaze', 6 * HOP)
    bench.send(5 * HOP + 10 * MS, 'gaze', 5 * HOP)
    bench.send(5 * HOP + 10 * MS, 'voice', 2 * HOP - 700 * HOP)
    bench.inputs['voice'].signalMessage(SimpleNamespace(data=1))
    bench.inputs['voice'].signalMessage(None)
    assert dict(bench.synchronizer.counters) == {
        'duplicate': 2, 'future': 1, 'out of order': 2, 'late': 1, 'no stamp': 2}
    bench.advance(5 * HOP + WAIT)
    assert set(bench.sets[-1].messages) == {'face', 'gaze'}


def test_a_tick_that_completes_early_waits_for_its_turn(grid):
    bench = Bench(grid)
    bench.send(1 * HOP + 10 * MS, 'face', 1 * HOP)
    for stream in STREAMS:
        bench.send(1 * HOP + 20 * MS, stream, 2 * HOP)
    assert bench.sets == []
    bench.advance(1 * HOP + WAIT)
    assert bench.ticks == [1]
    bench.advance(2 * HOP + 10 * MS)
    assert bench.ticks == [1, 2]
    assert [s.complete for s in bench.sets] == [False, True]


def test_sets_that_were_held_go_out_together_and_in_order(grid):
    bench = Bench(grid, max_wait_s=0.25)
    bench.send(1 * HOP + 10 * MS, 'face', 1 * HOP)
    for tick in (2, 3):
        for stream in STREAMS:
            bench.send(tick * HOP + 20 * MS, stream, tick * HOP)
    assert bench.sets == []
    bench.advance(1 * HOP + 250 * MS)
    assert bench.ticks == [1, 2, 3]
    assert [s.complete for s in bench.sets] == [False, True, True]


def bench_with_dead_voice(grid):
    bench = Bench(grid)
    bench.run(regular(('face', 'gaze'), range(1, 6)), 1, 5)
    assert bench.sets[-1].states['voice'] == StreamState.DEAD
    return bench


def test_a_stream_that_returns_amid_a_tick_does_not_cost_the_tick_its_promptness(grid):
    bench = bench_with_dead_voice(grid)
    for at, stream in ((10, 'face'), (20, 'voice'), (40, 'gaze')):
        bench.send(6 * HOP + at * MS, stream, 6 * HOP)
    assert bench.ticks[-1] == 6 and bench.handed_over_at[-1] == 6 * HOP + 40 * MS
    assert bench.sets[-1].complete and set(bench.sets[-1].messages) == set(STREAMS)


def test_a_stream_that_returns_into_a_set_that_is_held_is_part_of_it(grid):
    bench = bench_with_dead_voice(grid)
    bench.send(6 * HOP + 10 * MS, 'face', 6 * HOP)
    for at, stream in ((20, 'face'), (30, 'gaze'), (40, 'voice')):
        bench.send(6 * HOP + at * MS, stream, 7 * HOP)
    bench.advance(6 * HOP + WAIT)
    bench.advance(7 * HOP + 10 * MS)
    assert bench.ticks[-2:] == [6, 7]
    assert set(bench.sets[-1].messages) == set(STREAMS)


def test_a_set_that_is_held_waits_for_a_stream_that_returned_meanwhile(grid):
    bench = bench_with_dead_voice(grid)
    for at, stream, tick in ((10, 'face', 6), (20, 'face', 7), (30, 'gaze', 7), (40, 'voice', 6)):
        bench.send(6 * HOP + at * MS, stream, tick * HOP)
    bench.advance(6 * HOP + WAIT)
    bench.advance(7 * HOP + 10 * MS)
    bench.send(7 * HOP + 30 * MS, 'voice', 7 * HOP)
    assert bench.ticks[-2:] == [6, 7]
    assert set(bench.sets[-1].messages) == set(STREAMS)


def test_a_jump_back_begins_anew_from_there(grid):
    bench = Bench(grid, start=1000 * HOP)
    bench.run(regular(ticks=range(1001, 1011)), 1001, 1010)
    bench.send(200 * HOP, 'face', 200 * HOP)  # of the tick at which the clock came back: gone
    bench.run(regular(ticks=range(201, 211)), 201, 210)
    assert bench.ticks == [*range(1001, 1011), *range(201, 211)]
    assert all(s.complete for s in bench.sets)
    assert bench.synchronizer.counters['clock jumped back'] == 1


def test_a_leap_ahead_costs_no_hours_of_results(grid):
    bench = Bench(grid)
    bench.run(regular(ticks=range(1, 4)), 1, 3)
    bench.advance(10**7 * HOP)
    bench.run(regular(ticks=range(10**7 + 1, 10**7 + 4)), 10**7 + 1, 10**7 + 3)
    assert bench.ticks == [1, 2, 3, *range(10**7 + 1, 10**7 + 4)]
    assert bench.synchronizer.counters['clock jumped forward'] == 1


def test_a_consumer_that_raises_stops_nothing(grid):
    def fail(_):
        raise RuntimeError('a consumer that fails')
    bench = Bench(grid, on_tick=fail)
    bench.run(regular(), 1, 10)
    assert bench.ticks == list(range(1, 11))
    assert bench.synchronizer.counters['errors'] == 10


def test_what_is_kept_is_bounded_also_when_nobody_calls_advance(grid):
    bench = Bench(grid)
    for tick in range(1, 3000):
        bench.send(tick * HOP + 30 * MS, 'face', tick * HOP)
        for _ in range(3):  # a flood of the same
            bench.send(tick * HOP + 30 * MS, 'face', tick * HOP)
    synchronizer = bench.synchronizer
    assert len(bench.ticks) > 2990
    assert max(len(cache.cache_msgs) for cache in synchronizer._caches.values()) < 10
    assert max(len(queue) for queue in synchronizer._synchronizer.queues) < 10
    assert len(synchronizer._complete) < 10


@pytest.mark.parametrize('changed, word', [
    ({'slop_s': 0.05}, 'slop_s'), ({'slop_s': 0.0}, 'slop_s'), ({'hop_s': 0.0}, 'hop_s'),
    ({'max_wait_s': -1.0}, 'max_wait_s'), ({'streams': []}, 'streams'),
    ({'streams': ['a', 'a']}, 'streams'), ({'slop_s': float('nan')}, 'slop_s')])
def test_parameters_out_of_range_are_named(grid, changed, word):
    given_ones = {'streams': ['a'], 'hop_s': 0.1, 'max_wait_s': 0.08, 'slop_s': 0.04}
    with pytest.raises(ValueError, match=word):
        grid.GridSynchronizer(
            **{**given_ones, **changed}, on_tick=lambda _: None, now=lambda: 0)


N_TICKS = 10


def random_delay_ms(random):
    """Return None (dropped), in time (or early: before the last tick's deadline), or late."""
    kind = random.random()
    if kind < 0.15:
        return None
    return random.randint(-50, 84) if kind < 0.8 else random.randint(86, 400)


@settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(seed=st.integers(0, 2**32))
def test_any_schedule_gives_one_result_per_tick_with_all_that_came_in_time(grid, seed):
    random = Random(seed)
    p_silent = random.choice([0.0, 0.0, 0.3, 0.9])
    schedule = [
        [(None if random.random() < p_silent else random_delay_ms(random),
          random.randint(-49, 49), random.random() < 0.2) for _ in STREAMS]
        for _ in range(N_TICKS)]
    bench = Bench(grid)
    arrivals, in_time = [], {tick: set() for tick in range(1, N_TICKS + 1)}
    for tick, row in enumerate(schedule, start=1):
        for stream, (delay, offset, is_sent_twice) in zip(STREAMS, row, strict=True):
            if delay is None:
                continue
            event = (tick * HOP + delay * MS, stream, tick * HOP + offset * MS)
            arrivals += [event] * (1 + is_sent_twice)
            if delay < 85:
                in_time[tick].add(stream)
    bench.run(arrivals, 1, N_TICKS + 5)

    assert bench.ticks == list(range(1, N_TICKS + 6))
    for tick, tick_set in zip(bench.ticks, bench.sets, strict=True):
        expected = in_time.get(tick, set())
        assert set(tick_set.messages) <= expected
        # Whoever was there in one of the two ticks before has not been given up.
        before = in_time.get(tick - 1, set(STREAMS)) | in_time.get(tick - 2, set(STREAMS))
        assert expected & before <= set(tick_set.messages)
        for stream, each in tick_set.messages.items():
            stamp = each.header.stamp.sec * 10**9 + each.header.stamp.nanosec
            assert abs(stamp - tick_set.tick_ns) < HOP / 2
            assert tick_set.states[stream] == StreamState.EVIDENCE
    counters = bench.synchronizer.counters
    used = sum(len(s.messages) for s in bench.sets)
    assert used + sum(counters[k] for k in ('late', 'duplicate', 'future')) == len(arrivals)


@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(events=st.lists(st.one_of(
    st.tuples(st.sampled_from(STREAMS), st.integers(-10**4, 10**4), st.integers(-10**4, 10**4)),
    st.tuples(st.none(), st.integers(-10**4, 10**4), st.just(0))), max_size=60))
def test_a_clock_gone_mad_breaks_nothing(grid, events):
    bench = Bench(grid, start=10**12)
    for stream, step_ms, lead_ms in events:
        now = max(bench.now + step_ms * MS, 0)
        if stream is None:
            bench.advance(now)
        else:
            bench.send(now, stream, now + lead_ms * MS)
    jumps = bench.synchronizer.counters
    n_breaks = sum(
        b != a + 1 for a, b in zip(bench.ticks, bench.ticks[1:], strict=False))
    assert n_breaks <= jumps['clock jumped back'] + jumps['clock jumped forward']
    assert jumps['errors'] == 0
