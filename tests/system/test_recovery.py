# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A killed node is missed by name, raises an alarm, and comes back."""

from affect_msgs.msg import AlarmArray
from affect_msgs.msg import EmotionState
from affect_node import LATCHED
from affect_node import STATE
import pytest

# Without the modalities that import torch: this test is about processes.
ARGUMENTS = (
    'purpose:=research', 'container:=false', 'voice:=false',
    'facial_expression:=false')


@pytest.fixture(scope='module')
def graph(launch):
    """Launch a process per node and wait until everything is valid for three seconds."""
    observer = launch(*ARGUMENTS)
    observer.states = observer.collect(EmotionState, 'affect/emotion_state', STATE)
    observer.alarms = observer.collect(AlarmArray, 'safety/alarms', LATCHED)
    # The first VALID state may rest on the modality alone that has the shortest window.
    observer.wait_until(
        lambda: len(observer.states) >= 30 and all(
            is_valid([state]) for state in observer.states[-30:]),
        120.0, 'thirty VALID states in a row')
    return observer


def is_valid(states) -> bool:
    return bool(states) and states[-1].validity == EmotionState.VALIDITY_VALID


def names_head_motion(alarms) -> bool:
    return any('head_motion' in alarm.rule or 'head_motion' in alarm.message
               for alarm in (alarms[-1].alarms if alarms else ()))


def test_a_killed_encoder_is_missed_alarmed_and_fused_again(graph):
    victim = graph.process_of('__node:=head_motion_encoder')
    victim.kill()
    graph.wait_until(
        lambda: 'head_motion' in graph.states[-1].missing_modalities, 30.0,
        'a state that misses head_motion')
    degraded = graph.states[-1]
    assert degraded.validity == EmotionState.VALIDITY_DEGRADED
    assert 'head_motion' in degraded.reason
    graph.wait_until(
        lambda: names_head_motion(graph.alarms), 30.0, 'an alarm that names head_motion')
    graph.wait_until(lambda: is_valid(graph.states), 60.0, 'VALID again after the respawn')
    assert graph.process_of('__node:=head_motion_encoder').pid != victim.pid


def test_states_go_on_without_a_killed_avatar(graph):
    graph.process_of('__node:=avatar').kill()
    count = len(graph.states)
    graph.wait_until(lambda: len(graph.states) >= count + 10, 30.0, 'ten more states')
    # The bag may just have begun anew, and evidence with it.
    graph.wait_until(lambda: is_valid(graph.states), 60.0, 'a VALID state')
    assert not any('avatar' in state.reason for state in graph.states[count:])
