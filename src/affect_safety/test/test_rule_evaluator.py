# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Hysteresis and delays."""

import math

from affect_safety.rule import Rule
from affect_safety.rule_evaluator import RuleEvaluator
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
import pytest

RULE = Rule(
    name='r', input='condition.stress', comparison='above', on=0.8, off=0.6, on_delay_s=2.0,
    off_delay_s=3.0, severity=700, latching=False, max_shelve_s=60.0, message='m',
    consequence='c', response='r', basis='b')


def run(values, rule=RULE, is_on=False):
    """Observe one value a second and return the answers."""
    evaluator = RuleEvaluator(rule, is_on=is_on)
    return [evaluator.observe(value, float(t)) for t, value in enumerate(values)]


def test_raises_after_the_on_delay_and_returns_after_the_off_delay():
    assert run([0.9, 0.9, 0.9, 0.9]) == [False, False, True, True]
    assert run([0.5, 0.5, 0.5, 0.5], is_on=True) == [True, True, True, False]


def test_between_the_limits_nothing_moves():
    assert run([0.7] * 10) == [False] * 10
    assert run([0.7] * 10, is_on=True) == [True] * 10


def test_a_dip_restarts_the_on_delay():
    assert run([0.9, 0.9, 0.7, 0.9, 0.9, 0.9]) == [False] * 5 + [True]


@pytest.mark.parametrize('unknown', [None, math.nan])
def test_unknown_never_clears_and_breaks_the_off_delay(unknown):
    assert run([unknown] * 100, is_on=True)[-1] is True
    assert run([0.5, 0.5, unknown, 0.5, 0.5, 0.5], is_on=True)[-1] is True
    assert run([0.5, 0.5, unknown, 0.5, 0.5, 0.5, 0.5], is_on=True)[-1] is False


@pytest.mark.parametrize('unknown', [None, math.nan])
def test_unknown_never_raises_and_does_not_break_the_on_delay(unknown):
    assert run([unknown] * 100)[-1] is False
    assert run([0.9, unknown, unknown]) == [False] * 3
    assert run([0.9, unknown, 0.9])[-1] is True


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.floats(0.0, 1.0)), max_size=60))
def test_it_raises_only_on_a_known_bad_value_and_clears_only_on_a_known_good_one(values):
    before = False
    for value, now in zip(values, run(values), strict=True):
        if now and not before:
            assert value > RULE.on
        if before and not now:
            assert value <= RULE.off
        before = now
