# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
How right heart rate, its variability, breathing and skin responses are, and what a tick takes.

Heart rate on recorded wrists beside a plain spectral peak; the rest on signals whose answer is
known. AFFECT_NEUROKIT_PYTHON names a Python that has `neurokit2` (MIT; a throw-away environment):
it sees the same simulated skin; without, its row is empty.
"""

import json
import os
import subprocess
import time

from affect_bringup.bench.bench_row import BenchRow
from affect_encoders.physiology import PhysiologyEncoder
from affect_encoders.physiology.features import pulse_features
from affect_encoders.physiology.features import skin_conductance
from affect_learning import check_heart_rate
from affect_learning.session.data_root import SessionError
import numpy as np

PREFIX = 'encode_physiology/'
HOP_S = 20.0
RATES_HZ = (25.0, 32.0, 64.0, 100.0, 250.0, 1000.0)
SHAPES_S = ((0.3, 2.0), (0.75, 2.0), (1.2, 4.0))
PEER_RATE_HZ = 4.0
_PEER = """
import json, sys, warnings
warnings.simplefilter('ignore')
import neurokit2
found = []
for x in json.load(sys.stdin):
    try:
        phasic = neurokit2.eda_phasic(x, sampling_rate=4)['EDA_Phasic']
        _, info = neurokit2.eda_peaks(phasic, sampling_rate=4)
        found.append(len(info['SCR_Peaks']))
    except Exception:
        found.append(-1)
print(json.dumps(found))
"""


def rows() -> list[BenchRow]:
    """Measure all: about a minute of one core."""
    return [*recorded_rows(), *skin_rows(), *variability_rows(), *breathing_rows(), *cost_rows()]


def recorded_rows(people: int | None = None) -> list[BenchRow]:
    """Return the heart rate's error on stress_predict, of all or of the first people."""
    names = ('hr_mae_bpm_good', 'hr_good_share')
    try:
        found = check_heart_rate.summary(HOP_S, people)
    except SessionError as error:
        return [BenchRow(PREFIX + name, None, '1', str(error)) for name in names]
    same = found['references']['hr_csv_same_window']
    later = found['references']['hr_csv_40_s_later']
    beats = found['references']['ibi_csv']
    lag = min(found['lags'], key=found['lags'].get)
    how = (f'stress_predict BVP, {found["windows"]} windows of 30 s each {HOP_S:.0f} s, Empatica '
           'E4; constants of the quality were chosen on these people')
    return [
        BenchRow(PREFIX + names[0], round(same['good'], 2), '1/min',
                 f'{how}; HR.csv over the same window, windows called good', 5.0),
        BenchRow(PREFIX + names[1], round(found['good_share'], 3), '1', how, 0.5, most=False),
        BenchRow(PREFIX + 'hr_mae_bpm_bad', round(same['bad'], 2), '1/min',
                 f'{how}; windows called bad, whose rate the encoder does not tell'),
        BenchRow(PREFIX + 'hr_mae_bpm_good_plain_peak', round(same['plain_peak_good'], 2),
                 '1/min', f'floor: highest peak of the spectrum, same windows; all windows '
                 f'{same["plain_peak_all"]:.2f}'),
        BenchRow(PREFIX + 'hr_mae_bpm_good_40_s_later', round(later['good'], 2), '1/min',
                 f'{how}; HR.csv read 40 s later; plain peak {later["plain_peak_good"]:.2f}'),
        BenchRow(PREFIX + 'hr_mae_bpm_good_ibi_csv', round(beats['good'], 2), '1/min',
                 f"{how}; the band's own beats (IBI.csv), {beats['good_windows']} windows that "
                 f'hold 15 s of them; plain peak {beats["plain_peak_good"]:.2f}'),
        BenchRow(PREFIX + 'hr_csv_trails_s', float(lag), 's',
                 'where HR.csv is nearest to IBI.csv, without any method of ours: '
                 f'{found["lags"][lag]:.2f} 1/min, {found["lags"][0]:.2f} in the same window'),
    ]


