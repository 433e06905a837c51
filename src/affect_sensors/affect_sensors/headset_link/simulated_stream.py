# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The simulated wearer as a headset's app would send it."""

import math
from typing import Any

from affect_sensors.headset_link.axes import from_rep103
from affect_sensors.headset_link.records import CALIBRATION_FINE
from affect_sensors.headset_link.records import DeviceName
from affect_sensors.headset_link.records import Eye
from affect_sensors.headset_link.records import Face
from affect_sensors.headset_link.records import FACE_VISUAL
from affect_sensors.headset_link.records import FIT_GOOD
from affect_sensors.headset_link.records import Gaze
from affect_sensors.headset_link.records import Inertial
from affect_sensors.headset_link.records import LID_CLOSED
from affect_sensors.headset_link.records import LID_OPEN
from affect_sensors.headset_link.records import Record
from affect_sensors.headset_link.records import SHAPE_SET_IDS
from affect_sensors.headset_link.records import Status
from affect_sensors.simulation import eyes
from affect_sensors.simulation import head
from affect_sensors.simulation.wearer import shared_wearer
from affect_sensors.sources.simulated_gaze import report
import numpy as np

FACE_HZ = 30
STATUS_HZ = 1
NAME = 'simulated wearer'
_DELAY_NS = 20_000_000


class SimulatedStream:
    """
    Gives the records that are complete by a time of the wearer: 120 Hz gaze, 30 Hz face, ...

    A sample is there 20 ms after it was taken (15 to 52 ms on today's headsets).
    """

    def __init__(self, seed: int, script: str, start_s: float) -> None:
        self._wearer = shared_wearer(seed, script)
        self._next = {
            rate_hz: math.ceil(start_s * rate_hz)
            for rate_hz in (eyes.RATE_HZ, head.RATE_HZ, FACE_HZ, STATUS_HZ)}

    def records(self, until_s: float, ahead_ns: int) -> list[Record]:
        """Return records up to a time; the device's clock is the wearer's plus ``ahead_ns``."""
        found: list[Record] = []
        for number in self._take(STATUS_HZ, until_s):
            found += [DeviceName(NAME), Status(
                _ns(number, STATUS_HZ) + ahead_ns, FIT_GOOD, CALIBRATION_FINE,
                1e3 * eyes.INTERPUPILLARY_M)]
        numbers = self._take(eyes.RATE_HZ, until_s)
        if numbers:
            rows = report(self._wearer.eyes.samples(numbers[0], numbers[-1] + 1))
            found += [
                _gaze(row, number, _ns(number, eyes.RATE_HZ) + ahead_ns)
                for number, row in zip(numbers, rows, strict=True)]
        for number in self._take(FACE_HZ, until_s):
            weights = self._wearer.face_weights(number / FACE_HZ, number)
            found.append(Face(
                _ns(number, FACE_HZ) + ahead_ns, SHAPE_SET_IDS['ARKit'], tuple(weights.tolist()),
                FACE_VISUAL, True))
        numbers = self._take(head.RATE_HZ, until_s)
        if numbers:
            rows = self._wearer.head.samples(numbers[0], numbers[-1] + 1)
            found += [
                Inertial(
                    _ns(number, head.RATE_HZ) + ahead_ns, from_rep103(row[:3].tolist()),
                    from_rep103(row[3:].tolist()))
                for number, row in zip(numbers, rows, strict=True)]
        return found

    def _take(self, rate_hz: int, until_s: float) -> range:
        first = self._next[rate_hz]
        self._next[rate_hz] = max(first, math.floor((until_s - _DELAY_NS * 1e-9) * rate_hz) + 1)
        return range(first, self._next[rate_hz])


def _gaze(row: np.void, number: int, time_ns: int) -> Gaze:
    return Gaze(
        time_ns, number % 2**32, _eye(row, 'left'), _eye(row, 'right'), _direction(row, ''),
        float(row['vergence_distance_m']), float(row['confidence']), _DELAY_NS * 1e-9)


def _eye(row: np.void, side: str) -> Eye:
    known: dict[str, Any] = {
        name: float(row[f'{side}_{name}'])
        for name in ('pupil_diameter_mm', 'openness', 'squint', 'widening', 'confidence')}
    return Eye(
        LID_CLOSED if known['openness'] < eyes.CLOSED_BELOW else LID_OPEN,
        direction=_direction(row, side + '_'), **known)


def _direction(row: np.void, prefix: str) -> tuple[float, float, float]:
    azimuth = math.radians(row[prefix + 'azimuth_deg'])
    elevation = math.radians(row[prefix + 'elevation_deg'])
    return from_rep103((
        math.cos(elevation) * math.cos(azimuth), math.cos(elevation) * math.sin(azimuth),
        math.sin(elevation)))


def _ns(number: int, rate_hz: int) -> int:
    return number * 1_000_000_000 // rate_hz
