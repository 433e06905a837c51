# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Sound of any sample rate to 16 kHz as it comes in."""

from fractions import Fraction
import math

import numpy as np
from scipy.signal import firwin
from scipy.signal import upfirdn

RATE_HZ = 16000


class Resampler:
    """
    Turns contiguous chunks into 16 kHz, the same samples however the input was cut.

    A windowed sinc (Kaiser, beta 5, ten zero crossings a side) as a polyphase filter; its
    delay is taken out: output ``k`` is the sound ``k / 16000`` seconds after the first sample.
    """

    _ZERO_CROSSINGS = 10

    def __init__(self, sample_rate_hz: int) -> None:
        ratio = Fraction(RATE_HZ, sample_rate_hz).limit_denominator(500)
        self._up, self._down = ratio.numerator, ratio.denominator
        if self._up == self._down:
            return
        widest = max(self._up, self._down)
        half = self._ZERO_CROSSINGS * widest
        # The delay in whole output samples, so that blocks join without a seam.
        self._half = math.ceil(half / self._down) * self._down
        taps = firwin(2 * half + 1, 1.0 / widest, window=('kaiser', 5.0)) * self._up
        self._taps = np.pad(taps, (self._half - half, 0)).astype(np.float32)
        self._held = np.zeros(0, dtype=np.float32)
        self._base = 0  # index of the first sample held, a multiple of _down
        self._next = 0

    def push(self, samples: np.ndarray) -> np.ndarray:
        """Take float32 [n], return what is complete at 16 kHz, float32 [m]."""
        if self._up == self._down:
            return samples
        self._held = np.concatenate([self._held, samples])
        count = self._base + len(self._held)
        # The last output whose filter needs no input that is still to come.
        stop = (count * self._up - 1 - self._half) // self._down + 1
        if stop <= self._next:
            return np.zeros(0, dtype=np.float32)
        offset = (self._half - self._base * self._up) // self._down
        made = upfirdn(self._taps, self._held, self._up, self._down)
        made = made[self._next + offset:stop + offset]
        self._next = stop
        needed = max((stop * self._down - self._half) // self._up, 0)
        base = max(needed - needed % self._down, self._base)
        self._held = self._held[base - self._base:]
        self._base = base
        return made.astype(np.float32)
