# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The headset's own eye tracker: GazeSample on hmd/gaze/sample."""

from collections.abc import Sequence
import math
from typing import Any

from affect_msgs.msg import EyeState
from affect_msgs.msg import GazeSample
from affect_node import run
from affect_node import stream
from affect_node import to_stamp
from affect_sensors.osc.osc_frames import OscFrames
from affect_sensors.osc.osc_gaze import osc_gaze_row
from affect_sensors.osc.osc_parameters import declare_osc
from affect_sensors.sensor_node import SensorNode
from affect_sensors.sources.gaze_file import open_gaze_file
from affect_sensors.sources.gaze_row import BOTH_FIELDS
from affect_sensors.sources.gaze_row import CLOSED_BELOW
from affect_sensors.sources.gaze_row import EYE_FIELDS
from affect_sensors.sources.gaze_row import within_limits
from affect_sensors.sources.lsl_gaze import AXES
from affect_sensors.sources.lsl_gaze import LslGaze
from affect_sensors.sources.lsl_parameters import declare_lsl
from affect_sensors.sources.simulated_gaze import simulated_gaze
from affect_sensors.sources.source import Source
import numpy as np


class GazeNode(SensorNode):
    """Publishes a message per gaze sample."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            'gaze', sources=('file', 'lsl', 'osc', 'simulation'), shortest_wait_s=0.015, **kwargs)
        self._rate_hz = self.declare(
            'rate_hz', 200.0, 'Rate of a file that has no times; the highest one for osc.',
            low=1.0, high=2000.0)
        self._eye = self.declare(
            'eye', 'left', 'Which eye a file of one eye is of.', choices=('left', 'right'))
        self._osc = declare_osc(self)
        self._lsl = declare_lsl(self)
        self._lsl['axes'] = self.declare(
            'lsl_axes', 'optical', 'Axes of directions for source:=lsl: optical (x right, y down, '
            'z forward), openxr (y up, z backward), unity (y up, z forward), ros.', choices=AXES)
        for name in ('width_deg', 'height_deg'):
            self._lsl[name] = self.declare(
                f'lsl_{name}', 0.0, 'Field of view of the screen or scene image that points of '
                'gaze are on, for source:=lsl; 0: such points are not used.', low=0.0, high=170.0)
        self._frame_id = self.declare('frame_id', 'hmd_link', 'Frame of the directions.')
        self._message = GazeSample(device_delay_s=math.nan)
        self._message.header.frame_id = self.frame(self._frame_id)
        for eye in (self._message.left, self._message.right):
            eye.origin.x = eye.origin.y = eye.origin.z = math.nan

    def make_source(self) -> Source:
        """Return a recording, what arrives by LSL or OSC, or the simulated wearer's eyes."""
        if self.source_kind == 'file':
            self._message.source = GazeSample.SOURCE_DEVICE
            return open_gaze_file(
                self.path, loop=self.loop, rate_hz=self._rate_hz, eye=self._eye)
        if self.source_kind == 'lsl':
            self._message.source = GazeSample.SOURCE_DEVICE
            return LslGaze(**self._lsl)
        if self.source_kind == 'osc':
            return OscFrames(
                **self._osc, rate_hz=self._rate_hz, report=self.diagnostics.reject,
                make_row=osc_gaze_row)
        self._message.source = GazeSample.SOURCE_SIMULATION
        return simulated_gaze(self.make_wearer(), t0_ns=self.t0_ns)

    def advertise_topics(self) -> None:
        """Create the publisher."""
        self._publisher = self.advertise(GazeSample, 'hmd/gaze/sample', stream(120.0))

    def publish_item(self, item: tuple[int, int, np.void]) -> None:
        """Publish one sample."""
        stamp_ns, number, row = item
        values = within_limits(row.item(), self.diagnostics.reject)
        message = self._message
        if isinstance(self.source, OscFrames):
            message.source = (
                GazeSample.SOURCE_SIMULATION if self.source.is_simulation
                else GazeSample.SOURCE_DEVICE)
        message.header.stamp = to_stamp(ns=stamp_ns)
        message.sequence = number % 2**32
        both, one = len(BOTH_FIELDS), len(EYE_FIELDS)
        for name, value in zip(BOTH_FIELDS, values[:both], strict=True):
            setattr(message, name, value)
        _fill(message.left, values[both:both + one])
        _fill(message.right, values[both + one:])
        self._publisher.publish(message)


def _fill(eye: EyeState, values: Sequence[float]) -> None:
    for name, value in zip(EYE_FIELDS, values, strict=True):
        setattr(eye, name, value)
    if eye.openness < CLOSED_BELOW:
        eye.state = EyeState.STATE_CLOSED
    elif math.isnan(eye.azimuth_deg) and math.isnan(eye.pupil_x):
        eye.state = EyeState.STATE_UNKNOWN
    else:
        eye.state = EyeState.STATE_OPEN


def main(args: list[str] | None = None) -> int:
    """Run the node."""
    return run(GazeNode, args)


if __name__ == '__main__':
    main()
