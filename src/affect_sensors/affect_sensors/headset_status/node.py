# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Fit and eye calibration of the headset: HeadsetStatus on hmd/headset/status, latched."""

import math
from typing import Any

from affect_msgs.msg import HeadsetStatus
from affect_node import LATCHED
from affect_node import run
from affect_node import to_stamp
from affect_sensors.sensor_node import SensorNode
from affect_sensors.sources.headset_file import CALIBRATIONS
from affect_sensors.sources.headset_file import FITS
from affect_sensors.sources.headset_file import open_headset_file
from affect_sensors.sources.source import Source
from affect_sensors.sources.source import SourceError
from affect_sensors.sources.timed_rows import TimedRows
import numpy as np


class HeadsetStatusNode(SensorNode):
    """Publishes the status once and at every change."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            'headset_status', sources=('device', 'file', 'simulation'), shortest_wait_s=0.1,
            watch_silence=False, **kwargs)
        self._fit = self.declare(
            'fit', 'good', 'Fit of the simulated headset.', choices=FITS)
        self._calibration = self.declare(
            'eye_calibration', 'fine', 'Eye calibration of the simulated headset.',
            choices=CALIBRATIONS)
        self._frame_id = self.declare('frame_id', 'hmd_link', 'Frame of the headset.')
        self._status: HeadsetStatus | None = None

    def make_source(self) -> Source:
        """Return a recording or what the parameters say."""
        self._status = None
        if self.source_kind == 'device':
            raise SourceError(
                "parameter 'source': no headset tells this computer its fit by itself; let its "
                'app send it to the node headset_receiver (doc/headset_wire_format.md), which '
                'publishes it in place of this node, or set source:=file')
        if self.source_kind == 'file':
            return open_headset_file(self.path, loop=self.loop)
        row = (FITS.index(self._fit), CALIBRATIONS.index(self._calibration))
        return TimedRows(np.zeros(1), [row], loop=False)

    def advertise_topics(self) -> None:
        """Create the publisher."""
        self._publisher = self.advertise(HeadsetStatus, 'hmd/headset/status', LATCHED)

    def publish_item(self, item: tuple[int, int, tuple[int, int]]) -> None:
        """Publish a status that differs from the last one."""
        stamp_ns, _, (fit, calibration) = item
        before, stamp = self._status, to_stamp(ns=stamp_ns)
        if before is not None and (before.fit, before.eye_calibration) == (fit, calibration):
            return
        message = HeadsetStatus(
            fit=fit, eye_calibration=calibration, interpupillary_distance_mm=math.nan,
            battery_fraction=math.nan, device=self.source_kind)
        message.header.stamp = stamp
        message.header.frame_id = self.frame(self._frame_id)
        message.fit_changed = (
            before.fit_changed if before is not None and before.fit == fit else stamp)
        message.eye_calibration_changed = (
            before.eye_calibration_changed
            if before is not None and before.eye_calibration == calibration else stamp)
        self._status = message
        self._publisher.publish(message)


def main(args: list[str] | None = None) -> int:
    """Run the node."""
    return run(HeadsetStatusNode, args)


if __name__ == '__main__':
    main()
