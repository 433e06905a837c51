# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The body expression node: which cloud moves which output, and what bad clouds do."""

from array import array

from affect_encoders.body_expression.node import BodyExpressionNode
from affect_encoders.body_expression.node import read_xyz
from affect_node.testing import health
from cloud_signals import cloud
from encoder_bench import Body
from encoder_bench import EncoderBench
from encoder_bench import points
from encoder_bench import stamped
from encoder_bench import START_S
import numpy as np
import pytest
from sensor_msgs.msg import PointCloud2
from sensor_msgs.msg import PointField
from sensor_msgs_py.point_cloud2 import create_cloud
from std_msgs.msg import Header

OPTICAL = 'depth_camera_optical_frame'


@pytest.fixture
def graph():
    # The clouds here are in the headset's axes.
    with EncoderBench(BodyExpressionNode, camera_pitch_down_deg=0.0) as graph:
        yield graph


def fields(names='xyz', datatype=PointField.FLOAT32, size=4, first=0):
    return [PointField(name=name, offset=first + size * k, datatype=datatype, count=1)
            for k, name in enumerate(names)]


def test_faster_hands_raise_the_quantity_of_motion_and_lower_stillness():
    def played(speed_m_s):
        with EncoderBench(BodyExpressionNode, camera_pitch_down_deg=0.0) as graph:
            embedding = graph.play(Body(speed_m_s), 3.0)
            assert (graph.counters, embedding.reason) == ({}, '')
            return graph.features(embedding)
    still, waving = played(0.0), played(0.6)
    assert waving['quantity_of_motion'] > 5.0 * still['quantity_of_motion']
    assert waving['stillness_share'] < still['stillness_share']


def test_the_gyroscope_takes_the_turning_head_out_and_its_absence_is_said(graph):
    turning = graph.play(Body(0.0, turn_rad_s=0.2), 3.0)
    assert turning.reason == ''
    graph.node.encoder.reset()
    unknown = graph.play(Body(0.0, turn_rad_s=0.2, has_imu=False), 3.0)
    assert unknown.reason == 'head rotation unknown and not removed'
    assert unknown.quality < 0.6 * turning.quality
    assert (graph.features(unknown)['quantity_of_motion']
            > 2.0 * graph.features(turning)['quantity_of_motion'])


def test_points_of_an_optical_frame_and_a_camera_that_looks_down_mean_the_same(graph):
    straight = graph.features(graph.play(Body(), 1.0))
    pitch = np.radians(40.0)
    c, s = np.cos(pitch), np.sin(pitch)

    class Optical(Body):

        def cloud(self, t_s, stamp_s):
            x, y, z = np.array([*zip(*_xyz(super().cloud(t_s, stamp_s)), strict=True)])
            # Into the camera's axes, then right, down, forward.
            x, z = c * x - s * z, s * x + c * z
            return points(np.stack([-y, -z, x], axis=1), stamp_s, OPTICAL)
    with EncoderBench(BodyExpressionNode, camera_pitch_down_deg=40.0) as tilted:
        features = tilted.features(tilted.play(Optical(), 1.0))
        assert tilted.counters == {}
    for name in ('hand_height', 'lateral_extent', 'reach_distance'):
        assert features[name] == pytest.approx(straight[name], abs=0.02)


def _xyz(message):
    return read_xyz(message).tolist()


@pytest.mark.parametrize('frame_id', ['', 'odom', 'somewhere'])
def test_a_frame_that_does_not_say_its_axes_is_refused_with_the_remedy(graph, frame_id):
    graph.send(Body.topic, points(cloud(), graph.now_s, frame_id))
    assert graph.counters == {
        f"rejected: {Body.topic}: frame_id '{frame_id}' does not say its axes": 1}
    assert 'set the parameter axes' in health(graph.node)
    assert graph.tick().quality == 0.0


def test_the_parameter_says_the_axes_of_any_frame():
    with EncoderBench(BodyExpressionNode, axes='link', camera_pitch_down_deg=0.0) as graph:
        graph.send(Body.topic, points(cloud(), graph.now_s, 'somewhere'))
        assert graph.counters == {}
        assert graph.tick().quality > 0.2


BAD = {
    'without x': create_cloud(Header(), fields('uyz'), np.zeros((50, 3), np.float32)),
    'with two x': create_cloud(
        Header(), fields('xyz'), np.zeros((50, 3), np.float32)),
    'cut short': points(cloud(), 0.0),
    'of fields beyond its step': points(cloud(), 0.0),
    'of an unknown type': points(cloud(), 0.0),
    'of rows that overlap': points(cloud(), 0.0),
    'of four billion values in a point': points(cloud(), 0.0),
}
BAD['with two x'].fields[1].name = 'x'
BAD['cut short'].data = BAD['cut short'].data[:-400]
BAD['of fields beyond its step'].fields[2].offset = 400
BAD['of an unknown type'].fields[0].datatype = 99
BAD['of rows that overlap'].height = 2
BAD['of rows that overlap'].row_step = 4
BAD['of four billion values in a point'].fields[0].count = 2**32 - 1


