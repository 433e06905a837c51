# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""How well the stamps of a microphone follow the host's clock."""

from affect_bringup.bench.bench_row import BenchRow
from affect_sensors.sources.sample_clock import SampleClock
import numpy as np

_RATE_HZ = 16000
_CHUNK = 640
_DRIFT = 100e-6
_SECONDS = 3600.0


def microphone_clock_rows(seconds: float = _SECONDS) -> list[BenchRow]:
    """Measure the error of stamps beside the two things that one would do without a clock."""
    chunks = round(seconds * _RATE_HZ / _CHUNK)
    rng = np.random.default_rng(1)
    late_s = rng.uniform(0.0, 0.005, chunks)
    busy = rng.random(chunks) < 0.01
    late_s[busy] = rng.uniform(0.0, 0.06, int(busy.sum()))
    true_s = np.arange(chunks) * _CHUNK / (_RATE_HZ * (1.0 + _DRIFT))
    length_s = _CHUNK / (_RATE_HZ * (1.0 + _DRIFT))
    clock = SampleClock(_RATE_HZ)
    stamps_s = np.empty(chunks)
    for i, arrival_s in enumerate(true_s + length_s + late_s):
        clock.observe((i + 1) * _CHUNK, round(1e9 * arrival_s))
        stamps_s[i] = 1e-9 * clock.stamp_ns(i * _CHUNK)
    nominal_s = _CHUNK / _RATE_HZ
    how = (
        f'{seconds:g} s of simulated arrivals of a device 100 ppm fast, 0-5 ms late, 1 % of them '
        'up to 60 ms; all from the first chunk on')
    return [
        _row('stamp_error_worst', stamps_s - true_s, how, 10.0),
        _row('stamp_error_worst_by_arrival', late_s + length_s - nominal_s,
             how + '; each chunk stamped by when it came'),
        _row('stamp_error_worst_by_count', late_s[0] + np.arange(chunks) * nominal_s - true_s,
             how + '; the first arrival, then counted at the nominal rate'),
        BenchRow(
            'microphone/stamp_spacing_worst',
            round(1e6 * float(np.abs(np.diff(stamps_s) - nominal_s).max()), 1), 'us',
            how + '; off 40 ms between neighbours, at most 5 % at the start')]


def _row(name: str, errors_s: np.ndarray, how: str, budget: float | None = None) -> BenchRow:
    return BenchRow(
        f'microphone/{name}', round(1e3 * float(np.abs(errors_s).max()), 2), 'ms', how, budget)
