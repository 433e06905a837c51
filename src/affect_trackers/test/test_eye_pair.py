# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Left and right meet; one that is alone is not held back for long."""

from itertools import pairwise

from affect_trackers.eye_tracker.eye_pair import EyePair
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
import pytest

MS = 1_000_000


@pytest.mark.parametrize('first, second', [('left', 'right'), ('right', 'left')])
def test_two_eyes_of_one_instant_are_one_sample(first, second):
    pair = EyePair(6 * MS)
    assert pair.add(first, 100 * MS, first) == []
    assert pair.add(second, 104 * MS, second) == [(102 * MS, 'left', 'right')]
    assert pair.add(first, 116 * MS, first) == []


def test_a_lone_eye_is_a_sample_when_the_next_frame_comes():
    pair = EyePair(6 * MS)
    assert pair.add('left', 100 * MS, 'a') == []
    assert pair.add('left', 116 * MS, 'b') == [(100 * MS, 'a', None)]
    assert pair.add('right', 133 * MS, 'c') == [(116 * MS, 'b', None)]
    assert pair.add('left', 134 * MS, 'd') == [(133 * MS + MS // 2, 'd', 'c')]


def test_a_camera_that_lags_by_frames_still_pairs():
    pair, out = EyePair(6 * MS), []
    for k in range(60):
        out += pair.add('left', 16 * k * MS, k)
        if k >= 3:
            out += pair.add('right', 16 * (k - 3) * MS, k - 3)
    settled = [each for each in out if each[0] > 10 * 16 * MS]
    assert len(settled) > 40
    assert all(left == right for _, left, right in settled)


def test_a_dead_camera_is_not_waited_for():
    pair = EyePair(6 * MS)
    for k in range(10):
        pair.add('right', 16 * k * MS, k)
        pair.add('left', 16 * k * MS, k)
    out = [pair.add('left', 16 * k * MS, k) for k in range(10, 60)]
    assert out[-1] == [(16 * 59 * MS, 59, None)]
    assert sum(len(each) for each in out) == 50


def test_what_comes_after_a_later_one_of_its_camera_is_dropped_and_counted():
    pair = EyePair(6 * MS)
    pair.add('left', 100 * MS, 'a')
    assert pair.add('left', 90 * MS, 'late') == []
    assert pair.late == 1
    assert pair.add('right', 100 * MS, 'b') == [(100 * MS, 'a', 'b')]


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(['left', 'right']), st.integers(0, 400))))
def test_whatever_comes_in_instants_rise_and_nothing_is_used_twice(frames):
    pair, out = EyePair(6), []
    for k, (side, at) in enumerate(frames):
        out += pair.add(side, at, k)
    stamps = [each[0] for each in out]
    assert all(a < b for a, b in pairwise(stamps))
    used = [k for each in out for k in each[1:] if k is not None]
    assert len(used) == len(set(used))
    assert len(used) + pair.late <= len(frames)


def test_a_single_eye_never_waits():
    pair = EyePair(6 * MS, alone=True)
    assert pair.add('right', 100 * MS, 'a') == [(100 * MS, None, 'a')]


def test_clearing_forgets():
    pair = EyePair(6 * MS)
    pair.add('left', 100 * MS, 'a')
    pair.clear()
    assert pair.add('right', 50 * MS, 'b') == []
