# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The scene node: which pictures move which output, and what bad ones do."""

from array import array

from affect_encoders.scene.node import SceneNode
from affect_node import VIDEO
from affect_node.testing import health
import cv2
from encoder_bench import EncoderBench
from encoder_bench import image
from encoder_bench import stamped
from encoder_bench import World
import numpy as np
from picture_signals import FOCAL_PX
from picture_signals import FOV_DEG
from picture_signals import view
from picture_signals import WIDTH
import pytest
from sensor_msgs.msg import CameraInfo


@pytest.fixture
def graph():
    with EncoderBench(SceneNode, horizontal_fov_deg=FOV_DEG) as graph:
        yield graph


def coded(picture, encoding, stamp_s):
    """Return the message of a BGR picture in an encoding."""
    codes = {'bgr8': None, 'rgb8': cv2.COLOR_BGR2RGB, 'bgra8': cv2.COLOR_BGR2BGRA,
             'rgba8': cv2.COLOR_BGR2RGBA, 'mono8': cv2.COLOR_BGR2GRAY, '8UC3': None}
    if codes[encoding] is not None:
        picture = cv2.cvtColor(picture, codes[encoding])
    return image(np.ascontiguousarray(picture), stamp_s, encoding=encoding)


def test_a_turning_head_raises_the_flow_and_not_the_flow_less_rotation(graph):
    embedding = graph.play(World(turn_rad_s=0.3), 2.5)
    features = graph.features(embedding)
    assert features['flow_speed'] == pytest.approx(np.degrees(0.3), rel=0.15)
    assert features['flow_less_rotation'] < 3.0
    assert (embedding.reason, graph.counters) == ('', {})


def test_what_comes_nearer_looms(graph):
    features = graph.features(graph.play(World(turn_rad_s=0.0, growth_hz=0.2), 2.5))
    assert features['looming'] == pytest.approx(0.2, abs=0.04)


def test_more_light_raises_luminance_and_brightness(graph):
    values = []
    for share in (0.3, 0.9):
        graph.send(World.topic, image((view() * share).astype(np.uint8), graph.now_s))
        values.append(graph.features(graph.tick()))
    assert values[1]['luminance'] > 4.0 * values[0]['luminance']
    assert values[1]['brightness'] > values[0]['brightness']


@pytest.mark.parametrize('encoding', ['rgb8', 'bgra8', 'rgba8', '8UC3', 'mono8'])
def test_a_picture_means_the_same_in_any_encoding(graph, encoding):
    picture = view()
    graph.send(World.topic, image(picture, graph.now_s))
    expected = graph.features(graph.tick())
    graph.node.encoder.reset()
    graph.send(World.topic, coded(picture, encoding, graph.now_s))
    embedding = graph.tick()
    features = graph.features(embedding)
    names = ('luminance', 'contrast', 'saturation', 'colourfulness')
    if encoding == 'mono8':
        names = ()
        assert embedding.reason == 'a camera without colour'
        assert np.isnan(features['saturation'])
    for name in names:
        assert features[name] == pytest.approx(expected[name], rel=1e-3)
    assert graph.counters == {}


def test_padded_rows_are_left_out(graph):
    picture = view()
    padded = np.concatenate([picture, np.full((240, 10, 3), 255, np.uint8)], axis=1)
    graph.send(World.topic, image(picture, graph.now_s))
    expected = graph.features(graph.tick())
    graph.send(World.topic, image(padded, graph.now_s, width=WIDTH))
    assert graph.features(graph.tick())['luminance'] == pytest.approx(expected['luminance'])


@pytest.mark.parametrize(('fields', 'reason'), [
    ({'encoding': 'smell8'}, "encoding 'smell8' can't be used"),
    ({'encoding': '32FC1', 'step': 1280}, 'step and data do not match'),
    ({'step': 0}, 'step and data do not match'),
    ({'data': array('B', bytes(1000))}, 'step and data do not match'),
    ({'width': 0}, 'empty or giant image'),
    ({'width': 2 ** 20, 'height': 2 ** 10}, 'empty or giant image'),
    ({'width': 8}, 'image too small')])
def test_a_picture_that_does_not_fit_together_is_named_and_harms_nothing_later(
        graph, fields, reason):
    graph.send(World.topic, image(view(), graph.now_s, **fields))
    assert graph.counters == {f'rejected: {World.topic}: {reason}': 1}
    assert World.topic in health(graph.node)
    assert graph.tick().quality == 0.0
    assert graph.play(World(), 1.0).quality > 0.7


def test_the_size_may_change_in_mid_stream(graph):
    class Small(World):

        def image(self, picture, stamp_s):
            return image(cv2.resize(picture, (200, 150)), stamp_s)
    assert graph.play(World(), 1.0).quality > 0.9
    assert graph.play(Small(), 1.0).quality > 0.9
    assert graph.counters == {}


def test_the_cameras_calibration_goes_before_the_parameter():
    with EncoderBench(SceneNode, horizontal_fov_deg=40.0) as graph:
        wrong = graph.features(graph.play(World(turn_rad_s=0.3), 2.5))
        info = stamped(CameraInfo(width=WIDTH, height=240), graph.now_s)
        info.k[0] = FOCAL_PX
        graph.bench.publish('hmd/world_camera/camera_info', info, VIDEO)
        focal = FOCAL_PX / WIDTH
        graph.bench.until(
            lambda: graph.node.encoder._focal == pytest.approx(focal), 'the calibration')
        right = graph.features(graph.play(World(turn_rad_s=0.3), 2.5))
    assert wrong['flow_less_rotation'] > 5.0 > 2.0 * right['flow_less_rotation']


@pytest.mark.parametrize(('focal', 'counted'), [(0.0, {}), (-100.0, {
    'rejected: hmd/world_camera/camera_info: unusable focal length': 1})])
def test_a_camera_without_a_usable_calibration_leaves_the_parameter_in_place(
        graph, focal, counted):
    info = CameraInfo(width=WIDTH, height=240)
    info.k[0] = focal
    seen = graph.node.encoder._focal
    graph.send('hmd/world_camera/camera_info', info)
    assert graph.node.encoder._focal == seen
    assert graph.counters == counted


def test_only_sixteen_pictures_a_second_cost_anything(graph):
    for k in range(30):
        graph.send(World.topic, image(view(seed=k), graph.now_s - 1.0 + k / 30.0))
    assert len(graph.node.encoder._steps) <= 16
