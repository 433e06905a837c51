# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The purpose holds for as long as the heart of the safety monitor beats."""

import math

from affect_msgs.msg import Purpose
from affect_node.purpose_gate import PurposeGate
from diagnostic_msgs.msg import DiagnosticStatus
import pytest


class Complaints:

    def __init__(self):
        self.level, self.warnings = DiagnosticStatus.OK, []

    def set(self, condition, level, message):
        self.level = level

    def warn(self, key, message):
        self.warnings.append(message)


@pytest.fixture
def world():
    """Return a gate under RESEARCH whose monitor beats twice a second, and its clock."""
    clock, complaints = [100.0], Complaints()
    gate = PurposeGate(complaints, now_s=lambda: clock[0])
    gate.tell(Purpose.RESEARCH)
    gate.beat(0.5)
    return gate, clock, complaints


def test_a_beating_monitor_keeps_the_purpose(world):
    gate, clock, complaints = world
    for _ in range(10):
        clock[0] += 0.5
        gate.beat(0.5)
        gate.look()
        assert gate.purpose == Purpose.RESEARCH
    assert not complaints.warnings


def test_a_silent_monitor_closes_the_gate_and_says_so(world):
    gate, clock, complaints = world
    clock[0] += 1.6
    gate.look()
    assert gate.purpose == Purpose.RESEARCH
    clock[0] += 0.5
    gate.look()
    assert gate.purpose == Purpose.NONE
    assert complaints.level == DiagnosticStatus.ERROR
    assert 'silent for 2.1 s' in complaints.warnings[0]


def test_beats_that_waited_in_the_queue_are_no_silence(world):
    gate, clock, _ = world
    clock[0] += 5.0
    gate.look()
    gate.beat(0.5)
    clock[0] += 0.5
    gate.look()
    assert gate.purpose == Purpose.RESEARCH


def test_the_purpose_returns_with_the_monitor(world):
    gate, clock, complaints = world
    for _ in range(3):
        clock[0] += 2.0
        gate.look()
    assert gate.purpose == Purpose.NONE
    gate.beat(0.5)
    assert gate.purpose == Purpose.RESEARCH
    assert complaints.level == DiagnosticStatus.OK


@pytest.mark.parametrize('period_s', [math.nan, math.inf, -1.0, 0.0, 1e9])
def test_no_beat_can_say_that_silence_may_last_for_ever(world, period_s):
    gate, clock, _ = world
    gate.beat(period_s)
    for _ in range(2):
        clock[0] += 16.0
        gate.look()
    assert gate.purpose == Purpose.NONE


def test_a_purpose_without_any_monitor_holds():
    clock = [0.0]
    gate = PurposeGate(Complaints(), now_s=lambda: clock[0])
    gate.tell(Purpose.MEDICAL)
    clock[0] = 1000.0
    gate.look()
    gate.look()
    assert gate.purpose == Purpose.MEDICAL
