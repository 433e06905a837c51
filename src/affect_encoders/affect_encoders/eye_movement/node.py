# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The eye movement encoder as a ROS node."""

import math

from affect_encoders.encoder_node import EncoderNode
from affect_encoders.eye_movement import EyeMovementEncoder
from affect_msgs.msg import EyeState
from affect_msgs.msg import GazeSample
from affect_msgs.msg import HeadsetStatus
from affect_node import LATCHED
from affect_node import run
from affect_node import stream
import numpy as np

_TOPIC = 'hmd/gaze/sample'


class EyeMovementNode(EncoderNode):
    """`hmd/gaze/sample` in, `affect/eye_movement/...` out."""

    modality = 'eye_movement'

    def make_encoder(self) -> EyeMovementEncoder:
        """Return the encoder."""
        return EyeMovementEncoder()

    def subscribe_inputs(self) -> None:
        """Subscribe to gaze and to the headset's fit."""
        self._directions: list[tuple[float, ...]] = []
        self._positions: list[tuple[float, ...]] = []
        self._fit = HeadsetStatus.FIT_UNKNOWN
        self.subscribe(GazeSample, _TOPIC, self._on_gaze, stream(200.0))
        self.subscribe(
            HeadsetStatus, 'hmd/headset/status', self._on_status, LATCHED, while_inactive=True)

    def withheld(self) -> str:
        """Nothing is inferred from the eyes of a headset that is not worn."""
        return 'headset not worn' if self._fit == HeadsetStatus.FIT_NOT_WORN else ''

    def flush(self) -> None:
        """Push the samples since the last tick at once: one call a tick, not one a sample."""
        if self._directions:
            t, azimuth, elevation, confidence, openness = np.array(self._directions).T
            self._directions.clear()
            self.encoder.push(t, azimuth, elevation, confidence, openness)
        if self._positions:
            t, x, y, confidence = np.array(self._positions).T
            self._positions.clear()
            self.encoder.push_image_position(t, x, y, confidence)

    def _on_status(self, message: HeadsetStatus) -> None:
        self._fit = message.fit

    def _on_gaze(self, message: GazeSample) -> None:
        stamp_s = self.accept_stamp(_TOPIC, message.header.stamp)
        if stamp_s is None:
            return
        eye = _better_eye(message)
        if math.isfinite(message.azimuth_deg) or math.isfinite(eye.azimuth_deg) or not (
                math.isfinite(eye.pupil_x)):
            combined = math.isfinite(message.azimuth_deg)
            source = message if combined else eye
            if abs(source.azimuth_deg) > 180.0 or abs(source.elevation_deg) > 90.0:
                self.diagnostics.reject(
                    _TOPIC, 'no direction',
                    f'azimuth {source.azimuth_deg:g}, elevation {source.elevation_deg:g}: '
                    'send degrees, NaN where unknown')
                return
            openness = 0.0 if eye.state == EyeState.STATE_CLOSED else eye.openness
            self._directions.append((
                stamp_s, source.azimuth_deg, source.elevation_deg, source.confidence, openness))
        else:
            self._positions.append((stamp_s, eye.pupil_x, eye.pupil_y, eye.confidence))


def _better_eye(message: GazeSample) -> EyeState:
    """Return the eye that the tracker is surer of (left when it does not say)."""
    left, right = message.left.confidence, message.right.confidence
    if math.isfinite(right) and not left >= right:
        return message.right
    return message.left


def main(args=None) -> int:
    """Run the node."""
    return run(EyeMovementNode, args)
