# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Any subset of modalities, and no more certainty than they support."""

import math

from affect_fusion.fusion import fuse
from affect_fusion.fusion import ModalityEstimate
from affect_fusion.fusion import pool_categories
from affect_fusion.fusion import pool_gaussians
from affect_fusion.fusion import Reliabilities
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
import numpy as np
import pytest

NAN = math.nan
HAPPY, SAD, ANGRY, DISGUSTED = 2, 3, 4, 6


def peak(category, height=0.86):
    p = np.full(8, (1.0 - height) / 7)
    p[category] = height
    return p


def estimate(quality=0.8, probabilities=None, valence=0.0, arousal=0.0, variance=0.05):
    return ModalityEstimate(
        quality=quality,
        probabilities=np.full(8, 0.125) if probabilities is None else probabilities,
        valence=valence, valence_variance=variance, arousal=arousal, arousal_variance=variance)


def entropy(p):
    p = p[~np.isnan(p)]
    return float(-(p * np.log(p)).sum())


def test_nothing_gives_unknown():
    for nothing in ({}, {'voice': estimate(quality=0.0)}, {'voice': ModalityEstimate(0.9)}):
        fused = fuse(nothing)
        assert not fused.is_known and fused.quality == 0.0
        assert np.isnan(fused.probabilities).all()
        assert math.isnan(fused.valence) and math.isnan(fused.arousal_variance)
        assert set(fused.contributions.values()) <= {0.0}


def test_one_modality_comes_back_as_it_is():
    alone = estimate(probabilities=peak(HAPPY), valence=0.4, arousal=-0.2)
    fused = fuse({'face': alone})
    np.testing.assert_allclose(fused.probabilities, alone.probabilities, rtol=1e-9)
    assert (fused.valence, fused.arousal) == pytest.approx((0.4, -0.2))
    assert (fused.valence_variance, fused.quality) == pytest.approx((0.05, 0.8))
    assert fused.contributions == {'face': pytest.approx(1.0)}


def test_agreement_of_copies_is_no_evidence_of_its_own():
    one = estimate(probabilities=peak(HAPPY, 0.6), valence=0.4)
    fused = fuse({str(i): one for i in range(9)})
    np.testing.assert_allclose(fused.probabilities, one.probabilities, rtol=1e-9)
    assert fused.valence_variance == pytest.approx(0.05)


def test_contradiction_widens_the_interval_and_flattens_the_categories():
    agree = fuse({'face': estimate(valence=0.6, probabilities=peak(HAPPY)),
                  'voice': estimate(valence=0.6, probabilities=peak(HAPPY))})
    differ = fuse({'face': estimate(valence=0.6, probabilities=peak(HAPPY)),
                   'voice': estimate(valence=-0.6, probabilities=peak(SAD))})
    assert differ.valence == pytest.approx(0.0, abs=1e-9)
    # Two equal weights at +-0.6: the spread adds 0.36.
    assert differ.valence_variance == pytest.approx(agree.valence_variance + 0.36)
    assert entropy(differ.probabilities) > entropy(agree.probabilities) + 0.3


@pytest.mark.parametrize('output', ['categories', 'valence', 'arousal'])
def test_quality_and_reliability_pull_towards_a_modality(output):
    face = estimate(probabilities=peak(HAPPY), valence=0.5, arousal=0.5)

    def pull(quality, reliability=1.0):
        voice = estimate(quality, peak(SAD), valence=-0.5, arousal=-0.5)
        fused = fuse({'face': face, 'voice': voice},
                     Reliabilities({output: {'voice': reliability}}))
        return {'categories': fused.probabilities[SAD], 'valence': -fused.valence,
                'arousal': -fused.arousal}[output]
    assert pull(0.1) < pull(0.5) < pull(1.0)
    assert pull(0.8, 0.1) < pull(0.8, 1.0) < pull(0.8, 5.0)
    assert pull(0.8, 0.0) == pull(0.0)


def test_a_smaller_variance_pulls_the_mean():
    means, variances = np.array([1.0, -1.0]), np.array([0.02, 0.2])
    mean, variance, weights = pool_gaussians(means, variances, np.ones(2))
    # Weights go with precision squared (trust x precision, times precision): 100 to 1.
    assert weights == pytest.approx([100 / 101, 1 / 101])
    assert mean == pytest.approx(99 / 101)
    assert variance > 0.02


def test_who_says_nothing_does_not_dilute_who_does():
    with_idler = fuse({'face': estimate(probabilities=peak(HAPPY)), 'head': estimate()})
    alone = fuse({'face': estimate(probabilities=peak(HAPPY))})
    np.testing.assert_allclose(with_idler.probabilities, alone.probabilities, atol=0.01)


