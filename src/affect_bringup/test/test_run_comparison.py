# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Two runs are compared where fusion had the same inputs, and nowhere else."""

import math

from affect_bringup.run_comparison import compare
from affect_bringup.run_comparison import Run
import numpy as np
import pytest

HOP_NS = 100_000_000


def make_run(n=100, **changes):
    """Return a run of ``n`` ticks; changes are {tick number: (input byte, arousal)}."""
    run = Run()
    for i in range(n):
        byte, arousal = changes.get(f'at_{i}', (0, i / n))
        run.inputs[i * HOP_NS] = {'voice/embedding': bytes([byte]), 'scene/embedding': b's'}
        run.states[i * HOP_NS] = np.array([math.nan, arousal])
    return run


def test_equal_runs_are_equal_once_their_history_is_known():
    result = compare(make_run(), make_run())
    assert result.common_ticks == 100
    assert result.equal_input_ticks == 80
    assert result.largest_difference == 0.0
    assert result.equal_input_share_by_stream == {'scene/embedding': 1.0, 'voice/embedding': 1.0}


def test_an_unequal_input_takes_its_tick_and_what_remembers_it_out():
    result = compare(make_run(), make_run(at_50=(1, 0.9)))
    assert result.equal_input_ticks == 80 - 20
    assert result.largest_difference == 0.0
    assert result.largest_difference_of_all == pytest.approx(0.4)
    assert result.equal_input_share_by_stream['voice/embedding'] == pytest.approx(0.99)


def test_another_state_from_the_same_input_is_told():
    result = compare(make_run(), make_run(at_50=(0, 0.6)))
    assert result.largest_difference == pytest.approx(0.1)


def test_a_number_in_place_of_nothing_differs_by_infinity():
    other = make_run()
    other.states[60 * HOP_NS][0] = 0.0
    assert compare(make_run(), other).largest_difference == math.inf


def test_runs_that_share_no_tick_have_no_difference_to_tell():
    other = make_run()
    other.states = {tick + 1: state for tick, state in other.states.items()}
    result = compare(make_run(), other)
    assert result.common_ticks == 0
    assert math.isnan(result.largest_difference)
    assert math.isnan(result.equal_input_share)
