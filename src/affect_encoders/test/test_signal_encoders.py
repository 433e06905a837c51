# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the three encoders of sampled signals have in common, whatever the signal."""


from affect_encoders.eye_movement import EyeMovementEncoder
from affect_encoders.head_motion import HeadMotionEncoder
from affect_encoders.physiology import PhysiologyEncoder
from body_signals import minimum_jerk
from body_signals import pulse_wave
from body_signals import skin_response
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
import numpy as np
import pytest

SECONDS = 100.0


class Gaze:
    make = EyeMovementEncoder

    def __init__(self, start_s=0.0):
        rng = np.random.default_rng(0)
        self.t = start_s + np.arange(1, int(SECONDS * 200) + 1) / 200.0
        azimuth = rng.normal(0.0, 0.05, self.t.size)
        for k, onset in enumerate(np.arange(0.5, SECONDS, 0.8)):
            azimuth += (12.0 if k % 2 else -12.0) * minimum_jerk(
                self.t - start_s, onset, 0.047)
        self.rows = np.column_stack([
            azimuth, rng.normal(0.0, 0.05, self.t.size),
            rng.uniform(0.8, 1.0, self.t.size),
            np.where(self.t % 4.0 < 0.15, 0.0, 1.0)])

    def push(self, encoder, after_s, until_s, order=slice(None)):
        k = np.flatnonzero((self.t > after_s) & (self.t <= until_s))[order]
        encoder.push(self.t[k], *self.rows[k].T)


class Imu:
    make = HeadMotionEncoder

    def __init__(self, start_s=0.0):
        rng = np.random.default_rng(0)
        self.t = start_s + np.arange(1, int(SECONDS * 200) + 1) / 200.0
        self.turning = rng.normal(0.0, 0.05, (self.t.size, 3))
        self.turning[:, 1] += np.sin(2 * np.pi * 2.0 * self.t)
        self.force = rng.normal(0.0, 0.1, (self.t.size, 3)) + np.array([0.0, 0.0, 9.8])

    def push(self, encoder, after_s, until_s, order=slice(None)):
        k = np.flatnonzero((self.t > after_s) & (self.t <= until_s))[order]
        encoder.push(self.t[k], self.turning[k], self.force[k])


class Wrist:
    make = PhysiologyEncoder

    def __init__(self, start_s=0.0):
        rng = np.random.default_rng(0)
        self.start_s = start_s
        beats = 0.4 + np.cumsum(rng.normal(0.8, 0.03, 150))
        t = np.arange(int(SECONDS * 64)) / 64.0
        self.channels = {
            'bvp': (64.0, pulse_wave(t, beats) + rng.normal(0.0, 0.02, t.size)),
            'skin_temperature': (4.0, 33.0 + 0.001 * np.arange(int(SECONDS * 4)))}
        t = np.arange(int(SECONDS * 4)) / 4.0
        eda = 4.0 + rng.normal(0.0, 0.002, t.size)
        for onset in np.arange(5.0, SECONDS, 11.0):
            eda += skin_response(t, onset, 0.4)
        self.channels['eda'] = (4.0, eda)
        for axis in 'xyz':
            self.channels[f'acceleration_{axis}'] = (
                32.0, rng.normal(0.0, 0.1, int(SECONDS * 32)))

    def push(self, encoder, after_s, until_s, order=slice(None)):
        for name, (rate_hz, x) in self.channels.items():
            t = self.start_s + np.arange(x.size) / rate_hz
            k = np.flatnonzero((t > after_s) & (t <= until_s))
            if order == slice(None):
                if k.size:
                    encoder.push(name, x[k], rate_hz, t[k[0]])
                continue
            for i in k[order]:
                encoder.push(name, x[i:i + 1], rate_hz, t[i])


SIGNALS = {'gaze': Gaze(), 'imu': Imu(), 'wrist': Wrist()}
every_signal = pytest.mark.parametrize('signal', SIGNALS.values(), ids=SIGNALS)


def assert_same(one, other):
    np.testing.assert_array_equal(one.features, other.features)
    np.testing.assert_array_equal(one.embedding, other.embedding)
    assert one.quality == other.quality
    assert one.reason == other.reason
    assert one.evidence_end_s == other.evidence_end_s
    np.testing.assert_array_equal(one.estimate.arousal, other.estimate.arousal)


@settings(max_examples=8, deadline=None)
@given(st.sampled_from(sorted(SIGNALS)), st.lists(st.floats(0.005, 9.0), min_size=1, max_size=30),
       st.booleans())
def test_chunks_of_any_size_with_or_without_ticks_between_give_the_same(name, steps, ticking):
    signal = SIGNALS[name]
    whole, parts = signal.make(), signal.make()
    end = 90.0
    signal.push(whole, -1.0, end)
    at, k = -1.0, 0
    while at < end:
        until = min(end, at + steps[k % len(steps)] + 0.5)
        signal.push(parts, at, until)
        if ticking and until > 0.0:
            parts.encode(until)
        at, k = until, k + 1
    assert_same(whole.encode(end), parts.encode(end))


@every_signal
def test_samples_after_the_tick_are_not_used_until_the_tick_reaches_them(signal):
    early, exact = signal.make(), signal.make()
    signal.push(early, -1.0, 40.0)
    signal.push(exact, -1.0, 30.0)
    assert_same(early.encode(30.0), exact.encode(30.0))
    signal.push(exact, 30.0, 40.0)
    assert_same(early.encode(40.0), exact.encode(40.0))


