# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The microphone: sound as AudioChunk on hmd/microphone/audio."""

import array
from typing import Any

from affect_msgs.msg import AudioChunk
from affect_node import run
from affect_node import stream
from affect_node import to_stamp
from affect_sensors.microphone.level_watch import LevelWatch
from affect_sensors.sensor_node import SensorNode
from affect_sensors.sources.audio_device import AudioDevice
from affect_sensors.sources.audio_file import AudioFile
from affect_sensors.sources.audio_piece import AudioPiece
from affect_sensors.sources.simulated_microphone import SimulatedMicrophone
from affect_sensors.sources.source import Source
from diagnostic_msgs.msg import DiagnosticStatus
import numpy as np


class MicrophoneNode(SensorNode):
    """Publishes gap-free chunks of sound, stamped by their sample count."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            'microphone', sources=('device', 'file', 'simulation'), shortest_wait_s=0.005,
            **kwargs)
        self._chunk_s = self.declare(
            'chunk_s', 0.04, 'Length of a chunk, seconds.', low=0.02, high=0.05)
        self._mono = self.declare('mono', True, 'Mix the channels to one.')
        self._device = self.declare(
            'device', '', 'PortAudio device for source:=device, its index or a part of its name '
            "('python3 -m sounddevice' lists them); empty: the system's default.")
        self._rate_hz = self.declare(
            'sample_rate_hz', 16000, 'Rate to ask a device for; a file has its own.',
            low=8000, high=192000)
        self._channels = self.declare(
            'channels', 1, 'Channels to ask a device for.', low=1, high=8)
        self._frame_id = self.declare('frame_id', 'microphone_frame', 'Frame of the microphone.')

    def make_source(self) -> Source:
        """Return a device, a file or the simulated wearer's voice."""
        self._level = self._make_level_watch()
        self._overruns = 0
        if self.source_kind == 'device':
            return AudioDevice(
                self._device, rate_hz=self._rate_hz, channels=self._channels,
                chunk_s=self._chunk_s, mono=self._mono)
        if self.source_kind == 'file':
            return AudioFile(self.path, chunk_s=self._chunk_s, loop=self.loop, mono=self._mono)
        return SimulatedMicrophone(self.make_wearer(), t0_ns=self.t0_ns, chunk_s=self._chunk_s)

    def advertise_topics(self) -> None:
        """Create the publisher."""
        self._publisher = self.advertise(
            AudioChunk, 'hmd/microphone/audio', stream(1.0 / self._chunk_s))

    def fell_silent(self) -> None:
        """Say nothing more of sound that does not come."""
        self._level = self._make_level_watch()
        self.diagnostics.set('level', DiagnosticStatus.OK, '')

    def samples_in(self, item: AudioPiece) -> int:
        """Return the samples of a chunk: the rate is one of samples."""
        return len(item.samples)

    def publish_item(self, item: AudioPiece) -> None:
        """Publish one chunk."""
        samples = np.ascontiguousarray(item.samples, np.float32)
        if not np.isfinite(samples).all():
            self.diagnostics.reject(
                'samples', 'some are not finite', 'they are published as NaN (unknown)')
            samples = np.where(np.isfinite(samples), samples, np.float32('nan'))
        elif self._level.listen(samples, item.sample_rate_hz):
            complaint = self._level.complaint
            self.diagnostics.set(
                'level', DiagnosticStatus.WARN if complaint else DiagnosticStatus.OK, complaint)
        if item.overruns > self._overruns:
            self.diagnostics.reject(
                'device', 'overrun: it lost sound', 'this computer is too busy, or the bus is')
        self._overruns = item.overruns
        self.diagnostics.values['overruns'] = str(item.overruns)
        message = AudioChunk(
            sample_rate_hz=item.sample_rate_hz, first_sample=item.first_sample,
            channels=item.samples.shape[1], overruns=item.overruns,
            samples=array.array('f', samples.tobytes()))
        message.header.stamp = to_stamp(ns=item.stamp_ns)
        message.header.frame_id = self.frame(self._frame_id)
        self._publisher.publish(message)

    def _make_level_watch(self) -> LevelWatch:
        return LevelWatch(may_be_silent=self.source_kind != 'device')


def main(args: list[str] | None = None) -> int:
    """Run the node."""
    return run(MicrophoneNode, args)


if __name__ == '__main__':
    main()
