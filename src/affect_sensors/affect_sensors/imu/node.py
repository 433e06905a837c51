# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The headset's inertial unit: sensor_msgs/Imu on hmd/imu/data."""

from collections.abc import Sequence
from typing import Any

from affect_node import run
from affect_node import SetupError
from affect_node import stream
from affect_node import to_stamp
from affect_sensors.sensor_node import SensorNode
from affect_sensors.simulation import head
from affect_sensors.sources.imu_file import COLUMNS
from affect_sensors.sources.imu_file import open_imu_file
from affect_sensors.sources.imu_iio import IioImu
from affect_sensors.sources.imu_iio import WHAT
from affect_sensors.sources.lsl_imu import LslImu
from affect_sensors.sources.lsl_parameters import declare_lsl
from affect_sensors.sources.simulated_rows import SimulatedRows
from affect_sensors.sources.source import Source
import numpy as np
from sensor_msgs.msg import Imu

_LIMITS = np.repeat((100.0, 5000.0), 3)
"""rad/s and m/s^2: no sensor that somebody wears measures beyond (4000 deg/s, 400 g)."""


class ImuNode(SensorNode):
    """Publishes angular velocity and specific force, a message per sample."""

    def __init__(self, **kwargs: Any) -> None:
        # Every 20 ms a few samples: a wake-up per sample would cost more than the samples.
        super().__init__(
            'imu', sources=('device', 'file', 'lsl', 'simulation'), shortest_wait_s=0.02,
            **kwargs)
        self._lsl = declare_lsl(self)
        self._device = self.declare(
            'device', '', f'The sensor of this computer for source:=device: {WHAT}.')
        self._rate_hz = self.declare(
            'rate_hz', 0.0, "Samples a second to ask a device for; 0: the device's own.",
            low=0.0, high=1000.0)
        self._sysfs_root = self.declare(
            'sysfs_root', '/sys/bus/iio/devices', 'Where the kernel shows sensors (IIO).')
        self._mount_matrix = self.declare(
            'mount_matrix', np.eye(3).ravel().tolist(), 'Rotation from the axes of the sensor or '
            'file to those of frame_id, row by row, e.g. [0, 1, 0, -1, 0, 0, 0, 0, 1].')
        self._frame_id = self.declare(
            'frame_id', 'hmd_link', 'Frame of the axes (x forward, y left, z up when hmd_link).')
        self._message = Imu()
        # -1: there is no estimate of the orientation (sensor_msgs/Imu).
        self._message.orientation_covariance[0] = -1.0
        self._message.header.frame_id = self.frame(self._frame_id)
        self._rotation: np.ndarray | None = None

    def setup(self) -> None:
        """Look at the rotation and open the source."""
        try:
            self._rotation = rotation_of(self._mount_matrix)
        except ValueError as error:
            raise SetupError(f"parameter 'mount_matrix' {error}") from error
        super().setup()

    def make_source(self) -> Source:
        """Return a device, a file, streams of LSL or the simulated wearer's head."""
        if self.source_kind == 'device':
            return IioImu(self._device, rate_hz=self._rate_hz, sysfs_root=self._sysfs_root)
        if self.source_kind == 'file':
            return open_imu_file(self.path, loop=self.loop)
        if self.source_kind == 'lsl':
            return LslImu(**self._lsl)
        return SimulatedRows(
            self.make_wearer().head.samples, head.RATE_HZ, t0_ns=self.t0_ns)

    def advertise_topics(self) -> None:
        """Create the publisher."""
        self._publisher = self.advertise(Imu, 'hmd/imu/data', stream(200.0))

    def publish_item(self, item: tuple[int, int, np.ndarray]) -> None:
        """Publish one sample."""
        stamp_ns, _, row = item
        message = self._message
        message.header.stamp = to_stamp(ns=stamp_ns)
        wrong = np.abs(row) > _LIMITS
        if wrong.any():
            first = int(np.argmax(wrong))
            self.diagnostics.reject(
                'samples', f'{COLUMNS[first]} out of range',
                f'{row[first]:g}: it is published as NaN (unknown); is the unit right?')
            row = np.where(wrong, np.nan, row)
        if self._rotation is not None:
            row = np.concatenate([self._rotation @ row[:3], self._rotation @ row[3:]])
        # -1: the sensor has no gyroscope or no accelerometer; 0: nothing is known (REP-145).
        message.angular_velocity_covariance[0] = -1.0 if row[0] != row[0] else 0.0
        message.linear_acceleration_covariance[0] = -1.0 if row[3] != row[3] else 0.0
        rate, force = message.angular_velocity, message.linear_acceleration
        rate.x, rate.y, rate.z, force.x, force.y, force.z = row.tolist()
        self._publisher.publish(message)


def rotation_of(numbers: Sequence[float]) -> np.ndarray | None:
    """Return a rotation [3, 3] of nine numbers, None for the identity; ValueError for others."""
    matrix = np.array(numbers, dtype=np.float64)
    if matrix.size != 9:
        raise ValueError(f'has {matrix.size} numbers; it needs 9')
    matrix = matrix.reshape(3, 3)
    if not np.allclose(matrix @ matrix.T, np.eye(3), atol=0.01) or np.linalg.det(matrix) < 0.0:
        raise ValueError(
            'is no rotation: its rows must be at right angles and of length 1, and right-handed')
    return None if np.array_equal(matrix, np.eye(3)) else matrix


def main(args: list[str] | None = None) -> int:
    """Run the node."""
    return run(ImuNode, args)


if __name__ == '__main__':
    main()
