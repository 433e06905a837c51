# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The scene encoder as a ROS node."""

import math
from typing import Any

from affect_encoders.encoder_node import EncoderNode
from affect_encoders.image_input import ImageInputError
from affect_encoders.image_input import read_image
from affect_encoders.imu_input import ImuInput
from affect_encoders.scene import SceneEncoder
from affect_encoders.scene.encoder import DEFAULT_FOV_DEG
from affect_node import run
from affect_node import VIDEO
import cv2
from sensor_msgs.msg import CameraInfo
from sensor_msgs.msg import Image

_IMAGE_TOPIC = 'hmd/world_camera/image'
_INFO_TOPIC = 'hmd/world_camera/camera_info'


class SceneNode(EncoderNode):
    """`hmd/world_camera/...` and `hmd/imu/data` in, `affect/scene/...` out."""

    modality = 'scene'
    frame_id = 'world_camera_optical_frame'

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._fov_deg = self.declare(
            'horizontal_fov_deg', DEFAULT_FOV_DEG,
            'Field of view of the world camera, degrees, while there is no CameraInfo of it.',
            low=1.0, high=179.0)
        self._pitch_down_deg = self.declare(
            'camera_pitch_down_deg', 0.0,
            "How far the world camera looks below the headset's forward axis, degrees.",
            low=-90.0, high=90.0)

    def make_encoder(self) -> SceneEncoder:
        """Return the encoder."""
        return SceneEncoder(
            horizontal_fov_deg=self._fov_deg,
            camera_pitch_down_rad=math.radians(self._pitch_down_deg))

    def subscribe_inputs(self) -> None:
        """Subscribe to the world camera and the inertial measurement unit."""
        cv2.setNumThreads(self._threads)
        self._imu = ImuInput(self)
        self.subscribe(Image, _IMAGE_TOPIC, self._on_image, VIDEO)
        self.subscribe(CameraInfo, _INFO_TOPIC, self._on_info, VIDEO)

    def flush(self) -> None:
        """Hand over the inertial samples since the last tick."""
        samples = self._imu.take()
        if samples is not None:
            self.encoder.push_imu(*samples)

    def _on_image(self, message: Image) -> None:
        stamp_s = self.accept_stamp(_IMAGE_TOPIC, message.header.stamp)
        if stamp_s is None or self.encoder.is_too_soon(stamp_s):
            return
        try:
            image = read_image(message)
        except ImageInputError as error:
            self.diagnostics.reject(_IMAGE_TOPIC, *error.args)
            return
        self.encoder.push_image(image, stamp_s)

    def _on_info(self, message: CameraInfo) -> None:
        # An uncalibrated camera says so by zeros (sensor_msgs/CameraInfo): the parameter holds.
        if message.width and message.k[0] != 0.0:
            try:
                self.encoder.set_focal_length(message.k[0] / message.width)
            except ValueError as error:
                self.diagnostics.reject(_INFO_TOPIC, 'unusable focal length', str(error))


def main(args=None) -> int:
    """Run the node."""
    return run(SceneNode, args)
