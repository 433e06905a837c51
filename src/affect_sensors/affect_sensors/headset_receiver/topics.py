# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What a headset may publish: the same topics and QoS as the sensor nodes that it stands for."""

from affect_msgs.msg import FaceTracking
from affect_msgs.msg import GazeSample
from affect_msgs.msg import HeadsetStatus
from affect_node import LATCHED
from affect_node import stream
from affect_sensors.sources.source import SourceError
from sensor_msgs.msg import Imu

TOPICS = {
    'gaze': (GazeSample, 'hmd/gaze/sample', stream(120.0)),
    'face': (FaceTracking, 'hmd/face/tracking', stream(30.0)),
    'imu': (Imu, 'hmd/imu/data', stream(200.0)),
    'status': (HeadsetStatus, 'hmd/headset/status', LATCHED)}


def parse_topics(text: str) -> tuple[str, ...]:
    """Return the names in 'gaze, imu'; raise SourceError when there is none or an unknown one."""
    names = tuple(word.strip() for word in text.split(',') if word.strip())
    if not names or set(names) - set(TOPICS):
        raise SourceError(
            f"parameter 'publish': '{text}' should name some of {', '.join(TOPICS)}")
    return names
