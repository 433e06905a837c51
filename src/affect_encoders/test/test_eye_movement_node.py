# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The eye movement node: which gaze moves which output, and what bad samples do."""

from affect_encoders.eye_movement.node import EyeMovementNode
from affect_msgs.msg import EyeState
from affect_msgs.msg import GazeSample
from affect_msgs.msg import HeadsetStatus
from affect_msgs.msg import Purpose
from affect_node.testing import health
from encoder_bench import EncoderBench
from encoder_bench import Gaze
from encoder_bench import gaze
from encoder_bench import NAN
from encoder_bench import stamped
import numpy as np
import pytest

TOPIC = Gaze.topic
STATUS_TOPIC = 'hmd/headset/status'


@pytest.fixture
def graph():
    with EncoderBench(EyeMovementNode) as graph:
        yield graph


def features_of(wearer, seconds=6.0):
    with EncoderBench(EyeMovementNode) as graph:
        embedding = graph.play(wearer, seconds)
        assert embedding.quality > 0.5
        assert graph.counters == {}
        return graph.features(embedding)


def wear(graph, fit):
    graph.send(STATUS_TOPIC, stamped(HeadsetStatus(fit=fit), graph.now_s))


class Blinking(Gaze):
    """Closes the lid for 0.3 s every second, as a tracker with closed eyes tells it."""

    def __init__(self, share=0.3):
        super().__init__()
        self.share = share

    def messages(self, after_s, until_s):
        for topic, message in super().messages(after_s, until_s):
            stamp = message.header.stamp
            if stamp.nanosec * 1e-9 < self.share:
                shut = EyeState(
                    state=EyeState.STATE_CLOSED, azimuth_deg=NAN, elevation_deg=NAN,
                    openness=NAN, confidence=0.0, pupil_x=NAN, pupil_y=NAN)
                message = GazeSample(
                    header=message.header, left=shut, right=shut, azimuth_deg=NAN,
                    elevation_deg=NAN, confidence=0.0)
            yield topic, message


def test_more_saccades_raise_the_saccade_rate_and_shorten_fixations():
    rare, often = features_of(Gaze(saccade_every_s=1.6)), features_of(Gaze(saccade_every_s=0.4))
    assert rare['saccade_rate'] == pytest.approx(1.0 / 1.6, abs=0.3)
    assert often['saccade_rate'] == pytest.approx(1.0 / 0.4, abs=0.5)
    assert often['fixation_duration'] < rare['fixation_duration']


def test_lids_that_are_shut_longer_raise_perclos():
    open_eyes, drowsy = features_of(Blinking(0.1), 32.0), features_of(Blinking(0.4), 32.0)
    assert open_eyes['perclos'] == pytest.approx(0.1, abs=0.06)
    assert drowsy['perclos'] == pytest.approx(0.4, abs=0.1)
    assert drowsy['openness'] < open_eyes['openness'] or np.isnan(drowsy['openness'])


def test_a_tracker_that_is_less_sure_lowers_the_quality():
    qualities = []
    for confidence in (0.95, 0.5):
        with EncoderBench(EyeMovementNode) as graph:
            qualities.append(graph.play(Gaze(confidence=confidence), 4.0).quality)
    assert qualities[1] < 0.7 * qualities[0]


def test_nothing_is_inferred_from_the_eyes_of_a_headset_that_is_not_worn(graph):
    graph.allow(Purpose.RESEARCH)
    assert graph.play(Gaze(), 4.0).quality > 0.5
    wear(graph, HeadsetStatus.FIT_NOT_WORN)
    embedding = graph.play(Gaze(), 1.0)
    assert (embedding.quality, embedding.reason) == (0.0, 'headset not worn')
    assert np.all(np.isnan(embedding.embedding)) and np.all(np.isnan(embedding.features))


def test_what_came_while_not_worn_does_not_count_once_it_is_worn(graph):
    wear(graph, HeadsetStatus.FIT_NOT_WORN)
    graph.play(Gaze(), 8.0)
    wear(graph, HeadsetStatus.FIT_GOOD)
    assert graph.tick().quality == 0.0
    put_on_s = graph.now_s
    embedding = graph.play(Gaze(), 3.0)
    assert embedding.quality > 0.3
    assert embedding.window_start.sec + embedding.window_start.nanosec * 1e-9 > put_on_s - 0.1


@pytest.mark.parametrize('fit', [
    HeadsetStatus.FIT_UNKNOWN, HeadsetStatus.FIT_BAD, HeadsetStatus.FIT_GOOD, 77])
