# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Resampling on the way: exact times, no seams, nothing from the future."""

from affect_encoders.voice.stream import RATE_HZ
from affect_encoders.voice.stream import Stream
import numpy as np
import pytest

RATES = [8000, 11025, 16000, 22050, 32000, 44100, 48000]


def taken(rate_hz, samples, chunk, steps):
    stream = Stream(0.0, rate_hz)
    parts, next_index = [], 0
    for k, until_s in enumerate(steps):
        lo, hi = k * chunk, (k + 1) * chunk if k + 1 < len(steps) else len(samples)
        stream.append(samples[lo:hi])
        first, values, unknown, clipped = stream.take(until_s)
        assert first == next_index
        assert len(values) == len(unknown) == len(clipped)
        next_index += len(values)
        parts.append(values)
    return np.concatenate(parts)


@pytest.mark.parametrize('rate_hz', RATES)
def test_a_tone_keeps_its_phase_and_amplitude(rate_hz):
    time_s = np.arange(rate_hz) / rate_hz
    stream = Stream(0.0, rate_hz)
    stream.append(np.sin(2.0 * np.pi * 440.0 * time_s).astype(np.float32))
    _, values, _, _ = stream.take(1.0)
    expected = np.sin(2.0 * np.pi * 440.0 * np.arange(len(values)) / RATE_HZ)
    inner = slice(200, -200)
    np.testing.assert_allclose(values[inner], expected[inner], atol=5e-3)
    assert len(values) > 0.99 * RATE_HZ - 20


@pytest.mark.parametrize('rate_hz', RATES)
def test_many_small_steps_give_the_samples_of_one_large_step(rate_hz):
    samples = np.random.default_rng(3).uniform(-0.5, 0.5, rate_hz).astype(np.float32)
    chunk = rate_hz // 50
    whole = taken(rate_hz, samples, len(samples), [1.0])
    pieces = taken(rate_hz, samples, chunk, [(k + 1) / 50 for k in range(50)])
    np.testing.assert_allclose(pieces, whole, atol=1e-6)


@pytest.mark.parametrize('rate_hz', RATES)
def test_samples_after_the_time_asked_for_change_nothing(rate_hz):
    samples = np.random.default_rng(4).uniform(-0.5, 0.5, rate_hz).astype(np.float32)
    other = samples.copy()
    other[rate_hz // 2:] = 0.9
    results = []
    for values in (samples, other):
        stream = Stream(0.0, rate_hz)
        stream.append(values)
        results.append(stream.take(0.5)[1])
    np.testing.assert_array_equal(*results)


def test_unknown_and_clipped_samples_are_marked_at_their_place():
    samples = np.full(48000, 0.1, dtype=np.float32)
    samples[12000:12300] = np.nan
    samples[24000:24300] = 1.5
    stream = Stream(0.0, 48000)
    stream.append(samples)
    _, values, unknown, clipped = stream.take(1.0)
    assert np.isfinite(values).all()
    assert np.abs(values).max() < 1.3
    assert set(np.flatnonzero(unknown)) == set(range(4000, 4100))
    assert set(np.flatnonzero(clipped)) == set(range(8000, 8100))


def test_what_nobody_asked_for_is_forgotten_after_a_while():
    stream = Stream(0.0, 16000)
    for _ in range(30):
        stream.append(np.zeros(16000, dtype=np.float32))
        stream.shorten(10.0)
    first, values, _, _ = stream.take(30.0)
    assert first + len(values) == 480000
    assert 160000 <= len(values) <= 200000
