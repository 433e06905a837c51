# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Two wearers in two namespaces: nothing of one reaches the other."""

import os
from pathlib import Path

from affect_msgs.msg import AlarmArray
from affect_msgs.msg import EmotionState
from affect_msgs.msg import GazeSample
from affect_msgs.msg import ModalityEmbedding
from affect_msgs.msg import Purpose
from affect_msgs.srv import SetPurpose
from affect_node import LATCHED
from affect_node import STATE
from diagnostic_msgs.msg import DiagnosticArray
import pytest
from rclpy.qos import QoSProfile

# Few modalities, without torch: this test is about who hears whom.
ARGUMENTS = (
    'purpose:=research', 'trackers:=false', 'voice:=false', 'facial_expression:=false',
    'speech:=false', 'body_expression:=false', 'scene:=false')
WEARERS = ('w1', 'w2')
OF_NOBODY = {'/diagnostics', '/parameter_events', '/rosout', '/clock'}


class Wearer:
    """What is heard of one wearer."""

    def __init__(self, launch, name, seed):
        self.name = name
        self.observer = observer = launch(
            *ARGUMENTS, f'namespace:={name}', f'seed:={seed}', f'wearer:={name}', bag=None)
        self.states = observer.collect(EmotionState, f'/{name}/affect/emotion_state', STATE)
        self.alarms = observer.collect(AlarmArray, f'/{name}/safety/alarms', LATCHED)
        self.gaze = observer.collect(GazeSample, f'/{name}/hmd/gaze/sample', QoSProfile(depth=10))
        self.embeddings = observer.collect(
            ModalityEmbedding, f'/{name}/affect/head_motion/embedding', STATE)
        self.diagnostics = observer.collect(DiagnosticArray, '/diagnostics', QoSProfile(depth=50))

    def is_valid(self):
        return bool(self.states) and (
            self.states[-1].validity == EmotionState.VALIDITY_VALID)


@pytest.fixture(scope='module')
def wearers(launch):
    both = [Wearer(launch, name, seed) for seed, name in enumerate(WEARERS, 1)]
    wait(both, lambda: all(wearer.is_valid() for wearer in both), 'two VALID states', 90.0)
    # What came while they started is no matter.
    for wearer in both:
        wearer.states.clear()
        wearer.embeddings.clear()
    wait(both, lambda: all(len(wearer.states) >= 30 for wearer in both), 'three seconds')
    return both


def wait(both, condition, what, within_s=30.0):
    """Wait with the ears of both open; one spin serves the node of one wearer only."""
    def heard():
        for wearer in both:
            wearer.observer.spin_once()
        return condition()
    both[0].observer.wait_until(heard, within_s, what)


def test_every_topic_and_node_is_in_a_namespace(wearers):
    node = wearers[0].observer.node
    topics = {topic for topic, _ in node.get_topic_names_and_types()} - OF_NOBODY
    assert topics
    assert {topic.split('/')[1] for topic in topics} == set(WEARERS)
    for name in WEARERS:
        of_one = {n for n, namespace in node.get_node_names_and_namespaces()
                  if namespace == f'/{name}'}
        assert {'fusion', 'safety_monitor', 'imu', 'head_motion_encoder'} <= of_one


def test_frames_and_pseudonyms_are_their_own(wearers):
    for wearer in wearers:
        assert {m.header.frame_id for m in wearer.gaze} == {f'{wearer.name}/hmd_link'}
        assert {s.wearer for s in wearer.states} == {wearer.name}


def test_each_is_another_person(wearers):
    """At the same ticks; the same person twice would be equal to the last bit."""
    first, second = (
        {(m.header.stamp.sec, m.header.stamp.nanosec): list(m.features)
         for m in wearer.embeddings} for wearer in wearers)
    common = set(first) & set(second)
    assert len(common) >= 20
    assert all(first[tick] != second[tick] for tick in common)


def test_diagnostics_and_journals_are_their_own(wearers):
    names = {status.name.split('/')[1] for array in wearers[0].diagnostics
             for status in array.status}
    assert names == set(WEARERS)
    journals = list(Path(os.environ['XDG_STATE_HOME']).rglob('*.sqlite3'))
    assert len({path.parent for path in journals}) == len(journals) == len(WEARERS)


def test_a_dead_process_of_one_is_no_matter_to_the_other(wearers):
    first, second = wearers
    victim = second.observer.process_of('head_motion_encoder')
    for wearer in wearers:
        wearer.states.clear()
    victim.kill()
    wait(wearers, lambda: second.states and 'head_motion' in second.states[-1].missing_modalities,
         'the one who lacks it')
    wait(wearers, second.is_valid, 'VALID again', 60.0)
    # A respawn takes the processor from everybody for a while: a tick may be late, not a second.
    assert longest_absence(second.states, 'head_motion') >= 10
    assert longest_absence(first.states, 'head_motion') < 10
    assert not any(
        'head_motion' in alarm.rule for array in first.alarms for alarm in array.alarms)


def longest_absence(states, modality):
    """Return how many states in a row lack a modality, at most."""
    lacks = ''.join('x' if modality in state.missing_modalities else ' ' for state in states)
    return max(map(len, lacks.split(' ')))


def test_the_purpose_of_one_is_not_the_others(wearers):
    first, second = wearers
    client = first.observer.node.create_client(SetPurpose, '/w1/safety/set_purpose')
    wait(wearers, client.service_is_ready, 'the service')
    answer = client.call_async(SetPurpose.Request(
        purpose=Purpose.NONE, operator_id='test', reason='the other goes on'))
    wait(wearers, answer.done, 'the answer')
    assert answer.result().success, answer.result().message
    node = first.observer.node
    wait(wearers, lambda: not node.count_publishers('/w1/affect/emotion_state'), 'the end')
    second.states.clear()
    wait(wearers, lambda: len(second.states) >= 10, 'ten states of the other')
    assert {s.purpose for s in second.states} == {Purpose.RESEARCH}
    assert node.count_publishers('/w2/affect/emotion_state') == 1
