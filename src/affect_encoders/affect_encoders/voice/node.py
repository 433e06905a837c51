# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The voice encoder as a ROS node."""

from affect_encoders.encoder_node import EncoderNode
from affect_encoders.voice import VoiceEncoder
from affect_msgs.msg import AudioChunk
from affect_node import run
from affect_node import stream
import numpy as np

_TOPIC = 'hmd/microphone/audio'
_LONGEST_CHUNK_S = 5.0
# A device that clips goes a little beyond 1; integers that were not scaled go far beyond.
_LOUDEST = 100.0
_LOWEST_RATE_HZ = 8000
_HIGHEST_RATE_HZ = 48000


class VoiceNode(EncoderNode):
    """`hmd/microphone/audio` in, `affect/voice/...` out."""

    modality = 'voice'
    frame_id = 'microphone_frame'

    def make_encoder(self) -> VoiceEncoder:
        """Return the encoder with the shipped weights."""
        return VoiceEncoder()

    def subscribe_inputs(self) -> None:
        """Subscribe to the microphone."""
        self._next_sample: int | None = None
        self.subscribe(AudioChunk, _TOPIC, self._on_audio, stream(50.0))

    def clock_jumped(self) -> None:
        """Forget all sound; what follows need not join on to it."""
        super().clock_jumped()
        self._next_sample = None

    def _on_audio(self, message: AudioChunk) -> None:
        count, channels, rate = len(message.samples), message.channels, message.sample_rate_hz
        if not _LOWEST_RATE_HZ <= rate <= _HIGHEST_RATE_HZ:
            self.diagnostics.reject(
                _TOPIC, 'unusable sample rate',
                f'{rate} Hz; send {_LOWEST_RATE_HZ} to {_HIGHEST_RATE_HZ} Hz')
        elif channels == 0 or count == 0 or count % channels:
            self.diagnostics.reject(
                _TOPIC, 'empty or incomplete chunk',
                f'{count} samples do not fill {channels} channels')
        elif count > _LONGEST_CHUNK_S * rate * channels:
            self.diagnostics.reject(
                _TOPIC, 'giant chunk', f'send less than {_LONGEST_CHUNK_S} s at a time')
        else:
            start_s = self.accept_stamp(
                _TOPIC, message.header.stamp, count / channels / rate)
            if start_s is None:
                return
            if self._next_sample is not None and message.first_sample > self._next_sample:
                self.diagnostics.count(
                    'samples lost', message.first_sample - self._next_sample)
            self._next_sample = message.first_sample + count // channels
            samples = np.frombuffer(message.samples, dtype=np.float32)
            if np.any(np.abs(samples) > _LOUDEST):
                self.diagnostics.reject(
                    _TOPIC, 'samples far beyond full scale',
                    'send floats in [-1, 1], NaN where unknown')
                return
            if unknown := int(np.isnan(samples).sum()):
                self.diagnostics.count('unknown samples', unknown)
            if channels > 1:
                samples = samples.reshape(-1, channels).mean(axis=1)
            self.encoder.push(samples, rate, start_s)


def main(args=None) -> int:
    """Run the node."""
    return run(VoiceNode, args)
