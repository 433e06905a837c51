# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the stand-in does beyond the contract with upstream."""

import array

import numpy as np
import pytest
from sensor_msgs.msg import PointCloud2
from sensor_msgs.msg import PointField
from sensor_msgs_py import numpy_compat
from sensor_msgs_py import point_cloud2
from std_msgs.msg import Header

FIELDS = [
    PointField(name=name, offset=4 * index, datatype=PointField.FLOAT32, count=1)
    for index, name in enumerate('xyz')]


def big_endian_cloud(points):
    cloud = PointCloud2(
        fields=FIELDS, width=len(points), height=1, point_step=12, row_step=12 * len(points),
        is_bigendian=True)
    cloud.data = array.array('B', points.astype('>f4').tobytes())
    return cloud


def test_reading_does_not_change_the_message():
    # Upstream swaps the bytes of the message itself: a second reader gets garbage.
    points = np.arange(6, dtype=np.float32).reshape(2, 3)
    cloud = big_endian_cloud(points)
    for _ in range(2):
        np.testing.assert_array_equal(point_cloud2.read_points_numpy(cloud), points)
        np.testing.assert_array_equal(
            point_cloud2.read_points_numpy(cloud, ['z', 'x']), points[:, [2, 0]])


def test_points_need_not_be_contiguous():
    dtype = point_cloud2.dtype_from_fields(FIELDS)
    points = np.zeros(6, dtype)
    points['x'] = range(6)
    cloud = point_cloud2.create_cloud(Header(), FIELDS, points[::2])
    np.testing.assert_array_equal(point_cloud2.read_points(cloud)['x'], [0, 2, 4])


def test_missing_fields_are_named():
    cloud = point_cloud2.create_cloud_xyz32(Header(), np.zeros((2, 3), np.float32))
    with pytest.raises(AssertionError, match='no field intensity, ring; it has x, y, z'):
        point_cloud2.read_points(cloud, ['x', 'intensity', 'ring'])


def test_field_names_may_be_an_iterator():
    cloud = point_cloud2.create_cloud_xyz32(Header(), np.zeros((2, 3), np.float32))
    assert point_cloud2.read_points(cloud, iter(['z', 'y'])).dtype.names == ('z', 'y')


def test_an_empty_cloud_has_no_points():
    cloud = point_cloud2.create_cloud_xyz32(Header(), np.zeros((0, 3), np.float32))
    assert (cloud.width, len(cloud.data)) == (0, 0)
    assert point_cloud2.read_points_list(cloud) == []


def test_numpy_compat_has_the_two_conversions():
    structured = numpy_compat.unstructured_to_structured(np.eye(3))
    np.testing.assert_array_equal(numpy_compat.structured_to_unstructured(structured), np.eye(3))
