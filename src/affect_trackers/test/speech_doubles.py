# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Doubles of voice activity and recogniser whose answers a test can foretell."""

import threading

from affect_trackers.speech_recognizer.recognizer import Recognition
from affect_trackers.speech_recognizer.recognizer import RecognizerError
from affect_trackers.speech_recognizer.recognizer import Word
import numpy as np


def tones(silence_s, *tone_and_silence_s):
    """Return silence, then pairs of a loud tone and silence of these lengths, at 16 kHz."""
    parts = [np.zeros(round(16000 * silence_s), np.float32)]
    for tone_s, rest_s in tone_and_silence_s:
        t = np.arange(round(16000 * tone_s)) / 16000.0
        parts.append((0.3 * np.sin(2.0 * np.pi * 300.0 * t)).astype(np.float32))
        parts.append(np.zeros(round(16000 * rest_s), np.float32))
    return np.concatenate(parts)


class EnergyActivity:
    """Takes whatever is loud for speech."""

    def reset(self):
        pass

    def probability(self, frame):
        return float(np.sqrt(np.mean(frame ** 2)) > 0.05)


class HeardRecognizer:
    """Says `loud` for every quarter of a second that it heard, and sure of it to 0.8."""

    recognizer_id = 'double/loudness'
    language = 'en-GB'

    def __init__(self):
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.fails = False
        self.confidence = 0.8
        self.heard = []
        self.hears = threading.Event()

    def begin(self):
        self.heard = []

    def hear(self, samples):
        self.hears.set()
        self.may_go_on.wait(20.0)
        if self.fails:
            raise RecognizerError('out of order')
        self.heard.append(samples)

    def partial(self):
        return self._words(float('nan'))

    def finish(self):
        return self._words(self.confidence)

    def drop(self):
        self.heard = []

    def forget(self):
        self.heard = []

    def _words(self, confidence):
        sound = np.concatenate([np.zeros(0), *self.heard])
        loud = np.flatnonzero(np.abs(sound) > 0.05)
        if not len(loud):
            return Recognition()
        first, last = loud[0] / 16000.0, loud[-1] / 16000.0
        starts = np.arange(first, last, 0.25)
        return Recognition(tuple(
            Word('loud', start, min(start + 0.25, last), confidence) for start in starts),
            confidence)
