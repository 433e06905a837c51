# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Sentences made by rule: what their frames do to the labels of the words in them."""

from affect_encoders.speech.goemotions import LABELS
from affect_encoders.speech.goemotions import VALENCE
from affect_encoders.speech.minimal_pairs import judged
from affect_learning.misheard import misheard
from affect_learning.speech_sentences import both
from affect_learning.speech_sentences import denied
from affect_learning.speech_sentences import labels_of
from affect_learning.speech_sentences import SentenceMaker
from affect_learning.speech_sentences import target_of
import numpy as np
import pytest


def valence(labels):
    return float(target_of(labels) @ VALENCE)


def test_the_same_seed_makes_the_same_sentences_and_another_one_others():
    one, same, other = (SentenceMaker(seed).sentences(50) for seed in (0, 0, 1))
    assert one[0] == same[0] != other[0]
    np.testing.assert_array_equal(one[1], same[1])


def test_every_sentence_is_whole_and_has_labels():
    texts, target = SentenceMaker(3).sentences(2000)
    assert target.shape == (2000, len(LABELS))
    assert (target.max(axis=1) > 0.2).all() and (target >= 0.0).all() and (target < 1.0).all()
    assert not any('{' in text or '  ' in text for text in texts)
    assert len(set(texts)) > 1500


@pytest.mark.parametrize('is_feeling', [False, True])
@pytest.mark.parametrize('name', ['joy', 'admiration', 'sadness', 'fear', 'disgust disapproval'])
def test_a_denial_turns_the_sign_of_valence(name, is_feeling):
    assert valence(labels_of(name)) * valence(denied(name, is_feeling=is_feeling)) < 0.0


def test_a_surprise_denied_is_neither_good_nor_bad():
    assert abs(valence(denied('surprise', is_feeling=True))) < 0.05


def test_two_clauses_keep_both_feelings_and_no_neutral_between():
    found = both(labels_of('joy'), {**labels_of('fear'), 'neutral': 0.3})
    assert found['fear'] > found['joy'] > 0.5
    assert 'neutral' not in found


def test_few_sentences_are_those_that_the_model_is_judged_by():
    made = set(SentenceMaker(0).sentences(12000)[0])
    asked = {text for text, _ in judged(lambda text: 0.0)}
    # Short ones come up by chance: one in ten at most.
    assert len(made & asked) <= 0.1 * len(asked)


def test_what_is_misheard_keeps_most_words():
    generator = np.random.default_rng(0)
    text = 'we talked about the garden and the weather for an hour'
    kept = [len(set(misheard(text, ['xx'], generator).split()) & set(text.split()))
            for _ in range(200)]
    assert 0.6 < np.mean(kept) / len(set(text.split())) < 0.95