def test_any_other_fit_leaves_the_eyes_to_speak_for_themselves(graph, fit):
    wear(graph, fit)
    assert graph.play(Gaze(), 4.0).quality > 0.5


def test_fit_is_heard_while_inactive_too(graph):
    graph.node.trigger_deactivate()
    wear(graph, HeadsetStatus.FIT_NOT_WORN)
    graph.node.trigger_activate()
    assert graph.play(Gaze(), 1.0).reason == 'headset not worn'


def test_before_calibration_pupil_positions_give_rates_but_no_degrees(graph):
    class Uncalibrated(Gaze):

        def messages(self, after_s, until_s):
            for topic, message in super().messages(after_s, until_s):
                eye = EyeState(
                    azimuth_deg=NAN, elevation_deg=NAN, openness=NAN, confidence=0.9,
                    pupil_x=0.5 + 0.01 * message.azimuth_deg,
                    pupil_y=0.5 + 0.01 * message.elevation_deg)
                yield topic, GazeSample(
                    header=message.header, left=eye, right=eye, azimuth_deg=NAN,
                    elevation_deg=NAN, confidence=NAN)
    embedding = graph.play(Uncalibrated(), 6.0)
    features = graph.features(embedding)
    assert embedding.quality > 0.3
    assert features['saccade_rate'] == pytest.approx(1.0 / 0.8, abs=0.4)
    assert np.isnan(features['saccade_amplitude'])


def test_the_eye_that_is_seen_better_is_used(graph):
    class OneEye(Gaze):

        def messages(self, after_s, until_s):
            for topic, message in super().messages(after_s, until_s):
                message.azimuth_deg = message.elevation_deg = NAN
                message.left = EyeState(
                    azimuth_deg=0.0, elevation_deg=0.0, confidence=0.05, openness=1.0)
                yield topic, message
    embedding = graph.play(OneEye(), 4.0)
    assert embedding.quality > 0.5
    assert graph.features(embedding)['saccade_rate'] > 0.5


@pytest.mark.parametrize('azimuth, elevation', [(1e30, 0.0), (400.0, 0.0), (0.0, -95.0),
                                                (np.inf, 95.0)])
def test_a_direction_that_is_none_is_counted_under_its_topic(graph, azimuth, elevation):
    graph.send(TOPIC, *[gaze(graph.now_s, azimuth, elevation) for _ in range(3)])
    assert graph.counters == {f'rejected: {TOPIC}: no direction': 3}
    assert TOPIC in health(graph.node)
    assert graph.tick().quality == 0.0
    assert graph.play(Gaze(), 4.0).quality > 0.5


@pytest.mark.parametrize('sample', [
    {'azimuth_deg': NAN, 'elevation_deg': NAN}, {'azimuth_deg': 1.0, 'elevation_deg': NAN},
    {'azimuth_deg': 1.0, 'confidence': NAN, 'openness': NAN},
    {'azimuth_deg': 1.0, 'confidence': np.inf, 'openness': -np.inf},
    {'azimuth_deg': 1.0, 'confidence': -5.0, 'openness': 1e30}])
def test_samples_without_numbers_harm_nothing_later(graph, sample):
    for i in range(40):
        graph.send(TOPIC, gaze(graph.now_s - 0.4 + 0.01 * i, **sample))
    embedding = graph.tick()
    assert embedding.quality == 0.0 or np.all(np.isfinite(embedding.embedding))
    embedding = graph.play(Gaze(), 6.0)
    assert embedding.quality > 0.3
    assert np.all(np.isfinite(embedding.embedding))


def test_the_sample_rate_may_change_in_mid_stream(graph):
    class Faster(Gaze):

        def messages(self, after_s, until_s):
            for t in np.arange(round((until_s - after_s) * 200) + 1)[1:] / 200.0 + after_s:
                yield TOPIC, gaze(
                    t, np.interp(t, self.t, self.azimuth), np.interp(t, self.t, self.elevation))
    graph.play(Gaze(), 4.0)
    assert graph.play(Faster(), 2.0).quality > 0.5
    # Until the features' window holds one rate only, rates per second are off by up to the ratio.
    embedding = graph.play(Faster(), 10.0)
    assert embedding.quality > 0.5
    assert graph.features(embedding)['saccade_rate'] == pytest.approx(1.0 / 0.8, abs=0.4)
    assert graph.counters == {}
