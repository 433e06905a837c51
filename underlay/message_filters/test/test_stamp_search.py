# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The search picks what trying every combination in order would pick, at a bounded cost."""

import itertools

from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from message_filters.stamp_search import first_feasible_stamps


def by_trying_all(queues, stamp, slop):
    ordered = [sorted(queue, key=lambda s: abs(s - stamp)) for queue in queues]
    return next(
        (list(c) for c in itertools.product(*ordered) if max(c) - min(c) < slop), None)


def stamps(max_size):
    return st.lists(st.integers(0, 60), unique=True, max_size=max_size)


@settings(max_examples=500, deadline=None)
@given(st.lists(stamps(8), min_size=1, max_size=3), st.integers(0, 60), st.integers(-1, 70))
def test_same_choice_as_trying_all_combinations_around_an_arrival(others, stamp, slop):
    queues = [*others, (stamp,)]
    assert first_feasible_stamps(queues, stamp, slop) == by_trying_all(queues, stamp, slop)


@settings(max_examples=300, deadline=None)
@given(st.permutations(range(6)), st.integers(5, 30))
def test_second_best_choices_are_in_the_same_order(order, slop):
    # Two queues on both sides of the arrival: the nearest of each never fit together.
    left = [100 - 3 * i for i in order[:3]]
    right = [100 + slop + 3 * i - 8 for i in order[3:]]
    queues = [left, right, (100,)]
    assert first_feasible_stamps(queues, 100, slop) == by_trying_all(queues, 100, slop)


def test_an_empty_queue_has_no_set():
    assert first_feasible_stamps([[1], []], 1, 10) is None


def far_apart(queue_size):
    """Four topics full of stamps within slop of the arrival, but never of one another."""
    slop, arrival = 10**9, 10**10
    before = [arrival - 600_000_000 - 1000 * i for i in range(queue_size)]
    after = [arrival + 600_000_000 + 1000 * i for i in range(queue_size)]
    around = [arrival + 1000 * i for i in range(queue_size)]
    return [before, around, after, (arrival,)], arrival, slop


def test_finding_nothing_needs_no_run_through_all_combinations():
    # 1000 x 1000 x 1000 of them: a search that tries each does not come back.
    assert first_feasible_stamps(*far_apart(1000)) is None
