# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0

from affect_learning import check_condition as check
import numpy as np
import pytest

T = np.arange(0.0, 1200.0, 20.0)


def test_a_drift_is_right_where_a_task_begins_and_wrong_where_it_ends():
    begins = check.difference(T, T, 400.0, into_task=True)
    ends = check.difference(T, T, 800.0, into_task=False)
    assert begins > 0.0 > ends
    shares = [check.share_right({'S01': d})['S01'] for d in (begins, ends)]
    assert shares == [1.0, 0.0]


def test_what_rises_in_the_task_is_right_at_both_ends():
    x = ((T > 400.0) & (T <= 800.0)).astype(float)
    assert check.difference(T, x, 400.0, into_task=True) == pytest.approx(1.0)
    assert check.difference(T, x, 800.0, into_task=False) == pytest.approx(1.0)


def test_what_is_unknown_on_one_side_does_not_count():
    x = np.where(T > 400.0, np.nan, 1.0)
    found = {'S01': check.difference(T, x, 400.0, into_task=True), 'S02': 0.0}
    assert check.share_right(found) == {'S02': 0.5}


def test_the_interval_is_over_people():
    low, high = check.interval(np.array([0.0, 1.0] * 20))
    assert 0.2 < low < 0.5 < high < 0.8
