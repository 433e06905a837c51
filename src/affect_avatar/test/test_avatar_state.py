# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Which input moves which output of the avatar, without a graph."""

import math

from affect_avatar.avatar import blendshapes
from affect_avatar.avatar.avatar_state import AvatarModel
from affect_avatar.avatar.avatar_state import Emotion
from affect_avatar.avatar.avatar_state import Eye
from affect_avatar.avatar.avatar_state import FaceSource
from affect_avatar.avatar.blendshapes import INDEX
from affect_avatar.avatar.category_hysteresis import CategoryHysteresis
from affect_avatar.avatar.rate_limit import RateLimit
import numpy as np
import pytest

HAPPY, SAD = 2, 3
SMILE = INDEX['mouthSmileLeft']


def face(**weights):
    values = np.zeros(52)
    for name, weight in weights.items():
        values[INDEX[name]] = weight
    return values


def emotion(category, probability=0.8, valence=0.5, arousal=0.2):
    probabilities = np.full(8, (1.0 - probability) / 7)
    probabilities[category] = probability
    return Emotion(probabilities, valence, arousal)


EVERYTHING = np.ones(52, bool)


def test_a_smile_in_is_a_smile_out():
    model = AvatarModel()
    for i in range(30):
        model.add_face(i / 30, face(mouthSmileLeft=0.0 if i < 15 else 0.8), EVERYTHING)
        shown = model.show(i / 30)
        if i == 14:
            before = shown.weights[SMILE]
    assert before == 0.0
    assert shown.weights[SMILE] == pytest.approx(0.8, abs=0.02)
    assert shown.face_source is FaceSource.TRACKED


def test_jitter_of_the_mouth_is_smoothed_and_of_the_lids_is_not():
    rng = np.random.default_rng(0)
    model, out = AvatarModel(), []
    for i in range(200):
        jitter = float(np.clip(0.5 + 0.05 * rng.standard_normal(), 0, 1))
        model.add_face(i / 30, face(mouthSmileLeft=jitter, eyeBlinkLeft=jitter), EVERYTHING)
        out.append(model.show(i / 30).weights[[SMILE, INDEX['eyeBlinkLeft']]])
    smile, blink = np.std(out[30:], axis=0)
    assert smile < 0.6 * blink


def test_a_blink_arrives_within_one_frame():
    model = AvatarModel()
    for i in range(10):
        model.add_gaze(i / 30, Eye(openness=1.0), Eye(openness=1.0))
        model.show(i / 30)
    model.add_gaze(10 / 30, Eye(openness=0.0), Eye(openness=1.0))
    shown = model.show(10 / 30)
    assert shown.left.openness == 0.0
    assert shown.weights[INDEX['eyeBlinkLeft']] == 1.0
    assert shown.right.openness == 1.0
    assert shown.weights[INDEX['eyeBlinkRight']] == 0.0


def test_the_gaze_s_lids_win_over_the_face_s():
    model = AvatarModel()
    model.add_face(0.0, face(eyeBlinkLeft=0.1, eyeBlinkRight=0.9), EVERYTHING)
    assert model.show(0.0).right.openness == pytest.approx(0.1)
    model.add_gaze(0.01, Eye(openness=0.0), Eye())
    shown = model.show(0.01)
    assert shown.left.openness == 0.0
    assert shown.right.openness == pytest.approx(0.1)


def test_looking_left_turns_both_eyes_to_the_wearers_left():
    model = AvatarModel()
    looking_left = Eye(azimuth_deg=15.0, elevation_deg=-6.0)
    model.add_gaze(0.0, looking_left, looking_left)
    shown = model.show(0.0)
    assert shown.weights[INDEX['eyeLookOutLeft']] == pytest.approx(0.5)
    assert shown.weights[INDEX['eyeLookInRight']] == pytest.approx(0.5)
    assert shown.weights[INDEX['eyeLookInLeft']] == 0.0
    assert shown.weights[INDEX['eyeLookDownLeft']] == pytest.approx(0.2)
    assert shown.left.azimuth_deg == 15.0


def test_nothing_in_is_nothing_known_out():
    shown = AvatarModel().show(1.0)
    assert np.isnan(shown.weights).all()
    assert shown.face_source is FaceSource.UNKNOWN
    assert shown.category is None and shown.head is None
    assert math.isnan(shown.left.openness) and math.isnan(shown.valence)
    assert math.isnan(shown.evidence_s)


def test_without_a_face_the_emotion_poses_it():
    model = AvatarModel()
    model.add_emotion(0.0, emotion(HAPPY, 0.8))
    shown = model.show(0.0)
    assert shown.face_source is FaceSource.EMOTION
    assert shown.weights[SMILE] == pytest.approx(0.8)
    assert shown.category == HAPPY
    assert shown.category_probability == pytest.approx(0.8)
    assert (shown.valence, shown.arousal) == (0.5, 0.2)
    assert np.isnan(shown.weights[blendshapes.BLINK]).all()


def test_a_headset_over_the_brows_leaves_the_upper_face_to_the_emotion():
    model = AvatarModel()
    model.add_face(0.0, face(mouthSmileLeft=0.3), blendshapes.LOWER)
    assert np.isnan(model.show(0.0).weights[blendshapes.UPPER]).all()
    model.add_emotion(0.0, emotion(SAD, 1.0))
    shown = model.show(0.0)
    assert shown.face_source is FaceSource.BLENDED
    assert shown.weights[INDEX['browInnerUp']] == pytest.approx(1.0)
    assert shown.weights[SMILE] == pytest.approx(0.3)
    assert shown.weights[INDEX['mouthFrownLeft']] == 0.0


