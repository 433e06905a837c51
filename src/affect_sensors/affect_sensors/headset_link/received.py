# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A record of a headset, with its time."""

from dataclasses import dataclass

from affect_sensors.headset_link.records import Face
from affect_sensors.headset_link.records import Gaze
from affect_sensors.headset_link.records import HeadPose
from affect_sensors.headset_link.records import Inertial
from affect_sensors.headset_link.records import Status


@dataclass(frozen=True, slots=True)
class Received:
    """
    What was sensed and when, in steady nanoseconds of the host.

    ``is_new_order``: another session or another clock; nothing is before or after this.
    """

    host_ns: int
    record: Gaze | Face | HeadPose | Inertial | Status
    is_simulation: bool
    is_new_order: bool
