# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""One unbroken stretch of sound of any sample rate, turned into 16 kHz as time goes by."""

from fractions import Fraction
import math

import numpy as np
from scipy.signal import firwin
from scipy.signal import upfirdn

RATE_HZ = 16000
CLIPPED_LEVEL = 0.985
"""Samples at or above this share of full scale count as clipped."""


class Stream:
    """
    Holds contiguous samples and hands them out at 16 kHz, up to a given time.

    Every output sample is the same dot product however the input was cut into chunks.
    """

    def __init__(self, start_s: float, sample_rate_hz: int) -> None:
        self.start_s = start_s
        self.sample_rate_hz = sample_rate_hz
        self.count = 0
        ratio = Fraction(RATE_HZ, sample_rate_hz).limit_denominator(500)
        self._up, self._down = ratio.numerator, ratio.denominator
        half = 10 * max(self._up, self._down)
        if self._up == self._down:
            self._taps = np.ones(1, dtype=np.float32)
            self._half = 0
        else:
            # The delay is padded to whole output samples, so that blocks join without a seam.
            self._half = math.ceil(half / self._down) * self._down
            taps = firwin(2 * half + 1, 1.0 / max(self._up, self._down), window=('kaiser', 5.0))
            self._taps = np.pad(taps * self._up, (self._half - half, 0)).astype(np.float32)
        self._chunks: list[np.ndarray] = []
        self._base = 0  # index of the first sample held
        self._next_output = 0

    @property
    def end_s(self) -> float:
        """Time of the end of the last sample."""
        return self.start_s + self.count / self.sample_rate_hz

    def append(self, samples: np.ndarray) -> None:
        """Add samples that follow those before without a gap."""
        self._chunks.append(samples)
        self.count += len(samples)

    def shorten(self, seconds: float) -> None:
        """Forget input older than ``seconds`` before the end that nobody has asked for."""
        first = self.count - int(seconds * self.sample_rate_hz)
        # A quarter late, so that a stream that nobody reads is not copied at every chunk.
        if self.count - self._base > 1.25 * seconds * self.sample_rate_hz:
            held = np.concatenate(self._chunks)[first - self._base:]
            self._chunks = [held]
            self._base = first
            self._next_output = max(
                self._next_output, -(-(first * self._up + self._half) // self._down))

    def take(self, until_s: float) -> tuple[int, np.ndarray, np.ndarray, np.ndarray]:
        """
        Return what has become available at 16 kHz from samples that end by ``until_s``.

        Returns the index of the first sample counted from ``start_s``, the samples float32 [N]
        (0 where unknown), and the masks [N] of unknown and of clipped samples.
        """
        usable = min(self.count, math.floor(
            (until_s - self.start_s) * self.sample_rate_hz + 1e-3))
        # The last output whose filter needs no input beyond `usable`.
        stop = ((usable - 1) * self._up - self._half) // self._down + 1
        first = self._next_output
        empty = np.zeros(0, dtype=bool)
        if stop <= first or not self._chunks:
            return first, np.zeros(0, dtype=np.float32), empty, empty
        held = self._chunks[0] if len(self._chunks) == 1 else np.concatenate(self._chunks)
        outputs = np.arange(first, stop)
        source = np.clip((outputs * self._down + self._up // 2) // self._up - self._base, 0,
                         len(held) - 1)
        raw = held[:usable - self._base]
        unknown = ~np.isfinite(raw)
        clean = np.where(unknown, np.float32(0.0), np.clip(raw, -1.0, 1.0))
        if self._up == self._down:
            result = clean[first - self._base:stop - self._base]
        else:
            lead = max(0, (first * self._down - self._half) // self._up)
            lead = max(lead - lead % self._down, 0)
            if lead < self._base:
                lead += -(-(self._base - lead) // self._down) * self._down
            offset = self._half // self._down - lead // self._down * self._up
            full = upfirdn(self._taps, clean[lead - self._base:], self._up, self._down)
            result = full[first + offset:stop + offset]
        clipped = np.abs(clean)[source] >= CLIPPED_LEVEL
        self._next_output = stop
        keep = max(0, (stop * self._down - self._half) // self._up - 1)
        keep -= keep % self._down
        keep = max(min(keep, self.count), self._base)
        self._chunks = [held[keep - self._base:]]
        self._base = keep
        return first, result.astype(np.float32), unknown[source], clipped
