# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A depth camera: sensor_msgs/PointCloud2 on hmd/depth_camera/points."""

from typing import Any

from affect_node import run
from affect_node import to_stamp
from affect_node import VIDEO
from affect_sensors.sensor_node import SensorNode
from affect_sensors.sources.calibration import read_calibration
from affect_sensors.sources.depth_file import open_depth_file
from affect_sensors.sources.depth_image import DepthToPoints
from affect_sensors.sources.simulated_rows import SimulatedRows
from affect_sensors.sources.source import Source
from affect_sensors.sources.source import SourceError
import numpy as np
from sensor_msgs.msg import PointCloud2
from sensor_msgs_py import point_cloud2
from std_msgs.msg import Header


class DepthCameraNode(SensorNode):
    """Publishes a cloud of points in metres in the camera's optical frame per picture."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            'depth_camera', sources=('device', 'file', 'simulation'), shortest_wait_s=0.02,
            **kwargs)
        self._rate_hz = self.declare(
            'rate_hz', 10.0, 'Clouds per second of the simulation and of files without times.',
            low=0.1, high=60.0)
        self._calibration_path = self.declare(
            'calibration_path', '', 'Calibration of the lens, as YAML of camera_calibration or '
            'OpenCV; needed for depth images.')
        self._depth_unit_m = self.declare(
            'depth_unit_m', 0.001, 'Metres that 1 is in a depth image of whole numbers; floats '
            'are metres (REP-118).', low=1e-6, high=1.0)
        self._pixel_step = self.declare(
            'pixel_step', 4, 'Of depth images every so many-th pixel and row is used.', low=1,
            high=64)
        self._frame_id = self.declare(
            'frame_id', 'depth_camera_optical_frame',
            "The camera's optical frame (x right, y down, z forward).")

    def make_source(self) -> Source:
        """Return a recording or what is seen of the simulated wearer's body."""
        if self.source_kind == 'device':
            raise SourceError(
                "parameter 'source': depth cameras have no common interface that could be opened "
                "here; run the maker's ROS driver and remap its cloud to "
                'hmd/depth_camera/points, or set source:=file or source:=simulation')
        if self.source_kind == 'file':
            return open_depth_file(
                self.path, loop=self.loop, rate_hz=self._rate_hz, camera=self._camera())
        wearer, rate_hz = self.make_wearer(), self._rate_hz

        def clouds(first: int, last: int) -> list[np.ndarray]:
            return [wearer.cloud(number / rate_hz, number) for number in range(first, last)]

        return SimulatedRows(clouds, rate_hz, t0_ns=self.t0_ns)

    def _camera(self) -> DepthToPoints | None:
        if not self._calibration_path:
            return None
        return DepthToPoints(
            read_calibration(self._calibration_path, 'calibration_path'),
            scale_m=self._depth_unit_m, step=self._pixel_step)

    def advertise_topics(self) -> None:
        """Create the publisher."""
        self._publisher = self.advertise(PointCloud2, 'hmd/depth_camera/points', VIDEO)

    def publish_item(self, item: tuple[int, int, np.ndarray]) -> None:
        """Publish one cloud."""
        stamp_ns, _, points = item
        header = Header(stamp=to_stamp(ns=stamp_ns), frame_id=self.frame(self._frame_id))
        message = point_cloud2.create_cloud_xyz32(header, points)
        message.is_dense = bool(np.isfinite(points).all())
        self._publisher.publish(message)


def main(args: list[str] | None = None) -> int:
    """Run the node."""
    return run(DepthCameraNode, args)


if __name__ == '__main__':
    main()
