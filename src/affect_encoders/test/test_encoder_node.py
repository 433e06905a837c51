# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What all encoder nodes have in common, on a live graph."""

import math

from affect_msgs.msg import AffectEstimate
from affect_msgs.msg import ModalityEmbedding
from affect_msgs.msg import Purpose
from affect_node.testing import health
from encoder_bench import EncoderBench
from encoder_bench import START_S
from encoder_bench import USABLE_AFTER_S
from encoder_bench import WEARERS
import numpy as np
import pytest
from rclpy.lifecycle import TransitionCallbackReturn

SUCCESS = TransitionCallbackReturn.SUCCESS


@pytest.fixture(params=WEARERS, ids=lambda wearer: wearer.node.modality)
def wearer(request):
    return request.param


def play_with(wearer, **options):
    # Half a minute of pulse needs few ticks.
    return EncoderBench(
        wearer.node, hop_s=2.0 if USABLE_AFTER_S[wearer] > 10.0 else 0.5, **options)


@pytest.fixture
def graph(wearer):
    with play_with(wearer, purpose=getattr(wearer, 'purpose', Purpose.NONE)) as graph:
        yield graph


@pytest.fixture
def graph_without_purpose(wearer):
    with play_with(wearer) as graph:
        yield graph


def estimates(graph):
    return [message for message in graph.log if isinstance(message, AffectEstimate)]


def estimate_topics(graph):
    return graph.bench.peer.count_publishers(f'affect/{graph.node.modality}/estimate')


def test_info_says_what_the_numbers_of_the_embedding_are(graph, wearer):
    info, embedding = graph.info, graph.play(wearer(), USABLE_AFTER_S[wearer])
    assert info.modality == embedding.modality == graph.node.modality
    assert info.model_id == embedding.model_id != ''
    assert info.schema_id == embedding.schema_id != ''
    assert info.embedding_dimension == len(embedding.embedding) > 0
    assert (len(info.feature_names) == len(info.feature_units) == len(info.feature_minima)
            == len(info.feature_maxima) == len(embedding.features))
    assert len(set(info.feature_names)) == len(info.feature_names)
    assert all(np.array(info.feature_minima) < np.array(info.feature_maxima))
    assert info.quality_meaning and info.training_data
    assert info.hop_s == pytest.approx(graph.hop_ns * 1e-9)


def test_good_input_gives_a_finite_embedding_with_its_evidence(graph, wearer):
    embedding = graph.play(wearer(), USABLE_AFTER_S[wearer])
    assert 0.3 < embedding.quality <= 1.0
    assert np.all(np.isfinite(embedding.embedding)) and np.any(np.array(embedding.embedding))
    assert embedding.header.stamp.nanosec % graph.hop_ns == 0
    begin, end, tick = (stamp.sec + stamp.nanosec * 1e-9 for stamp in (
        embedding.window_start, embedding.evidence_end, embedding.header.stamp))
    assert START_S - 0.5 <= begin < end <= tick
    assert tick - end < 0.6
    assert graph.counters == {}


def test_without_input_it_ticks_with_quality_zero_and_says_why(graph):
    for _ in range(3):
        embedding = graph.tick()
        assert (embedding.quality, embedding.reason != '') == (0.0, True)
        assert np.all(np.isnan(embedding.embedding)) and np.all(np.isnan(embedding.features))
        assert len(embedding.embedding) == graph.info.embedding_dimension
        assert embedding.evidence_end.sec == embedding.window_start.sec == 0


def test_the_estimate_exists_under_research_and_medical_only(graph_without_purpose, wearer):
    graph = graph_without_purpose
    graph.play(wearer(), 2.0)
    assert estimate_topics(graph) == 0
    for purpose, allowed in (
            (Purpose.RESEARCH, 1), (Purpose.SAFETY, 0), (Purpose.MEDICAL, 1), (Purpose.NONE, 0),
            (Purpose.RESEARCH, 1)):
        graph.allow(purpose)
        graph.bench.until(
            lambda allowed=allowed: estimate_topics(graph) == allowed, 'the topic')
        n_before = len(estimates(graph))
        graph.play(wearer(), 2.0)
        if allowed:
            graph.bench.until(lambda n=n_before: len(estimates(graph)) > n, 'an estimate')
        else:
            assert len(estimates(graph)) == n_before
    assert graph.counters == {}


def test_the_estimate_comes_before_the_embedding_of_the_same_tick(graph, wearer):
    graph.allow(Purpose.RESEARCH)
    graph.bench.until(lambda: estimate_topics(graph) == 1, 'the topic')
    # The listener's match is told apart from the publisher's: wait for a first delivery.
    while not estimates(graph):
        graph.tick()
    # At the publishers: a receiver need not get different topics in the order of sending.
    published = []
    for publisher in (graph.node._estimates, graph.node._embeddings):
        def publish(message, publish=publisher.publish):
            published.append(message)
            publish(message)
        publisher.publish = publish
    graph.play(wearer(), USABLE_AFTER_S[wearer])
    estimate, embedding = published[-2:]
    assert isinstance(estimate, AffectEstimate) and isinstance(embedding, ModalityEmbedding)
    assert estimate.header.stamp == embedding.header.stamp
    graph.bench.until(
        lambda: estimates(graph)[-1].header.stamp == estimate.header.stamp, 'the estimate')
    assert estimate.quality == embedding.quality > 0.0
    assert (estimate.modality, estimate.model_id) == (embedding.modality, embedding.model_id)
    assert estimate.label_kind != AffectEstimate.LABEL_UNKNOWN
    known = np.array(estimate.probabilities)[np.isfinite(estimate.probabilities)]
    assert known.size == 0 or known.sum() == pytest.approx(1.0, abs=1e-4)
    assert math.isfinite(estimate.arousal) == math.isfinite(estimate.arousal_variance)


