# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The voice-stress index: what moves it, against whom, and when it knows nothing."""

import math

from affect_encoders.voice.features import FEATURES
from affect_encoders.voice.stress import LEAST_VOICED_S
from affect_encoders.voice.stress import OWN_AFTER
from affect_encoders.voice.stress import stress_index
from affect_encoders.voice.stress import VoiceStress
import numpy as np
import pytest

NAMES = [feature.name for feature in FEATURES]
AT_EASE = np.full(len(NAMES), 1.0, dtype=np.float32)


def changed(**values):
    features = AT_EASE.copy()
    for name, value in values.items():
        features[[i for i, each in enumerate(NAMES) if each.startswith(name)
                  and each.endswith('_amean')]] += value
    return features


@pytest.mark.parametrize(('values', 'expected'), [
    ({}, 0.0),
    ({'F0semitone': 4.0}, 0.25),  # one of four terms, all the way
    ({'F0semitone': 2.0}, 0.125),
    ({'F0semitone': 40.0}, 0.25),
    ({'F0semitone': -4.0}, 0.0),  # lower than at ease is no stress
    ({'alphaRatioV': 6.0}, 0.25),
    ({'jitterLocal': -0.5}, 0.25),
    ({'jitterLocal': 1.0}, 0.0),
    ({'teagerArea': -0.15}, 0.25),
    ({'F0semitone': 4.0, 'alphaRatioV': 6.0, 'jitterLocal': -0.5, 'teagerArea': -0.15}, 1.0),
])
def test_each_term_moves_the_index_its_way(values, expected):
    assert stress_index(changed(**values), AT_EASE, is_own=True) == pytest.approx(
        expected, abs=1e-4)


def test_how_high_others_speak_says_nothing():
    assert stress_index(changed(F0semitone=12.0), AT_EASE, is_own=False) == 0.0
    assert stress_index(changed(alphaRatioV=6.0), AT_EASE, is_own=False) == pytest.approx(1 / 3)


def test_unknown_terms_are_left_out_and_nothing_known_is_unknown():
    unknown = np.full(len(NAMES), math.nan, dtype=np.float32)
    assert math.isnan(stress_index(unknown, AT_EASE, is_own=True))
    some = unknown.copy()
    some[NAMES.index('alphaRatioV_sma3nz_amean')] = 7.0
    assert stress_index(some, AT_EASE, is_own=True) == pytest.approx(1.0)


@pytest.mark.parametrize(('voiced_s', 'quality'), [(LEAST_VOICED_S - 0.1, 1.0), (1.0, 0.2)])
def test_too_little_or_too_poor_speech_is_unknown(voiced_s, quality):
    value = VoiceStress(AT_EASE).index(AT_EASE, at_s=0.0, voiced_s=voiced_s, quality=quality)
    assert math.isnan(value)


def test_after_a_while_the_wearer_is_compared_with_themselves():
    high = changed(F0semitone=12.0, alphaRatioV=6.0)
    stress = VoiceStress(AT_EASE)
    values = [stress.index(high, at_s=float(k), voiced_s=1.0, quality=1.0)
              for k in range(OWN_AFTER)]
    assert values[0] == pytest.approx(1 / 3)
    assert values[-1] == 0.0
    stress.forget_heard()
    assert stress.index(high, at_s=0.0, voiced_s=1.0, quality=1.0) == pytest.approx(1 / 3)


def test_moments_of_one_second_count_once():
    high = changed(alphaRatioV=6.0)
    stress = VoiceStress(AT_EASE)
    values = [stress.index(high, at_s=0.01 * k, voiced_s=1.0, quality=1.0) for k in range(100)]
    assert values[-1] == values[0] > 0.0


def test_what_was_enrolled_outlives_what_was_heard():
    stress = VoiceStress(AT_EASE)
    stress.enroll(changed(F0semitone=-4.0))
    for k in range(2 * OWN_AFTER):
        value = stress.index(AT_EASE, at_s=float(k), voiced_s=1.0, quality=1.0)
    assert value == pytest.approx(0.25)
    stress.forget_heard()
    assert stress.index(AT_EASE, at_s=0.0, voiced_s=1.0, quality=1.0) == pytest.approx(0.25)
