# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What `ros2 topic hz` prints."""

from ros2cli.rate_statistics import RateStatistics

TENTH_NS = 100_000_000


def test_the_line_is_that_of_ros2topic():
    statistics = RateStatistics(100)
    for number in range(1, 3):
        statistics.add(number * TENTH_NS)
    assert statistics.report() is None
    for number in range(3, 13):
        statistics.add(number * TENTH_NS)
    assert statistics.report() == (
        'average rate: 10.000\n\tmin: 0.100s max: 0.100s std dev: 0.00000s window: 11')
    assert statistics.report() is None


def test_only_the_window_counts():
    statistics = RateStatistics(5)
    statistics.add(TENTH_NS)
    statistics.add(2 * TENTH_NS)
    assert statistics.report() is None
    for number in range(1, 31):
        statistics.add(2 * TENTH_NS + number * TENTH_NS // 2)
    assert 'average rate: 20.000' in statistics.report()
    assert statistics.report() is None


def test_time_that_jumps_back_starts_anew():
    statistics = RateStatistics(100)
    for number in range(1, 30):
        statistics.add(number * TENTH_NS)
    statistics.add(TENTH_NS)
    assert statistics.report() is None


def test_simulated_time_that_stops_is_said(capsys):
    statistics = RateStatistics(100)
    statistics.add(TENTH_NS)
    statistics.add(2 * TENTH_NS)
    statistics.add(0)
    assert 'time has reset' in capsys.readouterr().out
    assert statistics.report() is None