@pytest.mark.parametrize('message', BAD.values(), ids=BAD)
def test_a_cloud_that_does_not_fit_together_is_named_and_harms_nothing_later(graph, message):
    graph.send(Body.topic, *[stamped(message, graph.now_s - 0.1 * k) for k in range(3)])
    assert graph.counters == {f'rejected: {Body.topic}: no usable x, y, z': 3}
    assert 'send the fields x, y and z' in health(graph.node)
    assert graph.tick().quality == 0.0
    assert graph.play(Body(), 2.0).quality > 0.8


def test_an_empty_and_a_giant_cloud_are_named(graph):
    graph.send(Body.topic, points(np.empty((0, 3)), graph.now_s))
    giant = points(cloud(), graph.now_s)
    giant.width, giant.height = 1 << 16, 1 << 16
    graph.send(Body.topic, giant)
    assert graph.counters == {
        f'rejected: {Body.topic}: empty cloud': 1, f'rejected: {Body.topic}: giant cloud': 1}


def test_points_that_are_no_numbers_are_said_by_the_quality(graph):
    spoiled = cloud()
    spoiled[::2] = np.nan
    spoiled[1::4] = np.inf
    graph.send(Body.topic, points(spoiled, graph.now_s + 0.3))
    embedding = graph.tick()
    assert embedding.reason == 'few points are finite and in range'
    assert np.all(np.isfinite(embedding.embedding))
    graph.send(Body.topic, points(np.full((500, 3), np.nan), graph.now_s + 0.3))
    assert graph.tick().reason == 'the cloud has no usable point'


def test_only_sixteen_clouds_a_second_cost_anything(graph):
    graph.bench.set_clock(START_S + 1.0)
    graph.send(Body.topic, *[
        points(cloud(seed=k), START_S + k / 60.0) for k in range(60)])
    assert len(graph.node.encoder._steps) <= 16


def rows_of(message, width):
    """Return an organised cloud of the points of one, whose rows end in eight more bytes."""
    height = message.width // width
    data = np.frombuffer(message.data, np.uint8)[:height * width * message.point_step]
    rows = np.concatenate(
        [data.reshape(height, -1), np.full((height, 8), 255, np.uint8)], axis=1)
    return PointCloud2(
        header=message.header, height=height, width=width, fields=message.fields,
        point_step=message.point_step, row_step=rows.shape[1], is_dense=False,
        data=array('B', rows.tobytes()))


def layouts():
    positions = np.round(np.random.default_rng(0).uniform(-1.0, 1.0, (60, 3)), 3)
    simple = points(positions, 1.0)
    yield 'simple', simple
    double = create_cloud(
        Header(), fields('xyz', PointField.FLOAT64, 8), positions.astype(np.float64))
    yield 'double precision', double
    padded = create_cloud(
        Header(), fields('xyz', first=4), positions.astype(np.float32), point_step=32)
    yield 'gaps before and after', padded
    big = create_cloud(Header(), fields('zyx'), positions[:, ::-1].astype('>f4'))
    big.is_bigendian = True
    big.data = array('B', np.ascontiguousarray(positions[:, ::-1]).astype('>f4').tobytes())
    yield 'big-endian and in another order', big
    organised = create_cloud(
        Header(), fields('xyz'), positions.astype(np.float32).reshape(12, 5, 3))
    organised.data = array('B', positions.astype(np.float32).tobytes())
    yield 'organised', organised
    yield 'organised with padded rows', rows_of(simple, 12)
    coloured = create_cloud(
        Header(), [*fields('xyz'), PointField(
            name='rgb', offset=12, datatype=PointField.UINT32, count=1)],
        np.array([(*p, 7) for p in positions.tolist()], dtype=[
            ('x', '<f4'), ('y', '<f4'), ('z', '<f4'), ('rgb', '<u4')]))
    yield 'with colour', coloured


@pytest.mark.parametrize(('name', 'message'), list(layouts()))
def test_any_layout_of_a_cloud_is_read(name, message):
    positions = np.round(np.random.default_rng(0).uniform(-1.0, 1.0, (60, 3)), 3)
    np.testing.assert_allclose(read_xyz(message), positions, atol=1e-6)