@pytest.mark.parametrize('stamp_s, reason', [
    (0.0, 'no stamp'), (START_S - 100.0, 'stamped in the past'),
    (START_S + 100.0, 'stamped in the future')])
def test_a_stamp_of_another_time_is_counted_with_its_topic_and_not_used(
        graph, wearer, stamp_s, reason):
    graph.send(wearer.topic, *[wearer.one(stamp_s) for _ in range(3)])
    assert graph.counters == {f'rejected: {wearer.topic}: {reason}': 3}
    assert wearer.topic in health(graph.node)
    assert graph.tick().quality == 0.0
    assert graph.play(wearer(), USABLE_AFTER_S[wearer]).quality > 0.3


def test_evidence_fades_when_input_ends(graph, wearer):
    quality = [graph.play(wearer(), USABLE_AFTER_S[wearer]).quality]
    for _ in range(6):
        embedding = graph.tick()
        quality.append(embedding.quality)
    assert quality == sorted(quality, reverse=True)
    assert quality[-1] < 0.8 * quality[0]


def test_a_clock_that_jumps_back_takes_the_evidence_with_it(graph, wearer):
    assert graph.play(wearer(), USABLE_AFTER_S[wearer]).quality > 0.3
    graph.bench.set_clock(START_S)
    assert graph.tick().quality == 0.0
    assert graph.counters['clock jumps'] == 1
    graph.bench.set_clock(START_S)
    assert graph.play(wearer(), USABLE_AFTER_S[wearer]).quality > 0.3


def test_deactivated_and_activated_again_it_begins_without_old_evidence(graph, wearer):
    assert graph.play(wearer(), USABLE_AFTER_S[wearer]).quality > 0.3
    for _ in range(3):
        assert graph.node.trigger_deactivate() == SUCCESS
        assert graph.node.trigger_activate() == SUCCESS
    assert graph.tick().quality == 0.0
    assert graph.play(wearer(), USABLE_AFTER_S[wearer]).quality > 0.3
    assert graph.counters == {}


def test_cleaned_up_and_configured_again_it_works_under_the_latched_purpose(graph, wearer):
    graph.allow(Purpose.RESEARCH)
    graph.play(wearer(), 2.0)
    for _ in range(2):
        assert graph.node.trigger_deactivate() == SUCCESS
        assert graph.node.trigger_cleanup() == SUCCESS
        graph.bench.until(lambda: estimate_topics(graph) == 0, 'no topic')
        graph.infos.clear()
        assert graph.node.trigger_configure() == SUCCESS
        assert graph.node.trigger_activate() == SUCCESS
        graph.bench.until(lambda: graph.infos, 'the info, again')
        graph.bench.until(lambda: estimate_topics(graph) == 1, 'the topic, again')
    graph.bench.until(
        lambda: graph.bench.peer.count_subscribers(wearer.topic) == 1, 'the subscription')
    graph.bench.until(lambda: all(
        publisher.get_subscription_count() for publisher in graph.bench._publishers.values()),
        'matched publishers')
    graph.node.diagnostics.counters.clear()
    assert graph.play(wearer(), USABLE_AFTER_S[wearer]).quality > 0.3
    assert graph.counters == {}


def test_an_encoder_that_stumbles_begins_anew_and_the_node_keeps_ticking(graph, wearer):
    encode = graph.node.encoder.encode

    def stumble(tick_s):
        raise FloatingPointError('poisoned')
    graph.node.encoder.encode = stumble
    embedding = graph.tick()
    assert (embedding.quality, embedding.reason) == (0.0, 'the encoder failed and begins anew')
    name = f'rejected: affect/{graph.node.modality}: FloatingPointError: poisoned'
    assert graph.counters == {name: 1}
    graph.node.encoder.encode = encode
    assert graph.play(wearer(), USABLE_AFTER_S[wearer]).quality > 0.3


def test_a_model_that_cannot_be_loaded_is_said_and_can_be_retried(graph):
    graph.node.trigger_deactivate()
    graph.node.trigger_cleanup()

    def missing():
        raise FileNotFoundError('weights.safetensors is missing; run make setup')
    make, graph.node.make_encoder = graph.node.make_encoder, missing
    assert graph.node.trigger_configure() == TransitionCallbackReturn.FAILURE
    assert 'weights.safetensors is missing; run make setup' in health(graph.node)
    graph.node.make_encoder = make
    assert graph.node.trigger_configure() == SUCCESS
    assert 'weights.safetensors' not in health(graph.node)


def test_frames_carry_the_wearers_prefix(wearer):
    with EncoderBench(wearer.node, frame_prefix='w1/') as graph:
        frame_id = graph.tick().header.frame_id
    assert frame_id == f'w1/{wearer.node.frame_id}'
