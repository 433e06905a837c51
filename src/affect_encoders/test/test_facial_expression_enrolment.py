# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The wearer's resting face: what it takes off, and what it leaves."""

from affect_encoders.encoder import CATEGORIES
from affect_encoders.facial_expression import actions
from affect_encoders.facial_expression import FacialExpressionEncoder
import numpy as np
import pytest
from test_facial_expression_encoder import drawn_face
from test_facial_expression_encoder import EVERYTHING
from test_facial_expression_encoder import smile

NEUTRAL = CATEGORIES.index('neutral')
BROW_DOWN = [41, 42]


@pytest.fixture
def encoder():
    return FacialExpressionEncoder()


def weighed(encoder, weights, stamp_s, *, from_camera=False):
    encoder.reset()
    encoder.push_weights(weights, EVERYTHING, 1.0, 1.0, stamp_s, from_camera=from_camera)
    return encoder.encode(stamp_s)


def scowl(strength):
    weights = np.zeros(actions.SHAPES)
    weights[BROW_DOWN] = strength
    return weights


def test_a_wearer_who_scowls_at_rest_is_no_longer_called_angry(encoder):
    at_rest = [weighed(encoder, scowl(0.5), float(k)) for k in range(8)]
    encoder.enroll(at_rest)
    after = weighed(encoder, scowl(0.5), 20.0)
    angry = CATEGORIES.index('angry')
    assert after.estimate.probabilities[angry] < at_rest[0].estimate.probabilities[angry]
    assert after.estimate.probabilities[NEUTRAL] > at_rest[0].estimate.probabilities[NEUTRAL]
    assert weighed(encoder, scowl(1.0), 21.0).estimate.probabilities[angry] > (
        after.estimate.probabilities[angry])


def test_features_and_embedding_stay(encoder):
    before = weighed(encoder, scowl(0.5), 1.0)
    encoder.enroll([before])
    after = weighed(encoder, scowl(0.5), 2.0)
    np.testing.assert_array_equal(before.embedding, after.embedding)
    np.testing.assert_array_equal(before.features, after.features)


@pytest.mark.parametrize('way', ['live', 'single'])
def test_a_resting_face_in_pictures_becomes_more_neutral(encoder, way):
    face = drawn_face(mouth=-4)

    def look(stamp_s):
        if way == 'single':
            return encoder.encode_pictures([face])[0]
        encoder.reset()
        encoder.push_image(face, stamp_s)
        return encoder.encode(stamp_s)
    before = look(1.0)
    encoder.enroll([before] * 10)
    after = look(2.0)
    assert after.estimate.probabilities[NEUTRAL] > before.estimate.probabilities[NEUTRAL]
    assert abs(after.estimate.valence) < abs(before.estimate.valence)
    assert np.nansum(after.estimate.probabilities) == pytest.approx(1.0, abs=1e-5)


def test_pictures_teach_nothing_about_weights_and_weights_nothing_about_pictures(encoder):
    [picture] = encoder.encode_pictures([drawn_face()])
    weights = weighed(encoder, smile(), 1.0)
    encoder.enroll([picture])
    np.testing.assert_array_equal(
        weighed(encoder, smile(), 2.0).estimate.probabilities, weights.estimate.probabilities)
    encoder.enroll([weights])
    np.testing.assert_array_equal(
        encoder.encode_pictures([drawn_face()])[0].estimate.probabilities,
        picture.estimate.probabilities)


def test_weights_of_the_own_tracker_are_enrolled_in_what_they_are_read_as(encoder):
    before = weighed(encoder, scowl(0.6), 1.0, from_camera=True)
    encoder.enroll([before] * 5)
    after = weighed(encoder, scowl(0.6), 2.0, from_camera=True)
    assert after.estimate.probabilities[NEUTRAL] > before.estimate.probabilities[NEUTRAL]


def test_enrolment_survives_a_clock_jump_and_is_forgotten_when_told(encoder):
    before = weighed(encoder, scowl(0.5), 1.0)
    encoder.enroll([before] * 5)
    enrolled = weighed(encoder, scowl(0.5), 2.0).estimate.probabilities
    encoder.reset()
    np.testing.assert_array_equal(
        weighed(encoder, scowl(0.5), 0.5).estimate.probabilities, enrolled)
    encoder.forget_wearer()
    np.testing.assert_array_equal(
        weighed(encoder, scowl(0.5), 3.0).estimate.probabilities, before.estimate.probabilities)
    encoder.enroll([before] * 5)
    encoder.enroll(())
    np.testing.assert_array_equal(
        weighed(encoder, scowl(0.5), 4.0).estimate.probabilities, before.estimate.probabilities)


def test_no_face_teaches_nothing_and_says_so(encoder):
    with pytest.raises(ValueError, match='too few'):
        encoder.enroll(encoder.encode_pictures([np.zeros((4, 4), np.uint8)]))


def test_resting_weights_take_off_their_share_and_no_more():
    resting = np.full(actions.SHAPES, 0.3)
    weights = np.full(actions.SHAPES, 0.65)
    weights[0], weights[1] = np.nan, 0.1
    less = actions.less_resting(weights, resting)
    assert np.isnan(less[0])
    assert less[1] == 0.0
    np.testing.assert_allclose(less[2:], 0.5)
    np.testing.assert_array_equal(
        actions.less_resting(weights[1:], np.zeros(51)), weights[1:])


def test_action_units_by_name_stand_for_weights(encoder):
    encoder.push_action_units({'AU12': 0.8, 'AU06': 0.7, 'au4': float('nan')}, 1.0)
    encoding = encoder.encode(1.0)
    value = dict(zip(encoder.info.feature_names, encoding.features, strict=True))
    assert value['AU12'] == pytest.approx(0.8)
    assert value['AU6'] == pytest.approx(0.7)
    assert np.isnan([value['AU4'], value['AU1']]).all()
    assert CATEGORIES[int(np.nanargmax(encoding.estimate.probabilities))] == 'happy'
    with pytest.raises(ValueError, match='AU99'):
        encoder.push_action_units({'AU99': 0.1}, 2.0)
