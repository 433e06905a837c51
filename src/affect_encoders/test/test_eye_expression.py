# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Lids and pupils: what moves which feature, and what light makes of a pupil."""

from affect_encoders.eye_expression import EyeExpressionEncoder
from affect_encoders.eye_expression import features as eye
from affect_encoders.eye_expression.encoder import FIELD_DEG2
from affect_encoders.eye_expression.encoder import STRAY_LIGHT
from affect_encoders.eye_expression.pupil_light import CONSTRICTION_S
from affect_encoders.eye_expression.pupil_light import DILATION_S
from affect_encoders.eye_expression.pupil_light import LATENCY_S
from affect_encoders.eye_expression.pupil_light import light_pupil_mm
from affect_encoders.eye_expression.pupil_light import reflex_mm
from affect_encoders.feature_projection import FeatureProjection
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
import numpy as np
import pytest

RATE_HZ = 100.0
NAN = float('nan')


class Wearer:
    """Two eyes with a blink of 0.2 s every four seconds, 100 samples a second."""

    def __init__(self, seconds=70.0, *, start_s=0.0, openness=1.0, squint=0.1, widening=0.0,
                 pupil_mm=4.0, luminance=0.3, blink_s=0.2, blink_every_s=4.0, confidence=0.9):
        self.t = start_s + np.arange(1, round(seconds * RATE_HZ) + 1) / RATE_HZ
        phase = np.mod(self.t - start_s, blink_every_s)
        rng = np.random.default_rng(0)
        self.openness = np.where(phase < blink_s - 1e-6, 0.0, openness) * np.ones(self.t.size)
        pupil_mm = np.where(
            self.openness > 0.2, pupil_mm + rng.normal(0.0, 0.02, self.t.size), NAN)
        self.left = np.stack([
            self.openness, np.broadcast_to(squint, self.t.shape),
            np.broadcast_to(widening, self.t.shape), pupil_mm,
            np.broadcast_to(confidence, self.t.shape)], axis=1)
        self.right = self.left.copy()
        self.light_t = start_s + np.arange(round(seconds * 10.0)) / 10.0
        self.luminance = np.broadcast_to(luminance, self.light_t.shape)

    def push(self, encoder, after_s=-np.inf, until_s=np.inf, light=True):
        k = (self.t > after_s) & (self.t <= until_s)
        encoder.push(self.t[k], self.left[k], self.right[k])
        if light:
            k = (self.light_t > after_s) & (self.light_t <= until_s)
            encoder.push_luminance(self.light_t[k], self.luminance[k])

    def encoded(self, tick_s=None, light=True):
        encoder = EyeExpressionEncoder()
        self.push(encoder, light=light)
        return encoder.encode(self.t[-1] if tick_s is None else tick_s)

    def features(self, **how):
        encoding = self.encoded(**how)
        return dict(zip([f.name for f in eye.FEATURES], encoding.features, strict=True))


def ramp_at(seconds, before, after, at_s, rate_hz=RATE_HZ, first=1):
    t = (np.arange(round(seconds * rate_hz)) + first) / rate_hz
    return np.where(t > at_s, after, before)


@pytest.mark.parametrize('flux, expected_mm', [
    (0.0, 7.75), (846.0, 7.75 - 5.75 / 3.0), (846.0 * 2.0 ** (1.0 / 0.41), 7.75 - 5.75 / 2.0),
    (1e12, 2.0)])
def test_pupils_by_light_alone_are_those_of_the_formula(flux, expected_mm):
    """Where the law of Stanley & Davies can be had by hand: (flux / 846)^0.41 is 0, 1, 2, many."""
    for field_deg2 in (100.0, 5000.0):
        assert light_pupil_mm(flux / field_deg2, field_deg2=field_deg2) == pytest.approx(
            expected_mm, abs=0.01)


def test_light_a_wider_field_age_and_a_second_eye_narrow_the_pupil():
    usual = light_pupil_mm(10.0, field_deg2=1000.0)
    assert light_pupil_mm(20.0, field_deg2=1000.0) < usual
    assert light_pupil_mm(10.0, field_deg2=2000.0) < usual
    assert light_pupil_mm(10.0, field_deg2=1000.0, age_years=60.0) < usual
    assert light_pupil_mm(10.0, field_deg2=1000.0, eyes=1) > usual
    assert np.isnan(light_pupil_mm(NAN, field_deg2=1000.0))
    assert light_pupil_mm(0.0, field_deg2=1000.0) == 7.75


