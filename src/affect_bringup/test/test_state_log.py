# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The figures of the demo come from the states and from nothing else."""

from affect_bringup.state_log import StateLog
from affect_msgs.msg import EmotionState
from affect_msgs.msg import ModalityContribution
from affect_msgs.msg import SafetyStatus
import pytest


def state(validity, *qualities, latency_s=0.05):
    return EmotionState(validity=validity, latency_s=latency_s, contributions=[
        ModalityContribution(
            modality=f'm{i}', quality=quality,
            state=ModalityContribution.STATE_EVIDENCE if quality > 0
            else ModalityContribution.STATE_ALIVE)
        for i, quality in enumerate(qualities)])


VALID, DEGRADED = EmotionState.VALIDITY_VALID, EmotionState.VALIDITY_DEGRADED


def test_counting_begins_with_the_first_valid_state():
    log = StateLog()
    for validity in (DEGRADED, VALID, VALID, DEGRADED, VALID):
        log.add(state(validity, 1.0))
    summary = log.summary()
    assert summary['states'] == 4
    assert summary['valid_fraction'] == 0.75


def test_never_valid_is_reported_as_such():
    log = StateLog()
    log.add(state(DEGRADED, 1.0, 1.0, 1.0, 1.0, 1.0))
    assert not log.was_valid_with(5)
    assert log.summary()['first_valid_s'] is None
    assert log.summary()['latency_p95_ms'] is None


def test_evidence_of_five_must_come_at_once():
    log = StateLog()
    log.add(state(VALID, 1.0, 1.0, 1.0, 0.0, 0.0))
    log.add(state(VALID, 0.0, 0.0, 0.0, 1.0, 1.0))
    assert not log.was_valid_with(5)
    log.add(state(VALID, 0.1, 0.1, 0.1, 0.1, 0.1))
    assert log.was_valid_with(5)


def test_a_dead_modality_counts_as_quality_zero():
    log = StateLog()
    log.add(state(VALID, 1.0))
    log.add(state(VALID, float('nan')))
    assert log.summary()['modalities'] == {'m0': 0.5}


def test_what_a_silent_publisher_said_last_is_not_shown_as_current(monkeypatch):
    monkeypatch.setattr('time.monotonic', lambda: 100.0)
    log = StateLog()
    assert log.current(EmotionState, 100.0) is None
    log.add(state(VALID, 1.0))
    log.note(SafetyStatus(period_s=0.5, state=SafetyStatus.STATE_OK))
    assert log.current(EmotionState, 100.9).validity == VALID
    assert log.current(EmotionState, 101.1) is None
    assert log.current(SafetyStatus, 101.4).state == SafetyStatus.STATE_OK
    assert log.current(SafetyStatus, 101.6) is None


def test_latency_quantiles_are_of_the_messages():
    log = StateLog()
    for i in range(100):
        log.add(state(VALID, 1.0, latency_s=0.001 * (i + 1)))
    summary = log.summary()
    assert summary['latency_p50_ms'] == pytest.approx(51.0, abs=1.0)
    assert summary['latency_p95_ms'] == pytest.approx(96.0, abs=1.0)
