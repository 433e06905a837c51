# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A bounded, time-sorted store of samples that survives late, doubled and future stamps."""

from collections.abc import Sequence

import numpy as np


class SampleBuffer:
    """
    Hold rows of samples sorted by their stamp, for at most ``horizon_s`` and ``capacity`` rows.

    Rows with a stamp that is already there, or is not finite, are ignored. Future stamps wait.
    A push that lies wholly more than ``horizon_s`` before the newest usable stamp is dropped as a
    stray; two in a row mean that the clock went back, and the buffer starts anew from the second.
    """

    def __init__(self, columns: int, *, horizon_s: float, capacity: int,
                 limits: Sequence[tuple[float, float]] | None = None) -> None:
        """
        Make an empty buffer.

        :param limits: low and high of each column; what lies outside no sensor can have meant,
            and becomes NaN
        """
        self.columns = columns
        self._limits = None if limits is None else np.array(limits, dtype=np.float64).T
        self.horizon_s = horizon_s
        self.capacity = capacity
        self.clear()

    def clear(self) -> None:
        """Forget every sample, and the last tick."""
        self._t = np.empty(256)
        self._v = np.empty((256, self.columns))
        self._start = 0
        self._end = 0
        self._tick_s = float('nan')
        self._strays = 0

    def __len__(self) -> int:
        return self._end - self._start

    @property
    def newest_s(self) -> float:
        """Return the newest stamp held, NaN when empty."""
        return float(self._t[self._end - 1]) if len(self) else float('nan')

    def push(self, t_s, values) -> bool:
        """
        Add samples; return True when the clock went back and older samples were forgotten.

        :param t_s: stamps in seconds, [N]
        :param values: [N, columns] or, for one column, [N]
        :raises ValueError: the lengths or the number of columns do not fit
        """
        t = np.asarray(t_s, dtype=np.float64).reshape(-1)
        v = np.asarray(values, dtype=np.float64)
        if v.size != t.size * self.columns:
            raise ValueError(
                f'{t.size} stamps need values of shape [{t.size}, {self.columns}], '
                f'got {list(v.shape)}: give one row per stamp')
        v = v.reshape(t.size, self.columns)
        usable = np.isfinite(t)
        if not usable.all():
            t, v = t[usable], v[usable]
        if t.size == 0:
            return False
        if self._limits is not None:
            low, high = self._limits
            v = np.where((v >= low) & (v <= high), v, np.nan)
        went_back = False
        if t.max() < self._reference_s() - self.horizon_s:
            self._strays += 1
            if self._strays < 2:
                return False
            self.clear()
            went_back = True
        else:
            self._strays = 0
        self._insert(t, v)
        return went_back

    def trim(self, tick_s: float) -> None:
        """Drop what lies more than the horizon before ``tick_s``, and remember the tick."""
        self._tick_s = tick_s
        t = self._t[self._start:self._end]
        self._start += int(t.searchsorted(tick_s - self.horizon_s))

    def view(self, after_s: float, until_s: float) -> tuple[np.ndarray, np.ndarray]:
        """Return stamps [N] and values [N, columns] with after_s < stamp <= until_s (views)."""
        t = self._t[self._start:self._end]
        low = self._start + int(t.searchsorted(after_s, side='right'))
        high = self._start + int(t.searchsorted(until_s, side='right'))
        return self._t[low:high], self._v[low:high]

    def counts(self, after_s: np.ndarray, until_s: np.ndarray) -> np.ndarray:
        """Return how many samples each of the spans after_s < stamp <= until_s holds, [K]."""
        t = self._t[self._start:self._end]
        return t.searchsorted(until_s, side='right') - t.searchsorted(after_s, side='right')

    def _reference_s(self) -> float:
        # One absurd stamp in the future must not make every honest sample look ancient.
        if not len(self):
            return float('-inf')
        if np.isnan(self._tick_s):
            return self.newest_s
        past = self.view(float('-inf'), self._tick_s + 1.0)[0]
        return float(past[-1]) if past.size else self._tick_s

    def _insert(self, t: np.ndarray, v: np.ndarray) -> None:
        in_order = t.size == 1 or bool(np.all(np.diff(t) > 0))
        if in_order and not (len(self) and t[0] <= self.newest_s):
            self._append(t, v)
            return
        held_t = self._t[self._start:self._end]
        held_v = self._v[self._start:self._end]
        # unique() keeps the first of equal stamps: what was held wins over what comes later.
        merged_t, index = np.unique(np.concatenate([held_t, t]), return_index=True)
        merged_v = np.concatenate([held_v, v])[index]
        self._start = self._end = 0
        self._append(merged_t, merged_v)

    def _append(self, t: np.ndarray, v: np.ndarray) -> None:
        t, v = t[-self.capacity:], v[-self.capacity:]
        surplus = len(self) + t.size - self.capacity
        if surplus > 0:
            self._start += surplus
        if self._end + t.size > self._t.size:
            held = len(self)
            size = max(256, 2 * (held + t.size))
            new_t, new_v = np.empty(size), np.empty((size, self.columns))
            new_t[:held] = self._t[self._start:self._end]
            new_v[:held] = self._v[self._start:self._end]
            self._t, self._v, self._start, self._end = new_t, new_v, 0, held
        self._t[self._end:self._end + t.size] = t
        self._v[self._end:self._end + t.size] = v
        self._end += t.size
