# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0

import math

from affect_fusion.condition import wearer_condition
from affect_fusion.saccade_baseline import CHANGE
from affect_fusion.saccade_baseline import SaccadeBaseline
import numpy as np
import pytest


def play(baseline, residuals, start_s=0.0, quality=0.9):
    """Return the features after ticks of a second with these residuals."""
    found = {}
    for k, residual in enumerate(residuals):
        found = baseline.with_change(
            {'eye_movement': {'main_sequence_residual': residual, 'perclos': 0.0}}, quality,
            start_s + k)
    return found


def test_slower_saccades_than_at_first_are_fatigue_whatever_the_tracker_makes_of_speed():
    rng = np.random.default_rng(0)
    for offset in (-0.4, 0.3):
        baseline = SaccadeBaseline()
        play(baseline, offset + rng.normal(0.0, 0.05, 300))
        fresh = play(baseline, offset + rng.normal(0.0, 0.05, 100), 300.0)
        tired = play(baseline, offset - 0.08 + rng.normal(0.0, 0.05, 100), 400.0)
        assert fresh['eye_movement'][CHANGE] == pytest.approx(0.0, abs=0.03)
        assert tired['eye_movement'][CHANGE] == pytest.approx(-0.08, abs=0.03)
        low, high = (wearer_condition(f, {'eye_movement': 0.9})['fatigue'].value
                     for f in (fresh, tired))
        assert high > low + 0.3


def test_nothing_is_said_before_five_minutes_nor_of_poor_or_unknown_data():
    baseline = SaccadeBaseline()
    assert math.isnan(play(baseline, np.zeros(300))['eye_movement'][CHANGE])
    unknown = play(baseline, np.full(60, math.nan), 300.0)
    assert math.isnan(unknown['eye_movement'][CHANGE])
    poor = play(baseline, np.full(60, -0.5), 400.0, quality=0.2)
    assert math.isnan(poor['eye_movement'][CHANGE])


def test_another_wearer_begins_anew():
    baseline = SaccadeBaseline()
    play(baseline, np.zeros(400))
    baseline.reset()
    assert math.isnan(play(baseline, np.full(100, -0.5))['eye_movement'][CHANGE])


def test_other_modalities_pass_as_they_are():
    features = {'physiology': {'scr_rate': 2.0}}
    assert SaccadeBaseline().with_change(features, 0.0, 1.0) == features
