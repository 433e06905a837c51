# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Grid ticks: at the same times in every node, in order, through every jump of the clock."""

from affect_node import AffectNode
from affect_node.testing import Bench
import pytest

HOP_S, GRACE_S = 0.1, 0.03
HOP_NS = 100_000_000


class TickingNode(AffectNode):
    """Notes its ticks, when they came, and the jumps of the clock."""

    def __init__(self, **kwargs):
        super().__init__('ticking', **kwargs)
        self.ticks, self.times, self.log = [], [], []

    def setup(self):
        self.timer = self.tick_on_grid(HOP_S, GRACE_S, self.on_tick)

    def on_tick(self, tick_ns):
        self.ticks.append(tick_ns)
        self.times.append(self.get_clock().now().nanoseconds)
        self.log.append('tick')

    def clock_jumped(self):
        self.log.append('jump')


@pytest.fixture
def bench():
    with Bench(clock_s=1000.0) as bench:
        yield bench


def tick_at(bench, node, clock_s, expected_s):
    """Move the clock and wait for the tick that must come of it."""
    expected = round(expected_s * 10) * HOP_NS
    bench.set_clock(clock_s)
    bench.until(lambda: node.ticks and node.ticks[-1] == expected, f'tick {expected_s}')


def test_on_the_hosts_clock_ticks_hang_on_the_epoch_and_come_after_the_grace():
    with Bench() as bench:
        node = bench.add(TickingNode)
        bench.until(lambda: len(node.ticks) >= 5, 'five ticks')
    assert all(tick % HOP_NS == 0 for tick in node.ticks)
    assert node.ticks == sorted(set(node.ticks))
    # Timers may wake up to a millisecond early.
    assert all(time - tick > 29_000_000 - 1_000_000
               for tick, time in zip(node.ticks, node.times, strict=True))


def test_two_nodes_started_at_different_times_tick_at_the_same_times(bench):
    first = bench.add(TickingNode)
    tick_at(bench, first, 1000.05, 1000.0)
    bench.set_clock(1000.097)
    second = bench.add(TickingNode, '-r', '__node:=late')
    for tick_s in (1000.1, 1000.2):
        for node in (first, second):
            tick_at(bench, node, tick_s + 0.04, tick_s)
    assert first.ticks == [1000 * 10**9 + i * HOP_NS for i in range(3)]
    assert second.ticks == first.ticks[1:]


def test_no_tick_comes_before_its_grace_is_over(bench):
    node = bench.add(TickingNode)
    tick_at(bench, node, 1000.05, 1000.0)
    bench.set_clock(1000.125)
    bench.set_clock(1000.128)
    assert node.ticks == [1000 * 10**9]
    tick_at(bench, node, 1000.131, 1000.1)


def test_ticks_come_once_and_in_order_however_fine_the_clock(bench):
    node = bench.add(TickingNode)
    for i in range(200):
        bench.set_clock(1000.0 + 0.005 * i)
    tick_at(bench, node, 1001.031, 1001.0)
    assert node.ticks == [1000 * 10**9 + i * HOP_NS for i in range(11)]
    assert node.timer.skipped == 0


def test_a_jump_forward_ticks_once_and_counts_what_was_skipped(bench):
    node = bench.add(TickingNode)
    tick_at(bench, node, 1000.04, 1000.0)
    tick_at(bench, node, 1002.04, 1002.0)
    assert node.ticks == [1000 * 10**9, 1002 * 10**9]
    assert node.timer.skipped == 19
    assert 'jump' not in node.log
    tick_at(bench, node, 1002.14, 1002.1)
    assert node.timer.skipped == 19


def test_a_jump_back_is_told_before_ticking_goes_on_from_there(bench):
    node = bench.add(TickingNode)
    tick_at(bench, node, 1000.04, 1000.0)
    bench.set_clock(500.01)
    tick_at(bench, node, 500.04, 500.0)
    assert node.log == ['tick', 'jump', 'tick']
    tick_at(bench, node, 500.14, 500.1)
    assert node.timer.skipped == 0
    assert node.diagnostics.counters['clock jumps'] == 1


def test_a_jump_back_by_less_than_a_tick_is_told_too(bench):
    node = bench.add(TickingNode)
    tick_at(bench, node, 1000.04, 1000.0)
    node.ticks.clear()
    bench.set_clock(1000.01)
    tick_at(bench, node, 1000.04, 1000.0)
    assert node.log == ['tick', 'jump', 'tick']


def test_an_exception_on_a_jump_is_reported_and_ticking_goes_on(bench):
    node = bench.add(TickingNode)
    node.clock_jumped = lambda: 1 / 0
    tick_at(bench, node, 1000.04, 1000.0)
    bench.set_clock(500.01)
    tick_at(bench, node, 500.04, 500.0)
    assert any('ZeroDivisionError' in key for key in node.diagnostics.counters)


def test_a_jump_after_clean_up_touches_nothing(bench):
    node = bench.add(TickingNode)
    tick_at(bench, node, 1000.04, 1000.0)
    node.trigger_deactivate()
    node.trigger_cleanup()
    bench.set_clock(500.0)
    assert node.log == ['tick']
    node.trigger_configure()
    node.trigger_activate()
    tick_at(bench, node, 500.14, 500.1)


def test_an_inactive_node_does_not_tick_and_skips_nothing_by_it(bench):
    node = bench.add(TickingNode)
    tick_at(bench, node, 1000.04, 1000.0)
    node.trigger_deactivate()
    for i in range(1, 5):
        bench.set_clock(1000.04 + 0.1 * i)
        bench.until(lambda i=i: node.timer._last_tick_ns == 1000 * 10**9 + i * HOP_NS, 'time')
    assert node.ticks == [1000 * 10**9]
    node.trigger_activate()
    tick_at(bench, node, 1000.54, 1000.5)
    assert node.ticks == [1000 * 10**9, 1000 * 10**9 + 5 * HOP_NS]


def test_when_the_hosts_clock_is_set_back_the_grid_follows():
    with Bench() as bench:
        node = bench.add(TickingNode)
        bench.until(lambda: node.ticks and node._last_clock_ns, 'a tick and a look at the clock')
        # As if the clock had stood an hour ahead until now; the host's own must not be moved.
        hour_ns = 3600 * 10**9
        node._last_clock_ns += hour_ns
        node.timer._last_tick_ns += hour_ns
        node.timer._timer.timer_period_ns = hour_ns
        node.timer._timer.reset()
        node.ticks.clear()
        bench.until(lambda: len(node.ticks) > 1, 'ticks after the clock was set back')
        assert node.log.count('jump') == 1
