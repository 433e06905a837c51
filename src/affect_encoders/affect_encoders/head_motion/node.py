# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The head motion encoder as a ROS node."""

from affect_encoders.encoder_node import EncoderNode
from affect_encoders.head_motion import HeadMotionEncoder
from affect_encoders.imu_input import ImuInput
from affect_node import run


class HeadMotionNode(EncoderNode):
    """`hmd/imu/data` in, `affect/head_motion/...` out."""

    modality = 'head_motion'

    def make_encoder(self) -> HeadMotionEncoder:
        """Return the encoder."""
        return HeadMotionEncoder()

    def subscribe_inputs(self) -> None:
        """Subscribe to the inertial measurement unit."""
        self._imu = ImuInput(self)

    def flush(self) -> None:
        """Push the samples since the last tick at once: one call a tick, not one a sample."""
        samples = self._imu.take()
        if samples is not None:
            t_s, rows = samples
            self.encoder.push(t_s, rows[:, :3], rows[:, 3:])


def main(args=None) -> int:
    """Run the node."""
    return run(HeadMotionNode, args)
