# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The bench of microphone stamps tells a clock from none."""

from affect_bringup.bench.microphone_clock import microphone_clock_rows


def test_the_disciplined_clock_is_better_than_counting_and_than_arrivals():
    rows = {row.name.split('/')[1]: row for row in microphone_clock_rows(seconds=200.0)}
    best = rows['stamp_error_worst']
    assert best.is_met
    # 100 ppm of 200 s are 20 ms; the worst of 50 late arrivals is near 60 ms.
    assert rows['stamp_error_worst_by_count'].value > 2.0 * best.value
    assert rows['stamp_error_worst_by_arrival'].value > 5.0 * best.value
