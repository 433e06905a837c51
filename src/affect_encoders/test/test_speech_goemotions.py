# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What 28 labels amount to in eight categories, valence and arousal."""

from affect_encoders.encoder import CATEGORIES
from affect_encoders.speech.goemotions import AROUSAL
from affect_encoders.speech.goemotions import estimate_of
from affect_encoders.speech.goemotions import LABELS
from affect_encoders.speech.goemotions import SPREAD
from affect_encoders.speech.goemotions import TO_CATEGORIES
from affect_encoders.speech.goemotions import VALENCE
import numpy as np
import pytest


def estimate(**probabilities):
    return estimate_of(np.array([probabilities.get(label, 0.0) for label in LABELS]))


def category(result, name):
    return float(result.probabilities[CATEGORIES.index(name)])


def test_there_are_28_labels_in_the_order_of_the_data_set():
    assert len(set(LABELS)) == 28
    # Demszky et al. 2020: emotions.txt is alphabetical with neutral last.
    assert [*LABELS] == [*sorted(LABELS[:-1]), 'neutral']


def test_every_label_is_in_one_category_and_none_is_calm():
    assert TO_CATEGORIES.sum(axis=1).tolist() == [1.0] * 28
    assert TO_CATEGORIES[:, CATEGORIES.index('calm')].sum() == 0.0


def test_calm_was_never_taught_and_is_unknown():
    result = estimate(relief=0.9)
    assert np.isnan(category(result, 'calm'))
    assert np.nansum(result.probabilities) == pytest.approx(1.0)


@pytest.mark.parametrize(('label', 'name'), [
    ('joy', 'happy'), ('grief', 'sad'), ('annoyance', 'angry'), ('nervousness', 'fearful'),
    ('disgust', 'disgusted'), ('confusion', 'surprised'), ('neutral', 'neutral')])
def test_a_label_alone_is_its_category(label, name):
    assert category(estimate(**{label: 1.0}), name) == pytest.approx(1.0)


def test_places_lie_where_the_labels_mean_them():
    place = dict(zip(LABELS, zip(VALENCE, AROUSAL, strict=True), strict=True))
    assert np.all(np.abs([VALENCE, AROUSAL]) <= 1.0)
    for good, bad in (('joy', 'sadness'), ('love', 'disgust'), ('approval', 'disapproval'),
                      ('optimism', 'disappointment'), ('relief', 'fear')):
        assert place[good][0] > 0.0 > place[bad][0]
    for high, low in (('excitement', 'relief'), ('anger', 'sadness'), ('fear', 'grief')):
        assert place[high][1] > 0.5 > 0.0 > place[low][1]


def test_mixed_feelings_lie_between_and_are_less_certain():
    joy, sadness, both = (
        estimate(joy=1.0), estimate(sadness=1.0), estimate(joy=1.0, sadness=1.0))
    assert joy.valence > both.valence > sadness.valence
    assert category(both, 'happy') == pytest.approx(category(both, 'sad'))
    assert both.valence_variance > 3.0 * joy.valence_variance


def test_the_variance_widens_with_what_is_open_between_labels():
    certain, open_, level = (estimate(joy=1.0, **dict.fromkeys(('anger', 'sadness', 'fear'), p))
                             for p in (0.0, 0.1, 1.0))
    assert certain.valence_variance == pytest.approx(SPREAD ** 2)
    assert certain.valence_variance < open_.valence_variance < level.valence_variance
    assert certain.arousal_variance < open_.arousal_variance < level.arousal_variance


def test_what_no_label_accounts_for_is_anything():
    sure, half, nothing = estimate(sadness=1.0), estimate(sadness=0.5), estimate()
    assert sure.valence < half.valence < nothing.valence == 0.0
    assert sure.valence_variance < half.valence_variance < nothing.valence_variance
    assert sure.arousal_variance < half.arousal_variance < nothing.arousal_variance
    known = np.isfinite(nothing.probabilities)
    assert nothing.probabilities[known] == pytest.approx(1.0 / 7.0)
    assert category(half, 'sad') == pytest.approx(0.5 + 0.5 / 7.0)


def test_unknown_probabilities_are_unknown():
    result = estimate_of(np.full(28, np.nan))
    assert np.isnan(result.probabilities).all()
    assert np.isnan([result.valence, result.arousal, result.valence_variance]).all()


def test_emphasis_stretches_the_valence_within_its_bounds():
    sadness = np.eye(28)[LABELS.index('sadness')]
    values = [estimate_of(sadness, emphasis).valence for emphasis in (-3, -1, 0, 1, 3)]
    assert values == sorted(values, reverse=True)
    assert estimate_of(np.eye(28)[LABELS.index('love')], 3).valence == 1.0
    assert estimate_of(np.eye(28)[LABELS.index('neutral')], 3).valence == 0.0
