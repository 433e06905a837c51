# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The bench of affect-encode encodes what it says, on a little of it."""

from affect_bringup.bench.encode_files import clip_row
from affect_bringup.bench.encode_files import drawn_rows
from affect_bringup.bench.encode_files import picture_row
from affect_bringup.bench.encode_files import recording_rows
from affect_bringup.bench.encode_files import sentence_row
import pytest


@pytest.fixture(autouse=True)
def nothing_recorded(monkeypatch, tmp_path):
    monkeypatch.setenv('AFFECT_DATA', str(tmp_path / 'absent'))


def test_recordings_are_written_read_and_encoded(tmp_path):
    rows = recording_rows(tmp_path, 30.0)
    assert len(rows) == 4
    for row in rows:
        assert row.value is not None, row.how
        assert row.value > 0.0


def test_pictures_and_clouds_are_drawn_and_encoded(tmp_path):
    for row in drawn_rows(tmp_path, 3):
        assert row.value > 0.0
        assert '3 with evidence' in row.how


def test_sentences_are_lines_of_a_file(tmp_path):
    row = sentence_row(tmp_path, 20)
    assert row.value > 0.0
    assert row.how.startswith('20 made-up sentences')


def test_without_recordings_the_rows_say_so(tmp_path):
    for row in (clip_row(1), picture_row(tmp_path, 1)):
        assert row.value is None
        assert 'AFFECT_DATA' in row.how
