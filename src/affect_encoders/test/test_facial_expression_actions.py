# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""ARKit weights to action units to emotion, by rule."""

from affect_encoders.encoder import CATEGORIES
from affect_encoders.facial_expression import actions
import numpy as np
import pytest

# Indices of affect_msgs/FaceTracking, spelled out here so that a slip in the table shows.
EYE_BLINK = [0, 7]
EYE_SQUINT = [5, 12]
EYE_WIDE = [6, 13]
JAW_OPEN = [17]
MOUTH_SMILE = [23, 24]
MOUTH_FROWN = [25, 26]
MOUTH_STRETCH = [29, 30]
MOUTH_PRESS = [35, 36]
MOUTH_UPPER_UP = [39, 40]
BROW_DOWN = [41, 42]
BROW_INNER_UP = [43]
BROW_OUTER_UP = [44, 45]
CHEEK_SQUINT = [47, 48]
NOSE_SNEER = [49, 50]


def weights(*shapes, strength=0.8):
    values = np.zeros(actions.SHAPES)
    for group in shapes:
        values[group] = strength
    return values


def judge(values):
    return actions.judge_emotion(actions.action_units(values))


def estimate(values):
    judgement = judge(values)
    return actions.estimate_of(judgement.probabilities, judgement.hidden)


def probability(values, category):
    return float(judge(values).probabilities[CATEGORIES.index(category)])


@pytest.mark.parametrize(('shapes', 'category'), [
    ((), 'neutral'),
    ((MOUTH_SMILE, CHEEK_SQUINT), 'happy'),
    ((BROW_INNER_UP, MOUTH_FROWN, BROW_DOWN), 'sad'),
    ((BROW_DOWN, EYE_SQUINT, MOUTH_PRESS), 'angry'),
    ((BROW_INNER_UP, BROW_OUTER_UP, BROW_DOWN, EYE_WIDE, MOUTH_STRETCH), 'fearful'),
    ((NOSE_SNEER, MOUTH_UPPER_UP), 'disgusted'),
    ((BROW_INNER_UP, BROW_OUTER_UP, EYE_WIDE, JAW_OPEN), 'surprised'),
])
def test_each_prototype_gives_its_emotion(shapes, category):
    found = judge(weights(*shapes)).probabilities
    assert CATEGORIES[int(np.nanargmax(found))] == category
    assert np.nansum(found) == pytest.approx(1.0, abs=1e-5)


def test_a_stronger_smile_is_happier_and_more_pleasant():
    strengths = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    faces = [weights(MOUTH_SMILE, CHEEK_SQUINT, strength=s) for s in strengths]
    happy = [probability(face, 'happy') for face in faces]
    assert all(np.diff(happy) > 0.0)
    valence = [estimate(face).valence for face in faces]
    assert all(np.diff(valence) > 0.0)


def test_a_smile_under_lowered_brows_is_less_happy():
    smile = weights(MOUTH_SMILE)
    assert probability(weights(MOUTH_SMILE, BROW_DOWN), 'happy') < probability(smile, 'happy')


def test_a_blink_is_no_emotion():
    before, after = judge(weights()), judge(weights(EYE_BLINK, strength=1.0))
    np.testing.assert_array_equal(before.probabilities, after.probabilities)


def test_calm_is_unknown():
    assert np.isnan(probability(weights(MOUTH_SMILE), 'calm'))


def test_what_is_out_of_sight_is_unknown_not_absent():
    # A headset without a mouth camera: a smile and disgust cannot be seen, anger can.
    hidden = weights(BROW_DOWN, EYE_SQUINT, EYE_WIDE)
    hidden[14:41] = np.nan
    hidden[46:52] = np.nan
    found = judge(hidden)
    assert np.isnan(found.probabilities[CATEGORIES.index('happy')])
    assert np.isnan(found.probabilities[CATEGORIES.index('disgusted')])
    assert CATEGORIES[int(np.nanargmax(found.probabilities))] == 'angry'
    assert np.nansum(found.probabilities) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize('shapes', [(), (MOUTH_SMILE,), (MOUTH_FROWN,)])
def test_half_a_face_is_less_sure_of_valence_and_arousal_than_a_whole_one(shapes):
    # A headset over brows and eyes.
    whole = weights(*shapes)
    lower = whole.copy()
    lower[actions.UPPER] = np.nan
    of_whole, of_lower = estimate(whole), estimate(lower)
    assert of_lower.valence_variance > of_whole.valence_variance + 0.02
    # Of the same probabilities, the more is hidden, the wider.
    p = of_whole.probabilities
    spread = [actions.estimate_of(p, hidden).arousal_variance for hidden in (0.0, 0.5, 1.0)]
    assert all(np.diff(spread) > 0.01)


def test_a_lower_face_at_rest_is_not_surely_neutral():
    lower = weights()
    lower[actions.UPPER] = np.nan
    assert 0.5 < probability(lower, 'neutral') < 0.8


def test_a_smile_shows_below_a_headset():
    rest, smile = weights(), weights(MOUTH_SMILE)
    for face in (rest, smile):
        face[actions.UPPER] = np.nan
    assert probability(smile, 'happy') > probability(rest, 'happy') + 0.4
    assert estimate(smile).valence > estimate(rest).valence + 0.3


def test_nothing_observed_is_nothing_known():
    nothing = np.full(actions.SHAPES, np.nan)
    found = judge(nothing)
    assert np.isnan(found.probabilities).all()
    assert np.isnan(estimate(nothing).valence)
    assert np.isnan(estimate(nothing).valence_variance)
    assert np.isnan(actions.asymmetry(nothing))


def test_action_units_average_left_and_right_of_what_is_observed():
    values = weights()
    values[23], values[24] = 0.2, 0.6
    units = dict(zip(actions.NAMES, actions.action_units(values), strict=True))
    assert units['AU12'] == pytest.approx(0.4)
    values[24] = np.nan
    units = dict(zip(actions.NAMES, actions.action_units(values), strict=True))
    assert units['AU12'] == pytest.approx(0.2)


def test_asymmetry_has_the_sign_of_the_stronger_side():
    left, right = weights(), weights()
    left[23], right[24] = 0.5, 0.5
    assert actions.asymmetry(left) == pytest.approx(1.0)
    assert actions.asymmetry(right) == pytest.approx(-1.0)
    assert actions.asymmetry(weights(MOUTH_SMILE)) == pytest.approx(0.0)
    assert np.isnan(actions.asymmetry(weights()))


def test_prototypes_use_known_units_and_add_up_to_one():
    for prototype in actions.PROTOTYPES.values():
        assert set(prototype) <= set(actions.NAMES)
        assert sum(prototype.values()) == pytest.approx(1.0)
    for name, units in actions.OPPOSED.items():
        assert name in actions.PROTOTYPES
        assert set(units) <= set(actions.NAMES)
        assert not set(units) & set(actions.PROTOTYPES[name])
