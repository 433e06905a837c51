# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Whether sound is clipped, or no sound at all."""

from collections import deque

import numpy as np

FULL_SCALE = 0.99
"""The largest sample of 8 bits is 127 / 128."""
_WINDOW_S = 1.0
_CLIPPED_SHARE = 0.002
_REMEMBERED = 5
"""Windows for which clipping stays said: speech has pauses."""
_MUTED_S = 3.0


class LevelWatch:
    """
    Looks at a second of sound at a time and says what spoils it.

    Normalised recordings touch full scale with single samples; a microphone that is too loud
    stays there: beyond 0.2 % of the samples it is called clipped. No microphone gives exact
    zeros: for 3 s they mean that it is muted.
    """

    def __init__(self, *, may_be_silent: bool) -> None:
        self._may_be_silent = may_be_silent
        self._samples = self._full = 0
        self._zeros_s = 0.0
        self._shares: deque[float] = deque(maxlen=_REMEMBERED)
        self.clipped_share = 0.0
        """The largest of the last few seconds."""
        self.complaint = ''

    def listen(self, samples: np.ndarray, rate_hz: float) -> bool:
        """Hear float32 [N, channels]; return whether the ``complaint`` is new."""
        loudest = float(np.max(np.abs(samples), initial=0.0))
        passed_s = len(samples) / rate_hz
        self._zeros_s = 0.0 if loudest > 0.0 else self._zeros_s + passed_s
        if loudest >= FULL_SCALE:
            self._full += int(np.count_nonzero(np.abs(samples) >= FULL_SCALE))
        self._samples += samples.size
        if self._samples < _WINDOW_S * rate_hz * samples.shape[1]:
            return False
        self._shares.append(self._full / self._samples)
        self.clipped_share = max(self._shares)
        self._samples = self._full = 0
        complaint = ''
        if self.clipped_share > _CLIPPED_SHARE:
            complaint = (
                f'clipped: {100.0 * self.clipped_share:.1f} % of the samples are at full scale; '
                'lower the gain of the microphone')
        elif self._zeros_s >= _MUTED_S and not self._may_be_silent:
            complaint = 'silent: every sample is exactly 0; is the microphone muted?'
        is_new = complaint.split(':')[0] != self.complaint.split(':')[0]
        self.complaint = complaint
        return is_new or bool(complaint)
