# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0

from affect_encoders.sample_buffer import SampleBuffer
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
import numpy as np
import pytest


def buffer(capacity=100, horizon_s=10.0):
    return SampleBuffer(1, horizon_s=horizon_s, capacity=capacity)


@settings(deadline=None)
@given(st.lists(st.floats(0.0, 9.0), min_size=1, max_size=60), st.data())
def test_any_order_and_chunking_gives_the_sorted_unique_samples(stamps, data):
    b = buffer()
    i = 0
    while i < len(stamps):
        n = data.draw(st.integers(1, len(stamps) - i))
        b.push(stamps[i:i + n], stamps[i:i + n])
        i += n
    t, v = b.view(-1.0, 10.0)
    assert t.tolist() == sorted(set(stamps))
    assert v[:, 0].tolist() == t.tolist()


def test_the_first_of_two_samples_with_one_stamp_wins():
    b = buffer()
    b.push([1.0, 2.0], [10.0, 20.0])
    b.push([2.0, 3.0], [99.0, 30.0])
    assert b.view(0.0, 5.0)[1][:, 0].tolist() == [10.0, 20.0, 30.0]


def test_stamps_that_are_not_finite_are_ignored():
    b = buffer()
    b.push([np.nan, 1.0, np.inf], [1.0, 2.0, 3.0])
    assert b.view(-np.inf, 1e300)[0].tolist() == [1.0]


def test_memory_is_bounded_by_count_and_by_age():
    b = buffer(capacity=50)
    for k in range(1000):
        b.push([k * 0.01], [k])
    assert len(b) == 50
    b.trim(9.895 + 10.0)
    assert len(b) == 10


def test_one_absurd_future_stamp_does_not_cost_the_honest_samples():
    b = buffer()
    b.push(np.arange(10) * 0.1, np.arange(10))
    b.trim(1.0)
    b.push([1e9], [0.0])
    b.push([1.0, 1.1], [10.0, 11.0])
    assert b.view(0.0, 2.0)[0].size == 11


def test_one_stray_old_chunk_is_dropped_and_two_reset():
    b = buffer()
    b.push([100.0, 100.1], [1.0, 2.0])
    assert not b.push([0.0], [9.0])
    assert b.view(0.0, 200.0)[0].tolist() == [100.0, 100.1]
    assert not b.push([100.2], [3.0])
    assert not b.push([0.0], [9.0])
    assert b.push([0.1], [9.0])
    assert b.view(-1.0, 200.0)[0].tolist() == [0.1]


def test_values_that_do_not_fit_are_refused_with_the_shape_that_would():
    with pytest.raises(ValueError, match=r'\[2, 1\]'):
        buffer().push([1.0, 2.0], [1.0, 2.0, 3.0])


def test_values_that_no_sensor_can_have_meant_become_nan():
    b = SampleBuffer(2, horizon_s=10.0, capacity=10, limits=((-1.0, 1.0), (0.0, 5.0)))
    b.push([1.0, 2.0], [[2.0, 3.0], [0.5, -np.inf]])
    np.testing.assert_array_equal(b.view(0.0, 9.0)[1], [[np.nan, 3.0], [0.5, np.nan]])


def test_counts_are_those_of_the_views():
    buffer = SampleBuffer(1, horizon_s=100.0, capacity=1000)
    buffer.push(np.arange(0.0, 50.0, 0.7), np.zeros(72))
    buffer.trim(110.0)
    after = np.array([0.0, 5.0, 14.0, 60.0])
    until = np.array([9.0, 30.1, 14.0, 90.0])
    views = [buffer.view(a, b)[0].size for a, b in zip(after, until, strict=True)]
    assert buffer.counts(after, until).tolist() == views
    assert 0 < views[1] > views[2] == 0