def skin(rng: np.random.Generator, *, is_mixed: bool) -> tuple[np.ndarray, np.ndarray, int]:
    """
    Return stamps [240], EDA in uS [240] with an E4's noise, and its number of responses.

    ``is_mixed``: each response has a height of its own, so that a small one may begin in the
    recovery of one twenty times as high, where nobody sees more than a kink.
    """
    t = np.arange(240) / PEER_RATE_HZ
    count = int(rng.integers(0, 8))
    rise_s, recovery_s = SHAPES_S[rng.integers(0, len(SHAPES_S))]
    x = rng.uniform(0.3, 15.0) + rng.uniform(-0.3, 0.3) * t / 60.0 + rng.normal(0.0, 0.001, t.size)
    u = np.linspace(0.0, 30.0, 3001)
    height = np.max(np.exp(-u / recovery_s) - np.exp(-u / rise_s))
    heights = np.exp(rng.uniform(np.log(0.05), 0.0, count if is_mixed else 1)) * np.ones(count)
    onsets = 4.0 + 6.5 * np.arange(count) + rng.uniform(0.0, 1.5, count)
    for onset, tall in zip(onsets, heights, strict=True):
        late = np.clip(t - onset, 0.0, None)
        x += tall / height * (
            np.exp(-late / recovery_s) - np.exp(-late / rise_s))
    return t, x, count


def skin_rows(minutes: int = 300) -> list[BenchRow]:
    """Return the share of simulated minutes of which the count of responses is exact."""
    out = []
    for name, is_mixed in (('', False), ('_mixed', True)):
        rng = np.random.default_rng(0)
        drawn = [skin(rng, is_mixed=is_mixed) for _ in range(minutes)]
        counts = [skin_conductance(t, x).onsets_s.size for t, x, _ in drawn]
        theirs, why = peer_counts([x for _, x, _ in drawn])
        how = (f'{minutes} simulated minutes at 4 Hz, 0 to 7 responses of 0.05 to 1 uS, '
               f'{"each of its own height" if is_mixed else "of one height in a minute"}, three '
               'rise times, drift, noise 1 nS')
        out += [
            BenchRow(f'{PREFIX}scr_count_exact_share{name}', _exact(counts, drawn), '1', how,
                     None if is_mixed else 1.0, most=False),
            BenchRow(f'{PREFIX}scr_count_exact_share{name}_neurokit2',
                     None if theirs is None else _exact(theirs, drawn), '1',
                     why or f'peer; {how}')]
    return out


def _exact(counts: list[int], drawn: list[tuple[np.ndarray, np.ndarray, int]]) -> float:
    return round(float(np.mean([c == n for c, (_, _, n) in zip(counts, drawn, strict=True)])), 3)


def peer_counts(signals: list[np.ndarray]) -> tuple[list[int] | None, str]:
    """Return neurokit2's counts, or None and why there are none."""
    python = os.environ.get('AFFECT_NEUROKIT_PYTHON')
    if not python:
        return None, 'AFFECT_NEUROKIT_PYTHON names no Python that has neurokit2'
    try:
        done = subprocess.run(
            [python, '-c', _PEER], input=json.dumps([x.tolist() for x in signals]),
            capture_output=True, text=True, timeout=120, check=True,
            env={**os.environ, 'OMP_NUM_THREADS': '1', 'PYTHONPATH': ''})
        return json.loads(done.stdout.splitlines()[-1]), ''
    except (OSError, subprocess.SubprocessError, ValueError, IndexError) as error:
        return None, f'{python} cannot run neurokit2: {error}'


def pulse(rng: np.random.Generator, t: np.ndarray, sway: float = 0.0, breath_hz: float = 0.25
          ) -> tuple[np.ndarray, np.ndarray]:
    """Return a pulse wave [N] with a dicrotic notch, and its beats in s [B]."""
    beats = [0.4]
    mean_s = rng.uniform(0.75, 1.05)
    while beats[-1] < t[-1] - 0.7:
        beats.append(beats[-1] + mean_s * (
            1.0 + sway * np.sin(2.0 * np.pi * breath_hz * beats[-1]))
            + float(np.clip(rng.normal(0.0, 0.03), -0.065, 0.065)))
    known = np.array(beats[:-1])
    late = t[:, None] - known
    wave = np.exp(-0.5 * (late / 0.09) ** 2) + 0.25 * np.exp(-0.5 * ((late - 0.3) / 0.07) ** 2)
    return wave.sum(axis=1), known


