# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Scores of gaze codes, and the simulated gaze that teaches them."""

from affect_encoders.eye_movement import events as ev
from affect_learning import check_eye_movement as check
from affect_learning.gaze_simulation import FINE_HZ
from affect_learning.gaze_simulation import saccade_velocity
from affect_learning.gaze_simulation import simulated_gaze
import numpy as np
import pytest


def test_events_match_once_and_by_their_overlap():
    truth = np.array([1, 1, 1, 1, 2, 2, 1, 1, 1, 1, 1, 1])
    codes = np.array([1, 1, 1, 1, 1, 2, 1, 1, 2, 1, 1, 1])
    assert check.event_counts(truth, codes, ev.SACCADE, 0.5) == (1, 1, 2)
    # The second fixation is in two pieces: one of them is it, the other is one too many.
    assert check.event_counts(truth, codes, ev.FIXATION, 1e-9) == (2, 2, 3)
    assert check.event_counts(truth, codes, ev.FIXATION, 0.6) == (1, 2, 3)
    assert check.event_counts(truth, np.zeros(12), ev.SACCADE, 0.5) == (0, 1, 0)


def test_f1_of_samples():
    scores = check.sample_f1(
        np.array([1, 1, 2, 2]), np.array([1, 2, 2, 2]), ('fixation', 'saccade'))
    assert scores['fixation'] == pytest.approx(2.0 / 3.0)
    assert scores['saccade'] == pytest.approx(0.8)
    assert scores['macro'] == pytest.approx((2.0 / 3.0 + 0.8) / 2.0)


def test_a_simulated_saccade_is_as_large_and_as_long_as_asked():
    speed = saccade_velocity(100, 12.0, 0.45)
    assert speed.sum() / FINE_HZ == pytest.approx(12.0)
    assert 0 < speed.argmax() < 50


@pytest.mark.parametrize('rate_hz', [60.0, 500.0])
def test_simulated_gaze_is_what_was_asked_for(rate_hz):
    gaze = simulated_gaze(np.random.default_rng(0), 5.0, rate_hz, noise_deg=0.01)
    again = simulated_gaze(np.random.default_rng(0), 5.0, rate_hz, noise_deg=0.01)
    np.testing.assert_array_equal(gaze.gaze, again.gaze)
    assert gaze.t_s.size == pytest.approx(5.0 * rate_hz, rel=0.02)
    assert np.all(np.diff(gaze.t_s) >= 0.0)
    assert set(np.unique(gaze.codes)) <= {
        ev.FIXATION, ev.SACCADE, ev.PSO, ev.PURSUIT, ev.BLINK}
    lost = ~np.isfinite(gaze.gaze).all(axis=1)
    assert np.mean(lost) < 0.3


def test_the_networks_tell_simulated_gaze_better_than_thresholds():
    ours = check.simulated_rows(250.0, 0.1, streams=2, seconds=10.0)
    rule = check.simulated_rows(250.0, 0.1, rule=True, streams=2, seconds=10.0)
    assert ours['saccade'] > 0.8
    assert ours['macro'] > rule['macro']
