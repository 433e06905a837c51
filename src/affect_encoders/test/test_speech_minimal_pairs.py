# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Sentences whose words alone mislead: what denies, strengthens, mixes; and irony, which fails."""

from affect_encoders.speech.goemotions import estimate_of
from affect_encoders.speech.minimal_pairs import BAD
from affect_encoders.speech.minimal_pairs import GOOD
from affect_encoders.speech.minimal_pairs import HIGHER
from affect_encoders.speech.minimal_pairs import IRONIC
from affect_encoders.speech.minimal_pairs import judged
from affect_encoders.speech.model import SpeechModel
from affect_encoders.speech.model import WEIGHTS
from affect_encoders.speech.text import read
import pytest


@pytest.fixture(scope='module')
def wrong():
    model = SpeechModel()

    def valence(text):
        words = read(text)
        return estimate_of(model(words)[1], words.emphasis).valence
    return {text for text, is_right in judged(valence) if not is_right}


def test_most_sentences_are_heard_as_they_are_meant(wrong):
    """At least four in five without irony (51 of 60); n-grams alone (version 1) had 31."""
    misheard = [text for text in wrong if text not in IRONIC]
    assert len(misheard) <= 0.2 * (len(GOOD) + len(BAD) + len(HIGHER))


def test_every_failure_is_named_in_the_card(wrong):
    card = WEIGHTS.with_suffix('.md').read_text(encoding='utf-8')
    assert all(f'"{text}"' in card for text in wrong)
