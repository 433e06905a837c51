# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The body expression encoder as a ROS node."""

from array import array
import math
from typing import Any

from affect_encoders.body_expression import BodyExpressionEncoder
from affect_encoders.body_expression.features import from_optical
from affect_encoders.body_expression.features import MOST_POINTS
from affect_encoders.encoder_node import EncoderNode
from affect_encoders.imu_input import ImuInput
from affect_node import run
from affect_node import VIDEO
import numpy as np
from sensor_msgs.msg import PointCloud2
from sensor_msgs_py.point_cloud2 import read_points

_TOPIC = 'hmd/depth_camera/points'
_MOST_CLAIMED = 1 << 23
_MOST_VALUES = 1024


class BodyExpressionNode(EncoderNode):
    """`hmd/depth_camera/points` and `hmd/imu/data` in, `affect/body_expression/...` out."""

    modality = 'body_expression'
    frame_id = 'depth_camera_optical_frame'

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._axes = self.declare(
            'axes', 'frame_id',
            'Axes of the points (REP-103): optical (x right, y down, z forward) or link (x '
            'forward, y left, z up); frame_id: by its ending _optical_frame or _link.',
            choices=('frame_id', 'optical', 'link'))
        self._pitch_down_rad = math.radians(self.declare(
            'camera_pitch_down_deg', 55.0,
            "How far the depth camera looks below the headset's forward axis, degrees; the "
            'default is that of the simulated headset.',
            low=-90.0, high=90.0))

    def make_encoder(self) -> BodyExpressionEncoder:
        """Return the encoder."""
        return BodyExpressionEncoder(camera_pitch_down_rad=self._pitch_down_rad)

    def subscribe_inputs(self) -> None:
        """Subscribe to the depth camera and the inertial measurement unit."""
        self._imu = ImuInput(self)
        self.subscribe(PointCloud2, _TOPIC, self._on_cloud, VIDEO)

    def flush(self) -> None:
        """Hand over the inertial samples since the last tick."""
        samples = self._imu.take()
        if samples is not None:
            self.encoder.push_imu(*samples)

    def _on_cloud(self, message: PointCloud2) -> None:
        stamp_s = self.accept_stamp(_TOPIC, message.header.stamp)
        if stamp_s is None or self.encoder.is_too_soon(stamp_s):
            return
        axes = self._axes
        if axes == 'frame_id':
            axes = _axes_of(message.header.frame_id)
        if not axes:
            self.diagnostics.reject(
                _TOPIC, f"frame_id '{message.header.frame_id}' does not say its axes",
                'end it in _optical_frame or _link, or set the parameter axes')
            return
        if message.width * message.height > _MOST_CLAIMED:
            self.diagnostics.reject(
                _TOPIC, 'giant cloud', f'{message.width} x {message.height} points')
            return
        try:
            points = read_xyz(message)
        except (AssertionError, TypeError, ValueError, KeyError) as error:
            self.diagnostics.reject(
                _TOPIC, 'no usable x, y, z',
                f'send the fields x, y and z as numbers, and data of height * row_step ({error})')
            return
        if points.shape[0] == 0:
            self.diagnostics.reject(_TOPIC, 'empty cloud', 'nothing was measured')
            return
        self.encoder.push_cloud(from_optical(points) if axes == 'optical' else points, stamp_s)


def _axes_of(frame_id: str) -> str:
    if frame_id.endswith('_optical_frame'):
        return 'optical'
    return 'link' if frame_id.endswith('_link') else ''


def read_xyz(message: PointCloud2) -> np.ndarray:
    """
    Return about MOST_POINTS points at most, evenly chosen, as float32 [N, 3].

    :raises AssertionError, TypeError, ValueError, KeyError: the message has no such fields or
        does not fit together
    """
    # read_points makes a column of every value before it compares anything with the data.
    values = sum(field.count for field in message.fields)
    if values > _MOST_VALUES:
        raise ValueError(f'{values} values in a point, more than {_MOST_VALUES}')
    count = message.width * message.height
    row = message.width * message.point_step
    if message.height > 1 and message.row_step != row:
        message = _without_row_padding(message, row)
    every = max(1, -(-count // MOST_POINTS))
    chosen = None if every == 1 else np.arange(0, count, every)
    points = read_points(message, ['x', 'y', 'z'], uvs=chosen)
    with np.errstate(over='ignore', invalid='ignore'):
        return np.stack([points[name].astype(np.float32) for name in 'xyz'], axis=1)


def _without_row_padding(message: PointCloud2, row: int) -> PointCloud2:
    """Return a cloud whose rows follow one another, as read_points takes them."""
    rows = np.frombuffer(message.data, np.uint8)[:message.row_step * message.height]
    if message.row_step < row or rows.size < message.row_step * message.height:
        raise ValueError(
            f'{message.height} rows of row_step {message.row_step} in {len(message.data)} bytes '
            f'can not hold {message.width} points of {message.point_step} bytes each')
    return PointCloud2(
        header=message.header, height=message.height, width=message.width, fields=message.fields,
        is_bigendian=message.is_bigendian, point_step=message.point_step, row_step=row,
        is_dense=message.is_dense,
        data=array('B', rows.reshape(message.height, -1)[:, :row].tobytes()))


def main(args=None) -> int:
    """Run the node."""
    return run(BodyExpressionNode, args)