@every_signal
def test_late_doubled_and_shuffled_samples_change_nothing(signal):
    orderly, messy = signal.make(), signal.make()
    signal.push(orderly, -1.0, 24.0)
    signal.push(messy, -1.0, 20.0)
    signal.push(messy, 22.0, 24.0)
    signal.push(messy, 19.0, 23.0)
    signal.push(messy, 20.0, 22.0, order=slice(None, None, -1))
    assert_same(orderly.encode(24.0), messy.encode(24.0))


@every_signal
def test_reset_forgets_everything(signal):
    used, fresh = signal.make(), signal.make()
    signal.push(used, -1.0, 40.0)
    used.encode(40.0)
    used.reset()
    assert used.encode(40.0).quality == 0.0
    signal.push(used, 40.0, 70.0)
    signal.push(fresh, 40.0, 70.0)
    assert_same(used.encode(70.0), fresh.encode(70.0))


@every_signal
def test_a_clock_that_went_back_starts_anew(signal):
    encoder = signal.make()
    later = type(signal)(start_s=10_000.0)
    later.push(encoder, 0.0, 10_020.0)
    encoder.encode(10_020.0)
    for k in range(60):
        signal.push(encoder, 0.5 * k - 0.001, 0.5 * k + 0.499)
    assert encoder.encode(29.9).quality > 0.5


@every_signal
def test_nothing_gives_quality_0_and_a_reason(signal):
    encoder = signal.make()
    encoding = encoder.encode(5.0)
    assert encoding.quality == 0.0
    assert encoding.reason
    assert encoding.embedding.shape == (encoder.info.embedding_dimension,)
    assert np.all(np.isnan(encoding.embedding))
    assert np.all(np.isnan(encoding.features))
    assert np.isnan(encoding.estimate.arousal)


@every_signal
def test_features_stay_in_the_ranges_that_the_info_states(signal):
    encoder = signal.make()
    signal.push(encoder, -1.0, 90.0)
    encoding = encoder.encode(90.0)
    for spec, value in zip(encoder.info.features, encoding.features, strict=True):
        assert np.isnan(value) or spec.low <= value <= spec.high, (spec.name, value)


@every_signal
def test_quality_only_falls_while_nothing_comes_and_ends_at_0(signal):
    encoder = signal.make()
    signal.push(encoder, -1.0, 60.0)
    qualities = [encoder.encode(60.0 + age).quality for age in np.arange(0.0, 150.0, 2.5)]
    assert np.all(np.diff(qualities) <= 1e-9)
    assert qualities[0] > 0.8
    assert qualities[-1] == 0.0


@every_signal
def test_embeddings_of_different_evidence_differ(signal):
    encoder = signal.make()
    signal.push(encoder, -1.0, 90.0)
    one, other = encoder.encode(70.0).embedding, encoder.encode(86.3).embedding
    assert np.linalg.norm(one - other) > 1e-3


@every_signal
def test_memory_stays_bounded(signal):
    encoder = signal.make()
    buffers = []
    for start in range(3):
        later = type(signal)(start_s=1000.0 * start)
        later.push(encoder, -1.0, 1000.0 * start + SECONDS)
        encoder.encode(1000.0 * start + SECONDS)
        held = getattr(encoder, '_channels', None) or {
            name: value for name, value in vars(encoder).items() if hasattr(value, 'newest_s')}
        buffers.append(sum(len(b) for b in held.values()))
    assert buffers[2] == buffers[0]


RUBBISH = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from([0.0, 1.0, 1e30, -1e300, np.nan, np.inf]))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(SIGNALS)), st.lists(RUBBISH, max_size=12), st.integers(0, 99))
@pytest.mark.filterwarnings('ignore::RuntimeWarning')
def test_rubbish_among_the_samples_neither_raises_nor_leaves_the_ranges(name, rubbish, seed):
    signal = SIGNALS[name]
    rng = np.random.default_rng(seed)
    encoder = signal.make()
    signal.push(encoder, -1.0, 20.0)
    n = len(rubbish)
    stamps = rng.uniform(5.0, 20.0, n)
    if n > 3:
        stamps[:3] = rubbish[:3]
    values = rng.permutation(rubbish)
    if name == 'gaze':
        encoder.push(stamps, values, values[::-1], values, values[::-1])
        encoder.push_image_position(stamps, values, values[::-1], values)
    elif name == 'imu':
        encoder.push(stamps, np.tile(values, (3, 1)).T, np.tile(values[::-1], (3, 1)).T)
    else:
        for channel in ('bvp', 'eda', 'skin_temperature', 'heart_rate', 'interbeat_interval',
                        'respiration', 'acceleration_x'):
            encoder.push(channel, values, 4.0, float(rng.uniform(5.0, 18.0)))
    encoding = encoder.encode(20.0)
    assert 0.0 <= encoding.quality <= 1.0
    assert np.all(np.isfinite(encoding.embedding)) == (encoding.quality > 0.0)
    assert not np.any(np.isinf(encoding.features))
    arousal = encoding.estimate.arousal
    assert np.isnan(arousal) or -1.0 <= arousal <= 1.0
