# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The launched graph on ten seconds of a recorded (simulated) wearer: what arrives, and when."""

from itertools import pairwise
import math
import time

from affect_bringup.graph import MODALITIES
from affect_msgs.msg import AlarmArray
from affect_msgs.msg import AvatarState
from affect_msgs.msg import EmotionState
from affect_msgs.msg import ModalityContribution
from affect_msgs.msg import Purpose
from affect_msgs.msg import SafetyStatus
from affect_msgs.msg import WearerCondition
from affect_node import LATCHED
from affect_node import stamp_ns
from affect_node import STATE
import pytest

HOP_NS = 100_000_000
WINDOW = 101


def steps_of(states):
    """Return by how many ticks each state comes after the one before."""
    ticks = [stamp_ns(state.header.stamp) for state in states]
    assert all(tick % HOP_NS == 0 for tick in ticks)
    return [(b - a) // HOP_NS for a, b in pairwise(ticks)]


def is_steady(states):
    """Return whether a window's states are one per tick in order, and nearly all are valid."""
    steps = steps_of(states)
    valid = sum(state.validity == EmotionState.VALIDITY_VALID for state in states)
    return (sum(step < 0 for step in steps) <= 1 and sum(step == 1 for step in steps)
            >= 0.95 * len(steps) and valid >= 0.8 * len(states))


@pytest.fixture(scope='module')
def recording(launch):
    """
    Launch in containers, wait for the first valid state, and keep ten seconds.

    They begin when the machine has done with starting; a graph that never gets so far is kept as
    it is after a minute, for the tests to say what it lacks.
    """
    observer = launch('purpose:=research')
    states = observer.collect(EmotionState, 'affect/emotion_state', STATE)
    kept = {
        'states': states,
        'conditions': observer.collect(WearerCondition, 'affect/wearer_condition', STATE),
        'avatar': observer.collect(AvatarState, 'avatar/state', STATE),
        'status': observer.collect(SafetyStatus, 'safety/status', STATE),
        'alarms': observer.collect(AlarmArray, 'safety/alarms', LATCHED),
        'purpose': observer.collect(Purpose, 'safety/purpose', LATCHED)}
    observer.wait_until(
        lambda: any(s.validity == EmotionState.VALIDITY_VALID for s in states), 120.0,
        'a VALID state')
    first = next(
        i for i, s in enumerate(states) if s.validity == EmotionState.VALIDITY_VALID)
    observer.wait_until(lambda: len(states) >= first + WINDOW, 60.0, 'ten seconds of states')
    until_s = time.monotonic() + 60.0
    observer.wait_until(
        lambda: is_steady(states[-WINDOW:]) or time.monotonic() > until_s, 90.0, 'the end')
    kept['states'] = states[-WINDOW:]
    return kept


def test_there_is_one_state_per_tick_in_order(recording):
    """The bag loops (its clock jumps back) at most once in ten seconds."""
    steps = steps_of(recording['states'])
    assert sum(step < 0 for step in steps) <= 1
    assert sum(step == 1 for step in steps) >= 0.95 * len(steps)


def test_states_are_valid_with_every_modality(recording):
    valid = [s for s in recording['states'] if s.validity == EmotionState.VALIDITY_VALID]
    assert len(valid) >= 0.8 * len(recording['states'])
    with_evidence = {
        c.modality for s in valid for c in s.contributions
        if c.state == ModalityContribution.STATE_EVIDENCE}
    assert with_evidence == set(MODALITIES)


def test_numbers_of_a_state_mean_what_the_message_says(recording):
    for state in recording['states']:
        weights = [c.weight for c in state.contributions]
        if state.validity == EmotionState.VALIDITY_UNKNOWN:
            assert math.isnan(state.affect.valence)
            assert sum(weights) == 0.0
            continue
        assert sum(weights) == pytest.approx(1.0, abs=1e-4)
        known = [p for p in state.affect.probabilities if not math.isnan(p)]
        # All NaN: only modalities that know no categories had evidence.
        assert not known or sum(known) == pytest.approx(1.0, abs=1e-4)
        assert -1.0 <= state.affect.arousal <= 1.0
        assert state.affect.arousal_variance > 0.0
        assert state.latency_s > 0.0
        assert state.purpose == Purpose.RESEARCH


def test_evidence_moves_the_state(recording):
    """A constant would pass every range check."""
    arousals = {round(state.affect.arousal, 5) for state in recording['states']}
    assert len(arousals) > 10


def test_consumers_speak(recording):
    assert recording['conditions'][-1].purpose == Purpose.RESEARCH
    assert recording['purpose'][-1].purpose == Purpose.RESEARCH
    assert len(recording['avatar']) > 100
    assert math.isfinite(recording['avatar'][-1].latency_s)
    beats = [status.beat for status in recording['status']]
    assert beats == sorted(beats)
    assert len(beats) > 10
    assert recording['status'][-1].journal_hash
    assert recording['alarms'], 'alarms are latched: also the empty list is published'
