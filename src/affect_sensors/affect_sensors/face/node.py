# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The headset's own face tracker: FaceTracking on hmd/face/tracking."""

import math
from typing import Any

from affect_msgs.msg import FaceTracking
from affect_node import run
from affect_node import stream
from affect_node import to_stamp
from affect_sensors.blendshapes import NAMES
from affect_sensors.sensor_node import SensorNode
from affect_sensors.sources.face_file import open_face_file
from affect_sensors.sources.simulated_rows import SimulatedRows
from affect_sensors.sources.source import Source
import numpy as np

SLACK = 0.02
"""Trackers overshoot a little: such weights are cut to [0, 1], others are not weights."""


class FaceNode(SensorNode):
    """Publishes a message per set of weights."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__('face', sources=('file', 'simulation'), shortest_wait_s=0.015, **kwargs)
        self._rate_hz = self.declare(
            'rate_hz', 30.0, 'Rate of the simulated tracker.', low=1.0, high=120.0)
        self._frame_id = self.declare('frame_id', 'hmd_link', 'Frame of the headset.')
        self._message = FaceTracking()
        self._message.header.frame_id = self.frame(self._frame_id)

    def make_source(self) -> Source:
        """Return a recording or the simulated wearer's face."""
        self._message.eye_look_from_gaze = self.source_kind == 'simulation'
        if self.source_kind == 'file':
            self._message.source = FaceTracking.SOURCE_DEVICE
            return open_face_file(self.path, loop=self.loop)
        self._message.source = FaceTracking.SOURCE_SIMULATION
        wearer, rate_hz = self.make_wearer(), self._rate_hz

        def rows(first: int, last: int) -> list[np.ndarray]:
            return [
                np.append(wearer.face_weights(number / rate_hz, number), (math.nan, math.nan))
                for number in range(first, last)]

        return SimulatedRows(rows, rate_hz, t0_ns=self.t0_ns)

    def advertise_topics(self) -> None:
        """Create the publisher."""
        self._publisher = self.advertise(FaceTracking, 'hmd/face/tracking', stream(30.0))

    def publish_item(self, item: tuple[int, int, np.ndarray]) -> None:
        """Publish one set of weights."""
        stamp_ns, _, row = item
        weights = np.asarray(row[:len(NAMES)], dtype=np.float32)
        wrong = (weights < -SLACK) | (weights > 1.0 + SLACK)
        if wrong.any():
            first = int(np.argmax(wrong))
            self.diagnostics.reject(
                'weights', f'{NAMES[first]} out of range',
                f'{weights[first]:g} is not in [0, 1]; it is published as not observed')
        weights = np.where(wrong, np.float32(np.nan), np.clip(weights, 0.0, 1.0))
        message = self._message
        message.header.stamp = to_stamp(ns=stamp_ns)
        message.weights = weights
        message.observed = np.isfinite(weights).tolist()
        message.upper_confidence, message.lower_confidence = (
            float(v) if 0.0 <= v <= 1.0 else math.nan for v in row[len(NAMES):])
        self._publisher.publish(message)


def main(args: list[str] | None = None) -> int:
    """Run the node."""
    return run(FaceNode, args)


if __name__ == '__main__':
    main()