def test_forgetting_the_emotion_takes_effect_at_once():
    model = AvatarModel()
    model.add_emotion(0.0, emotion(HAPPY))
    model.show(0.0)
    model.forget_emotion()
    shown = model.show(0.01)
    assert shown.category is None
    assert math.isnan(shown.valence) and math.isnan(shown.arousal)
    assert np.isnan(shown.weights).all()


def test_what_is_too_old_is_not_shown():
    model = AvatarModel(face_timeout_s=0.5, gaze_timeout_s=0.25, emotion_timeout_s=1.0)
    model.add_face(0.0, face(mouthSmileLeft=1.0), EVERYTHING)
    model.add_gaze(0.0, Eye(openness=0.2), Eye(openness=0.2))
    model.add_emotion(0.0, emotion(HAPPY))
    model.add_head(0.0, (0.0, 0.0, 0.0, 1.0))
    assert model.show(0.2).left.openness == 0.2
    shown = model.show(0.4)
    assert shown.left.openness == 1.0  # the face's own lids, which say open
    assert shown.face_source is FaceSource.TRACKED
    shown = model.show(0.9)
    assert shown.face_source is FaceSource.EMOTION and shown.head is None
    assert shown.emotion_age_s == pytest.approx(0.9)
    shown = model.show(1.1)
    assert shown.face_source is FaceSource.UNKNOWN and shown.category is None


def test_a_late_sample_does_not_replace_a_newer_one():
    model = AvatarModel()
    assert model.add_gaze(1.0, Eye(openness=1.0), Eye())
    assert not model.add_gaze(0.9, Eye(openness=0.0), Eye())
    assert model.show(1.0).left.openness == 1.0


def test_the_evidence_s_time_is_that_of_the_newest_face_or_gaze():
    model = AvatarModel()
    model.add_face(1.0, face(), EVERYTHING)
    model.add_gaze(1.1, Eye(), Eye())
    model.add_emotion(1.2, emotion(HAPPY))
    assert model.show(1.2).evidence_s == 1.1


def test_weights_out_of_range_or_not_finite_are_not_shown_as_they_are():
    model = AvatarModel()
    weights = face(mouthSmileLeft=3.0, jawOpen=-2.0)
    weights[INDEX['cheekPuff']] = np.inf
    model.add_face(0.0, weights, EVERYTHING)
    shown = model.show(0.0).weights
    assert shown[SMILE] == 1.0 and shown[INDEX['jawOpen']] == 0.0
    assert np.isnan(shown[INDEX['cheekPuff']])


def test_another_number_of_weights_is_refused():
    with pytest.raises(ValueError, match='52'):
        AvatarModel().add_face(0.0, np.zeros(51), np.ones(51, bool))


@pytest.mark.parametrize('quaternion', [
    (0.0, 0.0, 0.0, 0.0), (float('nan'), 0.0, 0.0, 1.0), (1.0, 1.0, 1.0, 1.0)])
def test_no_unit_quaternion_is_refused(quaternion):
    with pytest.raises(ValueError, match='norm'):
        AvatarModel().add_head(0.0, quaternion)


def probabilities(**values):
    out = np.full(8, 0.01)
    for name, value in values.items():
        out[{'happy': HAPPY, 'sad': SAD}[name]] = value
    return out


def test_two_categories_that_change_places_do_not_flicker():
    hysteresis = CategoryHysteresis(margin=0.1, hold_s=0.4)
    shown = [
        hysteresis.update(
            i / 10, probabilities(happy=0.45 + 0.04 * (-1) ** i, sad=0.45 - 0.04 * (-1) ** i))
        for i in range(50)]
    assert set(shown) == {HAPPY}


def test_a_short_lead_is_not_enough_and_a_lasting_one_is():
    hysteresis = CategoryHysteresis(margin=0.1, hold_s=0.4)
    hysteresis.update(0.0, probabilities(happy=0.9))
    for t_s in (0.1, 0.2, 0.3):
        assert hysteresis.update(t_s, probabilities(sad=0.9)) == HAPPY
    assert hysteresis.update(0.4, probabilities(happy=0.9)) == HAPPY
    for t_s in (0.5, 0.6, 0.7, 0.8):
        assert hysteresis.update(t_s, probabilities(sad=0.9)) == HAPPY
    assert hysteresis.update(0.95, probabilities(sad=0.9)) == SAD


def test_unknown_probabilities_show_nothing():
    hysteresis = CategoryHysteresis()
    hysteresis.update(0.0, probabilities(happy=0.9))
    assert hysteresis.update(0.1, np.full(8, np.nan)) is None


@pytest.mark.parametrize('jitter_s', [0.0, 0.006])
def test_a_camera_at_the_rate_passes_whole(jitter_s):
    limit = RateLimit(30.0)
    assert all(limit.passes(i / 30 + jitter_s * (-1) ** i) for i in range(300))


def test_a_faster_stream_is_thinned_to_the_rate():
    limit = RateLimit(30.0)
    assert sum(limit.passes(i / 200) for i in range(2000)) == pytest.approx(300, abs=3)


def test_after_silence_an_event_passes_at_once():
    limit = RateLimit(30.0)
    limit.passes(0.0)
    assert limit.passes(100.0)
    assert not limit.passes(100.001)


def test_a_clock_that_goes_back_does_not_silence():
    limit = RateLimit(30.0)
    limit.passes(1000.0)
    assert limit.passes(10.0)
