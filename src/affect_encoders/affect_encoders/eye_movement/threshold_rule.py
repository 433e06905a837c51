# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Gaze samples by thresholds alone, for what no network was taught: below 50 samples a second."""

from affect_encoders.eye_movement.codes import BLINK
from affect_encoders.eye_movement.codes import FIXATION
from affect_encoders.eye_movement.codes import PSO
from affect_encoders.eye_movement.codes import PURSUIT
from affect_encoders.eye_movement.codes import SACCADE
from affect_encoders.eye_movement.codes import UNKNOWN
from affect_encoders.quick import median
from affect_encoders.quick import rows_known
import numpy as np
from scipy.ndimage import median_filter

IMAGE_WIDTH_DEG = 70.0
"""
What a whole eye image is worth in degrees, to an order of magnitude: it scales the least speeds
below for uncalibrated positions, and is never used to report a degree.
"""

CONFIDENCE_LEAST = 0.5
BLINK_LONGEST_S = 1.0

SACCADE_HALF_WINDOW_S = 0.010
SACCADE_LAMBDA = 6.0
SACCADE_EDGE_LAMBDA = 3.0
SACCADE_LEAST_DEG_S = 28.0
SACCADE_SHORTEST_S = 0.008
SACCADE_OVER_BACKGROUND = 4.0
BACKGROUND_S = 0.3
BLINK_SHORTEST_S = 0.05
BLINK_SKIRT_S = 0.04
CONFIDENCE_SHARE = 0.6
MOTION_STEADY_S = 0.005
NOISE_MEMORY_S = 10.0

EYE_FASTEST_DEG_S = 1000.0
"""Saccades of the largest amplitudes reach some 600 to 900 deg/s."""

PSO_LONGEST_S = 0.040

PURSUIT_WINDOW_S = 0.190
PURSUIT_SHORTEST_S = 0.060
PURSUIT_LEAST_DEG_S = 4.0
PURSUIT_SIGMAS = 4.0


