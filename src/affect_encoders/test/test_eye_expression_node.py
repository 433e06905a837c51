# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The eye expression node: which lids and pupils move which output, and what bad samples do."""

from array import array

from affect_encoders.eye_expression.node import EyeExpressionNode
from affect_msgs.msg import AffectEstimate
from affect_msgs.msg import EyeState
from affect_msgs.msg import HeadsetStatus
from affect_msgs.msg import ModalityEmbedding
from affect_msgs.msg import ModalityInfo
from affect_msgs.msg import Purpose
from affect_node import LATCHED
from affect_node import STATE
from affect_node.testing import health
from encoder_bench import EncoderBench
from encoder_bench import Lids
from encoder_bench import lids
from encoder_bench import NAN
from encoder_bench import stamped
import numpy as np
import pytest

TOPIC = Lids.topic
SCENE_TOPIC = 'affect/scene/embedding'


class LitLids(Lids):
    """With the scene's luminance beside them."""

    luminance = 0.3
    schema = 'one'

    def messages(self, after_s, until_s):
        yield from super().messages(after_s, until_s)
        for stamp_s in until_s - np.arange(round((until_s - after_s) * 10))[::-1] / 10.0:
            yield SCENE_TOPIC, stamped(ModalityEmbedding(
                modality='scene', schema_id=self.schema, quality=0.9,
                features=array('f', [0.7, self.luminance])), stamp_s)


def scene_info(graph, names=('flow', 'luminance'), schema='one'):
    graph.bench.publish('affect/scene/info', stamped(ModalityInfo(
        modality='scene', schema_id=schema, feature_names=list(names)), graph.now_s), LATCHED)
    graph.bench.until(lambda: schema in graph.node._places, 'the info of the scene')


def play(graph, wearer, seconds):
    """Play with the scene's QoS, which the bench does not know."""
    if isinstance(wearer, LitLids) and SCENE_TOPIC not in graph.bench._publishers:
        publisher = graph.bench.peer.create_publisher(ModalityEmbedding, SCENE_TOPIC, STATE)
        graph.bench._publishers[SCENE_TOPIC] = publisher
        graph.bench.until(publisher.get_subscription_count, 'a subscription of the scene')
    return graph.play(wearer, seconds)


@pytest.fixture
def graph():
    with EncoderBench(EyeExpressionNode) as graph:
        yield graph


def features_of(wearer, seconds=4.0):
    with EncoderBench(EyeExpressionNode) as graph:
        embedding = graph.play(wearer, seconds)
        assert embedding.quality > 0.5
        assert graph.counters == {}
        return graph.features(embedding)


def wear(graph, fit):
    graph.send('hmd/headset/status', stamped(HeadsetStatus(fit=fit), graph.now_s))


@pytest.mark.parametrize('field, name, low, high', [
    ('openness', 'openness', 0.7, 1.2), ('squint', 'squint', 0.0, 0.6),
    ('widening', 'widening', 0.0, 0.5), ('pupil_diameter_mm', 'pupil_diameter', 3.0, 5.5)])
def test_what_the_tracker_says_is_what_the_feature_says(field, name, low, high):
    for value in (low, high):
        features = features_of(Lids(**{field: value}))
        assert features[name] == pytest.approx(value, abs=0.01)


def test_lids_that_are_shut_longer_raise_perclos_and_blink_duration():
    rested, drowsy = (features_of(Lids(blink_s), 34.0) for blink_s in (0.15, 0.5))
    assert rested['perclos'] == pytest.approx(0.075, abs=0.02)
    assert drowsy['perclos'] == pytest.approx(0.25, abs=0.03)
    assert drowsy['blink_duration'] > rested['blink_duration'] + 0.25
    assert drowsy['blink_rate'] == pytest.approx(0.5, abs=0.05)


def test_the_scenes_luminance_corrects_the_pupil(graph):
    scene_info(graph)
    dim, bright = LitLids(), LitLids()
    dim.luminance, bright.luminance = 0.05, 0.9
    corrected = [
        graph.features(play(graph, wearer, 6.0))['pupil_corrected'] for wearer in (dim, bright)]
    # The same 4 mm are much in bright light, and little in the dark.
    assert corrected[1] > corrected[0] + 0.5
    assert graph.counters == {}


def test_arousal_follows_the_corrected_pupil_if_the_purpose_allows(graph):
    graph.allow(Purpose.RESEARCH)
    scene_info(graph)
    play(graph, LitLids(), 68.0)
    before = [m for m in graph.log if isinstance(m, AffectEstimate)][-1]
    play(graph, LitLids(pupil_diameter_mm=4.4), 5.0)
    after = [m for m in graph.log if isinstance(m, AffectEstimate)][-1]
    assert before.arousal == pytest.approx(0.0, abs=0.05)
    assert after.arousal > before.arousal + 0.1
    assert np.isnan(after.valence) and np.all(np.isnan(after.probabilities))
    assert after.label_kind == AffectEstimate.LABEL_RULE


