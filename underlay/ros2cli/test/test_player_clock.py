# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The time inside a bag during playback."""

from ros2cli.bag.player_clock import PlayerClock


class SteadyTime:
    """A steady clock that a test moves."""

    def __init__(self):
        self.now_ns = 5_000

    def __call__(self):
        return self.now_ns


def test_bag_time_passes_at_the_rate():
    steady = SteadyTime()
    clock = PlayerClock(1_000_000, rate=2.0, steady_ns=steady)
    steady.now_ns += 100
    assert clock.now() == 1_000_200
    assert clock.to_steady(1_000_600) == 5_300


def test_a_new_rate_does_not_move_the_present():
    steady = SteadyTime()
    clock = PlayerClock(0, steady_ns=steady)
    steady.now_ns += 1_000
    clock.set_rate(0.5)
    assert clock.now() == 1_000
    steady.now_ns += 1_000
    assert clock.now() == 1_500


def test_time_stands_still_while_paused():
    steady = SteadyTime()
    clock = PlayerClock(0, steady_ns=steady)
    steady.now_ns += 10
    clock.pause()
    steady.now_ns += 1_000
    assert clock.now() == 10
    clock.resume()
    steady.now_ns += 5
    assert clock.now() == 15


def test_a_clock_that_starts_paused_waits_at_the_start():
    steady = SteadyTime()
    clock = PlayerClock(77, paused=True, steady_ns=steady)
    steady.now_ns += 1_000
    assert clock.now() == 77


def test_a_jump_back_is_where_it_goes_on_from():
    steady = SteadyTime()
    clock = PlayerClock(100, steady_ns=steady)
    steady.now_ns += 50
    clock.jump(100)
    assert clock.now() == 100
    assert clock.to_steady(100) == steady.now_ns
