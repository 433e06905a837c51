# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The physiology node: which signal moves which output, and what bad chunks do."""

from affect_encoders.physiology.node import PhysiologyNode
from affect_msgs.msg import PhysioChunk
from affect_node.testing import health
from body_signals import skin_response
from encoder_bench import EncoderBench
from encoder_bench import NAN
from encoder_bench import physio
from encoder_bench import Wrist
import numpy as np
import pytest

TOPIC = Wrist.topic
BVP = PhysioChunk.CHANNEL_BVP


@pytest.fixture
def graph():
    with EncoderBench(PhysiologyNode, hop_s=2.0) as graph:
        yield graph


def features_of(wearer, seconds=20.0):
    with EncoderBench(PhysiologyNode, hop_s=2.0) as graph:
        embedding = graph.play(wearer, seconds)
        assert embedding.quality > 0.5
        assert graph.counters == {}
        return graph.features(embedding)


def test_a_faster_pulse_raises_the_heart_rate_to_its_own():
    for heart_rate in (60.0, 110.0):
        assert features_of(Wrist(heart_rate=heart_rate))['heart_rate'] == pytest.approx(
            heart_rate, abs=2.0)


def test_responses_of_the_skin_raise_their_rate():
    t = np.arange(280) / 4.0
    responses = sum(skin_response(t, onset, 0.5) for onset in (5.0, 15.0, 25.0, 35.0, 45.0))
    calm, aroused = features_of(Wrist(), 56.0), features_of(Wrist(eda=responses), 56.0)
    assert aroused['scr_rate'] > calm['scr_rate'] + 2.0


def test_a_warmer_skin_raises_the_temperature_by_what_it_is_warmer():
    cool, warm = features_of(Wrist(temperature=31.0)), features_of(Wrist(temperature=34.0))
    assert warm['skin_temperature'] - cool['skin_temperature'] == pytest.approx(3.0, abs=0.05)


def test_a_band_on_the_table_is_worth_less_than_a_worn_one(graph):
    class OnTheTable(Wrist):

        def __init__(self):
            super().__init__(temperature=22.0)
            self.bvp = np.random.default_rng(0).normal(0.0, 1.0, self.bvp.size)
            self.eda = np.zeros_like(self.eda)
            self.temperature -= 4.0
    embedding = graph.play(OnTheTable(), 20.0)
    assert embedding.quality < 0.3
    assert embedding.reason


def test_the_devices_own_beats_serve_without_a_pulse_wave(graph):
    class Beats(Wrist):

        def messages(self, after_s, until_s):
            count = round((until_s - after_s) / 0.5)
            rng = np.random.default_rng(round(after_s))
            yield TOPIC, physio(
                PhysioChunk.CHANNEL_INTERBEAT_INTERVAL, rng.normal(0.5, 0.01, count),
                after_s + 0.4, NAN)
    features = graph.features(graph.play(Beats(), 30.0))
    assert features['heart_rate'] == pytest.approx(120.0, abs=2.0)


BAD = {
    'channel unknown': (lambda s: physio(0, [1.0], s, 4.0), 'channel 0 is not used'),
    'channel of tomorrow': (lambda s: physio(200, [1.0], s, 4.0), 'channel 200 is not used'),
    'empty': (lambda s: physio(BVP, [], s, 64.0), 'empty or giant chunk'),
    'giant': (lambda s: physio(BVP, np.zeros(100_001), s, 1e4), 'empty or giant chunk'),
    'rate zero': (lambda s: physio(BVP, [1.0], s, 0.0), 'unusable sample rate'),
    'rate negative': (lambda s: physio(BVP, [1.0], s, -4.0), 'unusable sample rate'),
    'rate nan': (lambda s: physio(BVP, [1.0], s, NAN), 'unusable sample rate'),
    'rate infinite': (lambda s: physio(BVP, [1.0], s, np.inf), 'unusable sample rate'),
    'into the future': (lambda s: physio(BVP, np.zeros(640), s, 64.0), 'stamped in the future'),
    'beats into the future': (
        lambda s: physio(PhysioChunk.CHANNEL_INTERBEAT_INTERVAL, [1.0, 3e38, np.inf], s, NAN),
        'stamped in the future'),
}


@pytest.mark.parametrize('name', BAD)
def test_a_bad_chunk_is_counted_under_its_topic_and_the_next_good_ones_work(graph, name):
    make, reason = BAD[name]
    graph.send(TOPIC, *[make(graph.now_s) for _ in range(3)])
    assert graph.counters == {f'rejected: {TOPIC}: {reason}': 3}
    assert TOPIC in health(graph.node)
    assert graph.tick().quality == 0.0
    assert graph.play(Wrist(), 16.0).quality > 0.5


@pytest.mark.parametrize('channel', range(1, 12))
@pytest.mark.parametrize('value', [np.nan, np.inf, -1e30])
def test_samples_that_are_no_numbers_are_no_evidence_and_harm_nothing(graph, channel, value):
    rate_hz = NAN if channel == PhysioChunk.CHANNEL_INTERBEAT_INTERVAL else 4.0
    for _ in range(2):
        graph.send(TOPIC, physio(channel, np.full(8, value), graph.now_s - 2.0, rate_hz))
        embedding = graph.tick()
        assert embedding.quality == 0.0 or np.all(np.isfinite(embedding.embedding))
    assert not [name for name in graph.counters if 'Error' in name]
    assert graph.counters, 'somebody must learn of it'


def test_long_chunks_of_a_slow_device_are_judged_by_their_end(graph):
    class Minute(Wrist):

        def messages(self, after_s, until_s):
            if round(until_s) % 20 == 0:
                yield from super().messages(until_s - 20.0, until_s)
    embedding = graph.play(Minute(), 20.0)
    assert embedding.quality > 0.5
    assert graph.counters == {}


def test_the_sample_rate_may_change_in_mid_stream(graph):
    graph.play(Wrist(heart_rate=80.0), 16.0)
    embedding = graph.play(Wrist(heart_rate=80.0, bvp_rate_hz=128.0), 32.0)
    assert embedding.quality > 0.5
    assert graph.features(embedding)['heart_rate'] == pytest.approx(80.0, abs=3.0)
    assert graph.counters == {}
