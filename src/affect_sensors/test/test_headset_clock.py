# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A headset's clock by the host's: drift, jitter, stalls and clocks that are set."""

from itertools import pairwise

from affect_sensors.headset_link.device_clock import DeviceClock
from affect_sensors.headset_link.host_time import HostTime
import numpy as np
import pytest

MS = 1_000_000
S = 1_000_000_000
IDLE_NS = 2 * MS
OFFSET_NS = 987_654_321_012_345
"""The device's clock began at another time than the host's."""


class Network:
    """Datagrams at 60 Hz from a device whose clock is slow by ``drift``, delayed at random."""

    def __init__(self, seed, *, drift=0.0, jitter_ns=40 * MS):
        self.rng = np.random.default_rng(seed)
        self.drift, self.jitter_ns = drift, jitter_ns
        self.true_ns, self.last_arrival_ns, self.way_ns = 0, 0, IDLE_NS
        self.clock = DeviceClock()
        self.device_offset_ns = OFFSET_NS
        self.errors_ns, self.hosts_ns = [], []

    def device_ns(self, true_ns):
        return round(true_ns * (1.0 - self.drift)) - self.device_offset_ns

    def send(self, *, held_until_ns=0):
        self.true_ns += S // 60
        sent_ns = self.device_ns(self.true_ns)
        arrived_ns = self.true_ns + self.way_ns + int(self.rng.uniform(0, self.jitter_ns))
        self.last_arrival_ns = max(arrived_ns, held_until_ns, self.last_arrival_ns)
        anew = self.clock.observe(sent_ns, self.last_arrival_ns)
        # A sample taken 20 ms before it was sent.
        host_ns = self.clock.to_host_ns(self.device_ns(self.true_ns - 20 * MS))
        self.errors_ns.append(host_ns - (self.true_ns - 20 * MS) - IDLE_NS)
        if anew:
            self.hosts_ns.clear()
        self.hosts_ns.append(host_ns)
        return anew

    def run(self, seconds, **options):
        for _ in range(round(60 * seconds)):
            self.send(**options)

    def check_order(self):
        steps = np.diff(self.hosts_ns)
        assert np.all(steps > 0.9 * S / 60)
        assert np.all(steps < 1.1 * S / 60)


@pytest.mark.parametrize('drift', [-100e-6, 0.0, 100e-6])
@pytest.mark.parametrize('seed', [1, 2, 3])
def test_drift_and_jitter_leave_less_than_a_millisecond(drift, seed):
    network = Network(seed, drift=drift)
    network.run(600)
    settled = np.abs(network.errors_ns[60 * 5:])
    assert np.percentile(settled, 95) < 1.0 * MS
    assert settled.max() < 3 * MS
    assert network.clock.drift_ppm == pytest.approx(drift * 1e6, abs=60)
    network.check_order()


def test_jitter_of_arrivals_does_not_reach_the_intervals():
    """Intervals are what speeds are computed from: 16.7 ms stay 16.7 ms within 1 %."""
    network = Network(4)
    network.run(60)
    steps = np.diff(network.hosts_ns[300:])
    assert np.abs(steps - S / 60).max() < 0.01 * S / 60


def test_a_first_datagram_that_was_late_is_made_good_without_disorder():
    network = Network(5, jitter_ns=0)
    network.send(held_until_ns=S // 60 + 150 * MS)
    assert network.errors_ns[-1] > 100 * MS
    network.last_arrival_ns = 0
    network.run(10)
    assert abs(network.errors_ns[-1]) < 1 * MS
    network.check_order()


def test_a_stall_of_two_seconds_changes_nothing():
    network = Network(6, drift=50e-6)
    network.run(30)
    network.run(2, held_until_ns=network.true_ns + 2 * S)
    network.run(20)
    assert network.clock.steps == 0
    assert np.abs(network.errors_ns[60 * 10:]).max() < 3 * MS
    network.check_order()


@pytest.mark.parametrize('by_ns', [3600 * S, -3600 * S, S, -S])
def test_a_device_clock_that_was_set_is_followed(by_ns):
    """Forward it is known at once, back after a second and a half (it could be a stall)."""
    network = Network(7)
    network.run(20)
    network.device_offset_ns += by_ns
    sent = 0
    while not network.send():
        sent += 1
        assert sent < 60 * 3
    network.run(5)
    assert network.clock.steps == 1
    assert abs(network.errors_ns[-1]) < 5 * MS


def test_a_device_that_slept_with_its_clock_is_followed_in_half_a_second():
    network = Network(10)
    network.run(20)
    network.true_ns += 60 * S
    network.device_offset_ns += 60 * S
    sent = 0
    while not network.send():
        sent += 1
        assert sent < 60 * 0.5
    network.run(2)
    assert network.clock.steps == 1
    assert abs(network.errors_ns[-1]) < 5 * MS


def test_one_wrong_time_moves_nothing():
    network = Network(8)
    network.run(20)
    for wrong_ns in (2**63 - 1, -2**63, network.device_ns(network.true_ns) + 5 * S):
        network.clock.observe(wrong_ns, network.last_arrival_ns)
        network.send()
        assert abs(network.errors_ns[-1]) < 3 * MS
    assert network.clock.steps == 0


def test_a_slower_way_is_taken_after_the_memory_of_the_faster_one():
    """Another access point may be slower by 20 ms for good: 40 s later that is the idle delay."""
    network = Network(9, jitter_ns=5 * MS)
    network.run(60)
    network.way_ns += 20 * MS
    network.run(60)
    assert network.clock.steps == 0
    assert abs(network.errors_ns[-1] - 20 * MS) < 2 * MS
    network.check_order()


def test_before_anything_was_heard_the_clock_is_not_set():
    assert not DeviceClock().is_set


def test_the_host_clock_may_be_set_without_harm_to_the_steady_times():
    host = HostTime()
    assert host.update(10 * S, 3 * S)
    assert host.stamp_ns(3 * S + 5) == 10 * S + 5
    assert not host.update(11 * S + 1 * MS, 4 * S)
    assert 0 < host.stamp_ns(4 * S) - 11 * S < MS
    assert host.update(3600 * S, 5 * S)
    assert host.stamp_ns(5 * S) == 3600 * S
    host.forget()
    with pytest.raises(ValueError, match='before the first'):
        host.stamp_ns(0)


def test_reading_two_clocks_one_after_the_other_does_not_shake_stamps():
    host, rng = HostTime(), np.random.default_rng(1)
    host.update(100 * S, 0)
    stamps = []
    for number in range(1, 500):
        steady_ns = number * 8 * MS
        host.update(100 * S + steady_ns, steady_ns + int(rng.exponential(0.3 * MS)))
        stamps.append(host.stamp_ns(steady_ns))
    steps = [b - a for a, b in pairwise(stamps)]
    assert min(steps) > 7.7 * MS
    assert max(steps) < 8.3 * MS