def test_a_category_never_taught_is_an_abstention():
    few = np.full(8, NAN)
    few[[0, HAPPY, SAD]] = 1 / 3
    # Uniform over what it knows: nothing changes for the categories it does not know.
    face = peak(HAPPY, 0.44)
    pooled, _ = pool_categories(np.array([face, few]), np.array([1.0, 1.0]))
    assert pooled[ANGRY] == pytest.approx(pooled[SAD])
    # What nobody was taught stays unknown, the rest sums to one.
    known = few.copy()
    known[[0, HAPPY, SAD]] = [0.2, 0.7, 0.1]
    pooled, _ = pool_categories(np.array([known, few]), np.array([1.0, 0.5]))
    np.testing.assert_array_equal(np.isnan(pooled), np.isnan(few))
    assert np.nansum(pooled) == pytest.approx(1.0)
    assert np.nanargmax(pooled) == HAPPY
    # It speaks about those it knows.
    pooled, _ = pool_categories(np.array([peak(DISGUSTED, 0.3), known]), np.array([1.0, 1.0]))
    assert pooled[HAPPY] > 2 * pooled[SAD]


def test_a_zero_forbids_nothing():
    certain = np.zeros(8)
    certain[HAPPY] = 1.0
    fused = fuse({'face': estimate(0.1, certain), 'voice': estimate(1.0, peak(SAD, 0.95))})
    assert np.isfinite(fused.probabilities).all() and (fused.probabilities > 0.0).all()
    assert np.argmax(fused.probabilities) == SAD


def test_a_modality_that_knows_only_arousal_weighs_only_there():
    heart = ModalityEstimate(quality=0.8, arousal=0.7, arousal_variance=0.05)
    fused = fuse({'heart': heart, 'face': ModalityEstimate(
        quality=0.8, probabilities=peak(HAPPY), valence=0.5, valence_variance=0.05)})
    assert (fused.arousal, fused.valence) == pytest.approx((0.7, 0.5))
    assert fused.contributions == pytest.approx({'heart': 1 / 3, 'face': 2 / 3})


def test_clusters_are_unknown_while_there_is_no_model():
    fused = fuse({'face': estimate()})
    assert fused.cluster_id == -1 and math.isnan(fused.cluster_probability)


@pytest.mark.parametrize('table, word', [
    ({'colour': {'voice': 1.0}}, 'colour'), ({'valence': {'voice': -1.0}}, 'voice'),
    ({'arousal': {'face': NAN}}, 'face')])
def test_a_bad_reliability_is_named(table, word):
    with pytest.raises(ValueError, match=word):
        Reliabilities(table)


def test_the_table_of_the_package_can_be_read():
    assert Reliabilities.of_package().of('valence', 'voice') > 0.0


PROBABILITIES = st.lists(
    st.one_of(st.just(NAN), st.floats(0.0, 1.0)), min_size=8, max_size=8).map(np.array)


@st.composite
def modality_estimates(draw):
    p = draw(PROBABILITIES)
    p = p / np.nansum(p) if np.nansum(p) > 1e-3 else np.full(8, NAN)
    values = {}
    for name in ('valence', 'arousal'):
        is_known = draw(st.booleans())
        values[name] = draw(st.floats(-1.0, 1.0)) if is_known else NAN
        values[name + '_variance'] = draw(st.floats(1e-4, 1.0)) if is_known else NAN
    return ModalityEstimate(quality=draw(st.floats(0.0, 1.0)), probabilities=p, **values)


@settings(max_examples=1000, deadline=None, database=None)
@given(st.dictionaries(
    st.sampled_from(['a', 'b', 'c', 'd', 'e', 'f']), modality_estimates(), max_size=6))
def test_any_subset_obeys_the_bounds(given_ones):
    fused = fuse(given_ones)
    total = sum(fused.contributions.values())
    assert total == pytest.approx(1.0) if fused.is_known else total == 0.0
    assert all(0.0 <= w <= 1.0 + 1e-9 for w in fused.contributions.values())
    having = [e for e in given_ones.values() if e.quality > 0.0]
    known = ~np.isnan(fused.probabilities)
    if known.any():
        assert fused.probabilities[known].sum() == pytest.approx(1.0)
        assert (fused.probabilities[known] >= 0.0).all()
    for name in ('valence', 'arousal'):
        spoke = [e for e in having if not math.isnan(getattr(e, name))]
        mean, variance = getattr(fused, name), getattr(fused, name + '_variance')
        assert math.isnan(mean) == math.isnan(variance) == (not spoke)
        if spoke:
            values = [getattr(e, name) for e in spoke]
            assert min(values) - 1e-9 <= mean <= max(values) + 1e-9
            assert variance >= min(getattr(e, name + '_variance') for e in spoke) - 1e-9
