# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Enrolment: a wearer's neutral is taken off what any encoder estimates."""

from affect_encoders.encoder import CATEGORIES
from affect_encoders.encoder import Encoder
from affect_encoders.encoder import EncoderInfo
from affect_encoders.encoder import Encoding
from affect_encoders.encoder import Estimate
from hypothesis import given
from hypothesis import strategies as st
import numpy as np
import pytest

NAN = float('nan')
SAD_FACE = np.array([0.2, NAN, 0.05, 0.6, 0.05, 0.05, 0.025, 0.025])


class Told(Encoder):
    """Says what it was told."""

    info = EncoderInfo(
        modality='told', model_id='told/1', embedding_dimension=2, features=(),
        quality_half_life_s=1.0, quality_meaning='')

    def __init__(self):
        self.told = Estimate()
        self.quality = 1.0

    def encode(self, tick_s):
        return Encoding(
            embedding=np.zeros(2, dtype=np.float32), features=np.zeros(0, dtype=np.float32),
            quality=self.quality, reason='', window_start_s=0.0, evidence_end_s=tick_s,
            estimate=self.told)

    def reset(self):
        pass


def estimate(probabilities=SAD_FACE, valence=-0.4, arousal=0.1):
    return Estimate(
        probabilities=np.asarray(probabilities, dtype=np.float32), valence=valence,
        arousal=arousal, valence_variance=0.1, arousal_variance=0.2)


def told(value, quality=1.0):
    encoder = Told()
    encoder.told, encoder.quality = value, quality
    return encoder


def test_a_wearer_whose_neutral_looks_sad_is_neutral_when_enrolled():
    encoder = told(estimate())
    encoder.enroll([encoder.encode(float(k)) for k in range(9)])
    after = encoder.encode(9.0).estimate
    assert CATEGORIES[int(np.nanargmax(after.probabilities))] == 'neutral'
    assert after.valence == pytest.approx(-0.04)  # nine tenths are believed after nine encodings
    assert after.arousal == pytest.approx(0.01)
    assert after.valence_variance == 0.1


def test_what_the_wearer_shows_beyond_their_neutral_stays():
    encoder = told(estimate())
    encoder.enroll([encoder.encode(0.0)])
    angry = np.array([0.1, NAN, 0.02, 0.3, 0.5, 0.04, 0.02, 0.02])
    encoder.told = estimate(angry, valence=-0.5, arousal=0.6)
    after = encoder.encode(1.0).estimate
    assert CATEGORIES[int(np.nanargmax(after.probabilities))] == 'angry'
    assert after.probabilities[3] < 0.3
    assert after.valence == pytest.approx(-0.3)


def test_enrolment_outlives_a_reset_and_not_a_change_of_wearer():
    encoder = told(estimate())
    encoder.enroll([encoder.encode(0.0)])
    encoder.reset()
    assert encoder.encode(1.0).estimate.valence == pytest.approx(-0.2)
    encoder.forget_wearer()
    assert encoder.encode(1.0).estimate == encoder.told
    encoder.enroll([encoder.encode(0.0)])
    encoder.enroll(())
    assert encoder.encode(1.0).estimate == encoder.told


def test_what_is_unknown_stays_unknown():
    encoder = told(Estimate(arousal=0.4, arousal_variance=0.1))
    encoder.enroll([encoder.encode(0.0)])
    after = encoder.encode(1.0).estimate
    assert np.isnan(after.probabilities).all()
    assert np.isnan(after.valence)
    assert after.arousal == pytest.approx(0.2)


def test_encodings_without_quality_teach_nothing_and_change_nothing():
    encoder = told(estimate(), quality=0.0)
    before = encoder.encode(0.0)
    with pytest.raises(ValueError, match='quality 0'):
        encoder.enroll([before])
    assert encoder.encode(1.0).estimate == before.estimate


_probabilities = st.lists(st.floats(0.0, 1.0), min_size=8, max_size=8).filter(
    lambda values: sum(values) > 0.1).map(lambda values: np.array(values) / sum(values))


@given(_probabilities, _probabilities, st.floats(-1, 1), st.floats(-1, 1))
def test_estimates_stay_estimates(neutral, later, first, second):
    encoder = told(estimate(neutral, first, second))
    encoder.enroll([encoder.encode(0.0)])
    encoder.told = estimate(later, second, first)
    after = encoder.encode(1.0).estimate
    assert after.probabilities.sum() == pytest.approx(1.0, abs=1e-5)
    assert (after.probabilities >= 0.0).all()
    assert -1.0 <= after.valence <= 1.0
    assert -1.0 <= after.arousal <= 1.0
