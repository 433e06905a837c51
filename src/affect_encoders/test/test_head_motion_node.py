# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The head motion node: which movement moves which output, and what bad samples do."""

from affect_encoders.head_motion.node import HeadMotionNode
from encoder_bench import EncoderBench
from encoder_bench import Head
from encoder_bench import imu
import numpy as np
import pytest


@pytest.fixture
def graph():
    with EncoderBench(HeadMotionNode) as graph:
        yield graph


def features_of(head, seconds=6.0):
    with EncoderBench(HeadMotionNode) as graph:
        embedding = graph.play(head, seconds)
        assert embedding.quality > 0.8
        assert graph.counters == {}
        return graph.features(embedding)


def test_nodding_raises_nod_power_and_not_shake_power():
    still, nodding = features_of(Head()), features_of(Head(nod=1.0))
    assert nodding['nod_power'] > 100.0 * still['nod_power']
    assert nodding['shake_power'] == pytest.approx(still['shake_power'], abs=0.01)
    assert nodding['nod_rate'] == pytest.approx(2.0, abs=0.4)
    assert nodding['stillness_share'] < still['stillness_share']


def test_shaking_raises_shake_power_and_not_nod_power():
    still, shaking = features_of(Head()), features_of(Head(shake=1.0))
    assert shaking['shake_power'] > 100.0 * still['shake_power']
    assert shaking['nod_power'] == pytest.approx(still['nod_power'], abs=0.01)
    assert shaking['shake_rate'] == pytest.approx(2.0, abs=0.4)


def test_faster_turning_raises_angular_speed():
    slow, fast = features_of(Head(shake=0.3)), features_of(Head(shake=1.5))
    assert fast['angular_speed_mean'] > 3.0 * slow['angular_speed_mean']


def test_looking_up_is_seen_in_the_posture():
    class Up(Head):

        def messages(self, after_s, until_s):
            for topic, message in super().messages(after_s, until_s):
                # Nose up: gravity's reaction, up in the world, leans towards the nose.
                message.linear_acceleration.x = 9.81 * np.sin(0.5)
                message.linear_acceleration.z = 9.81 * np.cos(0.5)
                yield topic, message
    change = features_of(Up())['posture_pitch'] - features_of(Head())['posture_pitch']
    # REP-103: pitch is about y, which points left; nose up is negative.
    assert change == pytest.approx(-0.5, abs=0.05)


@pytest.mark.parametrize('turn', [
    (np.nan, np.nan, np.nan), (np.inf, 0.0, 0.0), (0.0, np.nan, 0.0)])
def test_samples_that_are_no_numbers_are_no_evidence_and_harm_nothing_later(graph, turn):
    for i in range(40):
        graph.send(Head.topic, imu(graph.now_s - 0.4 + i * 0.01, turn))
    assert graph.tick().quality == 0.0
    embedding = graph.play(Head(nod=1.0), 6.0)
    assert embedding.quality > 0.5
    assert np.all(np.isfinite(embedding.embedding))


def test_what_the_sensor_does_not_measure_is_unknown_and_not_zero(graph):
    class Gyroscope(Head):

        def messages(self, after_s, until_s):
            for topic, message in super().messages(after_s, until_s):
                message.linear_acceleration_covariance[0] = -1.0
                yield topic, message
    features = graph.features(graph.play(Gyroscope(nod=1.0), 4.0))
    assert np.isnan(features['posture_pitch']) and np.isnan(features['jerk_rms'])
    assert features['nod_power'] > 0.1


def test_without_a_gyroscope_there_is_no_evidence(graph):
    class Accelerometer(Head):

        def messages(self, after_s, until_s):
            for topic, message in super().messages(after_s, until_s):
                message.angular_velocity_covariance[0] = -1.0
                yield topic, message
    embedding = graph.play(Accelerometer(), 3.0)
    assert (embedding.quality, embedding.reason) == (0.0, 'too few finite angular velocities')


def test_absurd_magnitudes_leave_the_embedding_finite(graph):
    for i in range(40):
        graph.send(Head.topic, imu(graph.now_s - 0.4 + i * 0.01, (1e30 * (-1)**i, 0.0, 1e-30)))
    embedding = graph.tick()
    assert embedding.quality == 0.0 or np.all(np.isfinite(embedding.embedding))
    assert list(graph.counters) == [
        f'rejected: {Head.topic}: rates or accelerations that no head survives']


def test_the_sample_rate_may_change_in_mid_stream(graph):
    before = graph.features(graph.play(Head(nod=1.0, rate_hz=100), 6.0))
    embedding = graph.play(Head(nod=1.0, rate_hz=200), 3.0)
    after = graph.features(embedding)
    assert embedding.quality > 0.5
    assert after['nod_power'] == pytest.approx(before['nod_power'], rel=0.3)
    assert graph.counters == {}
