# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The head motion encoder as a ROS node."""

from affect_encoders.encoder_node import EncoderNode
from affect_encoders.head_motion import HeadMotionEncoder
from affect_encoders.head_motion.encoder import LIMITS
from affect_node import run
from affect_node import stream
import numpy as np
from sensor_msgs.msg import Imu

_TOPIC = 'hmd/imu/data'
_MOST = np.array([high for _, high in LIMITS])


class HeadMotionNode(EncoderNode):
    """`hmd/imu/data` in, `affect/head_motion/...` out."""

    modality = 'head_motion'

    def make_encoder(self) -> HeadMotionEncoder:
        """Return the encoder."""
        return HeadMotionEncoder()

    def subscribe_inputs(self) -> None:
        """Subscribe to the inertial measurement unit."""
        self._samples: list[tuple[float, ...]] = []
        self.subscribe(Imu, _TOPIC, self._on_imu, stream(200.0))

    def flush(self) -> None:
        """Push the samples since the last tick at once: one call a tick, not one a sample."""
        if self._samples:
            samples = np.array(self._samples)
            self._samples.clear()
            if np.any(np.abs(samples[:, 1:]) > _MOST):
                self.diagnostics.reject(
                    _TOPIC, 'rates or accelerations that no head survives',
                    'send rad/s and m/s^2, covariance[0] = -1 for what is not measured')
            if unknown := int(np.isnan(samples[:, 1:]).any(axis=1).sum()):
                self.diagnostics.count('samples not wholly known', unknown)
            self.encoder.push(samples[:, 0], samples[:, 1:4], samples[:, 4:7])

    def _on_imu(self, message: Imu) -> None:
        stamp_s = self.accept_stamp(_TOPIC, message.header.stamp)
        if stamp_s is None:
            return
        # sensor_msgs/Imu: a first covariance element of -1 says "not measured".
        nan = float('nan')
        w, a = message.angular_velocity, message.linear_acceleration
        turn = (w.x, w.y, w.z)
        if message.angular_velocity_covariance[0] == -1.0:
            turn = (nan, nan, nan)
        push = (a.x, a.y, a.z)
        if message.linear_acceleration_covariance[0] == -1.0:
            push = (nan, nan, nan)
        self._samples.append((stamp_s, *turn, *push))


def main(args=None) -> int:
    """Run the node."""
    return run(HeadMotionNode, args)
