# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What is usual for an eye tracker: noise, step and confidence of the last ten seconds."""

from affect_encoders.eye_movement.sample_features import lines_before
from affect_encoders.eye_movement.sample_features import Surroundings
import numpy as np

MEMORY_S = 10.0
LEAST_NOISE_DEG = 0.002
_FIRST_NOISE_DEG = 0.03
_FIRST_STEP_S = 0.01
_DENSE_S = (0.1, 0.2, 0.4, 0.8)


def surroundings(t: np.ndarray, x: np.ndarray, seen: np.ndarray,
                 confidence: np.ndarray | None) -> Surroundings:
    """
    Return running statistics at each of N samples, renewed at whole seconds of ``t``.

    What a block of samples is given comes from the MEMORY_S before the block. Renewal at whole
    seconds, and not so long after the first sample, lets a later view of the same stream give the
    same values. In the first second they are renewed more often.

    The noise is the median absolute difference of velocities 20 ms apart (median, so saccades do
    not count; differences, so pursuit does not), as white noise of positions that would give it.
    """
    size = t.size
    out = _at_first(size)
    if not size:
        return out
    change = velocity_change(t, x, seen)
    steps = np.concatenate([[np.nan], t[1:] - t[:-1]])
    for a, b, first in blocks(t):
        renew(out, slice(a, b), slice(first, a), x, seen, confidence, change, steps)
    return out


def columns(about: Surroundings) -> tuple[np.ndarray, ...]:
    """Return the statistics as a tuple, in the order of their names."""
    return (about.noise_deg, about.step_s, about.middle_deg, about.spread_deg,
            about.usual_confidence)


def at_second(second: float, t: np.ndarray, x: np.ndarray, seen: np.ndarray,
              confidence: np.ndarray | None) -> tuple:
    """Return the statistics that hold from a whole second on, in the order of ``columns``."""
    first, stop = t.searchsorted([second - MEMORY_S, second]).tolist()
    out = _at_first(1)
    if first < stop:
        # The first changes reach back before the first that is remembered.
        low = int(t.searchsorted(second - MEMORY_S - 0.2))
        part = slice(low, stop)
        change = velocity_change(t[part], x[part], seen[part])
        steps = np.concatenate([[np.nan], t[low + 1:stop] - t[low:stop - 1]])
        renew(out, slice(0, 1), slice(first - low, stop - low), x[part], seen[part],
              None if confidence is None else confidence[part], change, steps)
    return tuple(column[0] for column in columns(out))


def _at_first(size: int) -> Surroundings:
    return Surroundings(
        np.full(size, _FIRST_NOISE_DEG), np.full(size, _FIRST_STEP_S), np.zeros((size, 2)),
        np.full(size, 5.0), np.ones(size))


def blocks(t: np.ndarray) -> list[tuple[int, int, int]]:
    """Return (start, stop, first that is remembered) of runs of samples within a second."""
    dense = t[0] + np.array(_DENSE_S)
    whole = np.arange(np.ceil(t[0] + 1.0), np.floor(t[-1]) + 1.0)
    edges = np.concatenate([dense, whole])
    starts = t.searchsorted(edges)
    first = t.searchsorted(edges - MEMORY_S)
    stops = [*starts[1:].tolist(), t.size]
    return [(a, b, since) for a, b, since in zip(
        starts.tolist(), stops, first.tolist(), strict=True) if a < b and since < a]


def renew(out: Surroundings, here: slice, past: slice, x, seen, confidence, change, steps) -> None:
    """Fill the samples ``here`` with what is usual in the samples ``past``."""
    known = change[past]
    known = known[known == known]
    if known.size >= 8:
        middle = known.size // 2
        out.noise_deg[here] = max(
            1.4826 * float(np.partition(known, middle)[middle]), LEAST_NOISE_DEG)
    taken = steps[past]
    taken = taken[taken == taken]
    if taken.size >= 2:
        out.step_s[here] = max(float(np.partition(taken, taken.size // 2)[taken.size // 2]), 1e-4)
    places = x[past][seen[past]]
    if len(places) >= 8:
        ranks = [len(places) // 4, len(places) // 2, (3 * len(places)) // 4]
        quartiles = np.partition(places, ranks, axis=0)[ranks]
        out.middle_deg[here] = quartiles[1]
        out.spread_deg[here] = np.hypot(*(quartiles[2] - quartiles[0]))
    elif len(places):
        out.middle_deg[here] = places[-1]
    if confidence is not None and past.stop - past.start >= 8:
        rank = (3 * (past.stop - past.start)) // 4
        out.usual_confidence[here] = np.partition(confidence[past], rank)[rank]


def velocity_change(t: np.ndarray, x: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """
    Return half the squared length of velocity changes, as noise of positions in degrees [N].

    NaN where it is not known. Both axes are pooled.
    """
    out = np.full(t.size, np.nan)
    velocity, error = lines_before(t, x, seen)
    before = t.searchsorted(t - 0.0204, side='right') - 1
    able = (before >= 0) & seen & np.isfinite(error)
    able[able] &= seen[before[able]] & np.isfinite(error[before[able]])
    able[able] &= t[able] - t[before[able]] < 0.06
    change = velocity[able] - velocity[before[able]]
    # Of each axis' standard deviation: two axes, two velocities; the length's median is 1.177
    # standard deviations where one axis' is 0.674.
    scale = 0.674 / 1.177 / np.sqrt(2.0)
    out[able] = np.hypot(change[:, 0], change[:, 1]) * scale / error[able]
    return out