def test_without_the_scene_nothing_is_corrected(graph):
    features = graph.features(graph.play(Lids(), 5.0))
    assert features['pupil_diameter'] == pytest.approx(4.0, abs=0.01)
    assert np.isnan(features['pupil_corrected'])


def test_a_scene_without_luminance_is_named_and_harms_nothing(graph):
    scene_info(graph, names=('flow', 'colourfulness'))
    features = graph.features(play(graph, LitLids(), 5.0))
    assert np.isnan(features['pupil_corrected'])
    assert graph.counters == {"rejected: affect/scene/info: no feature 'luminance'": 1}


def test_a_scene_of_another_schema_is_not_read_by_the_first_ones_names(graph):
    scene_info(graph)
    other = LitLids()
    other.schema = 'two'
    features = graph.features(play(graph, other, 5.0))
    assert np.isnan(features['pupil_corrected'])
    assert graph.counters['scene embeddings before their info'] > 10
    scene_info(graph, names=('luminance', 'flow'), schema='two')
    assert np.isfinite(graph.features(play(graph, other, 5.0))['pupil_corrected'])


def test_scenes_that_change_their_schema_again_and_again_take_no_memory(graph):
    for number in range(40):
        scene_info(graph, schema=str(number))
    assert len(graph.node._places) <= 32


def test_a_scene_with_too_few_features_is_counted(graph):
    scene_info(graph, names=('a', 'b', 'luminance'))
    play(graph, LitLids(), 1.0)
    reason = f'rejected: {SCENE_TOPIC}: fewer features than its info names'
    assert graph.counters[reason] == 10


def test_nothing_is_inferred_from_the_eyes_of_a_headset_that_is_not_worn(graph):
    assert graph.play(Lids(), 2.0).quality > 0.5
    wear(graph, HeadsetStatus.FIT_NOT_WORN)
    embedding = graph.play(Lids(), 1.0)
    assert (embedding.quality, embedding.reason) == (0.0, 'headset not worn')
    assert np.all(np.isnan(embedding.embedding)) and np.all(np.isnan(embedding.features))
    wear(graph, HeadsetStatus.FIT_GOOD)
    put_on_s = graph.now_s
    embedding = graph.play(Lids(), 2.0)
    assert embedding.quality > 0.5
    assert embedding.window_start.sec + embedding.window_start.nanosec * 1e-9 > put_on_s - 0.1


def test_a_shut_eye_with_an_invented_pupil_has_none(graph):
    class Liar(Lids):

        def messages(self, after_s, until_s):
            for topic, message in super().messages(after_s, until_s):
                for eye in (message.left, message.right):
                    eye.state, eye.openness = EyeState.STATE_CLOSED, 1.0
                yield topic, message
    features = graph.features(graph.play(Liar(), 32.0))
    assert np.isnan(features['pupil_diameter'])
    assert features['openness'] == 0.0
    assert features['perclos'] == pytest.approx(1.0)


@pytest.mark.parametrize('pupil_mm', [0.004, -1.0, 4000.0, np.inf])
def test_a_pupil_that_is_none_is_counted_under_its_topic(graph, pupil_mm):
    graph.send(TOPIC, *[lids(graph.now_s, pupil_diameter_mm=pupil_mm) for _ in range(3)])
    assert graph.counters == {f'rejected: {TOPIC}: no pupil diameter': 3}
    assert TOPIC in health(graph.node)
    assert graph.play(Lids(), 2.0).quality > 0.5


@pytest.mark.parametrize('fields', [
    {'openness': NAN, 'pupil_diameter_mm': NAN}, {'openness': 1e30}, {'openness': -np.inf},
    {'confidence': np.inf, 'squint': -5.0, 'widening': 1e30}, {'confidence': NAN}])
def test_samples_without_numbers_harm_nothing_later(graph, fields):
    for i in range(40):
        graph.send(TOPIC, lids(graph.now_s - 0.4 + 0.01 * i, **fields))
    embedding = graph.tick()
    assert embedding.quality == 0.0 or np.all(np.isfinite(embedding.embedding))
    assert graph.play(Lids(), 3.0).quality > 0.5


def test_an_unsure_tracker_lowers_the_quality(graph):
    assert graph.play(Lids(confidence=0.3), 4.0).quality < 0.45
