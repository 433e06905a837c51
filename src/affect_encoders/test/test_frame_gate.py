# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Which frames are taken, by their stamps."""

from affect_encoders.frame_gate import FrameGate
import numpy as np
import pytest


@pytest.fixture
def forgotten():
    return []


@pytest.fixture
def gate(forgotten):
    return FrameGate(0.06, lambda: forgotten.append(True))


@pytest.mark.parametrize(('rate_hz', 'taken_hz'), [(10.0, 10.0), (30.0, 15.0), (60.0, 15.0)])
def test_no_more_frames_are_taken_than_are_needed(gate, rate_hz, taken_hz):
    taken = [gate.take(t) for t in np.arange(0.0, 10.0, 1.0 / rate_hz)]
    assert sum(taken) == pytest.approx(10.0 * taken_hz, abs=1)


def test_late_and_doubled_frames_are_not_taken(gate, forgotten):
    assert [gate.take(t) for t in (5.0, 4.9, 5.0, 5.1)] == [True, False, False, True]
    assert not forgotten


def test_one_old_frame_is_a_stray_and_two_are_another_time(gate, forgotten):
    assert [gate.take(t) for t in (100.0, 50.0, 100.1)] == [True, False, True]
    assert not forgotten
    assert [gate.take(t) for t in (50.0, 50.1, 50.2)] == [False, True, True]
    assert forgotten == [True]


def test_one_frame_from_the_future_does_not_shut_out_all_that_come_after_it(gate):
    gate.take(1e9)
    assert [gate.take(t) for t in (1.0, 1.1, 1.2)] == [False, True, True]


def test_asking_whether_a_frame_is_too_soon_changes_nothing(gate):
    gate.take(1.0)
    assert gate.is_too_soon(1.03) and not gate.is_too_soon(1.1) and not gate.is_too_soon(0.5)
    assert gate.take(1.1)


@pytest.mark.parametrize('stamp_s', [float('nan'), float('inf')])
def test_a_stamp_that_is_no_number_is_refused(gate, stamp_s):
    with pytest.raises(ValueError, match='finite seconds'):
        gate.take(stamp_s)
