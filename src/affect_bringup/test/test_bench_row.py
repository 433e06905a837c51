# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The report keeps what was not measured again, and says which budgets are met."""

import json

from affect_bringup.bench.bench_row import BenchRow
from affect_bringup.bench.bench_row import merge
import pytest


@pytest.mark.parametrize('value, budget, most, is_met', [
    (1.0, 2.0, True, True), (3.0, 2.0, True, False), (3.0, 2.0, False, True),
    (1.0, 2.0, False, False), (None, 2.0, True, False), (1.0, None, True, None)])
def test_a_budget_is_met_or_not_and_what_was_not_measured_meets_none(value, budget, most, is_met):
    row = BenchRow('a', value, 's', 'so', budget, most)
    assert row.is_met is is_met
    assert ('NOT met' in str(row)) is (is_met is False)


def test_rows_that_were_not_measured_again_are_kept_with_their_date(tmp_path):
    path = tmp_path / 'reports' / 'bench.json'
    merge(path, [BenchRow('b', 1.0, 's', 'so'), BenchRow('a', 1.0, 's', 'so')], {}, 'monday', 'x')
    merge(path, [BenchRow('b', 2.0, 's', 'so')], {'cores': 2}, 'tuesday', 'y')
    report = json.loads(path.read_text())
    assert report['host'] == {'cores': 2}
    assert [(row['name'], row['value'], row['measured'], row['commit'])
            for row in report['rows']] == [('a', 1.0, 'monday', 'x'), ('b', 2.0, 'tuesday', 'y')]


def test_a_file_that_is_no_report_is_not_written_over(tmp_path):
    path = tmp_path / 'bench.json'
    path.write_text('precious')
    with pytest.raises(ValueError, match='is no report'):
        merge(path, [], {}, 'today', 'x')
    assert path.read_text() == 'precious'
