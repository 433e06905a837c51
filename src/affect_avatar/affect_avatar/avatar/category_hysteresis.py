# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Which category to show, without flicker."""

import math

import numpy as np


class CategoryHysteresis:
    """
    Keeps showing a category until another one has been clearly ahead for a while.

    A challenger must lead the shown category by ``margin`` for ``hold_s`` without a break.
    """

    def __init__(self, *, margin: float = 0.1, hold_s: float = 0.4) -> None:
        """
        Set it up.

        :raises ValueError: a negative margin or hold time.
        """
        if not (margin >= 0 and hold_s >= 0):
            raise ValueError(f'margin and hold_s must not be negative, got {margin} and {hold_s}')
        self._margin = margin
        self._hold_s = hold_s
        self.reset()

    def reset(self) -> None:
        """Show nothing."""
        self.shown: int | None = None
        self._challenger: int | None = None
        self._since_s = math.nan

    def update(self, t_s: float, probabilities: np.ndarray) -> int | None:
        """
        Take probabilities [8] (NaN: a category that is not known) and return what to show.

        Without any known probability nothing is shown. A step back in time starts the waiting of
        a challenger anew.
        """
        probabilities = np.asarray(probabilities, np.float64)
        if not np.isfinite(probabilities).any():
            self.reset()
            return None
        leader = int(np.nanargmax(probabilities))
        if self.shown is None or not math.isfinite(probabilities[self.shown]):
            self.reset()
            self.shown = leader
        elif leader == self.shown or (
                probabilities[leader] - probabilities[self.shown] < self._margin):
            self._challenger = None
        elif leader != self._challenger or t_s < self._since_s:
            self._challenger, self._since_s = leader, t_s
        if self._challenger is not None and t_s - self._since_s >= self._hold_s:
            self.shown, self._challenger = self._challenger, None
        return self.shown
