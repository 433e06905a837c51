# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Breathing from the modulations of a pulse, or from a breathing sensor; numpy only."""

from affect_encoders.quick import hann
import numpy as np

RESPIRATION_BAND_HZ = (0.1, 0.5)
SENSOR_BAND_HZ = (0.07, 1.0)
PEAK_HALF_WIDTH_HZ = 0.05
CLEAR_PEAK = 0.55
LEAST_SPAN_S = 15.0
GRID_HZ = 4.0


def respiration_from_beats(beats_s: np.ndarray, heights: np.ndarray, baselines: np.ndarray
                           ) -> float:
    """
    Return breaths per minute from three modulations of the pulse, NaN when none is clear.

    Frequency, intensity and amplitude of the beats breathe (Karlen et al. 2013, IEEE TBME
    60:1946, "smart fusion"); not each of them in everybody, so that, instead of asking all three
    to agree, their spectra are added, each weighted by the square of how much of it lies around
    its own peak, and the peak of the sum has to be clear.

    :param beats_s: times of the beats [B]
    :param heights: the wave at the beats [B]
    :param baselines: the wave at the feet before them [B]
    """
    if beats_s.size < 12 or beats_s[-1] - beats_s[0] < LEAST_SPAN_S:
        return float('nan')
    grid = np.arange(beats_s[0], beats_s[-1], 1.0 / GRID_HZ)
    series = np.stack([
        np.interp(grid, 0.5 * (beats_s[1:] + beats_s[:-1]), np.diff(beats_s)),
        np.interp(grid, beats_s, heights),
        np.interp(grid, beats_s, heights - baselines)])
    # What changes faster than every second beat cannot be seen by beats.
    highest = min(RESPIRATION_BAND_HZ[1], 0.45 * (beats_s.size - 1) / (beats_s[-1] - beats_s[0]))
    frequency, power = spectra(series, GRID_HZ, (RESPIRATION_BAND_HZ[0], highest))
    weights = np.array([_share_at_peak(frequency, row)[0] for row in power]) ** 2
    total = power.sum(axis=1)
    scaled = weights / np.where(total > 0.0, total, np.inf)
    return _clear_peak(frequency, scaled @ power)


def respiration_from_sensor(signal: np.ndarray, rate_hz: float) -> float:
    """Return breaths per minute of a breathing sensor's signal [N], NaN when it is not clear."""
    frequency, power = spectra(signal[None], rate_hz, SENSOR_BAND_HZ)
    return _clear_peak(frequency, power[0])


def spectra(signals: np.ndarray, rate_hz: float, band_hz: tuple[float, float]
            ) -> tuple[np.ndarray, np.ndarray]:
    """Return frequencies [K] in Hz and power [S, K] of signals [S, N] less their straight line."""
    n = signals.shape[1]
    at = np.arange(n) - 0.5 * (n - 1)
    flat = signals - signals.mean(axis=1, keepdims=True)
    flat -= (flat @ at)[:, None] / max(float(at @ at), 1e-12) * at
    size = 1 << (8 * n - 1).bit_length()
    low, high = (round(edge * size / rate_hz) for edge in band_hz)
    high = min(high, size // 2)
    spectrum = np.fft.rfft(flat * hann(n), size)[:, low:high + 1]
    return np.arange(low, high + 1) * (rate_hz / size), spectrum.real ** 2 + spectrum.imag ** 2


def _share_at_peak(frequency: np.ndarray, power: np.ndarray) -> tuple[float, float]:
    """Return the share of power [K] around its peak, and the peak in Hz; 0 and NaN for none."""
    total = float(power.sum())
    if power.size < 3 or not total > 0.0:
        return 0.0, float('nan')
    peak = frequency[power.argmax()]
    near = np.abs(frequency - peak) <= PEAK_HALF_WIDTH_HZ
    return float(power[near].sum()) / total, float(peak)


def _clear_peak(frequency: np.ndarray, power: np.ndarray) -> float:
    share, peak = _share_at_peak(frequency, power)
    # A peak at the lower edge is a drift's slope.
    inside = power.size > 2 and int(power.argmax()) > 0
    return 60.0 * peak if share >= CLEAR_PEAK and inside else float('nan')