def local_slope(t: np.ndarray, x: np.ndarray, good: np.ndarray, low: np.ndarray, high: np.ndarray
                ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """
    Return slopes [N, 2], counts [N] and spreads of time [N] of lines through low..high-1.

    Least squares, so that irregular stamps need no resampling. Slopes are NaN where fewer than two
    samples of different times are good. The third value is the sum of squared centred times,
    which with the noise of x gives the slope's standard error.
    """
    n = t.size
    slope = np.full((n, 2), np.nan)
    count = np.zeros(n)
    spread = np.zeros(n)
    block = 4096
    for a in range(0, n, block):
        b = min(a + block, n)
        first, last = int(low[a:b].min()), int(high[a:b].max())
        if last <= first:
            continue
        usable = good[first:last]
        if not usable.any():
            continue
        # Sums about a nearby origin: about zero the squares of time would eat the digits.
        tt = (t[first:last] - t[(a + b) // 2]) * usable
        origin = x[first + int(np.argmax(usable))]
        xx = np.where(usable, (x[first:last] - origin).T, 0.0)
        sums = np.zeros((7, last - first + 1))
        columns = sums[:, 1:]
        columns[0] = usable
        columns[1] = tt
        columns[2] = tt * tt
        columns[3:5] = xx
        columns[5:7] = tt * xx
        np.cumsum(columns, axis=1, out=columns)
        part = sums.take(np.maximum(high[a:b], low[a:b]) - first, axis=1)
        part -= sums.take(low[a:b] - first, axis=1)
        m = np.maximum(part[0], 1.0)
        s_tt = part[2] - part[1] ** 2 / m
        s_tx = part[5:7] - part[1] * part[3:5] / m
        able = (part[0] >= 2) & (s_tt > 1e-9)
        slope[a:b] = np.where(able, s_tx / np.where(able, s_tt, 1.0), np.nan).T
        count[a:b] = part[0]
        spread[a:b] = s_tt
    return slope, count, spread


def usable(t: np.ndarray, known: np.ndarray, c: np.ndarray | None, lookahead_s: float
           ) -> tuple[np.ndarray, np.ndarray]:
    """
    Return which samples [N] are usable, and which are as far as motion is concerned.

    The second goes by what confidence does within the next MOTION_STEADY_S at most, not within
    ``lookahead_s``.
    """
    if c is None:
        return known, known
    least = np.maximum(CONFIDENCE_LEAST, CONFIDENCE_SHARE * _usual_confidence(t, c))
    good = known & ~(steadied(t, c, lookahead_s) < least)
    return good, known & ~(
        steadied(t, c, _motion_steady_s(_step(t), lookahead_s)) < least)


def _usual_confidence(t: np.ndarray, confidence: np.ndarray) -> np.ndarray:
    """Return the upper quartile of the confidence of the last 10 s [N], 0 before the first."""
    usual = np.zeros(t.size)
    for a, b, first in _blocks(t):
        if a - first >= 8:
            rank = (3 * (a - first)) // 4
            usual[a:b] = np.partition(confidence[first:a], rank)[rank]
    return usual


def steadied(t: np.ndarray, confidence: np.ndarray, lookahead_s: float,
             before_s: float = BLINK_SHORTEST_S) -> np.ndarray:
    """
    Return the mean confidence [N] of 50 ms before to ``lookahead_s`` after each sample.

    Trackers flicker for single samples whose position is as good as its neighbours'.
    """
    low = t.searchsorted(t - before_s)
    high = t.searchsorted(t + min(BLINK_SHORTEST_S, max(lookahead_s, 0.0)), side='right')
    sums = np.concatenate([[0.0], np.cumsum(confidence)])
    return (sums[high] - sums[low]) / (high - low)


def _blocks(t: np.ndarray) -> list[tuple[int, int, int]]:
    """
    Return index ranges at whose starts running statistics are renewed: dense, then 1 s.

    The third index is that of the first sample that is remembered then.
    """
    edges = np.concatenate([
        [0.1, 0.2, 0.4, 0.8, 1.5], np.arange(2.5, t[-1] - t[0] + 1.0, 1.0)])
    starts = t.searchsorted(t[0] + edges)
    first = t.searchsorted(t[np.minimum(starts, t.size - 1)] - NOISE_MEMORY_S)
    stops = [*starts[1:].tolist(), t.size]
    blocks = zip(starts.tolist(), stops, first.tolist(), strict=True)
    return [(a, b, since) for a, b, since in blocks if a < b]


def label(t: np.ndarray, x: np.ndarray, good: np.ndarray, seen: np.ndarray,
          not_blink: np.ndarray, units: str, lookahead_s: float) -> np.ndarray:
    """
    Return codes int8 [N] for checked samples.

    Saccades by a velocity threshold of six standard deviations of the last 10 s' noise (Engbert &
    Kliegl 2003, Vision Research 43:1035; noise here from velocity differences, so that pursuit is
    not noise) over four times the running median speed, which pursuit raises. Pursuit by the
    speed of a straight line through the recent samples since the last saccade against its
    standard error (velocity and dispersion, in the spirit of I-VDT, Komogortsev & Karpov 2013).
    Oscillation as reversed motion right after a saccade. Blinks as up to 1 s without a usable
    position, and what moves right after; longer is UNKNOWN.

    Motion is that of what is ``seen``: its windows reach ahead, where ``good`` looks ahead again.
    ``not_blink`` [N] marks samples that are lost while the lid is known to be open.
    """
    codes = np.zeros(t.size, dtype=np.int8)
    if t.size == 0:
        return codes
    unit = 1.0 if units == 'deg' else 1.0 / IMAGE_WIDTH_DEG
    step = _step(t)
    velocity = short_velocity(t, x, seen, step, lookahead_s)
    speed = np.hypot(velocity[:, 0], velocity[:, 1])
    sigma = running_noise(t, velocity, step, unit)
    noise = np.hypot(sigma[:, 0], sigma[:, 1]) / np.sqrt(2.0)
    # What another sample's speed decides may lie only so far ahead: it looks ahead itself.
    reach_s = max(lookahead_s, 0.0) - _speed_ahead_s(step, lookahead_s) - _motion_steady_s(
        step, lookahead_s)
    saccade, moves = _saccades(t, speed, noise, unit, step, reach_s)
    skirt = _after_blink(t, good)
    pso = _oscillations(t, velocity, speed, noise, saccade, reach_s)
    pursuit = _pursuit(t, x, seen & ~saccade & ~pso, saccade, moves, noise, unit, step, reach_s)
    codes[good] = FIXATION
    codes[good & pursuit] = PURSUIT
    codes[good & pso] = PSO
    codes[good & saccade] = SACCADE
    # What moves like a saccade right after a blink is the lid pushing the pupil's outline.
    codes[good & (saccade | pso) & skirt] = BLINK
    codes[good & _impossible(speed, saccade, unit)] = BLINK
    codes[~good] = _blink_codes(t, good, not_blink)[~good]
    return codes


def short_velocity(t, x, good, step: float, lookahead_s: float) -> np.ndarray:
    """Return the velocity [N, 2] per second over about 20 ms (five samples at 200 Hz)."""
    ahead = _speed_ahead_s(step, lookahead_s)
    low = t.searchsorted(t - (2.0 * _half_window_s(step) - ahead))
    high = t.searchsorted(t + ahead, side='right')
    velocity, _, _ = local_slope(t, x, good, low, high)
    velocity[~good] = np.nan
    return velocity


def _half_window_s(step: float) -> float:
    return max(SACCADE_HALF_WINDOW_S, step) * 1.05


def _speed_ahead_s(step: float, lookahead_s: float) -> float:
    """Return how far after a sample the window of its speed ends."""
    return min(_half_window_s(step), max(lookahead_s, 0.0))


def _motion_steady_s(step: float, lookahead_s: float) -> float:
    """Return how far after a sample its confidence counts for whether its motion is used."""
    return min(MOTION_STEADY_S, max(lookahead_s, 0.0) - _speed_ahead_s(step, lookahead_s))


def _step(t: np.ndarray) -> float:
    return median(t[1:] - t[:-1]) if t.size > 1 else 0.01


def running_noise(t, velocity, step: float, unit: float) -> np.ndarray:
    """
    Return the standard deviation of the velocity's noise [N, 2] from the last 10 s only.

    Median absolute difference of velocities one window apart; the value at a sample uses none
    after it. Until eight differences are known, 3 deg/s.
    """
    lag = max(1, round(2.0 * max(SACCADE_HALF_WINDOW_S, step) / max(step, 1e-6)))
    change = np.full(velocity.shape, np.nan)
    if t.size > lag:
        change[lag:] = np.abs(velocity[lag:] - velocity[:-lag])
        change[lag:][t[lag:] - t[:-lag] > 3.0 * lag * step] = np.nan
    usable = np.flatnonzero(rows_known(change))
    known = np.ascontiguousarray(change[usable].T)
    sigma = np.full(velocity.shape, 3.0 * unit)
    for a, b, first in _blocks(t):
        part = known[:, slice(*usable.searchsorted((first, a)))]
        if part.shape[1] >= 8:
            middle = part.shape[1] // 2
            sigma[a:b] = 1.4826 / np.sqrt(2.0) * np.partition(part, middle, axis=1)[:, middle]
    return np.maximum(sigma, 0.1 * unit)


def runs(mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the starts and ends (exclusive) of the runs of True."""
    edges = np.flatnonzero(np.concatenate([mask[:1], mask[1:] != mask[:-1], mask[-1:]]))
    return edges[::2], edges[1::2]


def _within(starts: np.ndarray, stops: np.ndarray, size: int) -> np.ndarray:
    """Return which of so many samples lie in one of the runs, which do not overlap [N]."""
    steps = np.zeros(size + 1, dtype=np.int8)
    steps[starts] += 1
    steps[stops] -= 1
    return np.cumsum(steps[:size], dtype=np.int8).view(bool)


def _saccades(t, speed, noise, unit, step, reach_s) -> tuple[np.ndarray, np.ndarray]:
    """Return which samples [N] are of saccades, and which are as fast as their edges."""
    size = max(3, round(BACKGROUND_S / max(step, 1e-3)))
    # Of the past only (origin): the running median ignores saccades and follows pursuit.
    background = median_filter(np.nan_to_num(speed), size, origin=(size - 1) // 2, mode='nearest')
    threshold = np.maximum(
        SACCADE_LAMBDA * noise, SACCADE_LEAST_DEG_S * unit) + SACCADE_OVER_BACKGROUND * background
    edge = threshold * SACCADE_EDGE_LAMBDA / SACCADE_LAMBDA
    cores = np.flatnonzero(speed > threshold)
    # Grow each core to where the speed falls below the edge: forwards that is the past's
    # business, backwards only as far as a sample may look ahead, less what its speed does.
    moves = speed > edge
    starts, stops = runs(moves)
    number = cores.searchsorted(starts)
    has_core = number < cores.searchsorted(stops)
    starts, stops, number = starts[has_core], stops[has_core], number[has_core]
    starts = np.maximum(starts, t.searchsorted(t[cores[number]] - reach_s))
    # So is it with the length that tells it from a spike.
    long_enough = t.searchsorted(t[starts] + (SACCADE_SHORTEST_S - step))
    lasts = long_enough < stops
    starts = np.maximum(starts[lasts], t.searchsorted(t[long_enough[lasts]] - reach_s))
    return _within(starts, stops[lasts], t.size), moves


def _oscillations(t, velocity, speed, noise, saccade, reach_s) -> np.ndarray:
    out = np.zeros(t.size, dtype=bool)
    starts, stops = runs(saccade)
    last = t.searchsorted(t[stops - 1] + PSO_LONGEST_S, side='right')
    longest = int((last - stops).max(initial=0))
    if not longest:
        return out
    # One after the last, as a run may end there.
    known = np.concatenate([np.nan_to_num(velocity), np.zeros((1, 2))])
    directions = np.add.reduceat(known, np.stack([starts, stops], axis=1).ravel(), axis=0)[::2]
    after = stops[:, None] + np.arange(longest)
    inside = after < last[:, None]
    after = np.minimum(after, t.size - 1)
    # The oscillation lasts from the turn to the first sample at rest.
    moving = inside & (speed > SACCADE_EDGE_LAMBDA * noise)[after]
    moving = np.logical_and.accumulate(moving, axis=1)
    back = moving & (np.einsum('sij,sj->si', known[after], directions) < 0.0)
    # What comes before the turn is known to belong to it only by looking ahead.
    turn = t[after[np.arange(starts.size), back.argmax(axis=1)]]
    moving &= back.any(axis=1, keepdims=True) & (t[after] >= turn[:, None] - reach_s)
    out[after[moving]] = True
    return out & ~saccade


def _impossible(speed, saccade, unit) -> np.ndarray:
    """Return which samples [N] move faster than eyes do, or right after that: no eye was seen."""
    too_fast = saccade & (speed > EYE_FASTEST_DEG_S * unit)
    out = np.zeros(saccade.size, dtype=bool)
    if not too_fast.any():
        return out
    for start, stop in zip(*runs(saccade), strict=True):
        first = np.flatnonzero(too_fast[start:stop])
        if first.size:
            out[start + first[0]:stop] = True
    return out


def _after_blink(t, good) -> np.ndarray:
    """Return which samples [N] come within 40 ms after a blink's worth of lost samples."""
    out = np.zeros(t.size, dtype=bool)
    for start, stop in zip(*runs(~good), strict=True):
        if stop < t.size and t[stop] - t[start] >= BLINK_SHORTEST_S:
            out[stop:t.searchsorted(t[stop] + BLINK_SKIRT_S)] = True
    return out


def _pursuit(t, x, steady, saccade, moves, noise, unit, step, reach_s) -> np.ndarray:
    n = t.size
    index = np.arange(n)
    # A window never crosses a saccade: since = first sample after the last one, until = where
    # the next one may begin. Whether it is one, and whether what follows one is an oscillation,
    # would be known only by looking ahead from there.
    since = np.maximum.accumulate(np.where(saccade, index + 1, 0))
    until = np.minimum.accumulate(np.where(moves, index, n)[::-1])[::-1]
    low = np.maximum(t.searchsorted(t - PURSUIT_WINDOW_S), since)
    high = np.minimum(t.searchsorted(t + reach_s, side='right'), np.append(until[1:], n))
    is_settled = t - t[np.maximum(since - 1, 0)] > PSO_LONGEST_S
    high = np.where(is_settled | (since == 0), high, np.minimum(high, index + 1))
    low = np.minimum(low, high)
    velocity, count, spread = local_slope(t, x, steady, low, high)
    speed = np.hypot(velocity[:, 0], velocity[:, 1])
    # Velocity noise back to position noise, for the standard error of the long slope.
    short = 2.0 * max(SACCADE_HALF_WINDOW_S, step)
    m = max(2.0, short / max(step, 1e-6) + 1.0)
    short_spread = step ** 2 * m * (m ** 2 - 1.0) / 12.0
    position = noise * np.sqrt(short_spread)
    with np.errstate(invalid='ignore', divide='ignore'):
        error = position / np.sqrt(spread)
        moving = speed > np.maximum(PURSUIT_LEAST_DEG_S * unit, PURSUIT_SIGMAS * error)
    span = t[np.maximum(high - 1, 0)] - t[np.minimum(low, n - 1)]
    known = (count >= 3) & (span >= PURSUIT_SHORTEST_S - step)
    # Right after a saccade too little is seen: what was going on before it goes on.
    last = np.maximum.accumulate(np.where(known, index, -1))
    carried = np.where(last >= 0, moving[np.maximum(last, 0)], False)
    return np.where(known, moving, carried)


def _blink_codes(t, good, not_blink) -> np.ndarray:
    codes = np.full(t.size, BLINK, dtype=np.int8)
    index = np.arange(t.size)
    last_good = np.maximum.accumulate(np.where(good, index, -1))
    since = t - np.where(last_good >= 0, t[np.maximum(last_good, 0)], t[0])
    codes[(since > BLINK_LONGEST_S) | not_blink] = UNKNOWN
    return codes
