# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""How fast the wearer's saccades are against their own when they began; no ROS."""

from collections import deque
from collections.abc import Mapping
import math
import statistics

MODALITY = 'eye_movement'
RESIDUAL = 'main_sequence_residual'
CHANGE = 'main_sequence_change'
LEAST_QUALITY = 0.5
BASELINE_SAMPLES = 300
RECENT_S = 60.0
LEAST_RECENT = 10
SPACING_S = 1.0


class SaccadeBaseline:
    """
    Gathers main-sequence residuals, and adds their change to the features of eye movement.

    The residual is the log of peak velocity over what the main sequence expects at that amplitude,
    which differs between people and trackers by more than fatigue changes it. So the change is the
    median of the last minute less the median of the first five minutes in which it was known;
    NaN until these have passed.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Begin anew, as for another wearer."""
        self._first: list[float] = []
        self._recent: deque[tuple[float, float]] = deque()
        self._last_s = -math.inf

    def with_change(
            self, features: Mapping[str, Mapping[str, float]], quality: float, tick_s: float,
    ) -> dict[str, Mapping[str, float]]:
        """
        Return the features with ``main_sequence_change`` (natural log, dimensionless) added.

        :param features: modality -> feature name -> value; NaN or absent where unknown
        :param quality: of eye movement, in [0, 1]; below a half it teaches nothing
        :param tick_s: the tick, seconds; rising
        """
        out = dict(features)
        if MODALITY not in features:
            return out
        residual = float(features[MODALITY].get(RESIDUAL, math.nan))
        if math.isfinite(residual) and quality >= LEAST_QUALITY and (
                tick_s >= self._last_s + SPACING_S):
            self._last_s = tick_s
            if len(self._first) < BASELINE_SAMPLES:
                self._first.append(residual)
            else:
                self._recent.append((tick_s, residual))
        while self._recent and self._recent[0][0] < tick_s - RECENT_S:
            self._recent.popleft()
        change = math.nan
        if len(self._recent) >= LEAST_RECENT:
            change = statistics.median(r for _, r in self._recent) - statistics.median(self._first)
        out[MODALITY] = {**features[MODALITY], CHANGE: change}
        return out
