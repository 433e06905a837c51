# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Physiology from sensors of other kinds, and from what is no physiology; answers are known."""

from affect_encoders.physiology import features as physio
from affect_encoders.physiology import PhysiologyEncoder
from affect_encoders.physiology.encoder import pulse_quality
from body_signals import pulse_wave
from body_signals import skin_response
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
import numpy as np
import pytest

NAN = float('nan')
SECONDS = 30.0


def times(rate_hz, seconds=SECONDS):
    return np.arange(int(seconds * rate_hz)) / rate_hz


def beats(mean_s=0.83, sd_s=0.02, seed=0, until_s=29.3):
    intervals = mean_s + np.random.default_rng(seed).normal(0.0, sd_s, 100).clip(-0.065, 0.065)
    found = 0.4 + np.concatenate([[0.0], np.cumsum(intervals)])
    return found[found < until_s]


@settings(max_examples=24, deadline=None)
@given(st.sampled_from([25.0, 32.0, 64.0, 100.0, 250.0, 1000.0]), st.floats(0.75, 1.1),
       st.floats(0.01, 0.05), st.sampled_from([1.0, -3e-4, 5000.0]), st.integers(0, 99))
def test_variability_within_a_millisecond_at_any_rate_scale_and_polarity(
        rate_hz, mean_s, sd_s, gain, seed):
    known = beats(mean_s, sd_s, seed)
    t = times(rate_hz)
    wave = np.sum(np.exp(-0.5 * ((t[:, None] - known) / 0.08) ** 2), axis=1)
    pulse = physio.pulse_features(t, 100.0 * gain + gain * wave)
    true = np.diff(known)
    assert pulse.beats_s.size == known.size
    assert pulse.sdnn == pytest.approx(1e3 * true.std(ddof=1), abs=1.0)
    assert pulse.rmssd == pytest.approx(1e3 * np.sqrt(np.mean(np.diff(true) ** 2)), abs=1.0)
    assert pulse_quality(pulse, NAN) > 0.8


def test_intervals_that_vary_widely_are_kept_where_all_beats_look_alike():
    rng = np.random.default_rng(3)
    known = 0.4 + np.cumsum(rng.normal(0.85, 0.08, 60).clip(0.65, 1.05))
    known = known[known < 29.3]
    t = times(64.0)
    pulse = physio.pulse_features(t, pulse_wave(t, known))
    assert pulse.plausible.all()
    true = 1e3 * np.sqrt(np.mean(np.diff(np.diff(known)) ** 2))
    assert pulse.rmssd == pytest.approx(true, rel=0.02)


@pytest.mark.parametrize('heart_rate', [36.0, 200.0])
def test_hearts_slower_and_faster_than_most(heart_rate):
    t = times(64.0)
    known = np.arange(0.4, 29.5, 60.0 / heart_rate)
    wave = np.sum(np.exp(-0.5 * ((t[:, None] - known) / 0.06) ** 2), axis=1)
    assert physio.pulse_features(t, wave).heart_rate == pytest.approx(heart_rate, abs=0.5)


def test_beats_on_both_sides_of_a_gap_count_and_the_gap_does_not():
    t = times(64.0)
    wave = pulse_wave(t, beats())
    whole = physio.pulse_features(t, wave)
    gap = np.where((t > 12.0) & (t < 16.0), np.nan, wave)
    pulse = physio.pulse_features(t, gap)
    assert pulse.heart_rate == pytest.approx(whole.heart_rate, abs=0.5)
    assert pulse.sdnn < 30.0
    assert whole.coverage > pulse.coverage > 0.75


def test_a_burst_of_motion_hides_no_beat_beside_it():
    t = times(64.0)
    known = beats()
    wave = pulse_wave(t, known)
    burst = (t > 14.0) & (t < 15.5)
    wave[burst] += 30.0 * np.sin(2.0 * np.pi * 0.9 * t[burst])
    pulse = physio.pulse_features(t, wave)
    near = np.abs(known[:, None] - pulse.beats_s).min(axis=1)
    apart = (known < 12.0) | (known > 18.0)
    assert np.all(near[apart] < 0.03)


WAVES = {
    'sawtooth of a pump': lambda t: (2.0 * t) % 1.0,
    'falling sawtooth': lambda t: -((1.3 * t) % 1.0),
    'square': lambda t: np.sign(np.sin(2.0 * np.pi * 1.2 * t)),
    'mains hum': lambda t: np.sin(2.0 * np.pi * 50.03 * t),
    'white noise': lambda t: np.random.default_rng(0).normal(size=t.size),
    'random walk': lambda t: np.cumsum(np.random.default_rng(0).normal(size=t.size)),
    'saturated': lambda t: np.clip(50.0 * pulse_wave(t, beats()) - 25.0, 0.0, 1.0),
    'ramp': lambda t: t,
    'step': lambda t: (t > 15.0).astype(float),
    'skin conductance': lambda t: 5.0 + 0.3 * np.sin(t / 7.0) + np.random.default_rng(
        0).normal(0.0, 0.002, t.size),
    'temperature': lambda t: 33.0 + 0.001 * t + np.random.default_rng(0).normal(
        0.0, 0.01, t.size),
}


