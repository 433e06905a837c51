# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The facial expression node: which face moves which output, and what bad images do."""

from affect_encoders.facial_expression import node as node_module
from affect_encoders.facial_expression.node import FacialExpressionNode
from affect_encoders.image_input import read_image
from affect_msgs.msg import AffectEstimate
from affect_msgs.msg import FaceTracking
from affect_msgs.msg import Purpose
from affect_node.testing import health
from encoder_bench import EncoderBench
from encoder_bench import Face
from encoder_bench import face
from encoder_bench import image
from encoder_bench import NAN
import numpy as np
import pytest
from test_facial_expression_encoder import drawn_face

IMAGES = 'hmd/face_camera/image'
WEIGHTS = Face.topic
FACE = drawn_face()


@pytest.fixture
def graph():
    with EncoderBench(FacialExpressionNode) as graph:
        yield graph


def show(graph, picture):
    """Show a picture just before the next tick, and tick."""
    graph.send(IMAGES, image(picture, graph.now_s))
    return graph.tick()


def estimate_of(**weights):
    with EncoderBench(FacialExpressionNode) as graph:
        graph.allow(Purpose.RESEARCH)
        graph.bench.until(
            lambda: graph.bench.peer.count_publishers('affect/facial_expression/estimate'))
        graph.play(Face(**weights), 2.0)
        return [m for m in graph.log if isinstance(m, AffectEstimate)][-1]


@pytest.mark.parametrize('unit, weights', [
    ('AU12', ('MOUTH_SMILE_LEFT', 'MOUTH_SMILE_RIGHT')),
    ('AU4', ('BROW_DOWN_LEFT', 'BROW_DOWN_RIGHT')),
    ('AU26', ('JAW_OPEN',)),
    ('AU45', ('EYE_BLINK_LEFT', 'EYE_BLINK_RIGHT'))])
def test_a_shape_raises_its_action_unit_and_no_other(graph, unit, weights):
    before = graph.features(graph.play(Face(JAW_LEFT=0.1), 1.0))
    after = graph.features(graph.play(Face(**dict.fromkeys(weights, 0.8)), 1.0))
    units = [name for name in before if name.startswith('AU')]
    changed = {name for name in units if after[name] > before[name] + 0.1}
    assert changed == {unit}
    assert after[unit] == pytest.approx(0.8, abs=0.01)


def test_a_smile_is_happier_and_a_frown_less_pleasant():
    smile = estimate_of(
        MOUTH_SMILE_LEFT=0.8, MOUTH_SMILE_RIGHT=0.8, CHEEK_SQUINT_LEFT=0.6,
        CHEEK_SQUINT_RIGHT=0.6)
    frown = estimate_of(
        MOUTH_FROWN_LEFT=0.8, MOUTH_FROWN_RIGHT=0.8, BROW_INNER_UP=0.8, BROW_DOWN_LEFT=0.3,
        BROW_DOWN_RIGHT=0.3)
    assert smile.probabilities[AffectEstimate.HAPPY] > frown.probabilities[
        AffectEstimate.HAPPY] + 0.3
    assert smile.valence > frown.valence + 0.5


def test_a_one_sided_smile_is_asymmetric(graph):
    features = graph.features(graph.play(Face(MOUTH_SMILE_LEFT=0.8), 1.0))
    assert abs(features['expression_asymmetry']) > 0.005


def test_a_tracker_that_is_less_sure_lowers_the_quality(graph):
    graph.send(WEIGHTS, face(graph.now_s, MOUTH_SMILE_LEFT=0.5))
    sure = graph.tick().quality
    graph.send(WEIGHTS, face(graph.now_s, confidence=0.3, MOUTH_SMILE_LEFT=0.5))
    embedding = graph.tick()
    assert embedding.quality < 0.5 * sure
    assert embedding.reason == 'low tracking confidence'


def test_a_picture_of_a_face_gives_evidence_and_one_without_takes_it_away(graph):
    with_face = show(graph, FACE)
    assert with_face.quality > 0.05
    assert np.isfinite(graph.features(with_face)['face_confidence'])
    no_face = np.random.default_rng(0).integers(0, 255, (240, 320), dtype=np.uint8)
    for _ in range(8):
        embedding = show(graph, no_face)
    assert (embedding.quality, embedding.reason) == (0.0, 'no face')


def test_a_brighter_picture_raises_brightness(graph):
    dark = graph.features(show(graph, (FACE * 0.6).astype(np.uint8)))['brightness']
    bright = graph.features(show(graph, FACE))['brightness']
    assert bright > dark + 0.1


def test_colour_and_grey_show_the_same_face(graph):
    grey = show(graph, FACE)
    colour = show(graph, np.repeat(FACE[:, :, None], 3, axis=2))
    assert colour.quality == pytest.approx(grey.quality, rel=0.05)
    assert graph.counters == {}


@pytest.mark.parametrize('encoding', ['mono8', '8UC1', 'rgb8', 'bgr8', 'bgra8', 'mono16'])
def test_the_usual_encodings_are_understood(graph, encoding):
    channels = {'rgb8': 3, 'bgr8': 3, 'bgra8': 4}.get(encoding)
    picture = FACE if channels is None else np.repeat(FACE[:, :, None], channels, axis=2)
    if encoding == 'mono16':
        picture = FACE.astype(np.uint16) * 256
    graph.send(IMAGES, image(picture, graph.now_s, encoding=encoding))
    assert graph.tick().quality > 0.05
    assert graph.counters == {}


def test_rows_may_be_padded(graph):
    padded = np.zeros((48, 64), np.uint8)
    padded[:, :48] = FACE
    graph.send(IMAGES, image(padded, graph.now_s, width=48))
    assert graph.tick().quality == pytest.approx(show(graph, FACE).quality, rel=0.05)


