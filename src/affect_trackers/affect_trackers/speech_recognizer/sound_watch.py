# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What is the matter with the sound that comes, in words for its diagnostics."""

import math

from affect_trackers.speech_recognizer.resampler import RATE_HZ
import numpy as np

_FULL_SCALE = 0.999
_CLIPPED_SHARE = 0.01
_REMEMBER_S = 5.0
_SHORTEST_SILENCE_S = 0.6


class SoundWatch:
    """Remembers when sound came, on any clock that never stands still, and what was wrong."""

    def __init__(self, now_s: float) -> None:
        self._heard_at_s = now_s
        self._chunk_s = 0.0
        self._rate_hz = RATE_HZ
        self._clipped_at_s = -math.inf
        self._unknown_at_s = -math.inf

    def heard(self, samples: np.ndarray, sample_rate_hz: int, now_s: float) -> None:
        """Look at a chunk, float32 [n]."""
        self._heard_at_s = now_s
        self._chunk_s = len(samples) / sample_rate_hz
        self._rate_hz = sample_rate_hz
        if np.count_nonzero(np.abs(samples) >= _FULL_SCALE) > _CLIPPED_SHARE * len(samples):
            self._clipped_at_s = now_s
        if not np.isfinite(samples).all():
            self._unknown_at_s = now_s

    def silence(self, now_s: float) -> str:
        """Return a complaint when no chunk came though one was due."""
        silent_s = now_s - self._heard_at_s
        if silent_s <= max(_SHORTEST_SILENCE_S, 1.5 * self._chunk_s + 0.3):
            return ''
        return 'no usable sound comes; does the microphone node run, is its device connected?'

    def warnings(self, now_s: float) -> dict[str, str]:
        """Return a complaint, or none, about each thing that makes words wrong."""
        return {
            'sample rate': '' if self._rate_hz >= RATE_HZ else (
                f'{self._rate_hz} Hz lacks the upper half of speech, few words will be right; '
                f'send {RATE_HZ} Hz'),
            'clipping': '' if now_s - self._clipped_at_s > _REMEMBER_S else (
                'the sound is clipped, words will be wrong; turn the gain of the microphone down'),
            'unknown samples': '' if now_s - self._unknown_at_s > _REMEMBER_S else (
                'samples are not finite and count as silence'),
        }
