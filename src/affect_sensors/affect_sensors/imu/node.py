# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The headset's inertial unit: sensor_msgs/Imu on hmd/imu/data."""

from typing import Any

from affect_node import run
from affect_node import stream
from affect_node import to_stamp
from affect_sensors.sensor_node import SensorNode
from affect_sensors.simulation import head
from affect_sensors.sources.imu_file import open_imu_file
from affect_sensors.sources.simulated_rows import SimulatedRows
from affect_sensors.sources.source import Source
import numpy as np
from sensor_msgs.msg import Imu


class ImuNode(SensorNode):
    """Publishes angular velocity and specific force, a message per sample."""

    def __init__(self, **kwargs: Any) -> None:
        # Every 20 ms a few samples: a wake-up per sample would cost more than the samples.
        super().__init__('imu', sources=('file', 'simulation'), shortest_wait_s=0.02, **kwargs)
        self._frame_id = self.declare(
            'frame_id', 'hmd_link', 'Frame of the axes (x forward, y left, z up when hmd_link).')
        self._message = Imu()
        # -1: there is no estimate of the orientation (sensor_msgs/Imu).
        self._message.orientation_covariance[0] = -1.0
        self._message.header.frame_id = self.frame(self._frame_id)

    def make_source(self) -> Source:
        """Return a file or the simulated wearer's head."""
        if self.source_kind == 'file':
            return open_imu_file(self.path, loop=self.loop)
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
        rate, force = message.angular_velocity, message.linear_acceleration
        rate.x, rate.y, rate.z, force.x, force.y, force.z = row.tolist()
        self._publisher.publish(message)


def main(args: list[str] | None = None) -> int:
    """Run the node."""
    return run(ImuNode, args)


if __name__ == '__main__':
    main()