def test_a_pupil_narrows_quickly_and_widens_slowly():
    t = np.arange(0.0, 10.0, 0.01)
    goal = np.where((t >= 2.0) & (t < 5.0), 3.0, 5.0)
    pupil = reflex_mm(t, goal)
    # What is left of a step after one time constant is 1 / e of it.
    assert pupil[t < 2.0] == pytest.approx(5.0)
    assert np.interp(2.0 + CONSTRICTION_S, t, pupil) == pytest.approx(3.0 + 2.0 / np.e, abs=0.04)
    assert np.interp(5.0 + DILATION_S, t, pupil) == pytest.approx(5.0 - 2.0 / np.e, abs=0.02)
    every_tenth = reflex_mm(t[::10], goal[::10])
    np.testing.assert_allclose(every_tenth[-1], pupil[-10], atol=0.01)


def test_after_a_gap_in_the_light_a_pupil_counts_as_settled():
    np.testing.assert_allclose(
        reflex_mm(np.array([0.0, 0.1, 5.0, 5.1]), np.array([4.0, 4.0, 6.0, 6.0])),
        [4.0, 4.0, 6.0, 6.0])


def test_features_of_known_lids():
    features = Wearer(blink_s=0.2, blink_every_s=4.0, squint=0.3, widening=0.2).features()
    assert features['blink_rate'] == pytest.approx(0.25, abs=0.02)
    assert features['blink_duration'] == pytest.approx(0.2, abs=0.011)
    assert features['longest_closure'] == pytest.approx(0.2, abs=0.011)
    assert features['perclos'] == pytest.approx(0.05, abs=0.004)
    assert features['openness'] == pytest.approx(1.0)
    assert features['squint'] == pytest.approx(0.3)
    assert features['widening'] == pytest.approx(0.2)
    assert features['openness_asymmetry'] == 0.0


def test_longer_blinks_lengthen_them_and_raise_perclos():
    short, long = Wearer(blink_s=0.15).features(), Wearer(blink_s=0.6).features()
    assert long['blink_duration'] == pytest.approx(0.6, abs=0.02)
    assert long['perclos'] == pytest.approx(4.0 * short['perclos'], rel=0.1)
    assert long['blink_rate'] == pytest.approx(short['blink_rate'], abs=0.02)


def test_eyes_that_fall_shut_for_seconds_are_perclos_and_no_blinks():
    features = Wearer(blink_s=3.0, blink_every_s=6.0).features()
    assert features['perclos'] == pytest.approx(0.5, abs=0.02)
    assert features['longest_closure'] == pytest.approx(3.0, abs=0.02)
    assert features['blink_rate'] == 0.0
    assert np.isnan(features['blink_duration'])


def test_a_lid_at_30_percent_is_neither_shut_nor_a_blink():
    features = Wearer(openness=0.3, blink_s=0.0).features()
    assert features['perclos'] == 0.0
    assert features['blink_rate'] == 0.0
    assert features['openness'] == pytest.approx(0.3)


def test_the_minutes_figures_need_half_of_it():
    short, enough = Wearer(25.0).features(), Wearer(35.0).features()
    for name in ('perclos', 'blink_rate', 'longest_closure'):
        assert np.isnan(short[name])
        assert np.isfinite(enough[name])
    assert np.isfinite(short['openness'])


def test_unknown_lids_leave_the_minutes_figures_unknown():
    wearer = Wearer()
    wearer.left[:, eye.OPENNESS] = wearer.right[:, eye.OPENNESS] = NAN
    features = wearer.features()
    assert np.isnan(features['perclos'])
    assert features['pupil_diameter'] == pytest.approx(4.0, abs=0.02)


def test_a_wink_is_asymmetry():
    wearer = Wearer(blink_s=0.0)
    wearer.left[:, eye.OPENNESS] = 0.6
    assert wearer.features()['openness_asymmetry'] == pytest.approx(-0.4)


