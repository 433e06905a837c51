# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What this wearer's face measures at rest."""

import math

from affect_trackers.face_tracker.measurements import DEVIATION
from affect_trackers.face_tracker.measurements import UPPER
from affect_trackers.face_tracker.measurements import USUAL
import numpy as np


class NeutralFace:
    """
    Follows each measurement's resting value, robustly, from that of people at large.

    At first it takes a running mean of the first LEARN_S seconds, in which one step moves towards
    the present face by at most ``STEP`` deviations times dt over the time seen (Huber, 1964).
    Then it follows slowly, and only faces that are near: the pull of one that is ``FAR``
    deviations away is nothing (the biweight of Beaton & Tukey, 1974). So a headset that slips is
    learned within ten minutes, and a smile that is held for as long is not. Time without a face
    does not count. The resting value stays within ``REACH`` deviations of people at large: a
    wearer whose rest differs more than that, or who smiles through the first half minute, gets
    weights that are off by the difference, in the latter case until it is unlearned.
    """

    FIRST_S = 3.0
    LEARN_S = 30.0
    SLOW_S = 600.0
    STEP = 0.75
    FAR = 2.5
    REACH = 1.5

    def __init__(self) -> None:
        self._values = USUAL.copy()
        self._seen_s = 0.0
        self._last_s = math.nan

    @property
    def values(self) -> np.ndarray:
        """Return the measurements at rest, [COUNT]."""
        return self._values

    @property
    def seen_s(self) -> float:
        """Return for how long it has learned, seconds."""
        return self._seen_s

    def learn(self, measured: np.ndarray, stamp_s: float, *, upper: bool, lower: bool) -> None:
        """Move towards the measurements [COUNT] of a time, the halves that were seen well."""
        passed_s = stamp_s - self._last_s
        self._last_s = stamp_s
        # After a pause, or at the first face, nobody knows how long it has looked like this.
        if not 0.0 < passed_s <= 0.5 or not (upper or lower):
            return
        self._seen_s += passed_s
        away = (measured - self._values) / DEVIATION
        if self._seen_s <= self.LEARN_S:
            share = passed_s / max(self._seen_s, self.FIRST_S)
            pull = np.clip(away, -self.STEP, self.STEP)
        else:
            share = passed_s / self.SLOW_S
            pull = away * np.clip(1.0 - (away / self.FAR) ** 2, 0.0, None) ** 2
        pull[~np.where(UPPER, upper, lower)] = 0.0
        self._values = np.clip(
            self._values + share * pull * DEVIATION,
            USUAL - self.REACH * DEVIATION, USUAL + self.REACH * DEVIATION)

    def forget(self) -> None:
        """Start anew from people at large: another wearer, or another time."""
        self._values = USUAL.copy()
        self._seen_s = 0.0
        self._last_s = math.nan
