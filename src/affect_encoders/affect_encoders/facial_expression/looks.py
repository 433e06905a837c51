# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What waits of one kind of input, what was judged of it, and the average over the last second."""

from collections import deque
from dataclasses import dataclass
import math
from typing import Any

from affect_encoders.encoder import Estimate
from affect_encoders.facial_expression import actions
import numpy as np

HALF_LIFE_S = 0.5
SMOOTHING_S = 0.4  # time constant of the average over looks
WINDOW_S = 1.0  # looks older than this before the newest no longer count


@dataclass(frozen=True)
class Look:
    """One judged picture, or one frame of weights."""

    stamp_s: float
    embedding: np.ndarray
    probabilities: np.ndarray
    features: np.ndarray
    quality: float
    reason: str
    pattern: np.ndarray
    hidden: float = 0.0
    """Share of the face that was out of sight."""


class LookSource:
    """One kind of input: what waits, what was judged, and the average over the last second."""

    def __init__(self, longest: int) -> None:
        self._queue: deque[tuple[float, Any]] = deque()
        self._longest = longest
        self._newest_s = -math.inf
        self._tick_s = -math.inf
        self.looks: deque[Look] = deque(maxlen=64)

    def enqueue(self, stamp_s: float, item: Any) -> bool:
        """Keep an input for its tick; False when it was dropped or pushed another one out."""
        if stamp_s <= self._newest_s:
            # One stamp from the future must not shut out all that come after it.
            if not (self._newest_s > self._tick_s + 1.0 > stamp_s > self._tick_s - 1.0):
                return False
            self._queue.clear()
        self._newest_s = stamp_s
        self._queue.append((stamp_s, item))
        if len(self._queue) > self._longest:
            self._queue.popleft()
            return False
        return True

    def newest(self, tick_s: float) -> tuple[float, Any] | None:
        """Take the newest input up to the tick, unless it is too old to count for anything."""
        self._tick_s = tick_s
        newest = None
        while self._queue and self._queue[0][0] <= tick_s:
            newest = self._queue.popleft()
        if newest is None or tick_s - newest[0] > 10.0 * HALF_LIFE_S:
            return None
        return newest

    def change(self, stamp_s: float, pattern: np.ndarray) -> float:
        """Mean absolute difference to the look before, per second; NaN when that is long ago."""
        if not self.looks or stamp_s - self.looks[-1].stamp_s > WINDOW_S:
            return float('nan')
        difference = np.abs(pattern - self.looks[-1].pattern)
        known = np.isfinite(difference)
        if not known.any():
            return float('nan')
        return float(difference[known].mean()) / (stamp_s - self.looks[-1].stamp_s)

    def average(self) -> tuple[list[Look], np.ndarray, Estimate]:
        """Return the looks of the last second, their mean embedding and mean estimate."""
        last = self.looks[-1]
        looks = [look for look in self.looks if look.stamp_s > last.stamp_s - WINDOW_S]
        weight = np.array([max(look.quality, 1e-6)
                           * math.exp((look.stamp_s - last.stamp_s) / SMOOTHING_S)
                           for look in looks])
        weight /= weight.sum()
        embedding = weight @ np.stack([look.embedding for look in looks])
        table = np.stack([look.probabilities for look in looks]).astype(np.float64)
        hidden = float(weight @ [look.hidden for look in looks])
        return looks, embedding, actions.estimate_of(_mixture(table, weight), hidden)


def _mixture(table: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """
    Return the weighted mean [8] of probabilities [N, 8]; rows of NaN do not count.

    Every row adds up to one over the categories that it could judge. A category is NaN only when
    no row could judge it.
    """
    usable = ~np.isnan(table).all(axis=1)
    judged = ~np.isnan(table[usable]).all(axis=0) if usable.any() else np.zeros(8, dtype=bool)
    mean = weight[usable] @ np.nan_to_num(table[usable])
    total = mean.sum()
    return np.where(judged, mean / total if total > 0.0 else 0.0, np.nan)