def variability_rows(trains: int = 10) -> list[BenchRow]:
    """Return the error of RMSSD on pulse trains with known beats, at six rates."""
    rng = np.random.default_rng(0)
    errors = []
    for rate_hz in RATES_HZ:
        for _ in range(trains):
            t = np.arange(int(30.0 * rate_hz)) / rate_hz
            wave, beats = pulse(rng, t)
            true = 1e3 * np.sqrt(np.mean(np.diff(np.diff(beats)) ** 2))
            errors.append(abs(pulse_features(t, wave).rmssd - true))
    how = (f'{trains} pulse trains of 30 s at each of {", ".join(f"{r:g}" for r in RATES_HZ)} Hz, '
           'intervals 0.75 to 1.05 s with 30 ms')
    return [
        BenchRow(PREFIX + 'rmssd_error_ms_median', round(float(np.median(errors)), 3), 'ms', how,
                 1.0),
        BenchRow(PREFIX + 'rmssd_error_ms_most', round(float(np.max(errors)), 3), 'ms', how, 1.0)]


def breathing_rows(trains: int = 40) -> list[BenchRow]:
    """Return how often and how well breathing is read from a pulse."""
    rng = np.random.default_rng(0)
    errors = []
    t = np.arange(1920) / 64.0
    for _ in range(trains):
        breath_hz = rng.uniform(0.13, 0.45)
        wave, _ = pulse(rng, t, 0.06, breath_hz)
        wave *= 1.0 + 0.1 * np.sin(2.0 * np.pi * breath_hz * t)
        wave += rng.normal(0.0, 0.02, t.size)
        errors.append(abs(pulse_features(t, wave).respiration_rate - 60.0 * breath_hz))
    known = np.isfinite(errors)
    how = f'{trains} pulse trains that breathe at 8 to 27 per min, in interval and height, noise'
    return [
        BenchRow(PREFIX + 'respiration_mae_per_min', round(float(np.mean(
            np.array(errors)[known])), 2), '1/min',
            f'{how}; of the {known.mean():.0%} of which a rate is told', 1.0)]


def cost_rows(seconds: float = 60.0) -> list[BenchRow]:
    """Return what a tick takes with all channels of a wrist band."""
    rng = np.random.default_rng(0)
    encoder = PhysiologyEncoder()
    rates = {'bvp': 64, 'eda': 4, 'skin_temperature': 4, 'acceleration_x': 32,
             'acceleration_y': 32, 'acceleration_z': 32}
    length = int(seconds)
    t = np.arange(64 * length) / 64.0
    signals = {name: rng.normal(0.0, 0.05, rate * length) for name, rate in rates.items()}
    signals['bvp'] += pulse(rng, t)[0]
    signals['eda'] += 4.0
    signals['skin_temperature'] += 33.0
    signals['acceleration_z'] += 9.8
    took = []
    given = dict.fromkeys(rates, 0)
    for tick in np.arange(1, 10 * length) / 10.0:
        began = time.thread_time()
        for name, rate in rates.items():
            until = int(tick * rate)
            if until > given[name]:
                encoder.push(name, signals[name][given[name]:until], rate, given[name] / rate)
                given[name] = until
        encoder.encode(float(tick))
        took.append(1e3 * (time.thread_time() - began))
    how = (f'{seconds:.0f} s of a wrist band, ten ticks a second, push and encode, '
           'own time of one thread')
    return [
        BenchRow(PREFIX + 'tick_ms_median', round(float(np.median(took)), 3), 'ms', how, 5.0),
        BenchRow(PREFIX + 'tick_ms_p99', round(float(np.percentile(took, 99)), 3), 'ms', how,
                 15.0)]
