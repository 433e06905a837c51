# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Whether a chunk of sound can be used, and how it joins on to the one before."""

import math

import numpy as np

LONGEST_CHUNK_S = 10.0
LOWEST_RATE_HZ = 8000
HIGHEST_RATE_HZ = 192000
# A device that clips goes a little beyond 1; integers that were not scaled go far beyond.
LOUDEST = 100.0
_JOINS_WITHIN_S = 0.1
_CANCELS_BELOW = 0.01
_BEGINS_ANEW_AFTER_S = 1.0


class ChunkError(ValueError):
    """A chunk can't be used: reason and remedy."""


def to_mono(data: object, channels: int, sample_rate_hz: int) -> np.ndarray:
    """
    Return one channel out of all, float32 [n]; unknown samples stay NaN.

    ``data`` is a buffer of interleaved float32.

    :raises ChunkError: no rate, no samples, a chunk of many seconds, or far beyond full scale.
    """
    samples = np.frombuffer(data, dtype=np.float32)  # type: ignore[call-overload]
    if not LOWEST_RATE_HZ <= sample_rate_hz <= HIGHEST_RATE_HZ:
        raise ChunkError(
            'unusable sample rate',
            f'{sample_rate_hz} Hz; send {LOWEST_RATE_HZ} to {HIGHEST_RATE_HZ} Hz')
    if channels == 0 or len(samples) == 0 or len(samples) % channels:
        raise ChunkError(
            'empty or incomplete chunk', f'{len(samples)} samples do not fill {channels} channels')
    if len(samples) > LONGEST_CHUNK_S * sample_rate_hz * channels:
        raise ChunkError('giant chunk', f'send at most {LONGEST_CHUNK_S:g} s at a time')
    # NaN compares false: unknown is allowed, infinite is not.
    if np.any(np.abs(samples) > LOUDEST):
        raise ChunkError(
            'samples far beyond full scale', 'send floats in [-1, 1], NaN where unknown')
    return mix(samples.reshape(-1, channels))


def mix(sound: np.ndarray) -> np.ndarray:
    """
    Return the mean of the channels, float32 [n, channels] to [n].

    Where they cancel each other (a cable with one side turned round) it is the first channel.
    """
    if sound.shape[1] == 1:
        return sound[:, 0]
    mean = sound.mean(axis=1)
    if np.mean(mean ** 2) < _CANCELS_BELOW * np.mean(sound ** 2):
        return sound[:, 0]
    return mean


class Joint:
    """Follows the running index and the stamps of a stream of chunks."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Take the next chunk as the first one."""
        self._next_sample: int | None = None
        self._end_s = -math.inf
        self._refused_s = 0.0

    def is_gap(
        self, first_sample: int, count: int, sample_rate_hz: int, start_s: float,
    ) -> tuple[bool, int]:
        """
        Return whether a chunk does not follow the one before, and how many samples were lost.

        The first chunk is no gap. A stream that begins anew has lost nothing; one whose clock
        was set back does so after a second in which no chunk fits.

        :raises ChunkError: it lies in time before the end of the one before.
        """
        late_s = start_s - self._end_s
        if late_s < -_JOINS_WITHIN_S and self._refused_s < _BEGINS_ANEW_AFTER_S:
            self._refused_s += count / sample_rate_hz
            raise ChunkError(
                'overlaps the chunk before',
                f'by {-late_s:.2f} s; is there a second publisher of this topic?')
        self._refused_s = 0.0
        expected = self._next_sample
        self._next_sample = first_sample + count
        self._end_s = start_s + count / sample_rate_hz
        if expected is None:
            return False, 0
        is_gap = first_sample != expected or abs(late_s) > _JOINS_WITHIN_S
        return is_gap, max(first_sample - expected, 0)
