# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Codes of a stream of gaze samples: each sample is classified once."""

from typing import NamedTuple

from affect_encoders.eye_movement import events as ev
from affect_encoders.eye_movement import sample_classifier as learned
from affect_encoders.eye_movement import surroundings as usual
from affect_encoders.eye_movement import threshold_rule
from affect_encoders.eye_movement.sample_features import AHEAD_S
from affect_encoders.eye_movement.sample_features import MEMORY_S
from affect_encoders.eye_movement.sample_features import Surroundings
import numpy as np

LOOKAHEAD_S = 0.04
WINDOW_S = 10.0
SETTLING_S = 2.0
"""Before the window: by then a class that was held at its start has given way to what is there."""

SPAN_S = WINDOW_S + SETTLING_S + learned.HISTORY_S + MEMORY_S + usual.MEMORY_S + 0.5
"""How much of a stream has to be given at each call."""


class Coded(NamedTuple):
    """
    Samples first..first+M-1 of a view: codes, which can be relied on, and speeds, [M] each.

    Speeds in deg/s inside saccades, else NaN; they mean nothing without degrees.
    """

    first: int
    codes: np.ndarray
    good: np.ndarray
    speed: np.ndarray


class LiveCodes:
    """
    Follow one stream; the codes are those that ``classify_samples`` gives for the whole of it.

    What was classified is kept while the samples stay what they were: a late sample between them
    makes it start anew.
    """

    def __init__(self, units: str, *, classifier: learned.SampleClassifier | None = None) -> None:
        self._units = units
        self._classifier = classifier or learned.shipped()
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self._t = np.empty(0)
        self._said = np.empty((0, learned.CLASSES), dtype=np.float32)
        self._good = np.empty(0, dtype=bool)
        self._classes = np.empty(0, dtype=np.int8)
        self._codes = np.empty(0, dtype=np.int8)
        self._speed = np.empty(0)
        self._name = ''
        self._seconds: dict[float, tuple] = {}

    def update(self, t: np.ndarray, x: np.ndarray, confidence: np.ndarray, lid_open: np.ndarray,
               tick_s: float) -> Coded:
        """
        Return what the samples of the last WINDOW_S and SETTLING_S are.

        The newest LOOKAHEAD_S have no code yet.

        :param t: stamps, seconds, rising [N]: the SPAN_S up to ``tick_s``
        :param x: [N, 2] in the stream's units, NaN where lost
        :param confidence: [N], NaN where it is not known
        :param lid_open: [N] where the lid is known to be open, so that a loss is no blink
        """
        size = int(t.searchsorted(tick_s - AHEAD_S, side='right'))
        window = int(t.searchsorted(tick_s - WINDOW_S - SETTLING_S, side='right'))
        says = confidence == confidence
        reads = bool(says[window:].any())
        if ev.is_slow(t[window:]):
            self.reset()
            return self._by_rule(t, x, confidence if reads else None, lid_open, window, size)
        self._keep(t, window, learned.variant(self._units, reads, LOOKAHEAD_S))
        start = int(t.searchsorted(self._t[0])) + self._t.size if self._t.size else min(
            window, size)
        if start < size:
            c = np.where(says, confidence, 1.0) if reads else None
            self._extend(t, x, c, lid_open, start, size)
        return Coded(size - self._t.size, self._codes, self._good, self._speed)

    def _by_rule(self, t, x, c, lid_open, window: int, size: int) -> Coded:
        part = slice(window, None)
        t, x, known, c = ev.checked(t[part], x[part], None if c is None else c[part], self._units)
        good, seen = threshold_rule.usable(t, known, c, LOOKAHEAD_S)
        codes = threshold_rule.label(
            t, x, good, seen, lid_open[part], self._units, LOOKAHEAD_S)[:size - window]
        return Coded(window, codes, good[:size - window],
                     ev.speeds_inside(t, x, codes == ev.SACCADE))

    def _keep(self, t: np.ndarray, window: int, name: str) -> None:
        """Drop what has left the window, or all if the samples are no longer those of before."""
        if window < t.size:
            gone = int(self._t.searchsorted(t[window]))
            self._t, self._said, self._good = self._t[gone:], self._said[gone:], self._good[gone:]
            self._classes, self._codes, self._speed = (
                self._classes[gone:], self._codes[gone:], self._speed[gone:])
        at = int(t.searchsorted(self._t[0])) if self._t.size else 0
        same = name == self._name and np.array_equal(t[at:at + self._t.size], self._t)
        if not (same and self._t.size):
            self.reset()
            self._name = name

    def _extend(self, t, x, c, lid_open, start: int, size: int) -> None:
        """Classify the samples start..size-1 and remember what comes of it."""
        is_new = not self._t.size
        # A fresh start also needs what the first network said before.
        begin = int(t.searchsorted(t[start] - learned.HISTORY_S)) if is_new else start
        low = int(t.searchsorted(t[begin] - MEMORY_S))
        about = self._about(t, x, c, low)
        # Beyond ``size`` lies what may be looked ahead at.
        known = ev.is_position(x[low:], self._units)
        t, x, lid_open = t[low:], ev.in_degrees(x[low:], self._units), lid_open[low:]
        c = None if c is None else c[low:]
        good = known & ev.trusted(t, c, about, LOOKAHEAD_S)
        seen, usable = known, known
        if self._units == 'deg':
            seen, usable = known & ev.trusted(t, c, about, 0.0), good
        begin, start, size = begin - low, start - low, size - low
        rows, said = self._classifier.first(self._name, t, x, seen, c, about, begin, size)
        past = said if is_new else np.concatenate([self._said, said])
        times = t[begin:size] if is_new else np.concatenate([self._t, t[start:size]])
        probabilities = self._classifier.second(
            self._name, times, past, rows[start - begin:], len(past) - (size - start))
        probabilities[~seen[start:size]] = 1.0 / learned.CLASSES
        present = int(self._classes[-1]) if self._classes.size else -1
        added = slice(start, size)
        self._t = np.concatenate([self._t, t[added]])
        self._said = np.concatenate([self._said, said[start - begin:]])
        self._good = np.concatenate([self._good, good[added]])
        self._classes = np.concatenate([self._classes, learned.steady(probabilities, present)])
        # How long an eye has been shut is told from the last second.
        since = max(start - int(t.searchsorted(t[start] - MEMORY_S)), 0)
        held = min(since, self._t.size - (size - start))
        tail = slice(start - held, None)
        codes = ev.finished(
            t[tail], x[tail], known[tail], usable[tail], self._classes[-(size - start) - held:],
            lid_open[tail], LOOKAHEAD_S)[held:]
        self._codes = np.concatenate([self._codes, codes])
        mask = np.zeros(t.size, dtype=bool)
        mask[added] = codes == ev.SACCADE
        self._speed = np.concatenate([self._speed, ev.speeds_inside(t, x, mask)[added]])

    def _about(self, t, x, c, low: int) -> Surroundings:
        """Return running statistics of the samples from ``low`` on."""
        whole = float(np.ceil(t[0] + 1.0))
        if t[low] < whole or not self._seconds:
            about = usual.surroundings(
                t, ev.in_degrees(x, self._units), ev.is_position(x, self._units), c)
            if t[low] >= whole:
                floors = np.floor(t[low:])
                for second in np.unique(floors).tolist():
                    k = low + int(floors.searchsorted(second))
                    self._seconds[second] = tuple(column[k] for column in usual.columns(about))
            return Surroundings(*(column[low:] for column in usual.columns(about)))
        floors = np.floor(t[low:])
        seconds, counts = np.unique(floors, return_counts=True)
        for second in seconds.tolist():
            if second not in self._seconds:
                first = int(t.searchsorted(second - usual.MEMORY_S - 0.5))
                self._seconds[second] = usual.at_second(
                    second, t[first:], ev.in_degrees(x[first:], self._units),
                    ev.is_position(x[first:], self._units), None if c is None else c[first:])
        for old in [second for second in self._seconds if second < seconds[0]]:
            del self._seconds[old]
        rows = [self._seconds[second] for second in seconds.tolist()]
        return Surroundings(*(
            np.repeat(np.array(column), counts, axis=0) for column in zip(*rows, strict=True)))
