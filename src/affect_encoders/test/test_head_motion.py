# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0

from affect_encoders.head_motion import features as head
from affect_encoders.head_motion import HeadMotionEncoder
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
import numpy as np
import pytest

G = 9.80665


def motion(rate_hz=200.0, seconds=12.0, noise=0.01, seed=0):
    t = np.arange(1, int(seconds * rate_hz) + 1) / rate_hz
    rng = np.random.default_rng(seed)
    force = np.tile([0.0, 0.0, G], (t.size, 1)) + rng.normal(0.0, 0.02, (t.size, 3))
    return t, rng.normal(0.0, noise, (t.size, 3)), force


def encode(t, turning, force, tick_s=None):
    encoder = HeadMotionEncoder()
    encoder.push(t, turning, force)
    encoding = encoder.encode(t[-1] if tick_s is None else tick_s)
    return encoding, dict(zip(encoder.info.feature_names, encoding.features, strict=True))


@pytest.mark.parametrize('rate_hz', [24.0, 50.0, 100.0, 200.0, 1000.0])
@pytest.mark.parametrize(('axis', 'name', 'other'), [(1, 'nod', 'shake'), (2, 'shake', 'nod')])
def test_a_swing_of_2_hz_is_a_nod_about_y_and_a_shake_about_z(rate_hz, axis, name, other):
    t, turning, force = motion(rate_hz)
    turning[:, axis] += np.sin(2 * np.pi * 2.0 * t)
    encoding, features = encode(t, turning, force)
    assert encoding.quality > 0.95
    assert features[f'{name}_rate'] == pytest.approx(2.0, abs=0.21)
    assert features[f'{other}_rate'] == 0.0
    # The mean square of a unit sine is one half.
    assert features[f'{name}_power'] == pytest.approx(0.5, rel=0.01)
    assert features[f'{other}_power'] < 0.005


@settings(max_examples=20, deadline=None)
@given(st.floats(1.2, 3.8), st.floats(0.5, 3.0))
def test_cycles_are_counted_at_any_frequency_of_the_band(frequency_hz, amplitude):
    t, turning, force = motion()
    turning[:, 1] += amplitude * np.sin(2 * np.pi * frequency_hz * t)
    _, features = encode(t, turning, force)
    # One cycle more or less in 5 s, and a fraction of one at the ends.
    assert features['nod_rate'] == pytest.approx(frequency_hz, abs=0.3)


def test_a_still_head_is_still():
    encoding, features = encode(*motion())
    assert features['stillness_share'] > 0.99
    assert features['nod_rate'] == features['shake_rate'] == 0.0
    assert features['angular_speed_mean'] < 0.03
    assert encoding.quality > 0.95


def test_tremor_of_10_hz_is_seen_in_its_band_and_needs_a_fast_sensor():
    t, turning, force = motion()
    turning[:, 0] += 0.1 * np.sin(2 * np.pi * 10.0 * t)
    _, features = encode(t, turning, force)
    assert features['tremor_power_8_12hz'] == pytest.approx(0.005, rel=0.05)
    assert features['tremor_frequency'] == pytest.approx(10.0, abs=0.3)
    t, turning, force = motion(24.0)
    _, features = encode(t, turning, force)
    assert np.isnan(features['tremor_power_8_12hz'])


@settings(max_examples=25, deadline=None)
@given(st.floats(5.0, 11.0), st.floats(0.05, 1.0), st.floats(50.0, 1000.0), st.integers(0, 2),
       st.floats(0.0, 0.02))
def test_tremor_of_known_size_and_frequency_is_measured_at_any_rate_and_phase(
        frequency_hz, amplitude, rate_hz, axis, offset_s):
    t, turning, force = motion(rate_hz, seconds=6.0, noise=0.002)
    turning[:, axis] += amplitude * np.sin(2 * np.pi * frequency_hz * t)
    _, features = encode(t, turning, force, tick_s=t[-1] + offset_s)
    assert features['tremor_power_4_12hz'] == pytest.approx(0.5 * amplitude ** 2, rel=0.06)
    # The spectrum of 5 s has a line each 0.2 Hz.
    assert features['tremor_frequency'] == pytest.approx(frequency_hz, abs=0.21)


def tilting(hz=0.4, amplitude=0.4, axis=1):
    """Return samples of a head that nods (axis 1) or tilts (0) about its neck, 0.15 m below."""
    t, turning, force = motion()
    omega = 2 * np.pi * hz
    angle, rate = amplitude * np.sin(omega * t), amplitude * omega * np.cos(omega * t)
    turning[:, axis] += rate
    aside = -np.sin(angle) if axis else np.sin(angle)
    lever = -omega ** 2 * angle * 0.15 * (1.0 if axis else -1.0)
    force[:, 1 - axis] += G * aside + lever
    force[:, 2] += G * (np.cos(angle) - 1.0)
    return t, turning, force


@pytest.mark.parametrize('axis', [0, 1])
@pytest.mark.parametrize(('hz', 'amplitude'), [(0.2, 0.4), (1.0, 0.2), (3.0, 0.1)])
def test_a_head_that_tilts_as_gravity_does_gives_no_complaint(hz, amplitude, axis):
    encoding, _ = encode(*tilting(hz, amplitude, axis))
    assert (encoding.reason, round(encoding.quality, 2)) == ('', 1.0)


@pytest.mark.parametrize(('hz', 'amplitude'), [(0.1, 0.2), (0.5, 0.4), (2.0, 0.1)])
def test_rates_in_degrees_are_found_out_and_nothing_is_guessed(hz, amplitude):
    t, turning, force = tilting(hz, amplitude)
    encoding, features = encode(t, np.degrees(turning), force)
    assert encoding.quality == 0.0
    assert 'in deg/s? Send rad/s' in encoding.reason
    assert np.isnan(features['angular_speed_mean']) and np.isnan(encoding.estimate.arousal)


