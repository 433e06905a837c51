# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0

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

RATE_HZ = 64.0


def beats_with(intervals_s, start_s=0.4):
    return start_s + np.concatenate([[0.0], np.cumsum(intervals_s)])


def bvp(beats_s, seconds=30.0, noise=0.0, seed=0):
    t = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    return t, pulse_wave(t, beats_s) + np.random.default_rng(seed).normal(0.0, noise, t.size)


@pytest.mark.parametrize('heart_rate', [45.0, 60.0, 75.0, 120.0, 160.0])
def test_heart_rate_of_a_known_pulse_train(heart_rate):
    beats = beats_with(np.full(100, 60.0 / heart_rate))
    pulse = physio.pulse_features(*bvp(beats[beats < 29.5], noise=0.02))
    assert pulse.heart_rate == pytest.approx(heart_rate, abs=0.5)
    assert pulse.spectral_rate == pytest.approx(heart_rate, abs=2.0)
    assert pulse.coverage > 0.93
    assert pulse.correlation > 0.95
    assert pulse_quality(pulse, float('nan')) > 0.9


@settings(max_examples=20, deadline=None)
@given(st.floats(0.65, 1.1), st.floats(0.01, 0.05), st.integers(0, 99))
def test_rmssd_and_sdnn_of_a_known_pulse_train_within_a_millisecond(mean_s, sd_s, seed):
    rng = np.random.default_rng(seed)
    intervals = mean_s + np.clip(rng.normal(0.0, sd_s, 60), -0.065, 0.065)
    beats = beats_with(intervals)
    beats = beats[beats < 29.3]
    true = np.diff(beats)
    # Two intervals may differ by 0.13 s, less than the quarter that is called implausible. Pulses
    # as narrow as here do not overlap: what is left is the 16 ms grid.
    t = np.arange(int(30.0 * RATE_HZ)) / RATE_HZ
    wave = np.sum(np.exp(-0.5 * ((t[:, None] - beats) / 0.08) ** 2), axis=1)
    pulse = physio.pulse_features(t, wave)
    assert pulse.beats_s.size == beats.size
    kept = pulse.plausible
    assert kept.all()
    assert pulse.sdnn == pytest.approx(1e3 * true.std(ddof=1), abs=1.0)
    assert pulse.rmssd == pytest.approx(
        1e3 * np.sqrt(np.mean(np.diff(true) ** 2)), abs=1.0)


def test_a_missed_beat_does_not_enter_the_variability():
    intervals = np.full(34, 0.85)
    beats = beats_with(intervals)
    missed = np.delete(beats, 15)
    whole = physio.pulse_features(*bvp(beats))
    gappy = physio.pulse_features(*bvp(missed))
    assert gappy.heart_rate == pytest.approx(whole.heart_rate, abs=0.5)
    assert gappy.rmssd < 5.0
    assert gappy.coverage < whole.coverage


def test_noise_is_no_pulse():
    rng = np.random.default_rng(0)
    t = np.arange(1920) / RATE_HZ
    qualities = [pulse_quality(physio.pulse_features(t, rng.normal(0.0, 1.0, t.size)), 0.1)
                 for _ in range(10)]
    assert max(qualities) < 0.4


@pytest.mark.parametrize(('signal', 'reason'), [
    (np.zeros(1920), 'BVP is constant'),
    (np.full(1920, 512.0), 'BVP is constant'),
    (np.full(1920, np.nan), 'less than 5 s of BVP'),
])
def test_a_constant_or_absent_pulse_says_so(signal, reason):
    pulse = physio.pulse_features(np.arange(1920) / RATE_HZ, signal)
    assert pulse.reason == reason
    assert np.isnan(pulse.heart_rate)
    assert pulse_quality(pulse, 0.0) == 0.0


