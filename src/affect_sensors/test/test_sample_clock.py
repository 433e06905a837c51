# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Stamps of counted samples: true to the host's clock, smooth, honest about what was lost."""

from itertools import pairwise

from affect_sensors.sources.sample_clock import SampleClock
import numpy as np
import pytest

NOW_NS = 1_763_800_000_123_456_789
RATE_HZ = 16000
CHUNK = 640
CHUNK_NS = 40_000_000


def hear(clock, lateness_ns, *, drift_ppm=0.0, lost=None, overruns=()):
    """
    Let chunks arrive as late as told and return (index, stamp, truth) of each chunk's start.

    ``lost``: samples that go missing before chunks of these numbers.
    """
    lost = lost or {}
    heard, missing = [], 0
    for chunk, late_ns in enumerate(lateness_ns):
        missing += lost.get(chunk, 0)

        def true_ns(sample, missing=missing):
            return NOW_NS + (sample + missing) / (RATE_HZ * (1 + drift_ppm * 1e-6)) * 1e9
        end = (chunk + 1) * CHUNK
        clock.observe(end, round(true_ns(end) + late_ns), overrun=chunk in overruns)
        first = chunk * CHUNK
        heard.append((clock.index(first), clock.stamp_ns(first), true_ns(first)))
    return heard


def errors_ms(heard):
    return np.array([stamp - truth for _, stamp, truth in heard]) * 1e-6


def spacings_ns(heard):
    return np.array([b - a for (_, a, _), (_, b, _) in pairwise(heard)])


@pytest.mark.parametrize('drift_ppm', [100.0, -100.0])
def test_an_hour_with_a_drifting_crystal_and_jittering_arrivals(drift_ppm):
    """100 ppm are 360 ms an hour; arrivals are 0-5 ms late, 1 % up to 60 ms (a busy host)."""
    rng = np.random.default_rng(1)
    late = rng.uniform(0, 5e6, 90_000)
    busy = rng.random(90_000) < 0.01
    late[busy] = rng.uniform(0, 60e6, int(busy.sum()))
    clock = SampleClock(RATE_HZ)
    heard = hear(clock, late, drift_ppm=drift_ppm)
    errors = errors_ms(heard)
    # All along, also at the start; the mean lateness (2.8 ms) can't be told from nothing.
    assert np.abs(errors - 2.8).max() < 4.0
    assert np.abs(errors[1000:] - 2.8).max() < 1.5
    assert clock.jumps == clock.lost == 0
    # Stamps are 40 ms apart to within 5 % at first; later the worst arrival moves one by 60 ms
    # times 40 ms of the 10 s of the loop.
    assert np.abs(spacings_ns(heard) - CHUNK_NS).max() < 0.0502 * CHUNK_NS
    assert np.abs(spacings_ns(heard)[1000:] - CHUNK_NS).max() < 250e3
    assert 1e6 * (clock.rate_hz / RATE_HZ - 1) == pytest.approx(drift_ppm, abs=30.0)


def test_a_first_chunk_that_came_late_is_soon_forgotten():
    late = np.full(250, 1e6)
    late[0] = 60e6
    heard = hear(SampleClock(RATE_HZ), late)
    assert errors_ms(heard)[50:].max() < 5.0
    assert spacings_ns(heard).min() >= 0.949 * CHUNK_NS


def test_a_host_that_stalls_for_a_moment_loses_nothing_and_makes_no_jump():
    """The chunks of 300 ms come all at once, then in time again."""
    late = np.full(500, 1e6)
    late[200:208] = [300e6 - i * CHUNK_NS for i in range(8)]
    clock = SampleClock(RATE_HZ)
    heard = hear(clock, late)
    assert clock.jumps == clock.lost == 0
    assert errors_ms(heard).max() < 10.0
    assert np.abs(spacings_ns(heard) - CHUNK_NS).max() < 0.0501 * CHUNK_NS


@pytest.mark.parametrize('lost, told', [(4000, False), (4000, True), (800, True)])
def test_lost_samples_are_counted_and_time_goes_on(lost, told):
    rng = np.random.default_rng(2)
    clock = SampleClock(RATE_HZ)
    heard = hear(
        clock, rng.uniform(0, 2e6, 1500), drift_ppm=50.0, lost={1000: lost},
        overruns={1000} if told else ())
    assert clock.jumps == 1
    # As well as the arrivals tell: 2 ms of jitter are 32 samples.
    assert clock.lost == pytest.approx(lost, abs=40)
    assert heard[-1][0] == 1499 * CHUNK + clock.lost
    begin = 1000 if told else 1011
    assert np.abs(errors_ms(heard)[begin:] - 1.0).max() < 3.0
    # In the indices it is a gap of one place, and in the stamps of the same length.
    (before, at, _), (after, then, _) = next(
        (a, b) for a, b in pairwise(heard) if b[0] - a[0] != CHUNK)
    assert (then - at) * 1e-9 == pytest.approx((after - before) / RATE_HZ, rel=0.05)


def test_a_device_silent_for_long_has_lost_what_would_have_come():
    clock = SampleClock(RATE_HZ)
    heard = hear(clock, np.zeros(10), lost={5: 2 * RATE_HZ})
    assert clock.lost == 2 * RATE_HZ
    assert np.abs(errors_ms(heard)).max() < 0.1


def test_an_overrun_of_which_nothing_is_missing_changes_nothing():
    clock = SampleClock(RATE_HZ)
    hear(clock, np.zeros(100), overruns={50})
    assert clock.jumps == clock.lost == 0


def test_a_host_clock_that_is_set_back_is_followed():
    late = np.zeros(100)
    late[50:] = -500e6
    clock = SampleClock(RATE_HZ)
    heard = hear(clock, late)
    assert clock.jumps == 1
    assert clock.lost == 0
    assert errors_ms(heard)[-1] == pytest.approx(-500.0, abs=1.0)


def test_a_device_that_counts_anew_is_followed():
    clock = SampleClock(RATE_HZ)
    clock.observe(6400, NOW_NS)
    clock.observe(640, NOW_NS + 10**9)
    assert clock.jumps == 1
    assert clock.stamp_ns(640) == NOW_NS + 10**9


def test_there_is_no_stamp_before_the_first_observation():
    with pytest.raises(ValueError, match='before the first observe'):
        SampleClock(RATE_HZ).stamp_ns(0)
