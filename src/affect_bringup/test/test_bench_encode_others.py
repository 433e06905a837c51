# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The rows on signals with known answers meet their limits, and say why when there are no data."""

from affect_bringup.bench import encode_others
import pytest


@pytest.mark.parametrize('part', [encode_others.body_rows, encode_others.lid_rows],
                         ids=lambda part: part.__name__)
def test_errors_on_known_signals_are_within_their_limits(part):
    for row in part():
        assert row.is_met, str(row)


def test_without_recordings_pupils_are_not_measured_and_the_row_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv('AFFECT_DATA', str(tmp_path))
    rows = encode_others.pupil_rows()
    assert len(rows) == 7
    for row in rows:
        assert row.value is None
        assert 'ceap360vr is missing under AFFECT_DATA' in row.how
