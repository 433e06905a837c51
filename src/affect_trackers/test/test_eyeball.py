# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""From the pupil's place to degrees, with the signs of EyeState."""

import math

from affect_trackers.eye_tracker.eyeball import Eyeball
from affect_trackers.eye_tracker.eyeball import vergence_distance_m
from affect_trackers.eye_tracker.straight_ahead import StraightAhead
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
import numpy as np
import pytest

BALL = Eyeball(mm_per_px=0.1, radius_mm=10.0)


def test_the_images_right_is_the_wearers_left_and_its_top_is_up():
    azimuth_deg, elevation_deg = BALL.direction(50.0, 0.0)
    assert azimuth_deg == pytest.approx(30.0)  # asin(5 mm / 10 mm)
    assert elevation_deg == 0.0
    azimuth_deg, elevation_deg = BALL.direction(0.0, -50.0)
    assert azimuth_deg == 0.0
    assert elevation_deg == pytest.approx(30.0)
    assert BALL.direction(0.0, 0.0) == (0.0, 0.0)


@settings(deadline=None)
@given(st.floats(-40.0, 40.0), st.floats(-40.0, 40.0))
def test_a_ball_that_is_turned_and_looked_at_gives_its_angles_back(azimuth_deg, elevation_deg):
    azimuth, elevation = math.radians(azimuth_deg), math.radians(elevation_deg)
    left_mm = 10.0 * math.cos(elevation) * math.sin(azimuth)
    up_mm = 10.0 * math.sin(elevation)
    assert BALL.direction(left_mm / 0.1, -up_mm / 0.1) == pytest.approx(
        (azimuth_deg, elevation_deg), abs=1e-6)


@pytest.mark.parametrize('right_px, down_px, scale', [
    (101.0, 0.0, 0.1), (0.0, 101.0, 0.1), (80.0, 80.0, 0.1), (95.0, 0.0, 0.1),
    (1.0, 1.0, math.nan), (math.nan, math.nan, 0.1)])
def test_what_no_eye_can_do_is_unknown(right_px, down_px, scale):
    assert np.all(np.isnan(Eyeball(scale, 10.0).direction(right_px, down_px)))


def test_axes_meet_at_the_distance_that_eyes_converge_on():
    half_deg = math.degrees(math.atan(0.0315 / 0.5))
    assert vergence_distance_m(4.0 - half_deg, 4.0 + half_deg, 63.0) == pytest.approx(0.5)


@pytest.mark.parametrize('left_deg, right_deg', [
    (0.0, 0.0), (1.0, -1.0), (0.0, 0.3), (-20.0, 20.0), (math.nan, 1.0)])
def test_parallel_and_crossed_axes_meet_nowhere(left_deg, right_deg):
    assert math.isnan(vergence_distance_m(left_deg, right_deg, 63.0))


def test_straight_ahead_is_where_the_pupil_is_half_of_the_time():
    ahead, rng = StraightAhead(), np.random.default_rng(0)
    for k in range(60 * 60):
        x, y = ahead.add(k / 60.0, *(rng.normal((100.0, 70.0), (8.0, 5.0))))
        assert math.isnan(x) == (k < 60.0 * (StraightAhead.LEAST_S - StraightAhead.STEP_S))
    assert (x, y) == pytest.approx((100.0, 70.0), abs=1.5)


def test_a_lost_pupil_moves_nothing_and_forgetting_begins_anew():
    ahead = StraightAhead()
    for k in range(100):
        ahead.add(float(k), 10.0, 20.0)
    assert ahead.add(100.0, math.nan, math.nan) == (10.0, 20.0)
    ahead.forget()
    assert np.all(np.isnan(ahead.add(0.0, 10.0, 20.0)))


def test_after_some_minutes_a_headset_that_slipped_is_straight_ahead_again():
    ahead = StraightAhead()
    for k in range(400):
        ahead.add(float(k), 100.0, 70.0)
    for k in range(400, 400 + 1200):
        x, y = ahead.add(float(k), 110.0, 60.0)
    assert (x, y) == pytest.approx((110.0, 60.0))


def test_the_middle_glides_and_does_not_step_like_a_saccade():
    ahead, rng, before = StraightAhead(), np.random.default_rng(0), None
    for k in range(60 * 60):
        x, y = ahead.add(k / 60.0, *rng.normal((100.0, 70.0), (20.0, 10.0)))
        if before is not None and math.isfinite(before[0]):
            # A pixel is about a degree: less than 3 degrees per second.
            assert math.hypot(x - before[0], y - before[1]) < 0.05
        before = (x, y)
