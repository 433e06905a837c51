# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Head rotation from inertial samples, against turns whose answer is known."""

from affect_encoders.head_rotation import HeadRotation
from affect_encoders.head_rotation import levelling
from affect_encoders.head_rotation import pitched_down
from affect_encoders.head_rotation import rotation_matrix
import numpy as np
import pytest

FORWARD, LEFT, UP = np.eye(3)


def turning(rate, seconds=1.0, rate_hz=200.0, force=(0.0, 0.0, 9.81)):
    head = HeadRotation()
    t = np.arange(round(seconds * rate_hz) + 1) / rate_hz
    head.push(t, np.tile([*rate, *force], (t.size, 1)))
    return head


@pytest.mark.parametrize(('rate', 'seen_before', 'seen_after'), [
    ((0.0, 0.0, 1.0), LEFT, FORWARD),  # turned left by 90 degrees, what was left is ahead
    ((0.0, 1.0, 0.0), -UP, FORWARD),  # nose down, what was below is ahead
    ((1.0, 0.0, 0.0), UP, LEFT),  # rolled to the right, what was up is to the left
])
def test_a_quarter_turn_brings_what_was_aside_ahead(rate, seen_before, seen_after):
    head = turning(np.array(rate) * np.pi / 2.0)
    np.testing.assert_allclose(head.between(0.0, 1.0) @ seen_after, seen_before, atol=1e-9)


def test_turns_follow_one_another():
    head = turning((0.3, -0.5, 1.0))
    np.testing.assert_allclose(
        head.between(0.1, 0.5) @ head.between(0.5, 0.9), head.between(0.1, 0.9), atol=1e-9)


def test_moments_between_samples_are_interpolated():
    slow, fast = turning((0.0, 0.0, 1.0), rate_hz=25.0), turning((0.0, 0.0, 1.0), rate_hz=1000.0)
    np.testing.assert_allclose(
        slow.between(0.313, 0.4471), fast.between(0.313, 0.4471), atol=1e-9)


@pytest.mark.parametrize(('start_s', 'end_s'), [(-1.0, 0.5), (0.5, 1.5), (5.0, 6.0)])
def test_beyond_the_samples_the_rotation_is_unknown(start_s, end_s):
    assert turning((0.0, 0.0, 1.0)).between(start_s, end_s) is None


def test_across_a_gap_and_across_unknown_rates_the_rotation_is_unknown():
    head = HeadRotation()
    t = np.concatenate([np.arange(0.0, 0.4, 0.005), np.arange(0.6, 1.0, 0.005)])
    head.push(t, np.zeros((t.size, 6)))
    assert head.between(0.1, 0.3) is not None
    assert head.between(0.1, 0.9) is None
    head = turning((np.nan, 0.0, 1.0))
    assert head.between(0.1, 0.9) is None


def test_up_is_where_gravity_pushes_back_and_unknown_while_the_head_accelerates():
    # Nose up by 0.4 rad: the force leans towards the nose.
    force = 9.81 * np.array([np.sin(0.4), 0.0, np.cos(0.4)])
    np.testing.assert_allclose(
        turning((0.0, 0.0, 0.0), force=force).up(1.0), force / 9.81, atol=1e-9)
    assert turning((0.0, 0.0, 0.0), force=(0.0, 0.0, 15.0)).up(1.0) is None
    assert turning((0.0, 0.0, 0.0), force=(0.0, 0.0, np.nan)).up(1.0) is None
    assert HeadRotation().up(1.0) is None


@pytest.mark.parametrize('pitch_rad', [-1.2, 0.0, 0.4, 1.4])
def test_levelling_takes_pitch_and_roll_away_and_keeps_the_heading(pitch_rad):
    tilted = pitched_down(pitch_rad) @ rotation_matrix(np.array([0.2, 0.0, 0.0]))
    level = levelling(tilted.T @ UP)
    np.testing.assert_allclose(level @ level.T, np.eye(3), atol=1e-9)
    np.testing.assert_allclose(level @ tilted.T, np.eye(3), atol=1e-9)


def test_looking_straight_up_or_down_has_some_level_all_the_same():
    for up in (FORWARD, -FORWARD):
        level = levelling(up)
        np.testing.assert_allclose(level @ level.T, np.eye(3), atol=1e-9)
        np.testing.assert_allclose(level @ up, UP, atol=1e-9)


def test_a_camera_pitched_down_looks_ahead_and_below():
    ray = pitched_down(0.5) @ FORWARD
    np.testing.assert_allclose(ray, (np.cos(0.5), 0.0, -np.sin(0.5)), atol=1e-9)
