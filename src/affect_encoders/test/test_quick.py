# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The short cuts give what numpy and scipy give."""

from affect_encoders.quick import band_pass
from affect_encoders.quick import hann
from affect_encoders.quick import line
from affect_encoders.quick import median
from affect_encoders.quick import Remembered
from affect_encoders.quick import rows_known
import numpy as np
import pytest
from scipy.signal import butter
from scipy.signal import sosfiltfilt

GENERATOR = np.random.default_rng(0)


@pytest.mark.parametrize('size', [1, 2, 3, 4, 101, 102])
def test_the_median_is_that_of_numpy(size):
    values = GENERATOR.normal(size=size)
    assert median(values) == np.median(values)


def test_a_row_is_known_when_all_of_it_is():
    values = np.array([
        [1.0, 2.0, 3.0], [np.nan, 2.0, 3.0], [np.inf, -np.inf, 0.0], [0.0, 0.0, np.inf]])
    assert rows_known(values).tolist() == [True, False, False, False]
    # A view of some columns, as the encoders use it.
    assert rows_known(values[:, 1:]).tolist() == [True, True, False, False]


def test_the_line_is_that_of_least_squares():
    x = np.sort(GENERATOR.uniform(-60.0, 0.0, 50))
    y = 3.0 + 0.5 * x + GENERATOR.normal(size=50)
    assert line(x, y) == pytest.approx(np.polynomial.polynomial.polyfit(x, y, 1), rel=1e-9)


def test_the_window_is_that_of_numpy_and_cannot_be_spoiled():
    assert np.array_equal(hann(64), np.hanning(64))
    with pytest.raises(ValueError, match='read-only'):
        hann(64)[0] = 1.0


@pytest.mark.parametrize('shape', [(200,), (200, 3), (16,)])
@pytest.mark.parametrize('rate_hz', [64.0, 100.0])
def test_the_band_pass_is_that_of_scipy(shape, rate_hz):
    signal = np.cumsum(GENERATOR.normal(size=shape), axis=0)
    sections = butter(2, (1.0, 4.0), btype='bandpass', fs=rate_hz, output='sos')
    expected = sosfiltfilt(sections, signal, axis=0)
    assert band_pass(signal, (1.0, 4.0), rate_hz) == pytest.approx(expected, abs=1e-12)


def test_a_rate_from_stamps_that_are_not_exact_changes_nothing_that_shows():
    signal = GENERATOR.normal(size=400)
    exact = band_pass(signal, (1.0, 4.0), 64.0)
    assert band_pass(signal, (1.0, 4.0), 64.0 * (1.0 + 1e-9)) == pytest.approx(exact, abs=1e-6)


def test_too_few_samples_are_refused_in_words():
    with pytest.raises(ValueError, match='at least 16'):
        band_pass(np.zeros(15), (1.0, 4.0), 64.0)


def test_what_stays_the_same_is_computed_once_and_a_change_within_is_seen():
    calls = []

    def total(values: np.ndarray) -> float:
        calls.append(values.copy())
        return float(np.nansum(values))

    remembered = Remembered(total)
    buffer = np.array([1.0, np.nan, 2.0])
    assert remembered(buffer) == remembered(buffer.copy()) == 3.0
    assert len(calls) == 1
    # The same memory with another content, as in the view of a ring buffer.
    buffer[0] = 5.0
    assert remembered(buffer) == 7.0
    assert len(calls) == 2