@pytest.mark.parametrize('sign', [1.0, -1.0])
def test_breathing_is_read_from_the_beats_whichever_way_up(sign):
    rate_hz = 0.25
    beats = [0.4]
    while beats[-1] < 29.0:
        beats.append(beats[-1] + 0.8 + 0.05 * np.sin(2 * np.pi * rate_hz * beats[-1]))
    t = np.arange(1920) / RATE_HZ
    wave = pulse_wave(t, np.array(beats)) * (1.0 + 0.15 * np.sin(2 * np.pi * rate_hz * t))
    pulse = physio.pulse_features(t, sign * wave)
    assert pulse.respiration_rate == pytest.approx(15.0, abs=1.5)
    assert pulse.heart_rate == pytest.approx(75.0, abs=1.0)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 8), st.floats(0.1, 2.0), st.floats(2.0, 12.0), st.floats(-0.3, 0.3),
       st.integers(0, 99))
def test_the_number_of_skin_conductance_responses_is_exact(n, amplitude, tonic, drift, seed):
    rng = np.random.default_rng(seed)
    t = np.arange(0.0, 60.0, 0.25)
    x = tonic + drift * t / 60.0 + rng.normal(0.0, 0.002, t.size)
    onsets = 3.0 + 6.5 * np.arange(n) + rng.uniform(0.0, 1.5, n)
    for onset in onsets:
        x += skin_response(t, onset, amplitude)
    found = physio.skin_conductance(t, x)
    assert found.onsets_s.size == n
    assert np.all(np.abs(found.onsets_s - onsets) < 1.0)
    if n:
        assert found.rate_min == pytest.approx(n * 60.0 / 59.75, rel=0.01)


def test_amplitude_and_level_of_one_response():
    t = np.arange(0.0, 60.0, 0.25)
    found = physio.skin_conductance(t, 4.0 + skin_response(t, 20.0, 0.5))
    assert found.amplitudes_us == pytest.approx([0.5], rel=0.15)
    assert found.tonic_us == pytest.approx(4.0, abs=0.05)


@pytest.mark.parametrize(('x', 'reason'), [
    (np.full(240, 2.0), 'EDA is constant'),
    (np.abs(np.random.default_rng(0).normal(0.0, 0.01, 240)), 'EDA electrode detached'),
    (np.full(240, np.nan), 'less than 8 s of EDA'),
])
def test_a_constant_or_detached_electrode_says_so(x, reason):
    found = physio.skin_conductance(np.arange(240) / 4.0, x)
    assert found.reason == reason
    assert np.isnan(found.rate_min)


def test_temperature_slope_is_that_of_a_ramp():
    t = np.arange(0.0, 60.0, 0.25)
    level, slope = physio.temperature_trend(t, 33.0 + 0.5 * t / 60.0)
    assert slope == pytest.approx(0.5)
    assert level == pytest.approx(33.5 - 0.5 * 5.0 / 60.0, abs=0.01)


def session(heart_rate, seconds=200.0, responses_min=0.0, motion=0.05, change_at=None, after=None):
    """Return an encoder that was given a whole session at one heart rate, or two."""
    rng = np.random.default_rng(0)
    encoder = PhysiologyEncoder()
    beats = [0.4]
    while beats[-1] < seconds:
        rate = after if change_at is not None and beats[-1] > change_at else heart_rate
        beats.append(beats[-1] + 60.0 / rate + rng.normal(0.0, 0.02))
    t = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    encoder.push('bvp', pulse_wave(t, np.array(beats)), RATE_HZ, 0.0)
    t = np.arange(int(seconds * 4)) / 4.0
    eda = 5.0 + rng.normal(0.0, 0.002, t.size)
    if responses_min:
        for onset in np.arange(seconds - 58.0, seconds - 4.0, 60.0 / responses_min):
            eda += skin_response(t, onset, 0.4)
    encoder.push('eda', eda, 4.0, 0.0)
    encoder.push('skin_temperature', np.full(t.size, 33.0), 4.0, 0.0)
    for axis in 'xyz':
        encoder.push(f'acceleration_{axis}',
                     rng.normal(0.0, motion, int(seconds * 32)), 32.0, 0.0)
    return encoder


def named(encoder, tick_s):
    encoding = encoder.encode(tick_s)
    return encoding, dict(zip(encoder.info.feature_names, encoding.features, strict=True))


