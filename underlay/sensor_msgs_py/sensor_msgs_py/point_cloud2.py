# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Reading and writing ``sensor_msgs/PointCloud2``.

Points are structured arrays with one named field per point field. Misuse raises AssertionError,
as upstream does.
"""

from collections import namedtuple
import sys

import numpy as np
from numpy.lib.recfunctions import structured_to_unstructured
from numpy.lib.recfunctions import unstructured_to_structured
from sensor_msgs.msg import PointCloud2
from sensor_msgs.msg import PointField

_DATATYPES = {
    PointField.INT8: np.dtype(np.int8),
    PointField.UINT8: np.dtype(np.uint8),
    PointField.INT16: np.dtype(np.int16),
    PointField.UINT16: np.dtype(np.uint16),
    PointField.INT32: np.dtype(np.int32),
    PointField.UINT32: np.dtype(np.uint32),
    PointField.FLOAT32: np.dtype(np.float32),
    PointField.FLOAT64: np.dtype(np.float64),
}

DUMMY_FIELD_PREFIX = 'unnamed_field'

_IS_BIG_ENDIAN = sys.byteorder == 'big'


def read_points(
        cloud, field_names=None, skip_nans=False, uvs=None, reshape_organized_cloud=False):
    """
    Read the points of a cloud.

    :param cloud: a ``PointCloud2``.
    :param field_names: names of the fields to read; None for all.
    :param skip_nans: leave out points with a NaN in a field read, unless the cloud is dense.
    :param uvs: indices of the points to read, after NaN points are left out; None for all.
    :param reshape_organized_cloud: give the points of an organized cloud (``height`` > 1) the
        shape (width, height) instead of one dimension.
    :return: structured array; it shares the cloud's memory where nothing had to be selected and
        the byte order fits.
    :raises AssertionError: not a cloud, or a field it does not have.
    :raises TypeError: the cloud has fewer data than its size says.
    """
    _require(isinstance(cloud, PointCloud2), 'Cloud is not a sensor_msgs.msg.PointCloud2')
    points = np.ndarray(
        shape=(cloud.width * cloud.height,),
        dtype=dtype_from_fields(cloud.fields, point_step=cloud.point_step),
        buffer=cloud.data)
    if field_names is not None:
        field_names = list(field_names)
        missing = [name for name in field_names if name not in points.dtype.names]
        _require(
            not missing,
            f'the cloud has no field {", ".join(missing)}; it has {", ".join(points.dtype.names)}')
        points = points[field_names]
    if cloud.is_bigendian != _IS_BIG_ENDIAN:
        points = points.byteswap()  # a copy: the message stays as it is
    if skip_nans and not cloud.is_dense:
        is_nan = np.zeros(len(points), dtype=bool)
        for name in points.dtype.names:
            is_nan |= np.isnan(points[name])
        points = points[~is_nan]
    if uvs is not None:
        points = points[uvs if isinstance(uvs, np.ndarray) else np.fromiter(uvs, int)]
    if reshape_organized_cloud and cloud.height > 1:
        points = points.reshape(cloud.width, cloud.height)
    return points


def read_points_numpy(
        cloud, field_names=None, skip_nans=False, uvs=None, reshape_organized_cloud=False):
    """
    Read fields of one type as a plain array.

    :return: array (points, fields), or (width, height, fields) of a reshaped organized cloud.
    :raises AssertionError: the fields read do not have the type of the cloud's first field.

    The parameters are those of :func:`read_points`.
    """
    read = [
        field for field in cloud.fields[1:] if field_names is None or field.name in field_names]
    _require(
        all(field.datatype == cloud.fields[0].datatype for field in read),
        'All fields need to have the same datatype. Use `read_points()` otherwise.')
    return structured_to_unstructured(
        read_points(cloud, field_names, skip_nans, uvs, reshape_organized_cloud))


def read_points_list(cloud, field_names=None, skip_nans=False, uvs=None):
    """
    Read the points of a cloud as a list of named tuples (slow).

    The parameters are those of :func:`read_points`.
    """
    _require(isinstance(cloud, PointCloud2), 'cloud is not a sensor_msgs.msg.PointCloud2')
    if field_names is None:
        field_names = [field.name for field in cloud.fields]
    point_type = namedtuple('Point', field_names)
    return [
        point_type(*point) for point in read_points(cloud, field_names, skip_nans, uvs).tolist()]


def dtype_from_fields(fields, point_step=None):
    """
    Return the dtype of the points that ``PointField`` messages describe.

    A field with ``count`` > 1 becomes ``name_0``, ``name_1`` ...; one without a name becomes
    ``unnamed_field_<index>``.

    :param point_step: bytes from point to point; None for no gap after the last field.
    :raises AssertionError: a count of 0, or two fields of one name.
    """
    names, formats, offsets = [], [], []
    for index, field in enumerate(fields):
        _require(field.count > 0, "Can't process fields with count = 0.")
        name = field.name or f'{DUMMY_FIELD_PREFIX}_{index}'
        datatype = _DATATYPES[field.datatype]
        for element in range(field.count):
            names.append(name if field.count == 1 else f'{name}_{element}')
            formats.append(datatype)
            offsets.append(field.offset + element * datatype.itemsize)
    _require(len(set(names)) == len(names), 'Duplicate field names are not allowed!')
    layout = {'names': names, 'formats': formats, 'offsets': offsets}
    if point_step is not None:
        layout['itemsize'] = point_step
    return np.dtype(layout)


def create_cloud(header, fields, points, point_step=None):
    """
    Make a cloud.

    :param header: the cloud's header, a ``std_msgs.msg.Header``.
    :param fields: list of ``PointField``.
    :param points: a structured array of exactly the type of ``fields``; or, if all fields have
        one type, an array (points, fields) or, for an organized cloud, (width, height, fields);
        or an iterable of one iterable of values per point (slow).
    :param point_step: bytes from point to point; None for no gap after the last field.
    :return: a ``PointCloud2`` with ``is_dense`` False.
    :raises AssertionError: the points do not fit the fields.
    """
    dtype = dtype_from_fields(fields, point_step)
    if not isinstance(points, np.ndarray):
        points = np.array(list(map(tuple, points)), dtype=dtype)
    elif points.dtype.names is None:
        _require(
            all(field.datatype == fields[0].datatype for field in fields),
            'All fields need to have the same datatype. Pass a structured NumPy array with '
            'multiple dtypes otherwise.')
        points = unstructured_to_structured(points, dtype=dtype)
    else:
        _require(
            points.dtype == dtype,
            f'the points are {points.dtype}, the fields describe {dtype}: check the order, names '
            'and types of the fields, and point_step')
    _require(
        points.ndim <= 2,
        f'points can be organized in one or two dimensions, not {points.ndim}')
    width = points.shape[0]
    cloud = PointCloud2(
        header=header,
        height=points.shape[1] if points.ndim == 2 else 1,
        width=width,
        is_dense=False,
        is_bigendian=_IS_BIG_ENDIAN,
        fields=fields,
        point_step=points.itemsize,
        row_step=points.itemsize * width)
    # Into the message's own array: the constructor would check each byte.
    cloud.data.frombytes(points.tobytes())
    return cloud


def create_cloud_xyz32(header, points):
    """
    Make a cloud of float32 coordinates.

    :param points: array (points, 3), or (width, height, 3) for an organized cloud, or an
        iterable of triples; in the unit of the header's frame (REP-103: metres).
    """
    fields = [
        PointField(name=name, offset=4 * index, datatype=PointField.FLOAT32, count=1)
        for index, name in enumerate('xyz')]
    return create_cloud(header, fields, points)


def _require(condition, message):
    # Not an assert statement, which `python -O` drops.
    if not condition:
        raise AssertionError(message)
