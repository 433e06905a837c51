# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A pupil from image to image: found again, and not mistaken for lashes."""

from affect_trackers.eye_tracker.one_eye import OneEye
from affect_trackers.eye_tracker.pupil import EyeOpening
from affect_trackers.eye_tracker.pupil import find_pupil
from affect_trackers.eye_tracker.pupil_follower import PupilFollower
import cv2
from eye_drawing import draw_eye
import numpy as np
import pytest


def follow(images, rate_hz=60.0):
    follower = PupilFollower()
    return [follower.find(k / rate_hz, image) for k, image in enumerate(images)]


def test_following_finds_what_searching_finds():
    rng = np.random.default_rng(0)
    places = np.array([160.0, 120.0]) + np.cumsum(rng.normal(0.0, 4.0, (60, 2)), axis=0)
    images = [draw_eye(x, y, seed=k) for k, (x, y) in enumerate(places)]
    for (x, y), image, found in zip(places, images, follow(images), strict=True):
        assert found.opening is EyeOpening.OPEN
        assert (found.x * 320 - 0.5, found.y * 240 - 0.5) == pytest.approx((x, y), abs=2.0)
        searched = find_pupil(image)
        assert (found.x, found.y) == pytest.approx((searched.x, searched.y), abs=0.004)


def test_after_a_saccade_across_the_eye_the_pupil_is_found_at_once():
    found = follow([draw_eye(x=110.0)] * 5 + [draw_eye(x=215.0)])[-1]
    assert found.x * 320 - 0.5 == pytest.approx(215.0, abs=2.0)


def test_after_a_blink_the_pupil_is_found_at_once():
    found = follow([draw_eye()] * 5 + [draw_eye(lid=1.0)] * 5 + [draw_eye()])
    assert [f.opening for f in found[5:]] == 5 * [EyeOpening.CLOSED] + [EyeOpening.OPEN]


def with_false_pupil(grey, radius):
    """Return an eye whose lid leaves half of something round in sight."""
    image = draw_eye(radius=34.0, lid=1.0)
    cv2.ellipse(image, (160, 150), (radius, radius), 0.0, 0.0, 180.0, grey, -1)
    return image


def test_half_of_something_brighter_or_larger_than_the_pupil_is_not_the_pupil():
    plain = [draw_eye(radius=34.0)] * 30
    for false in (with_false_pupil(28, 60), with_false_pupil(90, 34)):
        assert find_pupil(false).opening is EyeOpening.OPEN
        assert follow([*plain, false])[-1].opening is EyeOpening.CLOSED
    assert follow([*plain, with_false_pupil(28, 34)])[-1].opening is EyeOpening.OPEN


def test_what_a_pupil_was_like_is_forgotten():
    follower = PupilFollower()
    for k in range(30):
        follower.find(k / 60.0, draw_eye(radius=34.0))
    false = with_false_pupil(28, 60)
    assert follower.find(0.6, false).opening is EyeOpening.CLOSED
    assert follower.find(0.6 + PupilFollower.MEMORY_S, false).opening is EyeOpening.OPEN


def test_a_pupil_that_narrows_in_light_stays_in_sight():
    radii = np.linspace(40.0, 24.0, 60)
    found = follow([draw_eye(radius=r, seed=k) for k, r in enumerate(radii)])
    assert all(f.opening is EyeOpening.OPEN for f in found)
    assert found[-1].major * 240 == pytest.approx(48.0, abs=3.0)


def eye(**changes):
    return OneEye(**{
        'mm_per_px': 0.1, 'straight_ahead_px': (160.0, 120.0), **changes})


def test_millimetres_and_degrees_follow_the_image():
    small, large = (eye().find(0.0, draw_eye(radius=r)) for r in (24.0, 40.0))
    assert small.diameter_mm == pytest.approx(4.8, abs=0.2)
    assert large.diameter_mm == pytest.approx(8.0, abs=0.2)
    right = eye().find(0.0, draw_eye(x=190.0))
    # asin(3 mm / 10.45 mm)
    assert right.azimuth_deg == pytest.approx(16.7, abs=0.8)
    assert right.elevation_deg == pytest.approx(0.0, abs=0.8)
    assert eye().find(0.0, draw_eye(y=100.0)).elevation_deg == pytest.approx(11.0, abs=0.8)


def test_without_a_scale_there_are_neither_but_a_pupil():
    found = OneEye().find(0.0, draw_eye())
    assert np.all(np.isnan([found.diameter_mm, found.azimuth_deg, found.elevation_deg]))
    assert found.pupil.opening is EyeOpening.OPEN


def test_without_a_calibration_straight_ahead_is_learned():
    one = eye(straight_ahead_px=(np.nan, np.nan))
    for k in range(70):
        found = one.find(0.25 * k, draw_eye(x=170.0, seed=k))
        if k < 50:
            assert np.isnan(found.azimuth_deg)
            assert np.isfinite(found.diameter_mm)
    assert found.azimuth_deg == pytest.approx(0.0, abs=0.5)
    assert one.find(18.0, draw_eye(x=200.0)).azimuth_deg == pytest.approx(16.7, abs=1.0)


def test_a_camera_that_changes_its_size_loses_its_scale_and_gets_it_back():
    one = eye()
    one.find(0.0, draw_eye())
    halved = cv2.resize(draw_eye(), (160, 120), interpolation=cv2.INTER_AREA)
    assert one.changes_size(halved)
    found = one.find(0.1, halved)
    assert found.pupil.x == pytest.approx(0.5, abs=0.01)
    assert np.isnan(found.diameter_mm) and np.isnan(found.azimuth_deg)
    assert one.find(0.2, draw_eye()).diameter_mm == pytest.approx(6.8, abs=0.2)


def test_a_scale_for_another_width_is_not_applied():
    assert np.isnan(eye(width_px=640).find(0.0, draw_eye()).diameter_mm)
    large = cv2.resize(draw_eye(), (640, 480), interpolation=cv2.INTER_LINEAR)
    assert eye(width_px=640).find(0.0, large).diameter_mm == pytest.approx(13.6, abs=0.4)
