# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0

from affect_bringup.bench import encode_physiology as bench


def values(rows):
    return {row.name.removeprefix(bench.PREFIX): row.value for row in rows}


def test_responses_of_simulated_skin_are_counted(monkeypatch):
    monkeypatch.delenv('AFFECT_NEUROKIT_PYTHON', raising=False)
    rows = bench.skin_rows(20)
    assert values(rows)['scr_count_exact_share'] >= 0.95
    assert values(rows)['scr_count_exact_share_neurokit2'] is None
    assert 'AFFECT_NEUROKIT_PYTHON' in rows[1].how


def test_beats_are_timed_and_breathing_is_read():
    assert values(bench.variability_rows(1))['rmssd_error_ms_most'] < 1.0
    assert values(bench.breathing_rows(4))['respiration_mae_per_min'] < 1.0


def test_without_recordings_the_rows_say_why(monkeypatch, tmp_path):
    monkeypatch.setenv('AFFECT_DATA', str(tmp_path))
    for row in bench.recorded_rows():
        assert row.value is None
        assert row.how
