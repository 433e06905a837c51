# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The headset's own face tracker: FaceTracking on hmd/face/tracking."""

import array
import math
from typing import Any

from affect_msgs.msg import FaceTracking
from affect_node import run
from affect_node import stream
from affect_node import to_stamp
from affect_sensors.blendshapes import NAMES
from affect_sensors.face_shapes.unified_expressions import UNIFIED_EXPRESSIONS
from affect_sensors.osc.osc_frames import OscFrames
from affect_sensors.osc.osc_parameters import declare_osc
from affect_sensors.osc.vrcft_state import VrcftState
from affect_sensors.sensor_node import SensorNode
from affect_sensors.sources.face_file import open_face_file
from affect_sensors.sources.simulated_rows import SimulatedRows
from affect_sensors.sources.source import Source
import numpy as np

SLACK = 0.02
"""Trackers overshoot a little: such weights are cut to [0, 1], others are not weights."""

_NATIVE = len(NAMES) + 2
"""In a row follow the weights, two confidences, and the device's own shapes, if it has any."""


class FaceNode(SensorNode):
    """Publishes a message per set of weights."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            'face', sources=('file', 'osc', 'simulation'), shortest_wait_s=0.015, **kwargs)
        self._rate_hz = self.declare(
            'rate_hz', 30.0, 'Rate of the simulated tracker; the highest one for osc.',
            low=1.0, high=120.0)
        self._osc = declare_osc(self)
        self._frame_id = self.declare('frame_id', 'hmd_link', 'Frame of the headset.')
        self._message = FaceTracking()
        self._message.header.frame_id = self.frame(self._frame_id)

    def make_source(self) -> Source:
        """Return a recording, what VRCFaceTracking sends, or the simulated wearer's face."""
        self._message.eye_look_from_gaze = self.source_kind in ('osc', 'simulation')
        self._message.native_schema = (
            UNIFIED_EXPRESSIONS.name if self.source_kind == 'osc' else '')
        if self.source_kind == 'file':
            self._message.source = FaceTracking.SOURCE_DEVICE
            recording = open_face_file(self.path, loop=self.loop)
            self._message.native_schema = recording.native_schema
            return recording
        if self.source_kind == 'osc':
            return OscFrames(
                **self._osc, rate_hz=self._rate_hz, report=self.diagnostics.reject,
                make_row=_osc_row)
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
        with np.errstate(over='ignore'):  # what does not fit 32 bits is no weight
            weights = np.asarray(row[:len(NAMES)], dtype=np.float32)
        wrong = (weights < -SLACK) | (weights > 1.0 + SLACK)
        if wrong.any():
            first = int(np.argmax(wrong))
            self.diagnostics.reject(
                'weights', f'{NAMES[first]} out of range',
                f'{weights[first]:g} is not in [0, 1]; it is published as not observed')
        weights = np.where(wrong, np.float32(np.nan), np.clip(weights, 0.0, 1.0))
        message = self._message
        if isinstance(self.source, OscFrames):
            message.source = (
                FaceTracking.SOURCE_SIMULATION if self.source.is_simulation
                else FaceTracking.SOURCE_DEVICE)
        message.header.stamp = to_stamp(ns=stamp_ns)
        message.weights = weights
        message.observed = np.isfinite(weights).tolist()
        message.upper_confidence, message.lower_confidence = (
            float(v) if 0.0 <= v <= 1.0 else math.nan for v in row[len(NAMES):_NATIVE])
        message.native_weights = array.array('f', row[_NATIVE:])
        self._publisher.publish(message)


def _osc_row(state: VrcftState) -> np.ndarray | None:
    """Return weights, unknown confidences and native shapes; None when no weight is known."""
    native = state.shapes()
    weights = UNIFIED_EXPRESSIONS.to_arkit(native)
    if np.isnan(weights).all():
        return None
    return np.concatenate([weights, (math.nan, math.nan), native])


def main(args: list[str] | None = None) -> int:
    """Run the node."""
    return run(FaceNode, args)


if __name__ == '__main__':
    main()