def test_accelerations_in_g_are_found_out_and_rates_still_count():
    t, turning, force = tilting()
    encoding, features = encode(t, turning, force / G)
    assert encoding.reason == 'gravity is about 1: is the acceleration in g? Send m/s^2'
    assert encoding.quality == pytest.approx(0.5, abs=0.01)
    for name in ('posture_pitch', 'acceleration_sd', 'jerk_rms'):
        assert np.isnan(features[name])
    assert features['angular_speed_mean'] == encode(t, turning, force)[1]['angular_speed_mean']


def test_a_gyroscope_in_other_axes_than_the_accelerometer_is_said():
    t, turning, force = tilting()
    encoding, _ = encode(t, -turning, force)
    assert 'gravity turns against the gyroscope' in encoding.reason
    assert encoding.quality == pytest.approx(0.5, abs=0.01)


def test_without_gravity_nothing_is_said_about_units():
    t, turning, force = tilting()
    still = np.random.default_rng(0).normal(0.0, 0.3, force.shape)
    assert encode(t, turning, still)[0].reason == ''


@pytest.mark.parametrize(('pitch', 'roll'), [(0.3, 0.0), (-0.5, 0.0), (0.0, 0.4), (0.0, -0.2)])
def test_posture_is_read_from_gravity(pitch, roll):
    t, turning, force = motion()
    # Specific force points up; nose down (positive pitch) tips it to the back of the head.
    force += G * (np.array([
        -np.sin(pitch), np.sin(roll) * np.cos(pitch), np.cos(roll) * np.cos(pitch)])
        - np.array([0.0, 0.0, 1.0]))
    _, features = encode(t, turning, force)
    assert features['posture_pitch'] == pytest.approx(pitch, abs=0.01)
    assert features['posture_roll'] == pytest.approx(roll, abs=0.01)


def test_posture_is_unknown_without_gravity():
    t, turning, force = motion()
    _, features = encode(t, turning, force - np.array([0.0, 0.0, G]))
    assert np.isnan(features['posture_pitch'])


def test_jerk_is_that_of_a_known_force_at_any_rate():
    for rate_hz in (50.0, 200.0):
        t, turning, force = motion(rate_hz)
        force = np.tile([0.0, 0.0, G], (t.size, 1))
        force[:, 0] += 2.0 * np.sin(2 * np.pi * 1.0 * t)
        _, features = encode(t, turning, force)
        # Root mean square of the derivative: 2 (2 pi) / sqrt(2).
        assert features['jerk_rms'] == pytest.approx(2.0 * 2 * np.pi / np.sqrt(2.0), rel=0.05)


def test_faster_turning_raises_arousal_and_nothing_else_is_claimed():
    t, turning, force = motion()
    slow, _ = encode(t, 5.0 * turning, force)
    fast, _ = encode(t, 200.0 * turning, force)
    assert fast.estimate.arousal > slow.estimate.arousal + 0.2
    assert fast.estimate.arousal_variance >= 0.2
    assert np.isnan(fast.estimate.valence)
    assert np.all(np.isnan(fast.estimate.probabilities))


def test_a_change_of_rate_in_mid_stream_changes_no_feature_much():
    t, turning, force = motion(200.0)
    turning[:, 1] += np.sin(2 * np.pi * 2.0 * t)
    keep = (t < 7.0) | (np.arange(t.size) % 4 == 0)
    _, whole = encode(t, turning, force)
    _, mixed = encode(t[keep], turning[keep], force[keep])
    assert mixed['nod_rate'] == whole['nod_rate']
    assert mixed['angular_speed_mean'] == pytest.approx(whole['angular_speed_mean'], rel=0.03)


def test_nan_and_missing_samples_lower_quality_and_kill_nothing():
    t, turning, force = motion()
    turning[-400:][::2] = np.nan
    encoding, features = encode(t, turning, force)
    assert 0.3 < encoding.quality < 0.7
    assert np.isfinite(features['angular_speed_mean'])
    encoding, _ = encode(t, np.full_like(turning, np.nan), force)
    assert encoding.quality == 0.0


def test_a_frozen_gyroscope_is_worth_nothing():
    t, turning, force = motion()
    encoding, _ = encode(t, np.zeros_like(turning), force)
    assert encoding.quality == 0.0
    assert encoding.reason == 'angular velocity is frozen'


def test_quality_halves_with_each_second_of_silence():
    t, turning, force = motion()
    now, _ = encode(t, turning, force)
    later, _ = encode(t, turning, force, tick_s=t[-1] + 1.0)
    assert later.quality == pytest.approx(0.5 * now.quality, rel=0.02)


def test_rows_of_another_shape_are_refused_by_name():
    with pytest.raises(ValueError, match='linear_acceleration'):
        HeadMotionEncoder().push([0.0], np.zeros((1, 3)), np.zeros((1, 2)))


def test_grid_cells_are_nan_across_long_gaps_only():
    t = np.concatenate([np.arange(0.0, 1.0, 0.01), np.arange(1.2, 2.0, 0.01),
                        np.arange(3.0, 4.0, 0.01)])
    grid = head.to_grid(t, t[:, None], 4.0, 4.0)[:, 0]
    assert np.all(np.isfinite(grid[2:198]))
    assert np.all(np.isnan(grid[205:295]))
    np.testing.assert_allclose(grid[110:115], (np.arange(110, 115) + 0.5) / 100.0, atol=0.006)
