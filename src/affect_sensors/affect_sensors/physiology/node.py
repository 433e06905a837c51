# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The wrist-band: every channel as PhysioChunk on hmd/physiology/chunk."""

import array
from typing import Any

from affect_msgs.msg import PhysioChunk
from affect_node import run
from affect_node import stream
from affect_node import to_stamp
from affect_sensors.sensor_node import SensorNode
from affect_sensors.sources.lsl_parameters import declare_lsl
from affect_sensors.sources.lsl_physio import LslPhysio
from affect_sensors.sources.physio_file import PhysioFile
from affect_sensors.sources.physio_piece import PhysioPiece
from affect_sensors.sources.simulated_wrist_band import SimulatedWristBand
from affect_sensors.sources.source import Source
import numpy as np

_SITES = ('unknown', 'wrist', 'finger', 'mask', 'forehead', 'ear', 'chest')


class PhysiologyNode(SensorNode):
    """Publishes a quarter of a second of each channel at a time."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            'physiology', sources=('file', 'lsl', 'simulation'), shortest_wait_s=0.05,
            stale_after_s=0.75, **kwargs)
        self._lsl = declare_lsl(self)
        site = self.declare('site', 'wrist', 'Where on the body.', choices=_SITES)
        self._site = getattr(PhysioChunk, f'SITE_{site.upper()}')
        self._frame_id = self.declare('frame_id', 'wrist_frame', 'Frame of the sensor.')

    def make_source(self) -> Source:
        """Return a recording, streams of LSL or the simulated wearer's wrist."""
        if self.source_kind == 'file':
            return PhysioFile(self.path, loop=self.loop)
        if self.source_kind == 'lsl':
            return LslPhysio(**self._lsl)
        return SimulatedWristBand(self.make_wearer(), t0_ns=self.t0_ns)

    def advertise_topics(self) -> None:
        """Create the publisher."""
        self._publisher = self.advertise(PhysioChunk, 'hmd/physiology/chunk', stream(30.0))

    def publish_item(self, item: PhysioPiece) -> None:
        """Publish a piece of one channel."""
        with np.errstate(over='ignore'):  # what does not fit 32 bits is infinite in them
            samples = np.asarray(item.samples, dtype=np.float32)
        if np.isinf(samples).any():
            self.diagnostics.reject(
                'samples', f'{item.channel} is not finite', 'published as NaN (unknown)')
            samples = np.where(np.isinf(samples), np.float32('nan'), samples)
        message = PhysioChunk(
            channel=getattr(PhysioChunk, f'CHANNEL_{item.channel.upper()}'), site=self._site,
            sample_rate_hz=float(item.sample_rate_hz), first_sample=item.first_sample,
            contact_quality=float('nan'), samples=array.array('f', samples.tobytes()))
        message.header.stamp = to_stamp(ns=item.stamp_ns)
        message.header.frame_id = self.frame(self._frame_id)
        self._publisher.publish(message)


def main(args: list[str] | None = None) -> int:
    """Run the node."""
    return run(PhysiologyNode, args)


if __name__ == '__main__':
    main()
