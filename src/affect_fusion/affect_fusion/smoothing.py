# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Less flicker from tick to tick, at a delay that is stated."""

import dataclasses
import math

from affect_fusion.fusion import FusedEstimate
import numpy as np


class EstimateSmoother:
    """
    Exponential smoothing of the fused estimate.

    An estimate that is unknown is passed on as unknown and never papered over with an older one.
    Variances are smoothed like means: ticks are far from independent, so their number is no
    reason for more certainty. After ``3 * time_constant_s`` without an estimate, and after a step
    back in time, smoothing begins anew.

    :param time_constant_s: seconds, 0 to switch smoothing off.
    :raises ValueError: it is negative or not finite.
    """

    _SCALARS = ('valence', 'valence_variance', 'arousal', 'arousal_variance')

    def __init__(self, time_constant_s: float) -> None:
        if not (math.isfinite(time_constant_s) and time_constant_s >= 0.0):
            raise ValueError(f'time_constant_s must be 0 or more, got {time_constant_s}')
        self._time_constant_s = time_constant_s
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._tick_s = -math.inf
        self._values: np.ndarray | None = None

    def delay_s(self, hop_s: float) -> float:
        """Return the mean age of what the output is made of, in seconds, for ticks ``hop_s``."""
        if self._time_constant_s == 0.0:
            return 0.0
        kept = math.exp(-hop_s / self._time_constant_s)
        return hop_s * kept / (1.0 - kept)

    def smooth(self, estimate: FusedEstimate, tick_s: float) -> FusedEstimate:
        """Return the smoothed estimate at a tick (seconds, each later than the last)."""
        if not estimate.is_known or self._time_constant_s == 0.0:
            return estimate
        new = np.concatenate([
            estimate.probabilities, [getattr(estimate, name) for name in self._SCALARS]])
        elapsed_s = tick_s - self._tick_s
        if self._values is not None and 0.0 < elapsed_s <= 3.0 * self._time_constant_s:
            kept = math.exp(-elapsed_s / self._time_constant_s)
            mixed = kept * self._values + (1.0 - kept) * new
            # Begins anew where one side is unknown.
            new = np.where(np.isnan(mixed), new, mixed)
        self._values, self._tick_s = new, tick_s
        probabilities = new[:-4] / np.nansum(new[:-4]) if np.nansum(new[:-4]) > 0.0 else new[:-4]
        return dataclasses.replace(
            estimate, probabilities=probabilities,
            **dict(zip(self._SCALARS, new[-4:].tolist(), strict=True)))
