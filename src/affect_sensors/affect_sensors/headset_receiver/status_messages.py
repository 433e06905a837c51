# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Fit and calibration as messages, one for every change."""

from collections.abc import Callable
import math

from affect_msgs.msg import HeadsetStatus
from affect_node import stamp_ns
from affect_node import to_stamp
from affect_sensors.headset_link.records import Status
from affect_sensors.headset_receiver.messages import Complain
from affect_sensors.headset_receiver.messages import fill_status


class StatusMessages:
    """Remembers what was said last, and since when it is so."""

    def __init__(self, frame_id: str, complain: Complain) -> None:
        self._frame_id = frame_id
        self._complain = complain
        self.forget()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was said yet."""
        return self._before is None

    def forget(self) -> None:
        """Begin anew."""
        self._before: HeadsetStatus | None = None
        self._device_ns: dict[str, int] = {}

    def next(
        self, stamp_ns: int, record: Status, device: str, device_stamp_ns: Callable[[int], int],
    ) -> HeadsetStatus | None:
        """
        Return the message of a status, or None when it says nothing new.

        ``device_stamp_ns`` gives the node's time of a time of the device.
        """
        before, stamp = self._before, to_stamp(ns=stamp_ns)
        message = HeadsetStatus()
        message.header.stamp = stamp
        message.header.frame_id = self._frame_id
        fill_status(message, record, device, self._complain)
        for changed, value, device_ns in (
                ('fit_changed', 'fit', record.fit_changed_ns),
                ('eye_calibration_changed', 'eye_calibration',
                 record.eye_calibration_changed_ns)):
            when = stamp
            holds = before is not None and getattr(before, value) == getattr(message, value)
            # By the device's own number: on the host's clock the same time comes out anew.
            is_told_again = holds and device_ns == self._device_ns.get(changed)
            if device_ns is not None and not is_told_again:
                # A time that no clock shows (before 1970, far away) is none.
                when = to_stamp(s=device_stamp_ns(device_ns) * 1e-9)
                self._device_ns[changed] = device_ns
            elif holds:
                when = getattr(before, changed)
            setattr(message, changed, when)
        if before is not None and _says(before) == _says(message):
            return None
        self._before = message
        return message


def _says(message: HeadsetStatus) -> tuple:
    """Return what makes a status another one."""
    return (
        message.fit, message.eye_calibration, message.device,
        # Off and on again between two of them: it may be on somebody else.
        stamp_ns(message.fit_changed), stamp_ns(message.eye_calibration_changed),
        _whole(message.interpupillary_distance_mm), _whole(100.0 * message.battery_fraction))


def _whole(value: float) -> int | None:
    return None if math.isnan(value) else round(value)
