# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Inertial messages as rows, for the encoders that need to know how the head turned."""

from typing import Any

from affect_encoders.head_motion.encoder import LIMITS
from affect_node import AffectNode
from affect_node import stream
import numpy as np
from sensor_msgs.msg import Imu

TOPIC = 'hmd/imu/data'
_MOST = np.array([high for _, high in LIMITS])
_UNKNOWN = (float('nan'),) * 3


class ImuInput:
    """Gathers `hmd/imu/data` between ticks: one array a tick, not one a sample."""

    def __init__(self, node: AffectNode) -> None:
        self._node = node
        self._samples: list[tuple[float, ...]] = []
        node.subscribe(Imu, TOPIC, self._on_imu, stream(200.0))

    def take(self) -> tuple[np.ndarray, np.ndarray] | None:
        """Return stamps [N] and rows [N, 6] (rad/s, m/s^2) since the last call; None for none."""
        if not self._samples:
            return None
        samples = np.array(self._samples)
        self._samples.clear()
        diagnostics = self._node.diagnostics
        if np.any(np.abs(samples[:, 1:]) > _MOST):
            diagnostics.reject(
                TOPIC, 'rates or accelerations that no head survives',
                'send rad/s and m/s^2, covariance[0] = -1 for what is not measured')
        if unknown := int(np.isnan(samples[:, 1:]).any(axis=1).sum()):
            diagnostics.count('samples not wholly known', unknown)
        return samples[:, 0], samples[:, 1:]

    def _on_imu(self, message: Any) -> None:
        stamp_s = self._node.accept_stamp(TOPIC, message.header.stamp)
        if stamp_s is None:
            return
        # sensor_msgs/Imu: a first covariance element of -1 says "not measured".
        w, a = message.angular_velocity, message.linear_acceleration
        turn = _UNKNOWN if message.angular_velocity_covariance[0] == -1.0 else (w.x, w.y, w.z)
        push = _UNKNOWN if message.linear_acceleration_covariance[0] == -1.0 else (a.x, a.y, a.z)
        self._samples.append((stamp_s, *turn, *push))
