# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Takes the offset of a converter and the rumble of a headset out of sound as it comes in."""

import numpy as np
from scipy.signal import butter
from scipy.signal import sosfilt
from scipy.signal import sosfilt_zi

CORNER_HZ = 60.0
"""Below the lowest voices (some 75 Hz), above mains hum's first line and the beat of walking."""


class HighPass:
    """A Butterworth filter of second order; any chunking gives the same samples."""

    def __init__(self, sample_rate_hz: int) -> None:
        self._sections = butter(2, CORNER_HZ, 'highpass', fs=sample_rate_hz, output='sos')
        self._state: np.ndarray | None = None

    def push(self, samples: np.ndarray) -> np.ndarray:
        """Take float32 [n], return as many."""
        if not len(samples):
            return samples
        if self._state is None:
            # As if the first sample had lasted for ever: an offset does not begin with a click.
            self._state = sosfilt_zi(self._sections) * samples[0]
        made, self._state = sosfilt(self._sections, samples, zi=self._state)
        return made.astype(np.float32)
