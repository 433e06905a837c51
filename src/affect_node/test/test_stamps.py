# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Stamps: exact in nanoseconds, close in seconds, and never a number for what is unknown."""

from affect_node import from_stamp
from affect_node import stamp_ns
from affect_node import to_stamp
from builtin_interfaces.msg import Time
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
import pytest

# builtin_interfaces/Time: int32 seconds.
LOWEST_NS, HIGHEST_NS = -2**31 * 10**9, 2**31 * 10**9 - 1


@settings(deadline=None)
@given(st.integers(LOWEST_NS, HIGHEST_NS))
def test_nanoseconds_come_back_exactly(ns):
    stamp = to_stamp(ns=ns)
    assert stamp_ns(stamp) == ns
    assert 0 <= stamp.nanosec < 10**9


@settings(deadline=None)
@given(st.floats(LOWEST_NS * 1e-9 + 1.0, HIGHEST_NS * 1e-9 - 1.0))
def test_seconds_come_back_within_the_resolution_of_a_double(seconds):
    # A double resolves 0.24 microseconds at 2**31 s; conversion rounds three times.
    assert from_stamp(to_stamp(s=seconds)) == pytest.approx(seconds, rel=0.0, abs=1e-6)


@settings(deadline=None)
@given(st.integers(0, HIGHEST_NS), st.integers(0, HIGHEST_NS))
def test_order_is_kept(a, b):
    assert (stamp_ns(to_stamp(ns=a)) < stamp_ns(to_stamp(ns=b))) == (a < b)


@pytest.mark.parametrize('unknown', [float('nan'), float('inf'), float('-inf'), 1e30, -1e30])
def test_what_is_no_time_is_the_zero_time(unknown):
    assert to_stamp(s=unknown) == Time()


@pytest.mark.parametrize('arguments', [{}, {'ns': 1, 's': 1.0}])
def test_exactly_one_of_seconds_and_nanoseconds_is_needed(arguments):
    with pytest.raises(ValueError, match='exactly one'):
        to_stamp(**arguments)