BAD_IMAGES = {
    'no such encoding': ({'encoding': 'klingon8'}, "encoding 'klingon8' can't be used"),
    'no encoding': ({'encoding': ''}, "encoding '' can't be used"),
    'distances': (
        {'encoding': '32FC1', 'step': 48 * 4, 'data': bytes(48 * 48 * 4)},
        "encoding '32FC1' can't be used"),
    'step for mono, colour claimed': ({'encoding': 'bgr8'}, "encoding 'bgr8' can't be used"),
    'step too long': ({'step': 64}, 'step and data do not match'),
    'step zero': ({'step': 0}, 'step and data do not match'),
    'data cut short': ({'data': b'\x00' * 100}, 'step and data do not match'),
    'no data': ({'data': b''}, 'step and data do not match'),
    'no rows': ({'height': 0}, 'empty or giant image'),
    'no columns': ({'width': 0}, 'empty or giant image'),
    'giant': ({'width': 2**31, 'height': 2**31}, 'empty or giant image'),
    'wider than its step': ({'width': 96}, "encoding 'mono8' can't be used"),
}


@pytest.mark.parametrize('name', BAD_IMAGES)
def test_a_bad_image_is_counted_under_its_topic_and_the_next_one_is_seen(graph, name):
    fields, reason = BAD_IMAGES[name]
    graph.send(IMAGES, *[image(FACE, graph.now_s, **fields) for _ in range(3)])
    assert graph.counters == {f'rejected: {IMAGES}: {reason}': 3}
    assert IMAGES in health(graph.node)
    assert graph.tick().quality == 0.0
    assert show(graph, FACE).quality > 0.05


@pytest.mark.parametrize('shape', [(1, 1), (1, 500), (500, 1), (2, 2, 3)])
def test_an_image_too_small_to_show_anything_is_counted(graph, shape):
    embedding = show(graph, np.full(shape, 128, np.uint8))
    assert (embedding.quality, embedding.reason != '') == (0.0, True)
    assert graph.counters == {f'rejected: {IMAGES}: image too small': 1}
    assert 'at least 16 x 16' in health(graph.node)
    assert show(graph, FACE).quality > 0.05


@pytest.mark.parametrize('stamp_s', [0.0, 900.0, 1100.0])
def test_an_image_stamped_at_another_time_is_not_used(graph, stamp_s):
    graph.send(IMAGES, image(FACE, stamp_s))
    assert sum(graph.counters.values()) == 1 and IMAGES in next(iter(graph.counters))
    assert graph.tick().quality == 0.0


@pytest.mark.parametrize('weight', [1.5, -0.5, 1e30, np.inf])
def test_weights_out_of_range_are_counted_under_their_topic(graph, weight):
    graph.send(WEIGHTS, *[face(graph.now_s, JAW_OPEN=weight) for _ in range(3)])
    assert graph.counters == {f'rejected: {WEIGHTS}: weights outside [0, 1]': 3}
    assert graph.tick().quality == 0.0
    assert graph.play(Face(), 1.0).quality > 0.5


def test_weights_that_are_no_numbers_are_unknown_and_not_zero(graph):
    message = face(graph.now_s, JAW_OPEN=NAN, MOUTH_SMILE_LEFT=0.5, MOUTH_SMILE_RIGHT=0.5)
    graph.send(WEIGHTS, message)
    features = graph.features(graph.tick())
    assert np.isnan(features['AU26'])
    assert features['AU12'] == pytest.approx(0.5, abs=0.01)


def test_nothing_observed_is_no_evidence(graph):
    message = FaceTracking(weights=np.full(52, np.nan, np.float32), observed=[False] * 52)
    message.header = face(graph.now_s).header
    graph.send(WEIGHTS, message)
    embedding = graph.tick()
    assert (embedding.quality, embedding.reason != '') == (0.0, True)
    assert not [name for name in graph.counters if 'Error' in name]


def test_the_size_of_the_picture_may_change_in_mid_stream(graph):
    show(graph, FACE)
    assert show(graph, drawn_face(px=96)).quality > 0.05
    assert show(graph, FACE).quality > 0.05
    assert graph.counters == {}


def test_diagnostics_say_which_input_is_gone_by(graph):
    graph.play(Face(), 1.0)
    assert graph.node.diagnostics.values['input'] == 'weights'
    for _ in range(2):
        show(graph, FACE)
    assert graph.node.diagnostics.values['input'] == 'picture'


def test_of_the_images_of_a_tick_one_is_decoded(graph, monkeypatch):
    show(graph, FACE)
    decoded = []

    def counted(message):
        decoded.append(message)
        return read_image(message)
    monkeypatch.setattr(node_module, 'read_image', counted)
    graph.send(IMAGES, image(FACE, graph.now_s - 0.02), image(FACE, graph.now_s))
    assert graph.tick().quality > 0.05
    assert len(decoded) == 1


@pytest.mark.parametrize('source, from_camera', [
    (FaceTracking.SOURCE_CAMERA, True), (FaceTracking.SOURCE_DEVICE, False),
    (FaceTracking.SOURCE_SIMULATION, False)])
def test_only_weights_of_our_face_tracker_go_to_the_read_out_fitted_to_it(
        graph, monkeypatch, source, from_camera):
    given = []
    push = graph.node.encoder.push_weights
    monkeypatch.setattr(
        graph.node.encoder, 'push_weights',
        lambda *args, **named: given.append(named) or push(*args, **named))
    message = face(graph.now_s, MOUTH_SMILE_LEFT=0.5, MOUTH_SMILE_RIGHT=0.5)
    message.source = source
    graph.send(WEIGHTS, message)
    assert given == [{'from_camera': from_camera}]
    assert graph.tick().quality > 0.1
