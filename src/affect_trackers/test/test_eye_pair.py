# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Left and right meet; one that is alone is not held back for long."""

from affect_trackers.eye_tracker.eye_pair import EyePair
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


def test_a_late_frame_does_not_displace_the_one_that_waits():
    pair = EyePair(6 * MS)
    pair.add('left', 116 * MS, 'b')
    assert pair.add('right', 100 * MS, 'late') == [(100 * MS, None, 'late')]
    assert pair.add('right', 117 * MS, 'c') == [(116 * MS + MS // 2, 'b', 'c')]


def test_a_single_eye_never_waits():
    pair = EyePair(6 * MS, alone=True)
    assert pair.add('right', 100 * MS, 'a') == [(100 * MS, None, 'a')]


def test_clearing_forgets():
    pair = EyePair(6 * MS)
    pair.add('left', 100 * MS, 'a')
    pair.clear()
    assert pair.add('right', 100 * MS, 'b') == []
