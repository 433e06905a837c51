# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Valence and arousal that category probabilities imply."""

from affect_encoders.circumplex import AROUSAL
from affect_encoders.circumplex import AROUSAL_SD
from affect_encoders.circumplex import VALENCE
from affect_encoders.circumplex import valence_arousal
from affect_encoders.circumplex import VALENCE_SD
from affect_encoders.encoder import CATEGORIES
import numpy as np
import pytest


@pytest.mark.parametrize('i', range(len(CATEGORIES)))
def test_a_certain_category_has_its_own_place_and_spread(i):
    found = valence_arousal(np.eye(len(CATEGORIES))[i])
    expected = (VALENCE[i], AROUSAL[i], VALENCE_SD[i] ** 2, AROUSAL_SD[i] ** 2)
    assert found == pytest.approx(expected)


def test_signs_are_those_of_everyday_words():
    place = dict(zip(CATEGORIES, zip(VALENCE, AROUSAL, strict=True), strict=True))
    assert place['neutral'] == (0.0, 0.0)
    assert all(place[name][0] > 0.0 for name in ('happy', 'calm'))
    assert all(place[name][0] < 0.0 for name in ('sad', 'angry', 'fearful', 'disgusted'))
    assert all(place[name][1] > 0.0 for name in ('angry', 'fearful', 'surprised', 'happy'))
    assert all(place[name][1] < 0.0 for name in ('sad', 'calm'))


def test_disagreement_widens_the_variance():
    torn = np.zeros(len(CATEGORIES))
    torn[[CATEGORIES.index('happy'), CATEGORIES.index('sad')]] = 0.5
    valence, _, variance, _ = valence_arousal(torn)
    assert valence == pytest.approx((0.81 - 0.63) / 2.0)
    # Half the distance squared, plus the mean variance within: (0.72)^2 + (0.21^2 + 0.23^2) / 2.
    assert variance == pytest.approx(0.72 ** 2 + (0.21 ** 2 + 0.23 ** 2) / 2.0)


def test_untaught_categories_count_as_absent_and_nothing_known_as_unknown():
    known = np.full(len(CATEGORIES), np.nan)
    known[CATEGORIES.index('angry')] = 1.0
    assert valence_arousal(known)[0] == pytest.approx(-0.51)
    assert np.isnan(valence_arousal(np.full(len(CATEGORIES), np.nan))).all()