def test_more_light_leaves_the_corrected_pupil_when_it_narrows_as_the_formula_says():
    luminance = ramp_at(100.0, 0.1, 0.5, 80.0, rate_hz=10.0, first=0)
    light = light_pupil_mm(100.0 * (STRAY_LIGHT + np.array([0.1, 0.5])), field_deg2=FIELD_DEG2)
    pupil = ramp_at(100.0, light[0] + 0.7, light[1] + 0.7, 80.0 + LATENCY_S)
    wearer = Wearer(100.0, pupil_mm=pupil, luminance=luminance)
    dark, bright = (wearer.features(tick_s=at_s) for at_s in (79.0, 99.0))
    assert bright['pupil_diameter'] < dark['pupil_diameter'] - 0.4
    assert bright['pupil_corrected'] == pytest.approx(0.7, abs=0.03)
    assert dark['pupil_corrected'] == pytest.approx(0.7, abs=0.03)
    assert bright['pupil_change'] == pytest.approx(0.0, abs=0.03)


def test_a_pupil_that_widens_in_steady_light_is_a_change_and_arousal():
    wearer = Wearer(100.0, pupil_mm=ramp_at(100.0, 4.0, 4.4, 90.0))
    before, after = (wearer.encoded(tick_s=at_s) for at_s in (89.0, 99.0))
    features = wearer.features(tick_s=99.0)
    assert features['pupil_change'] == pytest.approx(0.4, abs=0.03)
    assert before.estimate.arousal == pytest.approx(0.0, abs=0.02)
    assert after.estimate.arousal == pytest.approx(np.tanh(0.2), abs=0.02)
    assert after.estimate.arousal_variance >= 0.25
    assert np.isnan(after.estimate.valence)
    assert np.all(np.isnan(after.estimate.probabilities))


def test_without_light_there_is_a_diameter_and_no_correction():
    features = Wearer().features(light=False)
    assert features['pupil_diameter'] == pytest.approx(4.0, abs=0.02)
    for name in ('pupil_corrected', 'pupil_change'):
        assert np.isnan(features[name])
    assert np.isnan(Wearer().encoded(light=False).estimate.arousal)


def test_light_that_is_long_past_corrects_nothing():
    encoder, wearer = EyeExpressionEncoder(), Wearer(90.0)
    wearer.push(encoder, until_s=80.0)
    wearer.push(encoder, after_s=80.0, light=False)
    assert np.isfinite(encoder.encode(80.0).features[9])
    assert np.isnan(encoder.encode(90.0).features[9])


def test_the_usual_pupil_needs_a_minute():
    assert np.isnan(Wearer(50.0).features()['pupil_change'])
    assert np.isfinite(Wearer(62.0).features()['pupil_change'])


def test_a_covered_pupil_does_not_make_the_other_ones_size_a_change():
    wearer = Wearer(80.0)
    wearer.right[:, eye.PUPIL_MM] += 0.4
    wearer.left[wearer.t > 73.0, eye.PUPIL_MM] = NAN
    features = wearer.features(tick_s=78.0)
    assert features['pupil_change'] == pytest.approx(0.0, abs=0.03)
    assert features['pupil_diameter'] == pytest.approx(4.2, abs=0.03)


def test_an_unsteady_pupil_raises_its_variability():
    t = np.arange(1, 7001) / RATE_HZ
    swinging = Wearer(pupil_mm=4.0 + 0.3 * np.sin(2.0 * np.pi * 0.3 * t)).features()
    assert swinging['pupil_variability'] == pytest.approx(0.3 / np.sqrt(2.0), abs=0.02)
    assert Wearer().features()['pupil_variability'] < 0.04


def test_one_eye_is_enough():
    wearer = Wearer()
    wearer.right[:] = NAN
    encoding, features = wearer.encoded(), wearer.features()
    assert encoding.quality > 0.8
    assert features['perclos'] == pytest.approx(0.05, abs=0.004)
    assert features['pupil_diameter'] == pytest.approx(4.0, abs=0.02)
    assert np.isnan(features['openness_asymmetry'])


def test_shut_eyes_are_evidence_and_an_unsure_tracker_is_less():
    shut = Wearer(blink_s=100.0, blink_every_s=200.0).encoded()
    assert shut.quality == pytest.approx(0.75, abs=0.02)
    assert Wearer(confidence=0.4).encoded().quality == pytest.approx(0.4, abs=0.05)
    assert Wearer(confidence=NAN).encoded().quality == pytest.approx(0.75, abs=0.02)


