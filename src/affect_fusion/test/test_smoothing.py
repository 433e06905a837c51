# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Less flicker, at a delay that is stated, and never an old value for an unknown one."""

import math

from affect_fusion.fusion import FusedEstimate
from affect_fusion.smoothing import EstimateSmoother
import numpy as np
import pytest


def fused(valence=0.0, probabilities=None, variance=0.05):
    return FusedEstimate(
        quality=0.8, contributions={'face': 1.0}, valence=valence, valence_variance=variance,
        probabilities=np.full(8, 0.125) if probabilities is None else probabilities)


UNKNOWN = FusedEstimate(quality=0.0, contributions={'face': 0.0})


def test_a_ramp_comes_out_late_by_the_stated_delay():
    smoother = EstimateSmoother(0.3)
    for k in range(100):
        out = smoother.smooth(fused(valence=0.005 * k), 0.1 * k)
    # 0.05 a second; what comes out is what went in `delay_s` ago.
    assert (0.005 * 99 - out.valence) / 0.05 == pytest.approx(smoother.delay_s(0.1), rel=1e-6)
    assert smoother.delay_s(0.1) == pytest.approx(0.3 - 0.05, abs=0.01)


def test_flicker_becomes_less_and_probabilities_still_sum_to_one():
    smoother, rng = EstimateSmoother(0.3), np.random.default_rng(1)
    noise = rng.dirichlet(np.ones(8), 200)
    out = [smoother.smooth(fused(probabilities=p), 0.1 * k) for k, p in enumerate(noise)]
    smooth = np.array([o.probabilities for o in out])
    assert smooth[50:].std(axis=0).mean() < 0.6 * noise[50:].std(axis=0).mean()
    np.testing.assert_allclose(smooth.sum(axis=1), 1.0)


def test_variance_does_not_shrink_with_the_number_of_ticks():
    smoother = EstimateSmoother(0.3)
    out = [smoother.smooth(fused(), 0.1 * k) for k in range(50)]
    assert out[-1].valence_variance == pytest.approx(0.05)


def test_unknown_stays_unknown_and_a_long_gap_begins_anew():
    smoother = EstimateSmoother(0.3)
    smoother.smooth(fused(valence=1.0), 0.0)
    assert math.isnan(smoother.smooth(UNKNOWN, 0.1).valence)
    assert 0.0 < smoother.smooth(fused(valence=0.0), 0.2).valence < 1.0
    assert smoother.smooth(fused(valence=-1.0), 5.0).valence == -1.0
    assert smoother.smooth(fused(valence=0.5), 1.0).valence == 0.5  # a step back in time


def test_a_category_that_becomes_unknown_or_known_is_so_at_once():
    smoother = EstimateSmoother(0.3)
    smoother.smooth(fused(), 0.0)
    few = np.array([0.5, 0.5, *[math.nan] * 6])
    out = smoother.smooth(fused(probabilities=few), 0.1)
    np.testing.assert_array_equal(np.isnan(out.probabilities), np.isnan(few))
    assert np.nansum(out.probabilities) == pytest.approx(1.0)


def test_zero_switches_it_off_and_nonsense_is_named():
    smoother = EstimateSmoother(0.0)
    smoother.smooth(fused(valence=1.0), 0.0)
    assert smoother.smooth(fused(valence=-1.0), 0.1).valence == -1.0
    assert smoother.delay_s(0.1) == 0.0
    for bad in (-1.0, math.nan, math.inf):
        with pytest.raises(ValueError, match='time_constant_s'):
            EstimateSmoother(bad)
