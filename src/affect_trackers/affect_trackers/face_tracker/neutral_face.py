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
    Follows each measurement's running centre, slowly and robustly, from that of people at large.

    One step moves towards the present face by at most ``STEP`` deviations times dt over a time
    constant: a smile of a minute pulls no harder than a small one (Huber, 1964). The time constant
    begins at ``FIRST_S`` and grows with the time seen, up to ``SLOW_S``; time without a face does
    not count. The centre stays within ``REACH`` deviations of people at large, so that whoever
    smiles for an hour is still smiling. A wearer whose rest differs more than that, or who smiles
    through the first seconds, gets weights that are off by the difference until it is unlearned.
    """

    FIRST_S = 3.0
    SLOW_S = 120.0
    STEP = 0.75
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
        share = passed_s / min(max(self._seen_s, self.FIRST_S), self.SLOW_S)
        pull = np.clip((measured - self._values) / DEVIATION, -self.STEP, self.STEP)
        pull[~np.where(UPPER, upper, lower)] = 0.0
        self._values = np.clip(
            self._values + share * pull * DEVIATION,
            USUAL - self.REACH * DEVIATION, USUAL + self.REACH * DEVIATION)

    def forget(self) -> None:
        """Start anew from people at large: another wearer, or another time."""
        self._values = USUAL.copy()
        self._seen_s = 0.0
        self._last_s = math.nan
