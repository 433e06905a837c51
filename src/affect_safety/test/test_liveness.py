# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Who is alive, and whether the clock moves."""

from affect_safety.clock_watch import ClockWatch
from affect_safety.hold_up import HoldUp
from affect_safety.instant import Instant
from affect_safety.liveness import Life
from affect_safety.liveness import Liveness

START_NS = 1_000_000_000_000


def at(seconds):
    return Instant(seconds, START_NS + round(seconds * 1e9))


def watch(hold_up=None):
    return Liveness(
        ['voice'], at(0.0), dead_after_s=0.7, grace_s=5.0, late_after_s=2.0, hold_up=hold_up)


def test_the_first_tick_is_waited_for_and_then_missed():
    liveness = watch()
    assert liveness.life('voice', at(5.0)) == Life.WAITING
    assert liveness.life('voice', at(5.1)) == Life.DEAD


def test_silence_after_a_tick_is_death_without_grace():
    liveness = watch()
    assert liveness.tick('voice', at(0.95).ros_ns, at(1.0)) == ''
    assert liveness.life('voice', at(1.7)) == Life.ALIVE
    assert liveness.life('voice', at(1.8)) == Life.DEAD
    liveness.tick('voice', at(2.0).ros_ns, at(2.0))
    assert liveness.life('voice', at(2.1)) == Life.ALIVE


def test_silence_is_death_also_when_ros_time_stands_still():
    liveness = watch()
    liveness.tick('voice', START_NS, at(0.0))
    assert liveness.life('voice', Instant(0.8, START_NS)) == Life.DEAD


def test_repeated_old_and_future_stamps_are_no_sign_of_life():
    liveness = watch()
    liveness.tick('voice', at(1.0).ros_ns, at(1.0))
    for now_s, stamp_s, complaint in (
            (1.5, 1.0, 'repeats'), (3.1, 1.05, 'past'), (1.5, 2.1, 'future')):
        assert complaint in liveness.tick('voice', at(stamp_s).ros_ns, at(now_s))
    assert liveness.life('voice', at(1.8)) == Life.DEAD


def test_a_clock_that_jumps_back_does_not_silence_a_source():
    liveness = watch()
    liveness.tick('voice', at(100.0).ros_ns, Instant(1.0, at(100.0).ros_ns))
    assert liveness.tick('voice', at(3.0).ros_ns, Instant(1.1, at(3.0).ros_ns)) == ''
    assert liveness.life('voice', Instant(1.2, at(3.1).ros_ns)) == Life.ALIVE


def test_a_clock_that_stands_still_is_told_and_forgiven_when_it_moves():
    clock = ClockWatch(1.0)
    assert clock.complaint(Instant(0.0, 5)) == ''
    assert clock.complaint(Instant(1.0, 5)) == ''
    assert 'stood still for 1.5 s' in clock.complaint(Instant(1.5, 5))
    assert clock.complaint(Instant(1.6, 4)) == ''


def test_a_clock_that_nobody_publishes_is_told():
    clock = ClockWatch(1.0)
    clock.complaint(Instant(0.0, 0))
    assert 'nobody publishes' in clock.complaint(Instant(1.1, 0))


def test_nobody_dies_of_a_hold_up_of_the_monitor_while_ticks_wait_in_its_queue():
    hold_up = HoldUp(0.35)
    liveness = watch(hold_up)
    hold_up.look(at(1.0))
    liveness.tick('voice', at(0.95).ros_ns, at(1.0))
    for now_s in (3.0, 3.05):
        hold_up.look(at(now_s))
        assert liveness.life('voice', at(now_s)) == Life.ALIVE
    assert liveness.silence_s('voice', at(3.05)) == 2.05
    assert liveness.tick('voice', at(2.9).ros_ns, at(3.06)) == ''
    hold_up.look(at(3.15))
    assert liveness.life('voice', at(3.15)) == Life.ALIVE


def test_who_stopped_during_a_hold_up_is_dead_as_soon_as_the_queues_are_read():
    hold_up = HoldUp(0.35)
    liveness = watch(hold_up)
    hold_up.look(at(1.0))
    liveness.tick('voice', at(1.0).ros_ns, at(1.0))
    hold_up.look(at(3.0))
    assert liveness.life('voice', at(3.0)) == Life.ALIVE
    hold_up.look(at(3.1))
    assert liveness.life('voice', at(3.1)) == Life.DEAD


def test_what_was_silent_before_the_hold_up_is_not_excused_for_it():
    hold_up = HoldUp(0.35)
    liveness = watch(hold_up)
    liveness.tick('voice', at(1.0).ros_ns, at(1.0))
    hold_up.look(at(1.8))
    hold_up.look(at(3.0))
    assert liveness.life('voice', at(3.0)) == Life.DEAD


def test_a_monitor_that_is_always_late_still_finds_the_dead():
    hold_up = HoldUp(0.35)
    liveness = watch(hold_up)
    hold_up.look(at(0.0))
    liveness.tick('voice', at(0.0).ros_ns, at(0.0))
    lives = []
    for now_s in (1.0, 2.0, 3.0, 4.0):
        hold_up.look(at(now_s))
        lives.append(liveness.life('voice', at(now_s)))
    assert lives == [Life.ALIVE, Life.DEAD, Life.DEAD, Life.DEAD]


def test_a_clock_whose_messages_wait_for_a_monitor_that_was_held_up_does_not_stand_still():
    hold_up = HoldUp(0.35)
    clock = ClockWatch(1.0, hold_up)
    hold_up.look(at(0.0))
    assert clock.complaint(Instant(0.0, 5)) == ''
    hold_up.look(at(2.0))
    assert clock.complaint(Instant(2.0, 5)) == ''
    hold_up.look(at(2.1))
    assert 'stood still' in clock.complaint(Instant(2.1, 5))
    assert clock.complaint(Instant(2.1, 6)) == ''
