# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The fusion node on a real graph: which input moves which output, and what bad input does."""

from array import array
import math
import threading
import time

from affect_fusion.node import FusionNode
from affect_msgs.msg import AffectEstimate
from affect_msgs.msg import EmotionState
from affect_msgs.msg import HeadsetStatus
from affect_msgs.msg import ModalityContribution
from affect_msgs.msg import ModalityEmbedding
from affect_msgs.msg import ModalityInfo
from affect_msgs.msg import Purpose
from affect_msgs.msg import WearerCondition
from affect_node import LATCHED
from affect_node import stamp_ns
from affect_node import STATE
from affect_node import to_stamp
from affect_node.domain import free_domain
import numpy as np
import pytest
import rclpy
from rclpy.context import Context
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.parameter import Parameter
from rclpy.qos import QoSProfile
from rosgraph_msgs.msg import Clock

HOP = 100_000_000
MS = 1_000_000
FEATURES = {
    'eye_movement': [
        'perclos', 'blink_duration', 'fixation_share', 'pursuit_share', 'valid_share'],
    'physiology': ['heart_rate_change', 'scr_rate', 'motion'],
    'voice': ['loudness'],
}
MODALITIES = list(FEATURES)
CALM = {'eye_movement': [0.01, 0.2, 0.6, 0.1, 1.0], 'physiology': [0.0, 3.0, 0.1], 'voice': [0.1]}


class Bench(Node):
    """Encoders, a clock, and ears, in the process of the node under test."""

    def __init__(self, context):
        super().__init__('bench', context=context)
        self.now_ns = 1000 * HOP
        self.states, self.conditions = [], []
        self.clock = self.create_publisher(Clock, '/clock', QoSProfile(depth=10))
        self.purposes = self.create_publisher(Purpose, 'safety/purpose', LATCHED)
        self.headsets = self.create_publisher(HeadsetStatus, 'hmd/headset/status', LATCHED)
        self.infos, self.estimates, self.embeddings = {}, {}, {}
        for modality in MODALITIES:
            topic = f'affect/{modality}/'
            self.infos[modality] = self.create_publisher(ModalityInfo, topic + 'info', LATCHED)
            self.estimates[modality] = self.create_publisher(
                AffectEstimate, topic + 'estimate', STATE)
            self.embeddings[modality] = self.create_publisher(
                ModalityEmbedding, topic + 'embedding', STATE)
            self.infos[modality].publish(ModalityInfo(
                modality=modality, schema_id='s', embedding_dimension=2,
                feature_names=FEATURES[modality]))
        self.create_subscription(EmotionState, 'affect/emotion_state', self.states.append, STATE)
        self.create_subscription(
            WearerCondition, 'affect/wearer_condition', self.conditions.append, STATE)

    def estimate(self, modality, **fields):
        values = {
            'probabilities': np.full(8, 0.125, dtype=np.float32), 'valence': 0.0, 'arousal': 0.0,
            'valence_variance': 0.05, 'arousal_variance': 0.05, 'quality': 0.8,
            'label_kind': AffectEstimate.LABEL_ACTED}
        message = AffectEstimate(modality=modality, **{**values, **fields})
        message.header.stamp = to_stamp(ns=self.tick_ns)
        self.estimates[modality].publish(message)

    def embedding(self, modality, **fields):
        values = {
            'embedding': array('f', [1.0, 2.0]), 'features': array('f', CALM[modality]),
            'quality': 0.8, 'schema_id': 's',
            'evidence_end': to_stamp(ns=self.tick_ns - 50 * MS)}
        message = ModalityEmbedding(modality=modality, **{**values, **fields})
        message.header.stamp = to_stamp(ns=self.tick_ns)
        self.embeddings[modality].publish(message)

    @property
    def tick_ns(self):
        return self.now_ns // HOP * HOP


