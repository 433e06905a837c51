# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The voice node: which sound moves which output, and what bad chunks do."""

from affect_encoders.voice.node import VoiceNode
from affect_node.testing import health
from encoder_bench import audio
from encoder_bench import EncoderBench
from encoder_bench import Speaker
import numpy as np
import pytest
from voice_signals import RATE_HZ
from voice_signals import speech_like

TOPIC = Speaker.topic
PITCH = 'F0semitoneFrom27.5Hz_sma3nz_percentile50.0'
LOUDNESS = 'loudness_sma3_amean'
LEVEL = 'equivalentSoundLevel_dBp'


@pytest.fixture
def graph():
    with EncoderBench(VoiceNode) as graph:
        yield graph


def features_of(sound, **how):
    with EncoderBench(VoiceNode) as graph:
        embedding = graph.play(Speaker(sound, **how), 4.0)
        assert embedding.quality > 0.3
        assert graph.counters == {}
        return graph.features(embedding)


def test_a_higher_voice_raises_the_pitch_by_what_it_is_higher():
    low, high = features_of(speech_like(6.0, f0_hz=120.0)), features_of(
        speech_like(6.0, f0_hz=240.0))
    assert high[PITCH] - low[PITCH] == pytest.approx(12.0, abs=1.5)  # an octave


def test_a_louder_voice_raises_loudness_and_level_and_not_the_pitch():
    soft, loud = features_of(0.25 * speech_like(6.0)), features_of(speech_like(6.0))
    assert loud[LOUDNESS] > 1.2 * soft[LOUDNESS]
    assert loud[LEVEL] - soft[LEVEL] == pytest.approx(12.0, abs=2.0)  # a factor of four
    assert loud[PITCH] == pytest.approx(soft[PITCH], abs=0.5)


def test_silence_has_quality_zero_with_a_reason_and_the_node_ticks_on(graph):
    graph.tick()
    n_before = len(graph.embeddings)
    embedding = graph.play(Speaker(np.zeros(RATE_HZ, np.float32)), 3.0)
    assert (embedding.quality, embedding.reason) == (0.0, 'no voiced speech')
    assert len(graph.embeddings) - n_before == 6


def test_after_speech_silence_is_held_and_then_forgotten(graph):
    spoken = graph.play(Speaker(), 4.0)
    silence = Speaker(np.zeros(RATE_HZ, np.float32))
    held = graph.play(silence, 2.0)
    assert 0.0 < held.quality < 0.8 * spoken.quality
    assert held.reason
    assert graph.play(silence, 20.0).quality == 0.0


def test_speech_in_noise_is_trusted_less():
    qualities = []
    for noise in (0.0, 0.15):
        with EncoderBench(VoiceNode) as graph:
            sound = speech_like(6.0)
            sound = sound + np.random.default_rng(0).normal(0.0, noise, sound.size)
            qualities.append(graph.play(Speaker(sound), 4.0).quality)
    assert qualities[1] < 0.8 * qualities[0]


def test_stereo_is_mixed_to_the_same_features_as_mono():
    class Stereo(Speaker):

        def messages(self, after_s, until_s):
            for topic, message in super().messages(after_s, until_s):
                samples = np.repeat(message.samples, 2)
                stamp = message.header.stamp
                yield topic, audio(
                    samples, stamp.sec + stamp.nanosec * 1e-9, channels=2,
                    first_sample=message.first_sample)
    features = []
    for speaker in (Speaker(), Stereo()):
        with EncoderBench(VoiceNode) as graph:
            features.append(graph.play(speaker, 4.0).features)
    assert features[1] == pytest.approx(features[0], rel=1e-4, abs=1e-4, nan_ok=True)


def test_lost_samples_are_counted(graph):
    graph.play(Speaker(), 1.0)
    graph.tick()
    graph.play(Speaker(), 1.0)
    assert graph.counters == {'samples lost': RATE_HZ // 2}


BAD = {
    'no channels': (lambda s: audio(np.zeros(1600), s, channels=0), 'empty or incomplete chunk'),
    'empty': (lambda s: audio([], s), 'empty or incomplete chunk'),
    'half a frame': (lambda s: audio(np.zeros(1601), s, channels=2), 'empty or incomplete chunk'),
    'rate zero': (lambda s: audio(np.zeros(1600), s, 0), 'unusable sample rate'),
    'rate too low': (lambda s: audio(np.zeros(1600), s, 4000), 'unusable sample rate'),
    'rate too high': (lambda s: audio(np.zeros(1600), s, 96000), 'unusable sample rate'),
    'rate absurd': (lambda s: audio(np.zeros(1600), s, 2**32 - 1), 'unusable sample rate'),
    'giant': (lambda s: audio(np.zeros(6 * RATE_HZ), s - 6.0), 'giant chunk'),
    'into the future': (lambda s: audio(np.zeros(2 * RATE_HZ), s), 'stamped in the future'),
}


@pytest.mark.parametrize('name', BAD)
def test_a_bad_chunk_is_counted_under_its_topic_and_the_next_speech_is_heard(graph, name):
    make, reason = BAD[name]
    graph.send(TOPIC, *[make(graph.now_s) for _ in range(3)])
    assert graph.counters == {f'rejected: {TOPIC}: {reason}': 3}
    assert TOPIC in health(graph.node)
    assert graph.tick().quality == 0.0
    assert graph.play(Speaker(), 3.0).quality > 0.3


@pytest.mark.parametrize('value', [np.nan, np.inf, -np.inf, 1e30])
def test_samples_that_are_no_sound_are_not_speech_and_harm_nothing_later(graph, value):
    embedding = graph.play(Speaker(np.full(RATE_HZ, value, np.float32)), 1.0)
    assert embedding.quality == 0.0
    counted = 'unknown samples' if np.isnan(value) else (
        f'rejected: {TOPIC}: samples far beyond full scale')
    assert set(graph.counters) == {counted}
    embedding = graph.play(Speaker(), 4.0)
    assert embedding.quality > 0.3
    assert np.all(np.isfinite(embedding.embedding))


def test_the_sample_rate_may_change_in_mid_stream(graph):
    before = graph.features(graph.play(Speaker(), 3.0))
    faster = np.repeat(speech_like(6.0), 3)  # 48 kHz; the same voice
    embedding = graph.play(Speaker(faster, rate_hz=48000), 5.0)
    assert embedding.quality > 0.3
    assert graph.features(embedding)[PITCH] == pytest.approx(before[PITCH], abs=1.5)
    assert not [name for name in graph.counters if name.startswith('rejected')]