def test_a_gap_is_neither_open_nor_shut():
    wearer = Wearer(blink_s=0.0)
    kept = (wearer.t < 40.0) | (wearer.t > 45.0)
    wearer.openness[:] = 1.0
    near = (wearer.t > 39.5) & (wearer.t < 40.0)
    wearer.left[near, eye.OPENNESS] = wearer.right[near, eye.OPENNESS] = 0.0
    encoder = EyeExpressionEncoder()
    encoder.push(wearer.t[kept], wearer.left[kept], wearer.right[kept])
    features = encoder.encode(70.0).features
    assert features[6] == pytest.approx(0.48, abs=0.02)
    assert features[4] == 0.0


def stuck(wearer, at_s):
    """Let every sample after a time repeat the one at it."""
    last = int(np.searchsorted(wearer.t, at_s))
    wearer.left[last:], wearer.right[last:] = wearer.left[last], wearer.right[last]
    return wearer


def test_eyes_that_repeat_one_sample_are_no_evidence_and_recover():
    wearer = stuck(Wearer(80.0), 70.5)
    encoding = wearer.encoded(tick_s=73.0)
    assert (encoding.quality, encoding.reason) == (0.0, 'lids and pupils are frozen')
    assert np.all(np.isnan(encoding.features))
    moving = Wearer(80.0)
    wearer.left[7500:], wearer.right[7500:] = moving.left[7500:], moving.right[7500:]
    assert wearer.encoded(tick_s=76.0).quality > 0.8


def test_lids_alone_that_never_blink_are_frozen_after_half_a_minute_and_shut_ones_rest():
    for openness, is_frozen in ((0.9, True), (0.0, False)):
        wearer = Wearer(70.0, openness=openness, blink_s=0.0)
        wearer.left[:, eye.PUPIL_MM] = wearer.right[:, eye.PUPIL_MM] = NAN
        assert wearer.encoded(tick_s=20.0).quality > 0.7
        encoding = wearer.encoded()
        assert (encoding.quality == 0.0) == is_frozen
        if is_frozen:
            assert encoding.reason == 'nothing of the eyes has moved for 30 s'


def test_a_constant_pupil_is_none_and_the_lids_still_count():
    wearer = Wearer()
    for values in (wearer.left, wearer.right):
        values[np.isfinite(values[:, eye.PUPIL_MM]), eye.PUPIL_MM] = 3.5
    encoding, features = wearer.encoded(), wearer.features()
    assert encoding.quality > 0.8
    assert encoding.reason == 'the pupil never changes and counts as unknown'
    assert np.isnan(features['pupil_diameter']) and np.isnan(features['pupil_change'])
    assert np.isnan(encoding.estimate.arousal)
    assert features['perclos'] == pytest.approx(0.05, abs=0.004)
    wearer = Wearer()
    wearer.left[np.isfinite(wearer.left[:, eye.PUPIL_MM]), eye.PUPIL_MM] = 3.5
    assert wearer.features()['pupil_diameter'] == pytest.approx(4.0, abs=0.02)


def assert_same(one, other):
    np.testing.assert_array_equal(one.features, other.features)
    np.testing.assert_array_equal(one.embedding, other.embedding)
    assert (one.quality, one.reason) == (other.quality, other.reason)
    assert (one.window_start_s, one.evidence_end_s) == (other.window_start_s, other.evidence_end_s)
    np.testing.assert_array_equal(one.estimate.arousal, other.estimate.arousal)


@settings(max_examples=8, deadline=None)
@given(st.lists(st.floats(0.005, 9.0), min_size=1, max_size=30), st.booleans())
def test_chunks_of_any_size_with_or_without_ticks_between_give_the_same(steps, ticking):
    wearer, end_s = Wearer(90.0), 85.0
    whole, parts = EyeExpressionEncoder(), EyeExpressionEncoder()
    wearer.push(whole, until_s=end_s)
    at_s, k = -1.0, 0
    while at_s < end_s:
        until_s = min(end_s, at_s + steps[k % len(steps)] + 0.5)
        wearer.push(parts, at_s, until_s)
        if ticking:
            parts.encode(until_s)
        at_s, k = until_s, k + 1
    assert_same(whole.encode(end_s), parts.encode(end_s))


def test_what_is_stamped_after_the_tick_is_not_used():
    wearer = Wearer(90.0, pupil_mm=ramp_at(90.0, 4.0, 5.0, 75.0))
    early, exact = EyeExpressionEncoder(), EyeExpressionEncoder()
    wearer.push(early)
    wearer.push(exact, until_s=75.0)
    assert_same(early.encode(75.0), exact.encode(75.0))


