# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Measure the heart rate of a wrist band's pulse against what the band itself says.

    python -m affect_learning.check_heart_rate

stress_predict, 35 people, Empatica E4, windows of 30 s. Neither reference is independent: HR.csv
and IBI.csv are the band's own, from the same pulse. HR.csv trails: against IBI.csv alone, without
any method of ours, its error has its minimum where it is read some 40 s later, which this prints.
IBI.csv gives beats only where the band was sure, so that it says nothing of hard windows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
import gzip
import json

from affect_encoders.head_motion.features import GRAVITY_M_S2
from affect_encoders.physiology.encoder import GOOD_PULSE
from affect_encoders.physiology.encoder import pulse_quality
from affect_encoders.physiology.features import pulse_features
from affect_encoders.physiology.features import PULSE_WINDOW_S
from affect_learning import affect_data
from affect_learning.session.data_root import find_data_root
from affect_learning.session.data_root import need
import numpy as np

E4_UNITS_PER_G = 64.0
SKIPPED_S = 60.0
LAGS_S = tuple(range(0, 75, 5))
LAG_S = 40.0
LEAST_BEATS_S = 15.0
PLAIN_BAND_HZ = (0.7, 3.0)


@dataclass(frozen=True)
class Window:
    """One window: our rate and quality, a plain spectral peak, and the band's own, 1/min."""

    person: str
    quality: float
    ours: float
    spectral_peak: float
    hr_csv: tuple[float, ...]
    ibi_csv: float


def beats_of(person: str) -> np.ndarray:
    """Return rows (unix seconds of a beat, interval before it in s) of IBI.csv, [B, 2]."""
    folder = need(find_data_root(), 'stress_predict/raw') / person
    path = next(folder.glob('IBI.csv*'))
    opener = gzip.open if path.suffix == '.gz' else open
    with opener(path, 'rt', encoding='ascii') as file:
        start_s = float(file.readline().split(',')[0])
        rows = [[float(x) for x in line.split(',')[:2]] for line in file if line.strip()]
    beats = np.array(rows, dtype=np.float64).reshape(-1, 2)
    beats[:, 0] += start_s
    return beats


def plain_peak(bvp: np.ndarray, rate_hz: float) -> float:
    """Return the highest peak of the spectrum within 0.7-3 Hz as 1/min: the floor."""
    power = np.abs(np.fft.rfft((bvp - bvp.mean()) * np.hanning(bvp.size), 8192))
    frequency = np.fft.rfftfreq(8192, 1.0 / rate_hz)
    inside = (frequency >= PLAIN_BAND_HZ[0]) & (frequency <= PLAIN_BAND_HZ[1])
    return float(60.0 * frequency[inside][power[inside].argmax()])


def windows(hop_s: float = 20.0, people: int | None = None) -> Iterator[Window]:
    """Yield the windows of all or of the first people, in the order of time."""
    for k, (person, channels) in enumerate(affect_data.e4_recordings()):
        if people is not None and k >= people:
            return
        start, rate_hz, bvp = channels['BVP']
        hr_start, _, hr = channels['HR']
        acc_start, acc_hz, acc = channels['ACC']
        beats = beats_of(person)
        n, m = int(PULSE_WINDOW_S * rate_hz), int(PULSE_WINDOW_S * acc_hz)
        for tick in np.arange(start + SKIPPED_S, start + bvp.shape[0] / rate_hz, hop_s):
            i, j = int((tick - start) * rate_hz), int((tick - acc_start) * acc_hz)
            force = acc[max(j - m, 0):j] / E4_UNITS_PER_G * GRAVITY_M_S2
            motion = float(np.sqrt(force.var(axis=0).sum())) if force.size else float('nan')
            pulse = pulse_features(np.arange(i - n, i) / rate_hz, bvp[i - n:i, 0])
            stops = [int(tick - hr_start + lag) for lag in LAGS_S]
            intervals = beats[(beats[:, 0] > tick - PULSE_WINDOW_S) & (beats[:, 0] <= tick), 1]
            yield Window(
                person, pulse_quality(pulse, motion), pulse.heart_rate,
                plain_peak(bvp[i - n:i, 0], rate_hz),
                tuple(float(hr[stop - int(PULSE_WINDOW_S):stop, 0].mean())
                      if stop <= hr.shape[0] else float('nan') for stop in stops),
                60.0 / float(intervals.mean()) if intervals.sum() >= LEAST_BEATS_S
                else float('nan'))


def summary(hop_s: float = 20.0, people: int | None = None) -> dict:
    """
    Return shares and mean absolute errors in 1/min.

    ``lags``: error of HR.csv read so much later against IBI.csv; ``references``: for each
    reference the error in windows called good and in the others, of ours and of a plain peak.
    """
    found = list(windows(hop_s, people))
    good = np.array([w.quality for w in found]) >= GOOD_PULSE
    hr_csv = np.array([w.hr_csv for w in found])
    ibi_csv = np.array([w.ibi_csv for w in found])
    references = {
        'hr_csv_same_window': hr_csv[:, 0],
        'hr_csv_40_s_later': hr_csv[:, LAGS_S.index(int(LAG_S))],
        'ibi_csv': ibi_csv}
    ours = np.array([w.ours for w in found])
    plain = np.array([w.spectral_peak for w in found])
    return {
        'windows': len(found),
        'good_share': float(good.mean()),
        'lags': {lag: float(np.nanmean(np.abs(hr_csv[:, k] - ibi_csv)))
                 for k, lag in enumerate(LAGS_S)},
        'references': {name: {
            'good': _error(ours, reference, good), 'bad': _error(ours, reference, ~good),
            'plain_peak_good': _error(plain, reference, good),
            'plain_peak_all': _error(plain, reference, np.ones_like(good)),
            'good_windows': int(np.count_nonzero(good & np.isfinite(reference)))}
            for name, reference in references.items()}}


def _error(rates: np.ndarray, reference: np.ndarray, among: np.ndarray) -> float:
    return float(np.nanmean(np.abs(rates - reference)[among]))


if __name__ == '__main__':
    print(json.dumps(summary(), indent=1))
