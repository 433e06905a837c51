# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Emotion has a publisher under research and medical, and under nothing else; node by node."""

from affect_bringup.container import load
from affect_bringup.graph import NODES
from affect_msgs.msg import Purpose
from affect_node import LATCHED
from affect_node.testing import Bench
import pytest

EMOTION = {'affect_msgs/msg/AffectEstimate', 'affect_msgs/msg/EmotionState'}
CONDITION = {'affect_msgs/msg/WearerCondition'}
SPEAKS_OF_EMOTION = [spec for spec in NODES if spec.stage in ('encoders', 'fusion')]
SEQUENCE = (
    (Purpose.NONE, False), (Purpose.RESEARCH, True), (Purpose.SAFETY, False),
    (Purpose.MEDICAL, True), (Purpose.NONE, False))


def published_types(bench):
    """Return the message types that anybody on the bench has a publisher for."""
    return {
        name for topic, types in bench.peer.get_topic_names_and_types()
        if bench.peer.count_publishers(topic) for name in types}


@pytest.fixture
def bench():
    with Bench() as bench:
        yield bench


@pytest.mark.parametrize('spec', SPEAKS_OF_EMOTION, ids=lambda spec: spec.name)
def test_emotion_comes_and_goes_with_the_purpose(bench, spec):
    bench.add(load(spec.component))
    assert not published_types(bench) & EMOTION, 'before any purpose was told'
    for purpose, is_allowed in SEQUENCE:
        bench.publish('safety/purpose', Purpose(purpose=purpose), LATCHED)
        bench.until(
            lambda wanted=is_allowed: bool(published_types(bench) & EMOTION) is wanted,
            f'emotion {"allowed" if is_allowed else "withdrawn"} under purpose {purpose}')


def test_the_condition_alone_exists_under_safety(bench):
    fusion = next(spec for spec in NODES if spec.name == 'fusion')
    bench.add(load(fusion.component))
    for purpose, is_allowed in (
            (Purpose.NONE, False), (Purpose.SAFETY, True), (Purpose.NONE, False)):
        bench.publish('safety/purpose', Purpose(purpose=purpose), LATCHED)
        bench.until(
            lambda wanted=is_allowed: bool(published_types(bench) & CONDITION) is wanted,
            f'the condition under purpose {purpose}')
        assert not published_types(bench) & EMOTION


@pytest.mark.parametrize(
    'spec', [s for s in NODES if s.stage in ('sensors', 'trackers')], ids=lambda spec: spec.name)
def test_sensors_and_trackers_never_speak_of_emotion(bench, spec):
    node = load(spec.component)(
        context=bench.context, use_global_arguments=False,
        # The usual port of the headset may be in use on this machine.
        cli_args=['--ros-args', '-r', f'__node:={spec.name}', '-p', 'port:=0'])
    bench.nodes.append(node)
    bench.executor.add_node(node)
    node.trigger_configure()
    node.trigger_activate()
    assert not published_types(bench) & (EMOTION | CONDITION)
