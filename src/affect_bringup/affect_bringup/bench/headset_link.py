# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What stamps of a headset on a bad network are worth, and what its datagrams cost."""

import time

from affect_bringup.bench.bench_row import BenchRow
from affect_sensors.headset_link.device_clock import DeviceClock
from affect_sensors.headset_link.headset_link import HeadsetLink
from affect_sensors.headset_link.send import HeadsetSender
from affect_sensors.headset_link.synthetic_stream import RATE_HZ
from affect_sensors.headset_link.synthetic_stream import synthetic_records
from affect_sensors.sources.sample_clock import SampleClock
import numpy as np

_SECONDS = 600
_SETTLE_S = 5
_DRIFT = 100e-6
_JITTER_NS = 40e6
_STALL_S = (300, 302)
_DATAGRAMS = 3000
_HOW = (
    f'{_SECONDS} s at {RATE_HZ} Hz, 0 to {_JITTER_NS * 1e-6:g} ms of delay at random, '
    f'{_DRIFT * 1e6:g} ppm, a stall of 2 s, from second {_SETTLE_S} on')


def headset_link_rows() -> list[BenchRow]:
    """Measure stamps against the simulated truth, with two simpler ways beside ours."""
    rows = []
    for name, budget, stamps in (
            ('ours', 1.0, _by_device_clock), ('floor_arrival', None, _by_arrival),
            ('peer_sample_clock', None, _by_sample_clock)):
        error_ms, interval = _errors(stamps, seed=1, seconds=_SECONDS)
        rows += [
            BenchRow(
                f'headset_link/stamp_error_p95/{name}', round(error_ms, 3), 'ms', _HOW, budget),
            BenchRow(
                f'headset_link/interval_error_p95/{name}', round(interval, 3),
                '% of the interval', _HOW, None if budget is None else 1.0)]
    return [*rows, _cost_row()]


def _errors(stamps, seed: int, seconds: int) -> tuple[float, float]:
    """Return the 95th percentiles of the error (ms) and of that of intervals (percent)."""
    rng = np.random.default_rng(seed)
    true_ns = np.arange(1, seconds * RATE_HZ) * 1e9 / RATE_HZ
    arrived_ns = true_ns + rng.uniform(0.0, _JITTER_NS, len(true_ns))
    stalled = (true_ns > _STALL_S[0] * 1e9) & (true_ns < _STALL_S[1] * 1e9)
    arrived_ns[stalled] = _STALL_S[1] * 1e9
    arrived_ns = np.maximum.accumulate(arrived_ns)
    sent_ns = true_ns * (1.0 - _DRIFT)
    error_ns = (stamps(sent_ns, arrived_ns) - true_ns)[_SETTLE_S * RATE_HZ:]
    return (
        float(np.percentile(np.abs(error_ns), 95)) * 1e-6,
        float(np.percentile(np.abs(np.diff(error_ns)), 95)) * RATE_HZ * 1e-7)


def _by_device_clock(sent_ns: np.ndarray, arrived_ns: np.ndarray) -> np.ndarray:
    clock, found = DeviceClock(), []
    for sent, arrived in zip(sent_ns.tolist(), arrived_ns.tolist(), strict=True):
        clock.observe(round(sent), round(arrived))
        found.append(clock.to_host_ns(round(sent)))
    return np.array(found)


def _by_arrival(_: np.ndarray, arrived_ns: np.ndarray) -> np.ndarray:
    return arrived_ns


def _by_sample_clock(_: np.ndarray, arrived_ns: np.ndarray) -> np.ndarray:
    clock, found = SampleClock(RATE_HZ), []
    for number, arrived in enumerate(arrived_ns.tolist()):
        clock.observe(number, round(arrived))
        found.append(clock.stamp_ns(number))
    return np.array(found)


def _cost_row() -> BenchRow:
    sender, datagrams = HeadsetSender('127.0.0.1'), []
    for number in range(_DATAGRAMS):
        time_ns = number * 10**9 // RATE_HZ
        datagrams += sender.datagrams(tuple(synthetic_records(number, time_ns)), time_ns)
    sender.close()
    link, complaints = HeadsetLink(lambda *what: complaints.append(what)), []
    began_s = time.perf_counter()
    for number, datagram in enumerate(datagrams):
        link.receive(datagram, '', number * 10**9 // RATE_HZ)
    passed_us = 1e6 * (time.perf_counter() - began_s) / len(datagrams)
    return BenchRow(
        'headset_link/cost', round(passed_us, 1), 'us per datagram',
        f'{len(datagrams)} datagrams of a gaze and an inertial record, {len(complaints)} refused',
        200.0)
