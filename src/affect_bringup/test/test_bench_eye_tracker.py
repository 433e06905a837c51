# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The eye tracker's bench measures what it says, on a few frames."""

from affect_bringup.bench.eye_tracker import drawn_eyes
from affect_bringup.bench.eye_tracker import recorded_rows
from affect_bringup.bench.eye_tracker import thresholded
from affect_bringup.bench.eye_tracker import tracked
from affect_bringup.bench.eye_tracker import within_percent
import pytest


@pytest.mark.parametrize('cover', [0.0, 0.3, 0.5])
def test_eyes_have_the_cover_that_the_row_names(cover):
    eyes = list(drawn_eyes(cover, 1))
    assert len(eyes) == 6
    assert all(eye.truth.lid_cover == pytest.approx(cover, abs=0.01) for eye in eyes)


def test_the_tracker_and_its_floor_see_an_open_eye():
    eyes = list(drawn_eyes(0.0, 2))
    assert within_percent(tracked, eyes) >= 99.0
    assert within_percent(thresholded, eyes) > 70.0


def test_half_covered_eyes_tell_the_tracker_from_the_floor():
    eyes = list(drawn_eyes(0.5, 2))
    assert within_percent(tracked, eyes) > within_percent(thresholded, eyes) + 30.0


def test_a_wrong_place_does_not_count():
    eyes = list(drawn_eyes(0.0, 1))
    assert within_percent(lambda image: (0.0, 0.0), eyes) == 0.0
    assert within_percent(lambda image: None, eyes) == 0.0


def test_without_the_recording_the_row_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv('AFFECT_DATA', str(tmp_path))
    row, = recorded_rows()
    assert row.value is None and not row.is_met
    assert 'AFFECT_DATA' in row.how
