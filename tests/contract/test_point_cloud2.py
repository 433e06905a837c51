# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What we rely on in sensor_msgs_py, true of the real package and of the stand-in alike."""

import array
import sys

from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
import numpy as np
import pytest
from sensor_msgs.msg import PointCloud2
from sensor_msgs.msg import PointField
from sensor_msgs_py import point_cloud2
from std_msgs.msg import Header

HEADER = Header(frame_id='depth_camera_optical_frame')
XYZ = np.array([[0, 1, 2], [3, np.nan, 5], [6, 7, 8], [9, 10, 11]], np.float32)
MIXED_FIELDS = [
    PointField(name='x', offset=0, datatype=PointField.FLOAT32, count=1),
    PointField(name='range', offset=4, datatype=PointField.FLOAT64, count=1),
    PointField(name='ring', offset=12, datatype=PointField.UINT8, count=1),
]
MIXED = np.array(
    [(1.5, 2.5, 3), (np.nan, 5.5, 6)], [('x', '=f4'), ('range', '=f8'), ('ring', 'u1')])


def field(name, offset, datatype=PointField.FLOAT32, count=1):
    return PointField(name=name, offset=offset, datatype=datatype, count=count)


def test_points_survive_the_cloud():
    cloud = point_cloud2.create_cloud_xyz32(HEADER, XYZ)
    np.testing.assert_array_equal(point_cloud2.read_points_numpy(cloud), XYZ)
    points = point_cloud2.read_points(cloud)
    assert points.dtype.names == ('x', 'y', 'z')
    np.testing.assert_array_equal(points['z'], XYZ[:, 2])


def test_cloud_describes_its_points():
    cloud = point_cloud2.create_cloud_xyz32(HEADER, XYZ)
    assert cloud.header.frame_id == 'depth_camera_optical_frame'
    assert [(f.name, f.offset, f.datatype, f.count) for f in cloud.fields] == [
        ('x', 0, PointField.FLOAT32, 1), ('y', 4, PointField.FLOAT32, 1),
        ('z', 8, PointField.FLOAT32, 1)]
    assert (cloud.height, cloud.width, cloud.point_step, cloud.row_step) == (1, 4, 12, 48)
    assert not cloud.is_dense
    assert cloud.is_bigendian == (sys.byteorder == 'big')
    assert isinstance(cloud.data, array.array)
    assert cloud.data.tobytes() == XYZ.tobytes()


def test_points_may_be_python_tuples():
    from_list = point_cloud2.create_cloud_xyz32(HEADER, XYZ.tolist())
    assert from_list == point_cloud2.create_cloud_xyz32(HEADER, XYZ)


@settings(max_examples=60, deadline=None)
@given(
    npst.arrays(np.float32, st.tuples(st.integers(1, 20), st.just(3))), st.booleans())
def test_any_points_survive_the_cloud(points, skip_nans):
    cloud = point_cloud2.create_cloud_xyz32(HEADER, points)
    expected = points[~np.isnan(points).any(axis=1)] if skip_nans else points
    np.testing.assert_array_equal(
        point_cloud2.read_points_numpy(cloud, skip_nans=skip_nans), expected)


def test_fields_are_read_in_the_order_asked_for():
    cloud = point_cloud2.create_cloud_xyz32(HEADER, XYZ)
    points = point_cloud2.read_points(cloud, field_names=('z', 'x'))
    assert points.dtype.names == ('z', 'x')
    np.testing.assert_array_equal(
        point_cloud2.read_points_numpy(cloud, field_names=['z', 'x']), XYZ[:, [2, 0]])
    with pytest.raises(AssertionError):
        point_cloud2.read_points(cloud, field_names=['intensity'])


def test_points_with_nan_in_a_field_read_can_be_left_out():
    cloud = point_cloud2.create_cloud_xyz32(HEADER, XYZ)
    np.testing.assert_array_equal(
        point_cloud2.read_points_numpy(cloud, skip_nans=True), XYZ[[0, 2, 3]])
    assert len(point_cloud2.read_points(cloud, ['x', 'z'], skip_nans=True)) == 4
    cloud.is_dense = True
    assert len(point_cloud2.read_points(cloud, skip_nans=True)) == 4


def test_points_can_be_chosen_by_index():
    cloud = point_cloud2.create_cloud_xyz32(HEADER, XYZ)
    for uvs in ([3, 0], np.array([3, 0]), iter([3, 0])):
        np.testing.assert_array_equal(
            point_cloud2.read_points_numpy(cloud, uvs=uvs), XYZ[[3, 0]])


