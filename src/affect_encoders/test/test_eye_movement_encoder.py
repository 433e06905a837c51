# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0

from affect_encoders.eye_movement import events as ev
from affect_encoders.eye_movement import EyeMovementEncoder
from body_signals import minimum_jerk
import numpy as np
import pytest

RATE_HZ = 200.0


def trace(seconds=12.0, amplitude_deg=10.0, every_s=1.0, duration_s=0.045):
    t = np.arange(1, int(seconds * RATE_HZ) + 1) / RATE_HZ
    azimuth = np.random.default_rng(0).normal(0.0, 0.03, t.size)
    for k, onset in enumerate(np.arange(0.5, seconds - 0.2, every_s)):
        azimuth += (amplitude_deg if k % 2 else -amplitude_deg) * minimum_jerk(
            t, onset, duration_s)
    return t, azimuth, np.random.default_rng(1).normal(0.0, 0.03, t.size)


def encode(t, azimuth, elevation, confidence=1.0, openness=np.nan, tick_s=None):
    encoder = EyeMovementEncoder()
    encoder.push(t, azimuth, elevation, np.broadcast_to(confidence, t.shape),
                 np.broadcast_to(openness, t.shape))
    encoding = encoder.encode(t[-1] if tick_s is None else tick_s)
    return encoding, dict(zip(encoder.info.feature_names, encoding.features, strict=True))


def test_features_of_a_trace_of_known_saccades():
    encoding, features = encode(*trace())
    assert encoding.quality > 0.95
    assert features['saccade_rate'] == pytest.approx(1.0, abs=0.11)
    assert features['saccade_amplitude'] == pytest.approx(10.0, rel=0.05)
    assert features['saccade_peak_velocity'] == pytest.approx(1.875 * 10.0 / 0.045, rel=0.12)
    # Fixations last from the end of one saccade to the next, less the smoothing's width.
    assert features['fixation_duration'] == pytest.approx(1.0 - 0.045, abs=0.04)
    assert features['pursuit_share'] < 0.05
    assert features['blink_rate'] == 0.0
    assert np.all(np.isfinite(encoding.embedding))


def test_more_saccades_raise_the_saccade_rate_and_lower_fixation_duration():
    _, few = encode(*trace(every_s=2.0))
    _, many = encode(*trace(every_s=0.5))
    assert many['saccade_rate'] > 1.8 * few['saccade_rate']
    assert many['fixation_duration'] < 0.5 * few['fixation_duration']


def test_slower_saccades_lower_the_residual_and_arousal():
    fast, fast_features = encode(*trace(duration_s=0.035))
    slow, slow_features = encode(*trace(duration_s=0.080))
    assert slow_features['main_sequence_residual'] < fast_features['main_sequence_residual'] - 0.3
    assert slow.estimate.arousal < fast.estimate.arousal
    assert fast.estimate.arousal_variance >= 0.25
    assert np.isnan(fast.estimate.valence)
    assert np.all(np.isnan(fast.estimate.probabilities))


def test_blinks_by_the_lid_give_their_rate_duration_and_perclos():
    t, azimuth, elevation = trace(60.0, every_s=2.0)
    openness = np.where((t + 1.0) % 5.0 < 0.5, 0.0, 1.0)
    azimuth = np.where(openness == 0.0, np.nan, azimuth)
    _, features = encode(t, azimuth, elevation, openness=openness)
    assert features['blink_rate'] == pytest.approx(0.2, abs=0.02)
    assert features['blink_duration'] == pytest.approx(0.5, abs=0.03)
    assert features['perclos'] == pytest.approx(0.1, abs=0.01)
    assert features['openness'] == pytest.approx(0.9, abs=0.02)


def test_perclos_needs_a_lid_and_ten_seconds():
    assert np.isnan(encode(*trace())[1]['perclos'])
    assert np.isnan(encode(*trace(8.0), openness=1.0)[1]['perclos'])


