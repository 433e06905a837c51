# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What becomes of the ticks of a recording: never surer than they are, never NaN in JSON."""

import json

from affect_encoders.encoder import CATEGORIES
from affect_encoders.encoder import EncoderInfo
from affect_encoders.encoder import Encoding
from affect_encoders.encoder import Estimate
from affect_encoders.encoder import FeatureSpec
from affect_encoders.files.pool import Pool
from affect_encoders.files.result import Result
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
import numpy as np
import pytest

NAN = float('nan')
INFO = EncoderInfo(
    modality='voice', model_id='test', embedding_dimension=2,
    features=(FeatureSpec('a', 'Hz'), FeatureSpec('b', '1')), quality_half_life_s=1.0,
    quality_meaning='')


def encoding(probabilities, *, quality=1.0, valence=0.0, arousal=0.0, a=1.0, reason=''):
    return Encoding(
        embedding=np.full(2, quality, dtype=np.float32),
        features=np.array([a, NAN], dtype=np.float32), quality=quality, reason=reason,
        window_start_s=0.0, evidence_end_s=1.0, estimate=Estimate(
            probabilities=np.asarray(probabilities, dtype=np.float32), valence=valence,
            arousal=arousal, valence_variance=0.1, arousal_variance=0.2))


HAPPY = [0.1, NAN, 0.7, 0.05, 0.05, 0.05, 0.03, 0.02]


def test_the_same_again_and_again_makes_nothing_surer():
    pool = Pool(INFO)
    for _ in range(100):
        pool.add(encoding(HAPPY, valence=0.5))
    pooled = pool.encoding()
    np.testing.assert_allclose(pooled.estimate.probabilities, HAPPY, atol=1e-6)
    assert pooled.estimate.valence_variance == pytest.approx(0.1)
    assert pooled.quality == pytest.approx(1.0)


def test_a_recording_of_two_states_is_less_sure_of_valence_than_either():
    pool = Pool(INFO)
    pool.add(encoding(HAPPY, valence=0.5))
    pool.add(encoding(HAPPY, valence=-0.5))
    pooled = pool.encoding().estimate
    assert pooled.valence == pytest.approx(0.0)
    assert pooled.valence_variance == pytest.approx(0.1 + 0.25)
    assert pooled.arousal_variance == pytest.approx(0.2)


def test_ticks_count_by_their_quality_and_features_where_they_are_known():
    pool = Pool(INFO)
    pool.add(encoding(HAPPY, quality=0.9, a=1.0, valence=0.6))
    pool.add(encoding(HAPPY, quality=0.3, a=5.0, valence=-0.6))
    pool.add(encoding(HAPPY, quality=0.3, a=NAN, valence=NAN))
    pool.add(encoding(HAPPY, quality=0.0, a=900.0, valence=-1.0, reason='silence'))
    pooled = pool.encoding()
    assert pooled.features[0] == pytest.approx(2.0)
    assert np.isnan(pooled.features[1])
    assert pooled.estimate.valence == pytest.approx(0.3)
    assert pooled.reason == ''


def test_a_recording_without_evidence_says_why():
    pool = Pool(INFO)
    for reason in ('no voiced speech', 'no voiced speech', 'clipped'):
        pool.add(encoding(np.full(8, NAN), quality=0.0, reason=reason))
    pooled = pool.encoding()
    assert (pooled.quality, pooled.reason) == (0.0, 'no voiced speech')
    assert np.isnan(pooled.embedding).all()
    assert np.isnan(pooled.estimate.probabilities).all()


numbers = st.one_of(st.floats(-1.0, 1.0), st.just(NAN))
distributions = st.one_of(
    st.just(np.full(8, NAN)),
    st.lists(st.one_of(st.floats(0.001, 1.0), st.just(NAN)), min_size=8, max_size=8).map(
        np.array).filter(lambda p: np.isfinite(p).any()).map(lambda p: p / np.nansum(p)))
encodings = st.builds(
    encoding, distributions, quality=st.floats(0.0, 1.0), valence=numbers, arousal=numbers,
    a=st.one_of(st.floats(-1e6, 1e6), st.just(NAN), st.just(float('inf'))),
    reason=st.sampled_from(['', 'silence', 'no "face"', '\udcff?']))


@settings(max_examples=60, deadline=None)
@given(st.lists(encodings, max_size=6))
def test_json_of_anything_is_json_and_complete(given_encodings):
    pool = Pool(INFO)
    for each in given_encodings:
        pool.add(each)
    for result in [Result('x', INFO, pool.encoding()),
                   *(Result('y', INFO, each, t_s=1.5) for each in given_encodings)]:
        row = json.loads(json.dumps(result, allow_nan=False))
        assert row == result
        assert 0.0 <= row['quality'] <= 1.0
        probabilities = row['estimate']['probabilities']
        assert list(probabilities) == list(CATEGORIES)
        known = [p for p in probabilities.values() if p is not None]
        assert not known or sum(known) == pytest.approx(1.0, abs=1e-4)
        assert list(row['features']) == ['a', 'b']
        assert len(row['embedding']) == 2
        for name in ('valence', 'arousal'):
            value = row['estimate'][name]
            assert value is None or -1.0 <= value <= 1.0
