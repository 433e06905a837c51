# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The read-out of our own face tracker's weights."""

import json

from affect_encoders.encoder import CATEGORIES
from affect_encoders.facial_expression import actions
from affect_encoders.facial_expression import FacialExpressionEncoder
from affect_encoders.facial_expression.weights_head import HEAD
from affect_encoders.facial_expression.weights_head import hidden_share
from affect_encoders.facial_expression.weights_head import WeightsHead
import numpy as np
import pytest

# Indices of affect_msgs/FaceTracking, and the shapes that face_tracker never gives.
SMILE, CHEEK_SQUINT, BROW_DOWN, NOSE_SNEER = [23, 24], [47, 48], [41, 42], [49, 50]
EYE_WIDE, BROW_UP, JAW_OPEN = [6, 13], [43, 44, 45], [17]
NEVER = [14, 18, 27, 28, 34, 46, 51]


@pytest.fixture(scope='module')
def head():
    return WeightsHead()


def face(*shapes, strength=0.8):
    """Return weights as the tracker gives them: small ones everywhere, and these formed."""
    values = np.full(actions.SHAPES, 0.05)
    values[NEVER] = np.nan
    for group in shapes:
        values[group] = strength
    return values


def below_a_headset(weights):
    weights[actions.UPPER] = np.nan
    return weights


def likeliest(head, weights):
    return CATEGORIES[int(np.nanargmax(head(weights)))]


@pytest.mark.parametrize(('shapes', 'category'), [
    ((), 'neutral'), ((SMILE, CHEEK_SQUINT), 'happy'),
    ((EYE_WIDE, BROW_UP, JAW_OPEN), 'surprised')])
def test_plain_expressions_are_recognised(head, shapes, category):
    weights = face(*shapes)
    assert likeliest(head, weights) == category
    assert np.nansum(head(weights)) == pytest.approx(1.0)
    assert np.isnan(head(weights)[CATEGORIES.index('calm')])


def test_lowered_brows_are_angrier(head):
    angry = CATEGORIES.index('angry')
    assert head(face(BROW_DOWN))[angry] > head(face())[angry] + 0.1


def test_a_smile_below_a_headset_is_happy_and_less_surely_so(head):
    happy = CATEGORIES.index('happy')
    lower = below_a_headset(face(SMILE))
    assert head.part(lower) == 'lower'
    assert likeliest(head, lower) == 'happy'
    assert head(below_a_headset(face()))[happy] < 0.5 * head(lower)[happy]
    assert 0.0 == hidden_share('whole') < hidden_share('lower') < hidden_share('')


def test_the_mirror_image_shows_the_same_expression(head):
    left, right = face(), face()
    left[[23, 41]] = 0.8
    right[[24, 42]] = 0.8
    np.testing.assert_allclose(head(left), head(right), atol=0.02)


def test_a_face_not_seen_is_unknown(head):
    assert np.isnan(head(np.full(actions.SHAPES, np.nan))).all()
    assert head.part(np.full(actions.SHAPES, np.nan)) == ''


def test_a_few_unobserved_weights_are_taken_as_usual(head):
    weights = face(SMILE)
    weights[[1, 2, 3, 4, 8, 9, 10, 11]] = np.nan
    assert likeliest(head, weights) == 'happy'
    assert np.isfinite(np.delete(head(weights), CATEGORIES.index('calm'))).all()


def test_the_encoder_uses_it_for_weights_of_the_camera_and_rules_for_devices(head):
    encoder = FacialExpressionEncoder()
    weights = face(SMILE, CHEEK_SQUINT)
    observed = np.isfinite(weights)
    found = {}
    for from_camera in (True, False):
        encoder.reset()
        encoder.push_weights(weights, observed, 1.0, 1.0, 10.0, from_camera=from_camera)
        found[from_camera] = encoder.encode(10.05).estimate
    rule = actions.judge_emotion(actions.action_units(weights))
    np.testing.assert_allclose(found[True].probabilities, head(weights), atol=1e-6)
    np.testing.assert_allclose(found[False].probabilities, rule.probabilities, atol=1e-6)


@pytest.mark.parametrize('spoil', [
    lambda content: content.pop('parts'),
    lambda content: content['parts'].pop('lower'),
    lambda content: content['parts']['whole'].update(temperature=0.0),
    lambda content: content['parts']['whole']['mean'].pop(),
    lambda content: content['parts']['whole']['shapes'].__setitem__(0, 52),
    lambda content: content['parts']['whole']['bias'].__setitem__(0, float('nan')),
    lambda content: content.update(labels=['cheerful'])])
def test_a_damaged_file_is_refused_with_what_to_do(tmp_path, spoil):
    content = json.loads(HEAD.read_text())
    spoil(content)
    path = tmp_path / 'head.json'
    path.write_text(json.dumps(content))
    with pytest.raises(ValueError, match='train_face_weights'):
        WeightsHead(path)
