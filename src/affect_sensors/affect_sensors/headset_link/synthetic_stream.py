# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A headset that nobody wears: smooth gaze, a blinking eye; nothing but the standard library."""

import math

from affect_sensors.headset_link.records import DeviceName
from affect_sensors.headset_link.records import Eye
from affect_sensors.headset_link.records import Gaze
from affect_sensors.headset_link.records import Inertial
from affect_sensors.headset_link.records import LID_CLOSED
from affect_sensors.headset_link.records import LID_OPEN
from affect_sensors.headset_link.records import Record
from affect_sensors.headset_link.records import Status

RATE_HZ = 60
NAME = 'synthetic'
_GRAVITY_M_S2 = 9.80665


def synthetic_records(number: int, time_ns: int) -> list[Record]:
    """Return what is sent in tick ``number`` of RATE_HZ."""
    t_s = number / RATE_HZ
    azimuth, elevation = 0.2 * math.sin(2.0 * t_s), 0.1 * math.sin(1.3 * t_s)
    direction = (
        -math.sin(azimuth) * math.cos(elevation), math.sin(elevation),
        -math.cos(azimuth) * math.cos(elevation))
    is_shut = t_s % 4.0 < 0.15
    eye = Eye(LID_CLOSED, openness=0.0, confidence=0.0) if is_shut else Eye(
        LID_OPEN, direction=direction, pupil_diameter_mm=3.5 + 0.5 * math.sin(0.5 * t_s),
        openness=1.0, confidence=1.0)
    records: list[Record] = [
        Gaze(time_ns, number % 2**32, eye, eye),
        Inertial(time_ns, (0.0, 0.0, 0.0), (0.0, _GRAVITY_M_S2, 0.0))]
    if number % RATE_HZ == 0:
        records += [DeviceName(NAME), Status(time_ns)]
    return records
