# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A camera: images on hmd/<camera>_camera/image."""

import array
from typing import Any

from affect_node import run
from affect_node import to_stamp
from affect_node import VIDEO
from affect_sensors.sensor_node import SensorNode
from affect_sensors.sources.frame import Frame
from affect_sensors.sources.simulated_face_camera import SimulatedFaceCamera
from affect_sensors.sources.source import Source
from affect_sensors.sources.source import SourceError
from affect_sensors.sources.video_device import VideoDevice
from affect_sensors.sources.video_file import VideoFile
import cv2
import numpy as np
from sensor_msgs.msg import Image


class CameraNode(SensorNode):
    """Publishes images stamped with their capture; launched once per camera of the headset."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            'camera', sources=('device', 'file', 'simulation'), shortest_wait_s=0.004, **kwargs)
        cv2.setNumThreads(1)
        self._camera = self.declare(
            'camera', 'face', 'Which camera of the headset this is.',
            choices=('face', 'left_eye', 'right_eye', 'world'))
        self._device = self.declare(
            'device', '0', 'Index or path (/dev/video0) of the camera for source:=device.')
        self._rate_hz = self.declare(
            'rate_hz', 30.0, 'Frames per second; 0 takes what the device or video has.',
            low=0.0, high=240.0)
        self._width = self.declare(
            'width', 0, 'Pixels to ask a device for; 0: its default.', low=0, high=8192)
        self._height = self.declare(
            'height', 0, 'Pixels to ask a device for; 0: its default.', low=0, high=8192)
        self._encoding = self.declare(
            'encoding', 'source', 'Pixels to publish; `source`: as they come.',
            choices=('source', 'bgr8', 'mono8'))
        self._frame_id = self.declare(
            'frame_id', f'{self._camera}_camera_optical_frame', "The camera's optical frame.")

    def make_source(self) -> Source:
        """Return a device, a file or the simulated wearer's face."""
        if self.source_kind == 'device':
            return VideoDevice(
                self._device, rate_hz=self._rate_hz, width=self._width, height=self._height)
        if self.source_kind == 'file':
            return VideoFile(self.path, rate_hz=self._rate_hz, loop=self.loop)
        if self._camera != 'face':
            raise SourceError(
                f"parameter 'source': the simulated wearer has no image for camera:="
                f'{self._camera} (only for face); set source:=file or source:=device')
        return SimulatedFaceCamera(
            self.make_wearer(), t0_ns=self.t0_ns, rate_hz=self._rate_hz or 30.0)

    def advertise_topics(self) -> None:
        """Create the publisher."""
        self._publisher = self.advertise(Image, f'hmd/{self._camera}_camera/image', VIDEO)

    def publish_item(self, item: Frame) -> None:
        """Publish one image."""
        image = item.image
        if self._encoding == 'mono8' and image.ndim == 3:
            image = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
        elif self._encoding == 'bgr8' and image.ndim == 2:
            image = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
        message = Image(
            height=image.shape[0], width=image.shape[1],
            encoding='mono8' if image.ndim == 2 else 'bgr8',
            step=image.shape[1] * (1 if image.ndim == 2 else 3),
            # An array('B') is taken as it is; an ndarray would be checked value by value.
            data=array.array('B', np.ascontiguousarray(image).tobytes()))
        message.header.stamp = to_stamp(ns=item.stamp_ns)
        message.header.frame_id = self.frame(self._frame_id)
        self._publisher.publish(message)


def main(args: list[str] | None = None) -> int:
    """Run the node."""
    return run(CameraNode, args)


if __name__ == '__main__':
    main()
