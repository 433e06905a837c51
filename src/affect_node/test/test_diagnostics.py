# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Diagnostics: what was rejected is counted, said once in a while, and remembered."""

from affect_node.diagnostics import Diagnostics
from diagnostic_msgs.msg import DiagnosticStatus
import pytest


class _Log:

    def __init__(self):
        self.warnings = []

    def warning(self, message):
        self.warnings.append(message)


class _Node:
    """As much of a node as diagnostics need."""

    def __init__(self):
        self.log = _Log()

    def create_publisher(self, *_):
        return None

    def get_logger(self):
        return self.log

    def get_fully_qualified_name(self):
        return '/w1/voice_encoder'


@pytest.fixture
def clock(monkeypatch):
    """Steady time that stands at ``now[0]``."""
    now = [1000.0]
    monkeypatch.setattr('affect_node.diagnostics.time.monotonic', lambda: now[0])
    return now


@pytest.fixture
def node(clock):
    return _Node()


@pytest.fixture
def diagnostics(node):
    return Diagnostics(node)


def values(diagnostics):
    return {pair.key: pair.value for pair in diagnostics.status().values}


def test_a_healthy_node_is_ok_and_named_with_its_namespace(diagnostics):
    status = diagnostics.status()
    assert (status.level, status.message) == (DiagnosticStatus.OK, 'OK')
    assert status.name == '/w1/voice_encoder: health'


def test_a_rejected_input_is_counted_with_its_topic_and_reason(diagnostics):
    for _ in range(3):
        diagnostics.reject('hmd/imu/data', 'no stamp', 'set header.stamp')
    diagnostics.reject('hmd/gaze/sample', 'no stamp')
    assert values(diagnostics)['rejected: hmd/imu/data: no stamp'] == '3'
    assert values(diagnostics)['rejected: hmd/gaze/sample: no stamp'] == '1'


def test_a_rejected_input_is_said_with_topic_reason_and_remedy(diagnostics, node):
    diagnostics.reject('hmd/imu/data', 'no stamp', 'set header.stamp')
    assert node.log.warnings == ['hmd/imu/data: no stamp; set header.stamp']


def test_a_repeated_warning_is_throttled_and_another_is_not(diagnostics, node, clock):
    for _ in range(100):
        diagnostics.reject('hmd/imu/data', 'no stamp')
    diagnostics.reject('hmd/imu/data', 'stamped in the past')
    assert len(node.log.warnings) == 2
    clock[0] += Diagnostics.LOG_EVERY_S + 0.1
    diagnostics.reject('hmd/imu/data', 'no stamp')
    assert len(node.log.warnings) == 3


def test_a_complaint_is_remembered_for_a_while_and_then_forgotten(diagnostics, clock):
    diagnostics.reject('hmd/imu/data', 'no stamp')
    clock[0] += Diagnostics.REMEMBER_S - 0.1
    status = diagnostics.status()
    assert (status.level, status.message) == (
        DiagnosticStatus.WARN, 'hmd/imu/data: no stamp')
    clock[0] += 0.2
    assert diagnostics.status().level == DiagnosticStatus.OK
    assert values(diagnostics)['rejected: hmd/imu/data: no stamp'] == '1'


def test_the_worst_condition_sets_the_level_until_it_is_cleared(diagnostics):
    diagnostics.set('setup', DiagnosticStatus.ERROR, 'no camera')
    diagnostics.set('parameter', DiagnosticStatus.WARN, 'out of range')
    status = diagnostics.status()
    assert status.level == DiagnosticStatus.ERROR
    assert 'no camera' in status.message and 'out of range' in status.message
    diagnostics.set('setup', DiagnosticStatus.OK, '')
    assert diagnostics.status().level == DiagnosticStatus.WARN
    diagnostics.set('parameter', DiagnosticStatus.OK, '')
    assert diagnostics.status().level == DiagnosticStatus.OK


def test_a_complaint_does_not_hide_an_error(diagnostics):
    diagnostics.set('setup', DiagnosticStatus.ERROR, 'no camera')
    diagnostics.reject('hmd/imu/data', 'no stamp')
    assert diagnostics.status().level == DiagnosticStatus.ERROR


def test_reasons_that_quote_foreign_input_fill_neither_memory_nor_log(diagnostics, node):
    for i in range(5000):
        diagnostics.reject('hmd/face_camera/image', f"encoding '{i}' {'x' * 100_000}")
    assert len(diagnostics.counters) == Diagnostics.REASONS_EACH + 1
    assert sum(diagnostics.counters.values()) == 5000
    assert len(node.log.warnings) == Diagnostics.REASONS_EACH + 1
    assert max(map(len, node.log.warnings)) < 500
    diagnostics.reject('hmd/imu/data', 'no stamp')
    assert diagnostics.counters['rejected: hmd/imu/data: no stamp'] == 1