def test_following_a_target_raises_the_pursuit_share():
    t, azimuth, elevation = trace(amplitude_deg=0.0)
    _, features = encode(t, azimuth + 20.0 * np.sin(2 * np.pi * 0.2 * t), elevation)
    assert features['pursuit_share'] > 0.7


def test_image_positions_give_rates_but_no_degrees():
    t, azimuth, elevation = trace()
    encoder = EyeMovementEncoder()
    encoder.push_image_position(
        t, 0.5 + azimuth / ev.IMAGE_WIDTH_DEG, 0.5 + elevation / ev.IMAGE_WIDTH_DEG,
        np.ones(t.size))
    encoding = encoder.encode(t[-1])
    features = dict(zip(encoder.info.feature_names, encoding.features, strict=True))
    assert features['saccade_rate'] == pytest.approx(1.0, abs=0.11)
    for spec in encoder.info.features:
        if spec.unit.startswith('deg') or spec.name == 'main_sequence_residual':
            assert np.isnan(features[spec.name]), spec.name
    assert np.isnan(encoding.estimate.arousal)
    assert np.all(np.isfinite(encoding.embedding))


def test_lower_confidence_lowers_quality():
    t, azimuth, elevation = trace()
    qualities = [encode(t, azimuth, elevation, c)[0].quality for c in (1.0, 0.8, 0.6)]
    assert qualities[0] > qualities[1] > qualities[2] > 0.0
    lost, _ = encode(t, azimuth, elevation, 0.1)
    assert lost.quality == 0.0
    assert lost.reason == 'too few usable gaze samples'
    assert np.all(np.isnan(lost.embedding))


def test_lost_samples_lower_quality():
    t, azimuth, elevation = trace()
    azimuth[-200:][::2] = np.nan
    assert encode(t, azimuth, elevation)[0].quality < 0.8


def test_frozen_gaze_is_worth_nothing():
    t, _, _ = trace()
    encoding, _ = encode(t, np.full(t.size, 3.0), np.zeros(t.size))
    assert encoding.quality == 0.0
    assert encoding.reason == 'gaze is frozen'


def test_gaze_that_freezes_loses_quality_after_a_second():
    t, azimuth, elevation = trace()
    qualities = []
    for frozen_s in (0.5, 2.0, 4.0):
        n = t.size - int(frozen_s * RATE_HZ)
        azimuth[n:], elevation[n:] = azimuth[n], elevation[n]
        encoding, _ = encode(t, azimuth, elevation)
        qualities.append(encoding.quality)
    assert qualities[0] > 0.9
    assert qualities[1] == pytest.approx(0.5 * qualities[0], rel=0.05)
    assert qualities[2] < 0.15
    assert encoding.reason == 'gaze is frozen'


def test_pixels_as_degrees_are_named():
    t, azimuth, elevation = trace()
    encoding, _ = encode(t, azimuth + 640.0, elevation + 400.0)
    assert encoding.quality == 0.0
    assert 'outside its unit' in encoding.reason


def test_single_lost_samples_are_no_blinks():
    t, azimuth, elevation = trace()
    azimuth[::37] = np.nan
    _, features = encode(t, azimuth, elevation)
    assert features['blink_rate'] == 0.0
    assert features['saccade_rate'] == pytest.approx(1.0, abs=0.11)


def test_swapped_axes_change_no_event():
    t, azimuth, elevation = trace()
    _, one = encode(t, azimuth, elevation)
    _, other = encode(t, elevation, azimuth)
    assert one['saccade_rate'] == other['saccade_rate']


def test_columns_of_different_length_are_refused_by_name():
    with pytest.raises(ValueError, match='elevation_deg has 1 values for 2 stamps'):
        EyeMovementEncoder().push([0.0, 0.1], [0.0, 0.0], [0.0], [1.0, 1.0], [1.0, 1.0])