@pytest.mark.parametrize('rate_hz', [25.0, 64.0, 1000.0])
@pytest.mark.parametrize('name', WAVES)
def test_what_is_no_pulse_gives_no_heart_rate_and_a_reason(name, rate_hz):
    t = times(rate_hz)
    encoder = PhysiologyEncoder()
    encoder.push('bvp', WAVES[name](t), rate_hz, 0.0)
    encoding, features = named(encoder, SECONDS)
    assert np.isnan(features['heart_rate'])
    assert np.isnan(features['rmssd'])
    assert encoding.quality < 0.5
    assert encoding.reason


def named(encoder, tick_s):
    encoding = encoder.encode(tick_s)
    return encoding, dict(zip(encoder.info.feature_names, encoding.features, strict=True))


def test_a_pulse_in_hum_is_still_read():
    t = times(250.0)
    wave = pulse_wave(t, beats()) + 0.5 * np.sin(2.0 * np.pi * 50.03 * t)
    pulse = physio.pulse_features(t, wave)
    assert pulse.heart_rate == pytest.approx(60.0 / np.diff(beats()).mean(), abs=0.5)


def test_a_clipped_pulse_is_told_and_worth_less():
    t = times(64.0)
    wave = pulse_wave(t, beats())
    pulse = physio.pulse_features(t, np.minimum(wave, 0.4))
    assert pulse.reason == 'BVP is clipped'
    assert pulse_quality(pulse, NAN) < 0.8 * pulse_quality(physio.pulse_features(t, wave), NAN)


def test_the_rate_of_the_sensor_may_change_in_the_middle():
    known = beats()
    encoder = PhysiologyEncoder()
    encoder.push('bvp', pulse_wave(times(64.0, 15.0), known), 64.0, 0.0)
    encoder.push('bvp', pulse_wave(15.0 + times(100.0, 15.0), known), 100.0, 15.0)
    _, features = named(encoder, SECONDS)
    assert features['heart_rate'] == pytest.approx(60.0 / np.diff(known).mean(), abs=0.5)


def worn(acceleration, heart_rate=90.0):
    encoder = PhysiologyEncoder()
    t = times(64.0)
    encoder.push('bvp', pulse_wave(t, np.arange(0.4, 29.5, 60.0 / heart_rate)), 64.0, 0.0)
    for axis, x in zip('xyz', acceleration, strict=True):
        encoder.push(f'acceleration_{axis}', x, 32.0, 0.0)
    return named(encoder, SECONDS)


def test_acceleration_in_g_is_told_and_costs_quality():
    rng = np.random.default_rng(0)
    force = rng.normal(0.0, 0.02, (3, 960)) + np.array([[0.2], [0.3], [0.93]])
    right, _ = worn(9.80665 * force)
    wrong, features = worn(force)
    assert 'looks like g' in wrong.reason
    assert wrong.quality < right.quality - 0.1
    assert np.isnan(features['motion'])


def test_a_pulse_with_the_rhythm_of_the_steps_is_not_believed():
    t = times(32.0)
    still = np.array([0.0, 0.0, 9.8])[:, None] + np.zeros((3, 960))
    for rate, is_known in ((1.5, False), (2.4, True)):
        force = still.copy()
        force[0] += 1.5 * np.sin(2.0 * np.pi * rate * t)
        encoding, features = worn(force)
        assert np.isfinite(features['heart_rate']) == is_known
        assert ("rhythm of the wearer's motion" in encoding.reason) != is_known


@settings(max_examples=15, deadline=None)
@given(st.floats(0.13, 0.45), st.sampled_from(['interval', 'height', 'baseline', 'all']),
       st.integers(0, 99))
def test_breathing_within_one_a_minute_whichever_way_it_moves_the_pulse(rate_hz, how, seed):
    rng = np.random.default_rng(seed)
    known = [0.4]
    sway = 0.05 if how in ('interval', 'all') else 0.0
    while known[-1] < 29.5:
        known.append(known[-1] + 0.75 + sway * np.sin(2.0 * np.pi * rate_hz * known[-1])
                     + rng.normal(0.0, 0.002))
    t = times(64.0)
    breath = np.sin(2.0 * np.pi * rate_hz * t + rng.uniform(0.0, 6.0))
    wave = pulse_wave(t, np.array(known)) * (1.0 + 0.15 * (how in ('height', 'all')) * breath)
    wave += 0.15 * (how in ('baseline', 'all')) * breath + rng.normal(0.0, 0.01, t.size)
    pulse = physio.pulse_features(t, wave)
    assert pulse.respiration_rate == pytest.approx(60.0 * rate_hz, abs=1.0)


