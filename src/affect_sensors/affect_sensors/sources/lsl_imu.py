# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Inertial measurements from the Lab Streaming Layer."""

from collections import deque
from collections.abc import Mapping
import re
from typing import Any
from typing import ClassVar

from affect_sensors.sources.imu_file import COLUMNS
from affect_sensors.sources.lsl_source import LslSource
from affect_sensors.sources.lsl_stream import LslStream
import numpy as np

_GYRO = COLUMNS[:3]
_ACCEL = COLUMNS[3:]
_WAIT_NS = 100_000_000
"""How long a turning rate waits for the acceleration of its time."""
_HOLD_NS = 200_000_000
"""How old an acceleration may be that is taken for that of now."""
_GYRO_WORDS = ('gyr', 'angularvelocity', 'angvel', 'omega')
_ACCEL_WORDS = ('acc', 'specificforce')
_KEPT = 2000


class LslImu(LslSource):
    """
    Gives ``(stamp_ns, number, row)``, rows float64 [6] as of an IMU file.

    Many devices send acceleration and turning rate as two streams (Muse: ACC and GYRO), whose
    samples are not of the same instants: then a row is of a turning rate, with the acceleration
    between its neighbours in time. What a device does not measure is NaN. Axes are the device's.
    """

    KINDS = ('acc', 'accelerometer', 'accel', 'gyro', 'gyroscope', 'gyr', 'imu', 'accgyro',
             'acc_gyro', 'inertial')
    WHAT = 'an inertial unit'
    FIELDS: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(_GYRO, 'rad/s'), **dict.fromkeys(_ACCEL, 'm/s2')}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._number = 0
        self.forget()

    @property
    def promised_hz(self) -> float | None:
        """Rate of the turning rate, or of what there is."""
        for fields in (_GYRO, _ACCEL):
            for stream in self._streams.streams:
                if any(field in fields for _, field, _ in self._plan(stream)):
                    return stream.rate_hz or None
        return None

    def forget(self) -> None:
        """Begin anew."""
        self._rates: deque[tuple[int, np.ndarray]] = deque(maxlen=_KEPT)
        self._forces: deque[tuple[int, np.ndarray]] = deque(maxlen=_KEPT)

    def guess(self, stream: LslStream, position: int) -> str:
        """Return which field a channel is, by its label, else by its stream's type or name."""
        channel = stream.channels[position]
        label = re.sub(r'[^a-z]', '', channel.label.casefold())
        found = re.search(r'([xyz])$|^([xyz])', label)
        if found is None:
            return ''
        axis = found[1] or found[2]
        for text in (label, channel.kind.casefold(), stream.kind.casefold(),
                     stream.name.casefold()):
            is_gyro = any(word in text for word in _GYRO_WORDS)
            is_accel = any(word in text for word in _ACCEL_WORDS)
            if is_gyro != is_accel:
                return f'gyro_{axis}_rad_s' if is_gyro else f'accel_{axis}_m_s2'
        return ''

    def take(
        self, stream: LslStream, stamps_ns: np.ndarray, fields: dict[str, np.ndarray],
    ) -> list[tuple[int, int, np.ndarray]]:
        """Return the rows that samples of a stream make or complete."""
        rows = np.stack([
            fields.get(name, np.full(len(stamps_ns), np.nan)) for name in COLUMNS], axis=-1)
        has_rate = any(name in fields for name in _GYRO)
        has_force = any(name in fields for name in _ACCEL)
        if has_rate and has_force:
            return self._numbered(list(zip(stamps_ns.tolist(), rows, strict=True)))
        if has_force and not self._rate_stream():
            return self._numbered(list(zip(stamps_ns.tolist(), rows, strict=True)))
        waiting = self._rates if has_rate else self._forces
        waiting.extend(zip(stamps_ns.tolist(), rows, strict=True))
        return self._numbered(self._matched())

    def _rate_stream(self) -> bool:
        return any(
            field in _GYRO for stream in self._streams.streams
            for _, field, _ in self._plan(stream))

    def _matched(self) -> list[tuple[int, np.ndarray]]:
        """Return the turning rates whose acceleration is known, or will not come any more."""
        found = []
        newest_ns = max(
            series[-1][0] for series in (self._rates, self._forces) if series)
        while self._rates:
            stamp_ns, row = self._rates[0]
            is_answered = self._forces and self._forces[-1][0] >= stamp_ns
            if not is_answered and newest_ns - stamp_ns < _WAIT_NS:
                break
            self._rates.popleft()
            row[3:] = self._force_at(stamp_ns)
            found.append((stamp_ns, row))
        return found

    def _force_at(self, stamp_ns: int) -> np.ndarray:
        """Return the acceleration at a time, between its neighbours; NaN when there is none."""
        forces = self._forces
        while len(forces) > 1 and forces[1][0] <= stamp_ns:
            forces.popleft()
        if not forces:
            return np.full(3, np.nan)
        before_ns, before = forces[0]
        if len(forces) > 1 and before_ns <= stamp_ns and forces[1][0] - before_ns <= _HOLD_NS:
            after_ns, after = forces[1]
            share = (stamp_ns - before_ns) / (after_ns - before_ns)
            return (1.0 - share) * before[3:] + share * after[3:]
        return before[3:] if abs(stamp_ns - before_ns) <= _HOLD_NS else np.full(3, np.nan)

    def _numbered(
        self, rows: list[tuple[int, np.ndarray]],
    ) -> list[tuple[int, int, np.ndarray]]:
        items = [(stamp_ns, self._number + i, row) for i, (stamp_ns, row) in enumerate(rows)]
        self._number += len(items)
        return items
