# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The facial expression encoder as a ROS node."""

from functools import partial
from typing import Any

from affect_encoders.encoder_node import EncoderNode
from affect_encoders.facial_expression import FacialExpressionEncoder
from affect_encoders.image_input import ImageInputError
from affect_encoders.image_input import read_image
from affect_msgs.msg import FaceTracking
from affect_node import run
from affect_node import stream
from affect_node import VIDEO
import cv2
import numpy as np
from sensor_msgs.msg import Image

_IMAGE_TOPIC = 'hmd/face_camera/image'
_WEIGHTS_TOPIC = 'hmd/face/tracking'
_MOST_FORMS = 32


class FacialExpressionNode(EncoderNode):
    """
    Face images or blendshape weights in, `affect/facial_expression/...` out.

    A camera gives three images or more a tick and one is looked at, so an image is decoded when
    its tick comes. What can be wrong with it shows in the first image of its form.
    """

    modality = 'facial_expression'
    frame_id = 'face_camera_optical_frame'

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # The networks cost more than all other encoders' ticks, and a face changes within 0.2 s
        # little beside the 0.4 s over which looks are averaged.
        self._least_look_s = self.declare(
            'least_look_s', 0.15, 'Least time between two images that are judged, seconds.',
            low=0.0, high=1.0)

    def make_encoder(self) -> FacialExpressionEncoder:
        """Return the encoder with the shipped weights."""
        return FacialExpressionEncoder(least_look_s=self._least_look_s)

    def subscribe_inputs(self) -> None:
        """Subscribe to the face camera and to tracked weights."""
        cv2.setNumThreads(self._threads)
        # By encoding, size, step and length: what was wrong, and what to do; empty if nothing.
        self._forms: dict[tuple, tuple[str, ...]] = {}
        self.subscribe(Image, _IMAGE_TOPIC, self._on_image, VIDEO)
        self.subscribe(FaceTracking, _WEIGHTS_TOPIC, self._on_weights, stream(60.0))

    def flush(self) -> None:
        """Say which input the last tick went by; samples went to the encoder as they came."""
        self.diagnostics.values['input'] = self.encoder.source

    def _on_image(self, message: Image) -> None:
        stamp_s = self.accept_stamp(_IMAGE_TOPIC, message.header.stamp)
        if stamp_s is None:
            return
        complaint = self._complaint(message)
        if complaint:
            self.diagnostics.reject(_IMAGE_TOPIC, *complaint)
            return
        self.encoder.push_picture_to_come(partial(read_image, message), stamp_s)

    def _complaint(self, message: Image) -> tuple[str, ...]:
        form = (
            message.encoding, message.width, message.height, message.step, len(message.data))
        if form not in self._forms:
            if len(self._forms) >= _MOST_FORMS:
                self._forms.clear()
            try:
                read_image(message)
                self._forms[form] = ()
            except ImageInputError as error:
                self._forms[form] = error.args
        return self._forms[form]

    def _on_weights(self, message: FaceTracking) -> None:
        weights = np.asarray(message.weights, dtype=np.float32)
        observed = np.asarray(message.observed, dtype=bool) & ~np.isnan(weights)
        if np.any((weights[observed] < -0.01) | (weights[observed] > 1.01)):
            self.diagnostics.reject(
                _WEIGHTS_TOPIC, 'weights outside [0, 1]', 'scale them before publishing')
            return
        stamp_s = self.accept_stamp(_WEIGHTS_TOPIC, message.header.stamp)
        if stamp_s is not None:
            self.encoder.push_weights(
                weights, observed, message.upper_confidence, message.lower_confidence, stamp_s,
                from_camera=message.source == FaceTracking.SOURCE_CAMERA)


def main(args=None) -> int:
    """Run the node."""
    return run(FacialExpressionNode, args)