def test_a_breathing_sensor_is_evidence_of_its_own():
    t = times(32.0)
    encoder = PhysiologyEncoder()
    encoder.push('respiration', 500.0 + 20.0 * np.sin(2.0 * np.pi * 0.3 * t), 32.0, 0.0)
    encoding, features = named(encoder, SECONDS)
    assert features['respiration_rate'] == pytest.approx(18.0, abs=0.5)
    assert 0.3 < encoding.quality < 0.5
    encoder = PhysiologyEncoder()
    encoder.push('respiration', np.full(960, 7.0), 32.0, 0.0)
    encoding, features = named(encoder, SECONDS)
    assert np.isnan(features['respiration_rate'])
    assert encoding.reason == 'respiration is constant'


def response(t, onset_s, amplitude_us, rise_s, recovery_s):
    late = np.clip(t - onset_s, 0.0, None)
    u = np.linspace(0.0, 30.0, 6001)
    return amplitude_us * (np.exp(-late / recovery_s) - np.exp(-late / rise_s)) / np.max(
        np.exp(-u / recovery_s) - np.exp(-u / rise_s))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 7), st.sampled_from([(0.3, 2.0), (0.75, 2.0), (1.2, 4.0)]),
       st.floats(0.05, 1.0), st.floats(0.3, 15.0), st.floats(-0.3, 0.3),
       st.sampled_from([4.0, 8.0, 32.0]), st.integers(0, 99))
def test_responses_are_counted_whatever_their_rise_level_and_drift(
        n, shape, amplitude, tonic, drift, rate_hz, seed):
    rng = np.random.default_rng(seed)
    t = times(rate_hz, 60.0)
    # The noise of an E4: a step of its converter is 0.9 nS.
    x = tonic + drift * t / 60.0 + rng.normal(0.0, 0.001, t.size)
    onsets = 4.0 + 7.0 * np.arange(n) + rng.uniform(0.0, 1.0, n)
    for onset in onsets:
        x += response(t, onset, amplitude, *shape)
    found = physio.skin_conductance(t, x)
    assert found.onsets_s.size == n
    assert np.all(np.abs(found.onsets_s - onsets) < 1.0)


def test_a_response_on_the_recovery_of_another_counts():
    t = times(4.0, 60.0)
    x = 3.0 + response(t, 20.0, 0.8, 0.75, 4.0) + response(t, 23.0, 0.3, 0.75, 4.0)
    found = physio.skin_conductance(t, x)
    assert found.onsets_s == pytest.approx([20.0, 23.0], abs=0.8)


def test_responses_on_both_sides_of_a_gap_count():
    t = times(4.0, 60.0)
    x = 3.0 + skin_response(t, 12.0, 0.4) + skin_response(t, 42.0, 0.4)
    x[100:140] = np.nan
    assert physio.skin_conductance(t, x).onsets_s.size == 2


@pytest.mark.parametrize(('x', 'reason'), [
    (np.where(np.arange(240) < 60, 9.0, 25.0), 'EDA is at its upper limit'),
    (4.0 + 3.5 * np.sin(2.0 * np.pi * 0.9 * np.arange(240) / 4.0), 'EDA changes faster'),
])
def test_a_full_amplifier_and_a_pulse_are_no_skin_conductance(x, reason):
    assert physio.skin_conductance(np.arange(240) / 4.0, x).reason.startswith(reason)


def test_exchanged_eda_and_temperature_are_told():
    encoder = PhysiologyEncoder()
    rng = np.random.default_rng(0)
    encoder.push('eda', 33.0 + rng.normal(0.0, 0.01, 240), 4.0, 0.0)
    encoder.push('skin_temperature', 4.0 + rng.normal(0.0, 0.01, 240), 4.0, 0.0)
    assert 'look exchanged' in encoder.encode(60.0).reason


@settings(max_examples=6, deadline=None)
@given(st.lists(st.integers(1, 7000), min_size=1, max_size=12))
def test_chunks_of_a_fast_sensor_give_the_same(sizes):
    t = times(500.0)
    wave = pulse_wave(t, beats())
    whole, parts = PhysiologyEncoder(), PhysiologyEncoder()
    whole.push('bvp', wave, 500.0, 0.0)
    at, k = 0, 0
    while at < t.size:
        size = sizes[k % len(sizes)] + 100
        parts.push('bvp', wave[at:at + size], 500.0, t[at])
        at, k = at + size, k + 1
    # Stamps of other chunks differ in their last digits, and with them those of what is timed.
    np.testing.assert_allclose(
        whole.encode(30.0).features, parts.encode(30.0).features, rtol=1e-4)
