# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A microphone for tests of nodes that hear."""

import array

from affect_msgs.msg import AudioChunk
from affect_node import stream
from affect_node import to_stamp
import numpy as np

BEGIN_S = 1000.0


class Microphone:
    """A microphone of a test, on a clock that it moves itself."""

    def __init__(self, bench, rate_hz=16000):
        self.bench = bench
        self.rate_hz = rate_hz
        self.begin_s = BEGIN_S
        self.sent = 0
        self.is_set_back = False

    def say(self, sound, **changes):
        """Publish sound in chunks of 40 ms, each when it is complete."""
        for piece in np.split(sound, range(640, len(sound), 640)):
            self.send(piece, **changes)

    def set_back(self, back_s):
        """Let its stamps jump back while /clock stands where it is."""
        self.begin_s -= back_s
        self.is_set_back = True

    def send(self, samples, *, skip=0, start_s=None, **changes):
        self.sent += skip
        if start_s is None:
            start_s = self.begin_s + self.sent / self.rate_hz
            if not self.is_set_back:
                self.bench.set_clock(start_s + len(samples) / self.rate_hz)
        message = AudioChunk(
            sample_rate_hz=self.rate_hz, first_sample=self.sent, channels=1,
            samples=array.array('f', samples.astype(np.float32).tobytes()))
        message.header.stamp = to_stamp(s=start_s)
        message.header.frame_id = 'w1/microphone_frame'
        self.sent += len(samples)
        for name, value in changes.items():
            setattr(message, name, value)
        self.bench.publish('hmd/microphone/audio', message, stream(50.0))
