# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0

from affect_bringup.bench import encode_eye_movement as bench


def test_without_recordings_rows_say_so(monkeypatch, tmp_path):
    monkeypatch.setenv('AFFECT_DATA', str(tmp_path))
    rows = bench.people_rows(folds=(0,))
    assert {row.name for row in rows} == {
        f'{bench.PREFIX}macro_f1_{name}' for name, _, _ in bench.CONDITIONS}
    for row in rows:
        assert row.value is None
        assert 'AFFECT_DATA' in row.how


def test_costs_are_measured():
    assert {row.name.removeprefix(bench.PREFIX) for row in bench.cost_rows(seconds=4.0)} == {
        'times_real_time_200_hz', 'tick_ms_median', 'tick_ms_p99'}