def test_points_can_be_named_tuples():
    cloud = point_cloud2.create_cloud_xyz32(HEADER, XYZ)
    points = point_cloud2.read_points_list(cloud, skip_nans=True)
    assert points == [(0, 1, 2), (6, 7, 8), (9, 10, 11)]
    assert points[1].y == 7
    assert point_cloud2.read_points_list(cloud, field_names=['z'], uvs=[1]) == [(5,)]


def test_only_clouds_are_read():
    with pytest.raises(AssertionError):
        point_cloud2.read_points(XYZ)
    with pytest.raises(AssertionError):
        point_cloud2.read_points_list(XYZ)


def test_too_few_data_are_an_error():
    cloud = point_cloud2.create_cloud_xyz32(HEADER, XYZ)
    cloud.data = cloud.data[:-1]
    with pytest.raises(TypeError):
        point_cloud2.read_points(cloud)


def test_fields_may_differ_in_type():
    cloud = point_cloud2.create_cloud(HEADER, MIXED_FIELDS, MIXED)
    assert cloud.point_step == 13
    points = point_cloud2.read_points(cloud)
    assert points.dtype == MIXED.dtype
    assert points.tobytes() == MIXED.tobytes()
    assert len(point_cloud2.read_points(cloud, skip_nans=True)) == 1
    with pytest.raises(AssertionError):
        point_cloud2.read_points_numpy(cloud)


def test_points_must_fit_the_fields():
    with pytest.raises(AssertionError):
        point_cloud2.create_cloud(HEADER, MIXED_FIELDS, XYZ)
    with pytest.raises(AssertionError):
        point_cloud2.create_cloud(HEADER, MIXED_FIELDS[:2], MIXED)


def test_organized_clouds_have_two_dimensions():
    organized = np.arange(2 * 3 * 3, dtype=np.float32).reshape(2, 3, 3)
    cloud = point_cloud2.create_cloud_xyz32(HEADER, organized)
    assert (cloud.width, cloud.height, cloud.row_step) == (2, 3, 24)
    np.testing.assert_array_equal(
        point_cloud2.read_points_numpy(cloud), organized.reshape(6, 3))
    np.testing.assert_array_equal(
        point_cloud2.read_points_numpy(cloud, reshape_organized_cloud=True), organized)
    with pytest.raises(AssertionError):
        point_cloud2.create_cloud_xyz32(HEADER, organized[None])


def test_a_field_of_several_values_becomes_several_fields():
    fields = [field('position', 0, count=3), field('', 12)]
    dtype = point_cloud2.dtype_from_fields(fields)
    assert dtype.names == ('position_0', 'position_1', 'position_2', 'unnamed_field_1')
    assert [dtype.fields[name][1] for name in dtype.names] == [0, 4, 8, 12]
    points = np.arange(8, dtype=np.float32).reshape(2, 4)
    cloud = point_cloud2.create_cloud(HEADER, fields, points)
    np.testing.assert_array_equal(point_cloud2.read_points_numpy(cloud), points)


@pytest.mark.parametrize('fields', [
    [field('x', 0, count=0)], [field('x', 0), field('x', 4)]])
def test_impossible_fields_are_errors(fields):
    with pytest.raises(AssertionError):
        point_cloud2.dtype_from_fields(fields)


@pytest.mark.parametrize(('datatype', 'dtype'), [
    (PointField.INT8, 'i1'), (PointField.UINT8, 'u1'), (PointField.INT16, 'i2'),
    (PointField.UINT16, 'u2'), (PointField.INT32, 'i4'), (PointField.UINT32, 'u4'),
    (PointField.FLOAT32, 'f4'), (PointField.FLOAT64, 'f8')])
def test_datatypes_are_numpy_types(datatype, dtype):
    assert point_cloud2.dtype_from_fields([field('v', 0, datatype)])['v'] == np.dtype(dtype)


def test_points_may_be_further_apart_than_their_fields_need():
    fields = [field(name, 4 * index) for index, name in enumerate('xyz')]
    cloud = point_cloud2.create_cloud(HEADER, fields, XYZ, point_step=20)
    assert (cloud.point_step, len(cloud.data)) == (20, 80)
    np.testing.assert_array_equal(point_cloud2.read_points_numpy(cloud), XYZ)


def test_byte_order_is_undone():
    cloud = PointCloud2(
        fields=[field('x', 0), field('y', 4)], width=2, height=1, point_step=8, row_step=16,
        is_bigendian=True)
    cloud.data = array.array('B', np.array([[1, 2], [3, 4]], '>f4').tobytes())
    np.testing.assert_array_equal(point_cloud2.read_points_numpy(cloud), [[1, 2], [3, 4]])
