# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Quality of service by kind of topic (DESIGN, "Interfaces")."""

import math

from rclpy.qos import DurabilityPolicy
from rclpy.qos import HistoryPolicy
from rclpy.qos import QoSProfile
from rclpy.qos import ReliabilityPolicy

VIDEO = QoSProfile(
    depth=2, history=HistoryPolicy.KEEP_LAST, reliability=ReliabilityPolicy.BEST_EFFORT)
"""Images and clouds: a late frame is worth less than the next one."""

STATE = QoSProfile(
    depth=10, history=HistoryPolicy.KEEP_LAST, reliability=ReliabilityPolicy.RELIABLE)
"""Embeddings and states."""

LATCHED = QoSProfile(
    depth=1, history=HistoryPolicy.KEEP_LAST, reliability=ReliabilityPolicy.RELIABLE,
    durability=DurabilityPolicy.TRANSIENT_LOCAL)
"""Info, purpose and alarms: whoever comes late gets the last one."""


def stream(rate_hz: float) -> QoSProfile:
    """Return the profile of a sample stream of ``rate_hz`` messages a second: two seconds deep."""
    return QoSProfile(
        depth=max(10, math.ceil(2.0 * rate_hz)), history=HistoryPolicy.KEEP_LAST,
        reliability=ReliabilityPolicy.RELIABLE)
