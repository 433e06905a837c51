# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
What numpy and scipy also have, for short arrays: their checks cost more than the sums.

Nine encoders share one process and tick together, so each call of 30 us counts.
"""

from collections.abc import Callable
import functools
from typing import Any

import numpy as np
from scipy.signal import butter
from scipy.signal import sosfilt
from scipy.signal import sosfilt_zi

_EDGE = 15
"""Samples that are mirrored at either end, as sosfiltfilt does for two sections."""


def median(values: np.ndarray) -> float:
    """Return the median of finite values [N], N > 0."""
    middle = values.size // 2
    if values.size % 2:
        return float(np.partition(values, middle)[middle])
    parted = np.partition(values, (middle - 1, middle))
    return 0.5 * float(parted[middle - 1] + parted[middle])


def rows_known(values: np.ndarray) -> np.ndarray:
    """Return which rows of values [N, C] hold finite numbers only [N]."""
    # A sum is finite only if all are; a product with ones is the quick way over short rows.
    with np.errstate(invalid='ignore'):
        return np.isfinite(values @ np.ones(values.shape[1]))


def line(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Return value at x = 0 and slope of the least-squares line through [N], N > 1."""
    x_mean, y_mean = float(x.mean()), float(y.mean())
    centred = x - x_mean
    slope = float(centred @ (y - y_mean)) / float(centred @ centred)
    return y_mean - slope * x_mean, slope


@functools.lru_cache(maxsize=64)
def hann(size: int) -> np.ndarray:
    """Return the symmetric Hann window [N], not to be written to."""
    window = np.hanning(size)
    window.flags.writeable = False
    return window


@functools.lru_cache(maxsize=64)
def _band_pass(low_hz: float, high_hz: float, rate_hz: float) -> tuple[np.ndarray, np.ndarray]:
    sections = butter(2, (low_hz, high_hz), btype='bandpass', fs=rate_hz, output='sos')
    return sections, sosfilt_zi(sections)


@functools.lru_cache(maxsize=64)
def _low_pass(cutoff_hz: float, rate_hz: float) -> tuple[np.ndarray, np.ndarray]:
    sections = butter(2, cutoff_hz, fs=rate_hz, output='sos')
    return sections, sosfilt_zi(sections)


def band_pass(signal: np.ndarray, band_hz: tuple[float, float], rate_hz: float) -> np.ndarray:
    """
    Return [N, C] or [N] with only the band left: Butterworth of second order, both ways, no delay.

    As scipy's ``butter`` and ``sosfiltfilt``; the filter is designed once for a band and rate.

    :raises ValueError: fewer than 16 samples
    """
    if len(signal) <= _EDGE:
        raise ValueError(f'{len(signal)} samples: a band pass needs at least {_EDGE + 1}')
    # To seven digits: rates measured from stamps differ in those after them from tick to tick.
    return _both_ways(signal, *_band_pass(*band_hz, float(f'{rate_hz:.7g}')))


def low_pass(signal: np.ndarray, cutoff_hz: float, rate_hz: float) -> np.ndarray:
    """
    Return [N, C] or [N] without what is above ``cutoff_hz``; otherwise as ``band_pass``.

    :raises ValueError: fewer than 16 samples
    """
    if len(signal) <= _EDGE:
        raise ValueError(f'{len(signal)} samples: a low pass needs at least {_EDGE + 1}')
    return _both_ways(signal, *_low_pass(cutoff_hz, float(f'{rate_hz:.7g}')))


def _both_ways(signal: np.ndarray, sections: np.ndarray, state: np.ndarray) -> np.ndarray:
    state = state.reshape(*state.shape, *(1,) * (signal.ndim - 1))
    extended = np.concatenate([
        2.0 * signal[:1] - signal[_EDGE:0:-1], signal,
        2.0 * signal[-1:] - signal[-2:-_EDGE - 2:-1]])
    for _ in range(2):
        passed, _ = sosfilt(sections, extended, axis=0, zi=state * extended[0])
        extended = passed[::-1]
    return extended[_EDGE:-_EDGE]


class Remembered:
    """A pure function of arrays that is not computed again while they stay the same."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self._key: tuple[bytes, ...] | None = None
        self._result: Any = None

    def __call__(self, *arrays: np.ndarray) -> Any:
        """Return what the function returns; results are shared, not to be written to."""
        key = tuple(array.tobytes() for array in arrays)
        if key != self._key:
            self._result = self._function(*arrays)
            self._key = key
        return self._result
