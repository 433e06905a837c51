# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A clock that stands still is told soon, and not by a node that was held up itself."""

from types import SimpleNamespace

from affect_node.clock_watch import ClockWatch
from diagnostic_msgs.msg import DiagnosticStatus
import pytest


class World:
    """A watch, the clock that it watches, and what it says."""

    def __init__(self):
        self.clock_ns, self.is_active, self.steady_s = 10**9, True, 0.0
        self.level, self.message = DiagnosticStatus.OK, ''
        self.watch = ClockWatch(self, self, now_s=lambda: self.steady_s)

    @property
    def ros_time_is_active(self):
        return self.is_active

    def now(self):
        return SimpleNamespace(nanoseconds=self.clock_ns)

    def set(self, condition, level, message):
        self.level, self.message = level, message

    def warn(self, key, message):
        assert message == self.message

    def look(self, after_s=0.5, moved_s=0.0):
        """Pass some time, move the clock, look."""
        self.steady_s += after_s
        self.clock_ns += round(moved_s * 1e9)
        return self.watch.look()


@pytest.fixture
def world():
    world = World()
    world.look(moved_s=0.5)
    return world


def test_a_clock_that_stands_still_is_told_once_and_forgiven_when_it_goes_on(world):
    told = [world.look() for _ in range(6)]
    assert told.count(True) == 1
    assert told.index(True) * 0.5 < 2.0
    assert world.level == DiagnosticStatus.ERROR
    assert '/clock stands still' in world.message
    assert world.look(moved_s=0.1)
    assert world.level == DiagnosticStatus.OK


def test_a_node_that_was_held_up_reads_its_queue_first(world):
    assert not world.look(after_s=5.0)
    assert not world.look(moved_s=5.0)
    assert world.level == DiagnosticStatus.OK


def test_a_clock_that_goes_once_a_second_goes(world):
    for i in range(10):
        assert not world.look(moved_s=i % 2)
    assert world.level == DiagnosticStatus.OK


def test_the_hosts_clock_is_not_judged(world):
    world.is_active = False
    for _ in range(10):
        assert not world.look()
    assert world.level == DiagnosticStatus.OK
