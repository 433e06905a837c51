# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What lids do against what is usual for them."""

import math

from affect_trackers.eye_tracker.lid_posture import LidPosture
from affect_trackers.eye_tracker.pupil import EyeOpening
from affect_trackers.eye_tracker.pupil import Pupil
from affect_trackers.eye_tracker.usual_lid import UsualLid
import numpy as np
import pytest

RATE_HZ = 60.0


def pupil(y=0.5, upper=0.2, lower=0.2):
    return Pupil(EyeOpening.OPEN, x=0.5, y=y, upper=upper, lower=lower, confidence=1.0)


@pytest.fixture
def posture():
    """Give a posture that knows a wearer who looked about for 20 s; lids follow by a half."""
    posture = LidPosture()
    for k in range(1200):
        moved = 0.05 * math.sin(0.02 * k)
        posture.follow(k / RATE_HZ, pupil(
            0.5 + moved, upper=0.2 + 0.5 * moved, lower=0.2 - 0.5 * moved))
    return posture


def test_usual_lids_are_open_and_express_nothing(posture):
    lids = posture.follow(20.0, pupil())
    assert lids.openness == pytest.approx(1.0, abs=0.02)
    assert lids.squint == pytest.approx(0.0, abs=0.05)
    assert lids.widening == pytest.approx(0.0, abs=0.05)


def test_a_lower_lid_that_comes_up_is_a_squint(posture):
    lids = posture.follow(20.0, pupil(lower=0.16))
    assert lids.squint == pytest.approx(0.5, abs=0.05)  # 0.04 of 0.4 is a tenth; 0.2 is all
    assert lids.widening == pytest.approx(0.0, abs=0.05)
    assert posture.follow(20.1, pupil(lower=0.13)).squint > lids.squint


def test_an_upper_lid_that_goes_up_is_widening(posture):
    lids = posture.follow(20.0, pupil(upper=0.24))
    assert lids.widening == pytest.approx(0.5, abs=0.05)
    assert lids.squint == pytest.approx(0.0, abs=0.05)
    assert lids.openness == pytest.approx(1.1, abs=0.03)


def test_lids_that_follow_a_look_down_express_nothing(posture):
    for moved in (0.05, -0.05):
        lids = posture.follow(20.0, pupil(
            0.5 + moved, upper=0.2 + 0.5 * moved, lower=0.2 - 0.5 * moved))
        assert lids.squint == pytest.approx(0.0, abs=0.08)
        assert lids.widening == pytest.approx(0.0, abs=0.08)


def test_a_covered_pupil_is_shut_and_half_open_lids_do_not_squint(posture):
    shut = posture.follow(20.0, Pupil(EyeOpening.CLOSED))
    assert shut.openness == 0.0
    assert math.isnan(shut.squint) and math.isnan(shut.widening)
    half = posture.follow(20.0, pupil(upper=0.02, lower=0.18))
    assert half.openness == pytest.approx(0.5, abs=0.02)
    assert math.isnan(half.squint)


def test_an_image_that_says_nothing_leaves_everything_unknown(posture):
    lids = posture.follow(20.0, Pupil(EyeOpening.UNKNOWN))
    assert np.all(np.isnan([lids.openness, lids.squint, lids.widening]))


def test_blinks_do_not_become_usual(posture):
    for k in range(600):
        posture.follow(20.0 + k / RATE_HZ, pupil(upper=0.0, lower=0.1) if k % 60 < 12 else pupil())
    assert posture.follow(30.0, pupil()).squint == pytest.approx(0.0, abs=0.05)


def test_nothing_is_usual_in_the_first_seconds_and_after_forgetting(posture):
    posture.forget()
    lids = posture.follow(20.0, pupil())
    assert lids.openness == 1.0
    assert math.isnan(lids.squint)


def test_the_line_of_a_lid_is_learned_with_its_slope():
    usual, rng = UsualLid(), np.random.default_rng(0)
    for k in range(1800):
        height = rng.uniform(0.4, 0.6)
        usual.learn(k / RATE_HZ, height, 0.3 + 0.4 * (height - 0.5))
    for height in (0.4, 0.5, 0.6):
        assert usual.expected(height) == pytest.approx(0.3 + 0.4 * (height - 0.5), abs=0.004)


def test_before_the_eye_has_moved_the_lid_is_expected_to_follow():
    usual = UsualLid()
    for k in range(600):
        usual.learn(k / RATE_HZ, 0.5, 0.3)
    assert usual.expected(0.55) == pytest.approx(0.3 + UsualLid.SLOPE * 0.05)
