# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A camera: images on hmd/<camera>_camera/image, and what is known of its lens beside them."""

import array
import math
from typing import Any

from affect_node import run
from affect_node import SetupError
from affect_node import to_stamp
from affect_node import VIDEO
from affect_sensors.camera.exposure_watch import ExposureWatch
from affect_sensors.sensor_node import SensorNode
from affect_sensors.sources.calibration import Calibration
from affect_sensors.sources.calibration import read_calibration
from affect_sensors.sources.frame import Frame
from affect_sensors.sources.simulated_camera import SimulatedCamera
from affect_sensors.sources.simulated_camera import WORLD_CALIBRATION
from affect_sensors.sources.source import Source
from affect_sensors.sources.source import SourceError
from affect_sensors.sources.video_address import WHAT
from affect_sensors.sources.video_device import VideoDevice
from affect_sensors.sources.video_file import VideoFile
import cv2
from diagnostic_msgs.msg import DiagnosticStatus
import numpy as np
from sensor_msgs.msg import CameraInfo
from sensor_msgs.msg import Image

USUAL_RATE_HZ = {'face': 30.0, 'left_eye': 60.0, 'right_eye': 60.0, 'world': 10.0}
"""Frames per second of each camera of the headset."""

_ROTATIONS = {
    90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


class CameraNode(SensorNode):
    """Publishes images stamped with their capture; launched once per camera of the headset."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            'camera', sources=('device', 'file', 'simulation'), shortest_wait_s=0.004, **kwargs)
        cv2.setNumThreads(1)
        named = self.get_name().removesuffix('_camera')
        self._camera = self.declare(
            'camera', named if named in USUAL_RATE_HZ else 'face',
            'Which camera of the headset this is; a node called left_eye_camera is that one.',
            choices=tuple(USUAL_RATE_HZ))
        self._device = self.declare(
            # Only one camera is the obvious one: eyes must not be shown what the face camera sees.
            'device', '0' if self._camera == 'face' else '',
            f'The camera for source:=device: {WHAT}.')
        self._rate_hz = self.declare(
            'rate_hz', USUAL_RATE_HZ[self._camera],
            'Frames per second to ask a device for, of a folder of images, and the most of a '
            'video, which is played in its own time; 0 takes what the device or video has.',
            low=0.0, high=240.0)
        self._width = self.declare(
            'width', 0, 'Pixels to ask a device or simulated eye for; 0: usual.',
            low=0, high=8192)
        self._height = self.declare(
            'height', 0, 'Pixels to ask a device or simulated eye for; 0: usual.',
            low=0, high=8192)
        self._pixel_format = self.declare(
            'pixel_format', '', 'Format to ask a device for, four letters such as MJPG, YUYV or '
            'GREY; empty: its default.')
        self._rotate_deg = self.declare(
            'rotate_deg', 0, 'Turn images clockwise by 0, 90, 180 or 270 degrees: for a camera '
            'that is mounted on its side.', low=0, high=270)
        self._encoding = self.declare(
            'encoding', 'source', 'Pixels to publish; `source`: as they come.',
            choices=('source', 'bgr8', 'mono8'))
        self._calibration_path = self.declare(
            'calibration_path', '', 'Calibration of the lens, as YAML of camera_calibration or '
            'OpenCV; it is published as CameraInfo beside each image. It is of images as they are '
            'published (turned by rotate_deg). Empty: none is known.')
        self._frame_id = self.declare(
            'frame_id', f'{self._camera}_camera_optical_frame', "The camera's optical frame.")
        self._calibration: Calibration | None = None
        self._info: CameraInfo | None = None
        self._size: tuple[int, int] | None = None
        self._pixels = np.empty((0, 0), np.uint8)

    def setup(self) -> None:
        """Read the calibration and open the source."""
        self._calibration, self._size = None, None
        self._pixels = np.empty((0, 0), np.uint8)
        self._exposure = ExposureWatch()
        if self._rotate_deg % 90:
            raise SetupError(
                f"parameter 'rotate_deg' is {self._rotate_deg}; it can be 0, 90, 180 or 270")
        try:
            if self._calibration_path:
                self._calibration = read_calibration(self._calibration_path, 'calibration_path')
            elif self.source_kind == 'simulation' and self._camera == 'world':
                self._calibration = WORLD_CALIBRATION
        except SourceError as error:
            raise SetupError(str(error)) from error
        self._info = self._make_info()
        super().setup()

    def make_source(self) -> Source:
        """Return a device, a file or what the camera sees of the simulated wearer."""
        if self.source_kind == 'device':
            return VideoDevice(
                self._device, rate_hz=self._rate_hz, width=self._width, height=self._height,
                pixel_format=self._pixel_format)
        if self.source_kind == 'file':
            return VideoFile(self.path, rate_hz=self._rate_hz, loop=self.loop)
        return SimulatedCamera(
            self._camera, self.make_wearer(), t0_ns=self.t0_ns,
            rate_hz=self._rate_hz or USUAL_RATE_HZ[self._camera],
            size=(self._width, self._height) if self._width and self._height else None)

    def advertise_topics(self) -> None:
        """Create the publishers."""
        topic = f'hmd/{self._camera}_camera/'
        self._publisher = self.advertise(Image, topic + 'image', VIDEO)
        if self._info is not None:
            self._info_publisher = self.advertise(CameraInfo, topic + 'camera_info', VIDEO)

    def publish_item(self, item: Frame) -> None:
        """Publish one image, and the calibration if it is one of such images."""
        image = item.image
        self.diagnostics.values['frames dropped'] = str(self.source.dropped)
        if image.dtype != np.uint8 or image.size == 0 or image.shape[2:] not in ((), (3,)):
            self.diagnostics.reject(
                'image', f'{image.dtype} {list(image.shape)}',
                'give 8-bit images that are grey or have three channels')
            return
        if self._exposure.look(item.stamp_ns, image):
            complaint = self._exposure.complaint
            self.diagnostics.set(
                'exposure', DiagnosticStatus.WARN if complaint else DiagnosticStatus.OK, complaint)
        if self._encoding == 'mono8' and image.ndim == 3:
            image = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
        elif self._encoding == 'bgr8' and image.ndim == 2:
            image = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
        if self._rotate_deg:
            image = cv2.rotate(image, _ROTATIONS[self._rotate_deg])
        if image.shape != self._pixels.shape:
            self._make_message(image.shape)
        np.copyto(self._pixels, image)
        message = self._message
        message.header.stamp = to_stamp(ns=item.stamp_ns)
        self._publisher.publish(message)
        if self._info is not None and (self._info.width, self._info.height) == self._size:
            self._info.header = message.header
            self._info_publisher.publish(self._info)

    def fell_silent(self) -> None:
        """Say nothing more of images that do not come."""
        self._exposure = ExposureWatch()
        self.diagnostics.set('exposure', DiagnosticStatus.OK, '')

    def _make_message(self, shape: tuple[int, ...]) -> None:
        """Make a message of images of this shape: its memory is filled anew with each image."""
        height, width = shape[:2]
        if (width, height) != self._size:
            self._resized(width, height)
        self._message = Image(
            height=height, width=width, encoding='mono8' if len(shape) == 2 else 'bgr8',
            step=width * (1 if len(shape) == 2 else 3),
            data=array.array('B', bytes(math.prod(shape))))
        # The message copies what it is given; this is its own memory.
        self._pixels = np.frombuffer(self._message.data, np.uint8).reshape(shape)
        self._message.header.frame_id = self.frame(self._frame_id)

    def _resized(self, width: int, height: int) -> None:
        """Say that images have another size than before, or than the calibration is for."""
        if self._size is not None:
            self.diagnostics.reject(
                'image size', f'{self._size[0]} x {self._size[1]} became {width} x {height}',
                'images go on in their new size; is another program setting up the camera?')
        self._size = (width, height)
        self.diagnostics.values['image size'] = f'{width} x {height}'
        fits = self._info is None or (self._info.width, self._info.height) == self._size
        self.diagnostics.set(
            'calibration', DiagnosticStatus.OK if fits else DiagnosticStatus.WARN,
            '' if fits else f"parameter 'calibration_path': the calibration is for "
            f'{self._info.width} x {self._info.height} and images are {width} x {height}; no '
            'camera_info is published. Calibrate at this size')

    def _make_info(self) -> CameraInfo | None:
        known = self._calibration
        if known is None:
            return None
        return CameraInfo(
            width=known.width, height=known.height, distortion_model=known.distortion_model,
            d=known.d, k=known.k, r=known.r, p=known.p)


def main(args: list[str] | None = None) -> int:
    """Run the node."""
    return run(CameraNode, args)


if __name__ == '__main__':
    main()
