# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Depth images, in millimetres or metres, in folders, stacks and archives."""

from affect_node import VIDEO
from affect_node.testing import health
from affect_sensors.depth_camera.node import DepthCameraNode
from affect_sensors.sources.calibration import Calibration
from affect_sensors.sources.depth_file import open_depth_file
from affect_sensors.sources.depth_image import DepthToPoints
from affect_sensors.sources.source import DamagedItemError
from affect_sensors.sources.source import SourceError
import cv2
import numpy as np
import pytest
from sensor_msgs.msg import PointCloud2
from sensor_msgs_py import point_cloud2

LENS = Calibration.pinhole(64, 48, 50.0, 31.5, 23.5)
CALIBRATION = """
image_width: 64
image_height: 48
camera_matrix: {rows: 3, cols: 3, data: [50, 0, 31.5, 0, 50, 23.5, 0, 0, 1]}
distortion_model: plumb_bob
distortion_coefficients: {rows: 1, cols: 5, data: [0, 0, 0, 0, 0]}
"""


def wall(distance_m):
    """Return a wall in metres with a hole that was not measured."""
    depth = np.full((48, 64), distance_m, np.float32)
    depth[:8] = np.nan
    return depth


def millimetres(depth):
    return np.round(1000.0 * np.nan_to_num(depth)).astype(np.uint16)


def clouds(path, step=1, camera=True):
    lens = DepthToPoints(LENS, scale_m=0.001, step=step) if camera else None
    source = open_depth_file(str(path), loop=False, rate_hz=10.0, camera=lens)
    source.open()
    source.start(0)
    return [points for _, _, points in source.read(10**10)]


@pytest.mark.parametrize('kind', [
    'png of millimetres', 'tiff of metres', 'npy of metres', 'npy of millimetres',
    'npy of double', 'stack', 'one image', 'archive'])
def test_the_same_wall_comes_out_of_every_kind_of_file(tmp_path, kind):
    walls = [wall(0.5), wall(0.8)]
    path = tmp_path
    for i, depth in enumerate(walls):
        if kind == 'png of millimetres':
            cv2.imwrite(str(path / f'{i}.png'), millimetres(depth))
        elif kind == 'tiff of metres':
            cv2.imwrite(str(path / f'{i}.tiff'), depth)
        elif kind == 'npy of millimetres':
            np.save(path / f'{i}.npy', millimetres(depth))
        elif kind.startswith('npy'):
            np.save(path / f'{i}.npy', depth.astype(float) if 'double' in kind else depth)
    if kind == 'stack':
        path = tmp_path / 'a.npy'
        np.save(path, np.stack(walls))
    elif kind == 'one image':
        path = tmp_path / 'a.npy'
        np.save(path, walls[0])
    elif kind == 'archive':
        path = tmp_path / 'a.npz'
        np.savez(path, depth=np.stack([millimetres(d) for d in walls]), t_s=[0.0, 0.2])
    found = clouds(path)
    assert len(found) == (1 if kind == 'one image' else 2)
    for points, distance_m in zip(found, (0.5, 0.8), strict=False):
        assert points.dtype == np.float32
        # The eight rows without a measurement are no points.
        assert len(points) == 40 * 64
        np.testing.assert_allclose(points[:, 2], distance_m, atol=1e-3)
        # A pinhole of 50 pixels: the outermost column is 31.5 pixels off the axis.
        assert points[:, 0].max() == pytest.approx(distance_m * 31.5 / 50.0, rel=1e-3)
        assert points[:, 1].min() == pytest.approx(distance_m * (8 - 23.5) / 50.0, rel=1e-3)


def test_a_torn_depth_image_costs_only_itself(tmp_path):
    for i in range(3):
        cv2.imwrite(str(tmp_path / f'{i}.png'), millimetres(wall(0.5 + 0.1 * i)))
    content = (tmp_path / '1.png').read_bytes()
    (tmp_path / '1.png').write_bytes(content[:-30])
    source = open_depth_file(
        str(tmp_path), loop=False, rate_hz=10.0,
        camera=DepthToPoints(LENS, scale_m=0.001, step=4))
    source.start(0)
    assert len(source.read(0)) == 1
    with pytest.raises(DamagedItemError, match=r'1\.png.*torn'):
        source.read(100_000_000)
    (_, _, points), = source.read(200_000_000)
    assert points[0, 2] == pytest.approx(0.7)


@pytest.mark.parametrize('name, array, words', [
    ('a.npy', np.zeros(5), r'array \[5\]'), ('a.npy', np.zeros((0, 48, 64)), 'array'),
    ('a.npy', np.zeros((2, 48, 60), np.uint16), 'calibration is for 64 x 48'),
    ('a.npy', np.zeros((48, 64), np.int64), 'int64')])
def test_arrays_that_are_no_depth_images_are_refused(tmp_path, name, array, words):
    np.save(tmp_path / name, array)
    with pytest.raises(SourceError, match=words):
        clouds(tmp_path / name)


def test_depth_images_in_an_archive_need_a_lens(tmp_path):
    np.savez(tmp_path / 'a.npz', depth=np.zeros((1, 48, 64), np.uint16))
    with pytest.raises(SourceError, match="'calibration_path' is empty"):
        clouds(tmp_path / 'a.npz', camera=False)
    (tmp_path / 'b.npy').write_bytes(b'none')
    with pytest.raises(SourceError, match=r'b\.npy'):
        clouds(tmp_path / 'b.npy')


def test_the_node_publishes_depth_images_and_names_the_torn_one(graph, tmp_path):
    folder = tmp_path / 'depth'
    folder.mkdir()
    for i in range(3):
        cv2.imwrite(str(folder / f'{i}.png'), millimetres(wall(0.5 + 0.1 * i)))
    content = (folder / '1.png').read_bytes()
    (folder / '1.png').write_bytes(content[:-30])
    (tmp_path / 'lens.yaml').write_text(CALIBRATION)
    seen = graph.hear(PointCloud2, 'hmd/depth_camera/points', VIDEO)
    node = graph.add(
        DepthCameraNode, source='file', path=folder, rate_hz=20.0,
        calibration_path=tmp_path / 'lens.yaml')
    graph.until(lambda: len(seen) > 3 and '1.png' in health(node), 'clouds and the complaint')
    shown = {round(float(point_cloud2.read_points_numpy(m)[0, 2]), 1) for m in seen}
    assert shown <= {0.5, 0.7}
    assert len(shown) == 2
    assert node.diagnostics.counters['source lost'] == 0