class Graph:
    """A fusion node on simulated time, moved on tick by tick."""

    def __init__(self, **parameters):
        self.context = Context()
        rclpy.init(context=self.context, domain_id=free_domain())
        overrides = {'modalities': MODALITIES, 'use_sim_time': True, 'smoothing_s': 0.0}
        self.node = FusionNode(
            context=self.context, use_global_arguments=False, parameter_overrides=[
                Parameter(name, value=value) for name, value in {
                    **overrides, **parameters}.items()])
        self.bench = Bench(self.context)
        self.executor = SingleThreadedExecutor(context=self.context)
        for node in (self.node, self.bench):
            self.executor.add_node(node)
        self.node.trigger_configure()
        self.node.trigger_activate()
        self.until(lambda: all(
            self.bench.count_subscribers(f'affect/{m}/{kind}') for m in MODALITIES
            for kind in ('embedding', 'estimate', 'info')), 'discovery')
        self.until(lambda: len(self.node._inputs.feature_names) == len(MODALITIES), 'infos')
        self.set_time(self.bench.now_ns)

    def close(self):
        self.executor.shutdown()
        for node in (self.node, self.bench):
            node.destroy_node()
        self.context.try_shutdown()

    def until(self, condition, what):
        """Spin until a condition holds; at most twenty seconds."""
        expired = threading.Event()
        timer = threading.Timer(20.0, expired.set)
        timer.start()
        try:
            while not condition():
                assert not expired.is_set(), f'waited in vain for {what}'
                self.executor.spin_once(timeout_sec=0.05)
        finally:
            timer.cancel()

    def set_time(self, now_ns):
        self.bench.now_ns = now_ns
        told_s = -math.inf

        def has_it():
            nonlocal told_s
            # Nodes listen to /clock with best effort: one message may be lost.
            if time.monotonic() - told_s > 0.5:
                self.bench.clock.publish(Clock(clock=to_stamp(ns=now_ns)))
                told_s = time.monotonic()
            return self.node._now_ns() == now_ns

        self.until(has_it, 'the clock')

    def set_purpose(self, purpose):
        self.bench.purposes.publish(Purpose(purpose=purpose))
        self.until(lambda: self.node.purpose == purpose, 'the purpose')
        topics = ['affect/emotion_state'] * self.node.emotion_allowed
        topics += ['affect/wearer_condition'] * (purpose != Purpose.NONE)
        self.until(lambda: all(self.bench.count_publishers(t) for t in topics), 'publishers')

    def tick(self, send=None):
        """Move to the next tick, let the encoders speak, then to its deadline."""
        self.set_time((self.bench.tick_ns // HOP + 1) * HOP + 40 * MS)
        counted = self.received()
        for modality in MODALITIES:
            if send is None or modality in send:
                changes = (send or {}).get(modality) or {}
                self.bench.estimate(modality, **changes.get('estimate', {}))
                self.bench.embedding(modality, **changes.get('embedding', {}))
        n_sent = len(MODALITIES if send is None else send)
        n_messages = n_sent * (2 if self.node.emotion_allowed else 1)
        self.until(lambda: self.received() >= counted + n_messages, 'embeddings')
        self.set_time(self.bench.tick_ns + 90 * MS)
        tick_ns = self.bench.tick_ns
        self.until(lambda: self.node._synchronizer._next_ns > tick_ns, 'the tick')
        for is_wanted, heard in (
                (self.node.emotion_allowed, self.bench.states),
                (self.node.purpose != Purpose.NONE, self.bench.conditions)):
            if is_wanted:
                self.until(
                    lambda heard=heard: heard and stamp_ns(heard[-1].header.stamp) == tick_ns,
                    'the result')

    def received(self):
        """Count messages that the synchroniser has taken or refused."""
        synchronizer = self.node._synchronizer
        return synchronizer.n_received

    def state(self, send=None):
        self.tick(send)
        return self.bench.states[-1]

    def condition(self, send=None):
        self.tick(send)
        return self.bench.conditions[-1]

    def health(self):
        status = self.node.diagnostics.status()
        return status.message, {value.key: value.value for value in status.values}


@pytest.fixture
def graph(monkeypatch):
    monkeypatch.setenv('ROS_AUTOMATIC_DISCOVERY_RANGE', 'LOCALHOST')
    graph = Graph()
    graph.set_purpose(Purpose.RESEARCH)
    graph.tick()
    yield graph
    graph.close()


def all_modalities(**changes):
    return {modality: changes.get(modality, {}) for modality in MODALITIES}


def test_all_there_is_valid_with_contributions_that_sum_to_one(graph):
    state = graph.state()
    assert (state.validity, state.reason) == (EmotionState.VALIDITY_VALID, '')
    assert sum(c.weight for c in state.contributions) == pytest.approx(1.0)
    assert [c.modality for c in state.contributions] == MODALITIES
    assert all(c.evidence_age_s == pytest.approx(0.05, abs=1e-6) for c in state.contributions)
    assert 0.0 < state.latency_s < 0.1
    assert (state.cluster_id, math.isnan(state.cluster_probability)) == (-1, True)
    assert state.affect.label_kind == AffectEstimate.LABEL_ACTED
    assert state.affect.header == state.header
    assert stamp_ns(state.header.stamp) == graph.bench.tick_ns


def test_an_estimate_moves_the_state_its_way(graph):
    def with_voice(**fields):
        return graph.state(all_modalities(voice={'estimate': fields})).affect
    angry = np.full(8, 0.04, dtype=np.float32)
    angry[AffectEstimate.ANGRY] = 0.72
    before = with_voice()
    assert with_voice(valence=-0.8).valence < before.valence - 0.1
    assert with_voice(arousal=0.8).arousal > before.arousal + 0.1
    after = with_voice(probabilities=angry)
    assert np.argmax(after.probabilities) == AffectEstimate.ANGRY
    assert with_voice(valence=0.9).valence_variance > before.valence_variance


def test_quality_moves_the_weight(graph):
    def weight_of_voice(quality):
        voice = {'estimate': {'quality': quality}, 'embedding': {'quality': quality}}
        contributions = graph.state(all_modalities(voice=voice)).contributions
        return next(c.weight for c in contributions if c.modality == 'voice')
    weights = [weight_of_voice(quality) for quality in (0.1, 0.5, 1.0)]
    assert weights == sorted(weights) and weights[0] < 0.1 < weights[2]


def test_physiology_moves_stress_and_eyes_move_fatigue_and_attention(graph):
    def with_features(**changed):
        return graph.condition(all_modalities(**{
            m: {'embedding': {'features': array('f', values)}} for m, values in changed.items()}))
    calm = with_features()
    assert calm.validity == WearerCondition.VALIDITY_VALID
    stressed = with_features(physiology=[15.0, 15.0, 0.1])
    assert stressed.stress.value > calm.stress.value + 0.3
    assert stressed.fatigue.value == calm.fatigue.value
    tired = with_features(eye_movement=[0.14, 0.45, 0.6, 0.1, 1.0])
    assert tired.fatigue.value > calm.fatigue.value + 0.3
    distracted = with_features(eye_movement=[0.01, 0.2, 0.2, 0.0, 1.0])
    assert distracted.attention.value < calm.attention.value - 0.3
    assert distracted.attention.evidence_age_s == pytest.approx(0.05, abs=1e-6)


def test_nothing_is_inferred_from_the_eyes_of_a_headset_that_is_not_worn(graph):
    graph.bench.headsets.publish(HeadsetStatus(fit=HeadsetStatus.FIT_NOT_WORN))
    graph.until(lambda: graph.node._headset_fit == HeadsetStatus.FIT_NOT_WORN, 'the fit')
    condition = graph.condition()
    assert math.isnan(condition.fatigue.value) and math.isnan(condition.attention.value)
    assert not math.isnan(condition.stress.value)
    assert condition.headset_fit == HeadsetStatus.FIT_NOT_WORN


def test_a_silent_modality_has_no_weight_and_does_not_degrade(graph):
    silent = {'estimate': {'quality': 0.0}, 'embedding': {
        'quality': 0.0, 'embedding': array('f', [math.nan] * 2), 'reason': 'no voiced speech'}}
    state = graph.state(all_modalities(voice=silent))
    voice = state.contributions[MODALITIES.index('voice')]
    assert (voice.state, voice.weight) == (ModalityContribution.STATE_ALIVE, 0.0)
    assert state.validity == EmotionState.VALIDITY_VALID
    everybody = dict.fromkeys(MODALITIES, silent)
    state = graph.state(everybody)
    assert state.validity == EmotionState.VALIDITY_UNKNOWN
    assert 'no voiced speech' in state.reason and math.isnan(state.affect.valence)
    assert [c.weight for c in state.contributions] == [0.0] * 3


def test_a_killed_modality_degrades_by_name_and_the_rest_goes_on(graph):
    n_before = len(graph.bench.states)
    others = {'eye_movement': {}, 'physiology': {}}
    states = [graph.state(others) for _ in range(4)]
    assert len(graph.bench.states) == n_before + 4
    stamps = [stamp_ns(state.header.stamp) for state in graph.bench.states]
    assert set(np.diff(stamps)) == {HOP}
    assert [s.validity for s in states] == [EmotionState.VALIDITY_DEGRADED] * 4
    assert states[0].reason == 'late: voice' and states[0].missing_modalities == []
    assert states[-1].reason == 'dead: voice' and states[-1].missing_modalities == ['voice']
    dead = states[-1].contributions[MODALITIES.index('voice')]
    assert dead.state == ModalityContribution.STATE_DEAD and math.isnan(dead.quality)
    # Nobody waits for the dead: at 40 ms all of the living were there.
    assert states[0].latency_s == pytest.approx(0.09, abs=0.006)
    assert states[-1].latency_s == pytest.approx(0.04, abs=0.001)
    assert sum(c.weight for c in states[-1].contributions) == pytest.approx(1.0)
    graph.tick()
    assert graph.state().validity == EmotionState.VALIDITY_VALID


def test_with_nobody_alive_there_is_still_a_state_per_tick(graph):
    states = [graph.state({}) for _ in range(4)]
    assert states[-1].validity == EmotionState.VALIDITY_UNKNOWN
    assert states[-1].reason.startswith('no modality is alive')
    assert states[-1].missing_modalities == MODALITIES
    assert np.isnan(states[-1].affect.probabilities).all()
    condition = graph.bench.conditions[-1]
    assert condition.validity == WearerCondition.VALIDITY_UNKNOWN
    assert math.isnan(condition.stress.value) and condition.stress.reason


@pytest.mark.parametrize('kind, fields, word', [
    ('embedding', {'quality': math.nan}, 'quality is NaN'),
    ('embedding', {'quality': 1.5}, 'outside [0, 1]'),
    ('embedding', {'quality': -0.1}, 'outside [0, 1]'),
    ('embedding', {'embedding': array('f', [1.0] * 3)}, 'ModalityInfo says 2'),
    ('embedding', {'embedding': array('f', [0.0] * 300_000)}, 'ModalityInfo says 2'),
    ('embedding', {'embedding': array('f', [])}, 'ModalityInfo says 2'),
    ('embedding', {'schema_id': 'other'}, "schema 'other'"),
    ('embedding', {'embedding': array('f', [math.nan, 1.0])}, 'not finite'),
    ('embedding', {'features': array('f', [])}, '0 features'),
    ('estimate', {'probabilities': np.full(8, 0.5, dtype=np.float32)}, 'do not sum to 1'),
    ('estimate', {'valence': 3.0}, 'valence 3 is outside'),
    ('estimate', {'arousal_variance': 0.0}, 'arousal without a variance'),
])
def test_what_does_not_fit_is_rejected_by_name(graph, kind, fields, word):
    state = graph.state(all_modalities(voice={kind: fields}))
    assert state.validity == EmotionState.VALIDITY_DEGRADED
    assert state.missing_modalities == ['voice'] and 'rejected: voice' in state.reason
    voice = state.contributions[MODALITIES.index('voice')]
    assert (voice.state, voice.weight) == (ModalityContribution.STATE_REJECTED, 0.0)
    message, values = graph.health()
    assert word in message and f'affect/voice/{kind}' in message
    assert any(key.startswith('rejected: ') and word in key for key in values)
    assert graph.state().validity == EmotionState.VALIDITY_VALID


def test_the_info_of_a_second_publisher_spoils_nothing(graph):
    assert graph.state().validity == EmotionState.VALIDITY_VALID
    known = graph.node._inputs._infos['voice']
    graph.bench.infos['voice'].publish(ModalityInfo(
        modality='voice', schema_id='of a stranger', embedding_dimension=7))
    graph.until(lambda: 'of a stranger' in known, 'the second info')
    assert graph.state().validity == EmotionState.VALIDITY_VALID
    for number in range(20):
        graph.bench.infos['voice'].publish(ModalityInfo(modality='voice', schema_id=f'{number}'))
        graph.until(lambda number=number: f'{number}' in known, 'another info')
    assert len(known) < 10


def test_stamps_that_cannot_be_of_now_are_rejected_by_name(graph):
    for stamp_now, word in ((0, 'no stamp'), (10**18, 'in the future'), (HOP, 'in the past')):
        message = ModalityEmbedding(modality='voice', schema_id='s', quality=1.0)
        message.header.stamp = to_stamp(ns=stamp_now)
        graph.bench.embeddings['voice'].publish(message)
        graph.until(lambda word=word: word in graph.health()[0], word)
    assert graph.state().validity == EmotionState.VALIDITY_VALID


def test_two_publishers_of_a_modality_are_reported(graph):
    second = graph.bench.create_publisher(ModalityEmbedding, 'affect/voice/embedding', STATE)
    graph.until(lambda: second.get_subscription_count() > 0, 'the second publisher')
    first = graph.bench.embeddings['voice']
    for _ in range(12):
        graph.tick()
        graph.bench.embeddings['voice'] = second
        n = graph.received()
        graph.bench.embedding('voice')
        graph.until(lambda n=n: graph.received() > n, 'the duplicate')
        graph.bench.embeddings['voice'] = first
    assert 'affect/voice/embedding: two publishers' in graph.health()[0]


def test_a_jump_back_of_the_clock_begins_anew(graph):
    graph.tick()
    graph.set_time(500 * HOP)
    # Whatever was under way when the clock jumped has gone; the grid goes on from there.
    graph.set_time(501 * HOP - 1)
    n_before = len(graph.bench.states)
    states = [graph.state() for _ in range(3)]
    assert states[-1].validity == EmotionState.VALIDITY_VALID
    stamps = [stamp_ns(s.header.stamp) for s in graph.bench.states[n_before:]]
    assert stamps == [501 * HOP, 502 * HOP, 503 * HOP]


def test_purpose_decides_what_is_published(graph):
    def n_publishers():
        return [len(graph.node.get_publishers_info_by_topic('/affect/' + name))
                for name in ('emotion_state', 'wearer_condition')]
    assert n_publishers() == [1, 1]
    graph.set_purpose(Purpose.SAFETY)
    graph.until(lambda: n_publishers() == [0, 1], 'no emotion under safety')
    condition = graph.condition()
    assert condition.purpose == Purpose.SAFETY and not math.isnan(condition.stress.value)
    graph.set_purpose(Purpose.NONE)
    graph.until(lambda: n_publishers() == [0, 0], 'nothing under none')
    graph.tick()
    graph.set_purpose(Purpose.MEDICAL)
    graph.tick()
    state = graph.state()
    assert (state.purpose, state.validity) == (Purpose.MEDICAL, EmotionState.VALIDITY_VALID)
    _, values = graph.health()
    assert not any('angry' in key or 'valence' in key for key in values)


def test_a_purpose_that_nobody_knows_opens_nothing(graph):
    graph.bench.purposes.publish(Purpose(purpose=77))
    graph.until(lambda: graph.node.purpose == 77, 'the purpose')
    assert not graph.node.get_publishers_info_by_topic('/affect/emotion_state')
    assert not graph.node.get_publishers_info_by_topic('/affect/wearer_condition')


def test_a_bad_parameter_is_named(monkeypatch):
    monkeypatch.setenv('ROS_AUTOMATIC_DISCOVERY_RANGE', 'LOCALHOST')
    context = Context()
    rclpy.init(context=context, domain_id=free_domain())
    node = FusionNode(
        context=context, use_global_arguments=False,
        parameter_overrides=[Parameter('slop_s', value=0.06)])
    try:
        assert node.trigger_configure() != rclpy.lifecycle.TransitionCallbackReturn.SUCCESS
        assert 'slop_s' in node.diagnostics.status().message
    finally:
        node.destroy_node()
        context.try_shutdown()
