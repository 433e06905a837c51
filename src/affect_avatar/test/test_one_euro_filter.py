# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Properties of the 1 euro filter."""

from affect_avatar.avatar.one_euro_filter import OneEuroFilter
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies
import numpy as np
import pytest


def run(values, *, rate_hz=30.0, **settings_of_filter):
    smooth = OneEuroFilter(**settings_of_filter)
    return np.array([smooth(i / rate_hz, [value])[0] for i, value in enumerate(values)])


def test_jitter_at_rest_shrinks():
    noise = 0.5 + 0.02 * np.random.default_rng(0).standard_normal(600)
    assert run(noise, min_cutoff_hz=1.0)[60:].std() < 0.5 * noise[60:].std()


def test_more_beta_lags_less_behind_a_ramp():
    ramp = np.linspace(0, 3, 90)
    slow = run(ramp, min_cutoff_hz=0.5, beta=0.0)
    fast = run(ramp, min_cutoff_hz=0.5, beta=5.0)
    assert np.abs(ramp - fast)[30:].max() < 0.5 * np.abs(ramp - slow)[30:].max()


def test_a_step_is_approached_without_overshoot():
    out = run([0.0] * 5 + [1.0] * 120, min_cutoff_hz=1.0, beta=1.0)
    assert (np.diff(out) >= -1e-12).all()
    assert out[-1] == pytest.approx(1.0, abs=1e-3)


def test_without_beta_it_is_an_exponential_average():
    # Casiez et al. 2012: alpha = 1 / (1 + tau / T), tau = 1 / (2 pi cutoff).
    out = run([0.0, 1.0], rate_hz=10.0, min_cutoff_hz=1.0, beta=0.0)
    assert out[1] == pytest.approx(1.0 / (1.0 + (1.0 / (2 * np.pi)) / 0.1))


@settings(max_examples=50, deadline=None)
@given(strategies.lists(strategies.floats(0, 1), min_size=1, max_size=40),
       strategies.floats(0.1, 10), strategies.floats(0, 100))
def test_the_output_stays_within_what_came_in(values, cutoff, beta):
    out = run(values, min_cutoff_hz=cutoff, beta=beta)
    assert out.min() >= min(values) - 1e-9
    assert out.max() <= max(values) + 1e-9


def test_unknown_stays_unknown_and_starts_anew():
    out = run([0.0, 0.0, np.nan, 1.0, 1.0], min_cutoff_hz=0.1)
    assert np.isnan(out[2])
    assert out[3] == 1.0


def test_elements_do_not_disturb_each_other():
    smooth = OneEuroFilter()
    alone = run([0.0, 1.0, 0.5])
    both = np.array([
        smooth(i / 30, [value, other])
        for i, (value, other) in enumerate([(0.0, 9), (1.0, np.nan), (0.5, -9)])])
    np.testing.assert_allclose(both[:, 0], alone)


def test_a_step_back_in_time_starts_anew():
    smooth = OneEuroFilter(min_cutoff_hz=0.1)
    smooth(10.0, [0.0])
    assert smooth(9.0, [1.0])[0] == 1.0


def test_the_same_time_again_changes_nothing():
    smooth = OneEuroFilter(min_cutoff_hz=1.0)
    smooth(0.0, [0.0])
    first = smooth(0.1, [1.0])
    assert smooth(0.1, [5.0])[0] == first[0]


@pytest.mark.parametrize('bad', [
    {'min_cutoff_hz': 0.0}, {'beta': -1.0}, {'derivative_cutoff_hz': float('nan')}])
def test_impossible_settings_are_refused(bad):
    with pytest.raises(ValueError, match='must be positive'):
        OneEuroFilter(**bad)


def test_a_time_that_is_not_finite_is_refused():
    with pytest.raises(ValueError, match='finite'):
        OneEuroFilter()(float('nan'), [0.0])
