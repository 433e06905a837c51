# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The physiology encoder as a ROS node."""

import math

from affect_encoders.encoder_node import EncoderNode
from affect_encoders.physiology import PhysiologyEncoder
from affect_encoders.physiology.encoder import CHANNELS as LIMITS
from affect_msgs.msg import PhysioChunk
from affect_node import run
from affect_node import stream
import numpy as np

_TOPIC = 'hmd/physiology/chunk'
_MOST_SAMPLES = 100_000

_CHANNELS = {
    PhysioChunk.CHANNEL_BVP: 'bvp',
    PhysioChunk.CHANNEL_EDA: 'eda',
    PhysioChunk.CHANNEL_SKIN_TEMPERATURE: 'skin_temperature',
    PhysioChunk.CHANNEL_RESPIRATION: 'respiration',
    PhysioChunk.CHANNEL_ACCELERATION_X: 'acceleration_x',
    PhysioChunk.CHANNEL_ACCELERATION_Y: 'acceleration_y',
    PhysioChunk.CHANNEL_ACCELERATION_Z: 'acceleration_z',
    PhysioChunk.CHANNEL_HEART_RATE: 'heart_rate',
    PhysioChunk.CHANNEL_INTERBEAT_INTERVAL: 'interbeat_interval',
}


class PhysiologyNode(EncoderNode):
    """`hmd/physiology/chunk` in, `affect/physiology/...` out."""

    modality = 'physiology'
    frame_id = 'wrist_frame'

    def make_encoder(self) -> PhysiologyEncoder:
        """Return the encoder."""
        return PhysiologyEncoder()

    def subscribe_inputs(self) -> None:
        """Subscribe to the wrist or mask sensor."""
        self.subscribe(PhysioChunk, _TOPIC, self._on_chunk, stream(50.0))

    def _on_chunk(self, message: PhysioChunk) -> None:
        channel = _CHANNELS.get(message.channel)
        rate, count = message.sample_rate_hz, len(message.samples)
        is_event_series = message.channel == PhysioChunk.CHANNEL_INTERBEAT_INTERVAL
        if channel is None:
            self.diagnostics.reject(
                _TOPIC, f'channel {message.channel} is not used',
                'see the CHANNEL_ constants of affect_msgs/PhysioChunk')
        elif not 0 < count <= _MOST_SAMPLES:
            self.diagnostics.reject(_TOPIC, 'empty or giant chunk', f'{count} samples')
        elif not is_event_series and not (math.isfinite(rate) and 0.1 <= rate <= 10_000.0):
            self.diagnostics.reject(_TOPIC, 'unusable sample rate', f'{channel} at {rate} Hz')
        else:
            samples = np.frombuffer(message.samples, dtype=np.float32)
            # From the first sample to the last one: intervals are stamped with their beat.
            lasts_s = float(np.nansum(samples[1:])) if is_event_series else (count - 1) / rate
            start_s = self.accept_stamp(_TOPIC, message.header.stamp, lasts_s)
            if start_s is not None:
                self._look_at(channel, samples)
                self.encoder.push(channel, samples, rate, start_s)

    def _look_at(self, channel: str, samples: np.ndarray) -> None:
        """Report samples that the encoder will take for missing."""
        low, high = LIMITS[channel]
        if np.any((samples < low) | (samples > high)):
            self.diagnostics.reject(
                _TOPIC, f'{channel} outside {low:g} to {high:g}',
                'send the unit that affect_msgs/PhysioChunk names, NaN where unknown')
        if unknown := int(np.isnan(samples).sum()):
            self.diagnostics.count(f'unknown samples of {channel}', unknown)


def main(args=None) -> int:
    """Run the node."""
    return run(PhysiologyNode, args)