def test_a_full_wristband_gives_every_feature():
    encoding, features = named(session(75.0, responses_min=6.0), 200.0)
    assert encoding.quality > 0.9
    assert features['heart_rate'] == pytest.approx(75.0, abs=1.0)
    assert features['heart_rate_change'] == pytest.approx(0.0, abs=2.0)
    assert features['scr_rate'] == pytest.approx(6.0, abs=1.1)
    assert features['skin_temperature'] == pytest.approx(33.0)
    assert np.all(np.isfinite(encoding.embedding))


def test_a_heart_faster_than_its_own_usual_raises_arousal():
    calm, calm_features = named(session(65.0, 300.0), 300.0)
    roused, features = named(session(65.0, 300.0, change_at=250.0, after=95.0), 300.0)
    assert features['heart_rate_change'] > 20.0
    assert calm_features['heart_rate_change'] == pytest.approx(0.0, abs=2.0)
    assert roused.estimate.arousal > calm.estimate.arousal + 0.3
    assert np.isnan(roused.estimate.valence)
    assert roused.estimate.arousal_variance >= 0.2


def test_more_responses_of_the_skin_raise_arousal():
    few, _ = named(session(70.0), 200.0)
    many, _ = named(session(70.0, responses_min=9.0), 200.0)
    assert many.estimate.arousal > few.estimate.arousal + 0.2


def test_heart_rate_says_nothing_about_arousal_in_exertion():
    still, _ = named(session(65.0, 300.0, change_at=250.0, after=95.0), 300.0)
    running, _ = named(session(65.0, 300.0, change_at=250.0, after=95.0, motion=5.0), 300.0)
    assert running.estimate.arousal < still.estimate.arousal


def test_motion_lowers_quality():
    beats = beats_with(np.full(36, 0.8))
    pulse = physio.pulse_features(*bvp(beats))
    qualities = [pulse_quality(pulse, m) for m in (0.1, 4.0, 10.0)]
    assert qualities[0] > qualities[1] > qualities[2] > 0.0


def test_no_baseline_before_a_minute():
    _, features = named(session(70.0, 40.0), 40.0)
    assert features['heart_rate'] == pytest.approx(70.0, abs=1.0)
    assert np.isnan(features['heart_rate_change'])


def test_the_devices_own_beats_serve_without_bvp():
    encoder = PhysiologyEncoder()
    encoder.push('interbeat_interval', np.full(30, 0.75), float('nan'), 1.0)
    encoding, features = named(encoder, 22.75)
    assert features['heart_rate'] == pytest.approx(80.0)
    assert encoding.quality > 0.3
    encoder = PhysiologyEncoder()
    encoder.push('heart_rate', np.full(10, 88.0), 1.0, 0.0)
    encoding, features = named(encoder, 9.0)
    assert features['heart_rate'] == 88.0
    assert encoding.quality > 0.2


def test_a_wristband_on_the_table_is_worth_nothing():
    encoder = PhysiologyEncoder()
    encoder.push('bvp', np.zeros(1920), 64.0, 0.0)
    encoder.push('eda', np.zeros(120), 4.0, 0.0)
    encoder.push('skin_temperature', np.full(120, 18.0), 4.0, 0.0)
    encoding = encoder.encode(30.0)
    assert encoding.quality == 0.0
    assert 'BVP is constant' in encoding.reason
    assert 'EDA is constant' in encoding.reason
    assert 'skin temperature' in encoding.reason
    assert np.all(np.isnan(encoding.embedding))


def test_quality_halves_with_ten_seconds_of_silence():
    encoder = PhysiologyEncoder()
    t = np.arange(0.0, 60.0, 0.25)
    encoder.push('eda', 4.0 + skin_response(t, 20.0, 0.5), 4.0, 0.0)
    now = encoder.encode(60.0).quality
    assert encoder.encode(70.0).quality == pytest.approx(0.5 * now, rel=0.05)


@pytest.mark.parametrize(('channel', 'rate_hz', 'words'), [
    ('ecg2', 64.0, 'unknown channel'),
    ('bvp', 0.0, 'sample_rate_hz'),
    ('bvp', float('nan'), 'sample_rate_hz'),
])
def test_what_cannot_be_used_is_refused_with_the_remedy(channel, rate_hz, words):
    with pytest.raises(ValueError, match=words):
        PhysiologyEncoder().push(channel, [1.0, 2.0], rate_hz, 0.0)
