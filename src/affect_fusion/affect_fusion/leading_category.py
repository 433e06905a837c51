# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Which category leads, without flicker."""

import numpy as np


class LeadingCategory:
    """
    The most probable category, with hysteresis.

    A challenger takes the lead when it is ahead by ``margin`` in probability, or when it has been
    ahead at all for ``hold_s``. The delay is therefore 0 for a clear change and at most
    ``hold_s`` for a lasting one.

    :param margin: lead in probability that counts at once, in [0, 1].
    :param hold_s: how long a smaller lead must last, seconds.
    """

    def __init__(self, margin: float = 0.1, hold_s: float = 0.5) -> None:
        self._margin = margin
        self._hold_s = hold_s
        self.reset()

    def reset(self) -> None:
        """Forget the leader."""
        self._leader: int | None = None
        self._challenger: int | None = None
        self._since_s = 0.0

    def update(self, probabilities: np.ndarray, tick_s: float) -> int | None:
        """Return the index that leads at a tick; None, and a new start, when all are NaN."""
        if np.isnan(probabilities).all():
            self.reset()
            return None
        best = int(np.nanargmax(probabilities))
        if self._leader is None or np.isnan(probabilities[self._leader]):
            self._leader = best
        if best == self._leader:
            self._challenger = None
            return self._leader
        if best != self._challenger:
            self._challenger, self._since_s = best, tick_s
        ahead = probabilities[best] - probabilities[self._leader]
        held_s = tick_s - self._since_s + 1e-6  # ticks are multiples of a hop only nearly
        if ahead >= self._margin or held_s >= self._hold_s:
            self._leader, self._challenger = best, None
        return self._leader