def test_late_doubled_and_shuffled_samples_change_nothing():
    wearer = Wearer(80.0)
    orderly, messy = EyeExpressionEncoder(), EyeExpressionEncoder()
    wearer.push(orderly, until_s=75.0)
    for after_s, until_s in ((-1.0, 30.0), (60.0, 75.0), (20.0, 65.0)):
        wearer.push(messy, after_s, until_s)
        messy.encode(until_s)
    assert_same(orderly.encode(75.0), messy.encode(75.0))


def test_reset_and_a_clock_that_went_back_begin_anew():
    used, fresh = EyeExpressionEncoder(), EyeExpressionEncoder()
    Wearer(40.0, start_s=10_000.0, pupil_mm=6.0).push(used)
    used.encode(10_040.0)
    used.reset()
    assert used.encode(10_040.0).quality == 0.0
    Wearer(70.0, start_s=10_040.0).push(used)
    Wearer(70.0, start_s=10_040.0).push(fresh)
    assert_same(used.encode(10_110.0), fresh.encode(10_110.0))
    for k in range(30):
        Wearer(30.0).push(used, k, k + 1.0)
    assert used.encode(30.0).quality > 0.8


def test_nothing_gives_quality_0_and_a_reason():
    encoder = EyeExpressionEncoder()
    encoding = encoder.encode(5.0)
    assert (encoding.quality, encoding.reason) == (0.0, 'no gaze samples')
    assert np.all(np.isnan(encoding.embedding)) and np.all(np.isnan(encoding.features))
    blind = Wearer(10.0)
    blind.left[:] = blind.right[:] = NAN
    assert blind.encoded().reason == 'neither lids nor pupils are known'


def test_quality_only_falls_while_nothing_comes_and_ends_at_0():
    encoder = EyeExpressionEncoder()
    Wearer(30.0).push(encoder)
    qualities = [encoder.encode(30.0 + age_s).quality for age_s in np.arange(0.0, 20.0, 0.5)]
    assert np.all(np.diff(qualities) <= 1e-9)
    assert qualities[0] > 0.8
    assert qualities[-1] == 0.0


def test_memory_stays_bounded():
    encoder, held = EyeExpressionEncoder(), []
    for k in range(3):
        Wearer(1000.0, start_s=1000.0 * k).push(encoder)
        encoder.encode(1000.0 * (k + 1))
        held.append(
            [len(encoder._eyes), len(encoder._pupils), len(encoder._light),
             len(encoder._blocks)])
    assert held[1] == held[2]


RUBBISH = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from([0.0, 1.0, 1e30, -1e300, np.nan, np.inf]))


@settings(max_examples=40, deadline=None)
@given(st.lists(RUBBISH, max_size=12), st.integers(0, 99))
def test_rubbish_among_the_samples_neither_raises_nor_leaves_the_ranges(rubbish, seed):
    rng = np.random.default_rng(seed)
    encoder = EyeExpressionEncoder()
    Wearer(40.0).push(encoder)
    stamps = rng.uniform(5.0, 40.0, len(rubbish))
    stamps[:2] = rubbish[:2]
    values = rng.permutation(np.tile(rubbish, (5, 1)), axis=1).T.reshape(-1, 5)
    encoder.push(stamps, values, values[::-1])
    encoder.push_luminance(stamps, rubbish)
    encoding = encoder.encode(40.0)
    assert np.all(np.isfinite(encoding.embedding)) == (encoding.quality > 0.0)
    for spec, value in zip(eye.FEATURES, encoding.features, strict=True):
        assert np.isnan(value) or spec.low <= value <= spec.high, (spec.name, value)


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r'left has shape \[3\]: give \[3, 5\]'):
        EyeExpressionEncoder().push([0.0, 1.0, 2.0], np.zeros(3), np.zeros((3, 5)))


def test_the_embedding_moves_with_every_feature():
    projection = FeatureProjection.load(
        'eye_expression', tuple(spec.name for spec in eye.FEATURES))
    for index in range(len(eye.FEATURES)):
        moved = projection.mean.copy()
        moved[index] += projection.std[index]
        distance = np.linalg.norm(projection.embed(moved) - projection.embed(projection.mean))
        assert distance == pytest.approx(1.0, abs=1e-3)
