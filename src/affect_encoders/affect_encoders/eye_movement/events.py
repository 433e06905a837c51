# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Eye-movement events from gaze samples of any tracker; no ROS."""

from dataclasses import dataclass

from affect_encoders.eye_movement import sample_classifier as learned
from affect_encoders.eye_movement import threshold_rule
from affect_encoders.eye_movement.codes import BLINK
from affect_encoders.eye_movement.codes import FIXATION
from affect_encoders.eye_movement.codes import PSO
from affect_encoders.eye_movement.codes import PURSUIT
from affect_encoders.eye_movement.codes import SACCADE
from affect_encoders.eye_movement.codes import UNKNOWN
from affect_encoders.eye_movement.sample_features import AHEAD_S
from affect_encoders.eye_movement.sample_features import Surroundings
from affect_encoders.eye_movement.surroundings import surroundings
from affect_encoders.eye_movement.threshold_rule import BLINK_LONGEST_S
from affect_encoders.eye_movement.threshold_rule import BLINK_SHORTEST_S
from affect_encoders.eye_movement.threshold_rule import CONFIDENCE_LEAST
from affect_encoders.eye_movement.threshold_rule import CONFIDENCE_SHARE
from affect_encoders.eye_movement.threshold_rule import EYE_FASTEST_DEG_S
from affect_encoders.eye_movement.threshold_rule import IMAGE_WIDTH_DEG
from affect_encoders.quick import median
from affect_encoders.quick import rows_known
import numpy as np

__all__ = [
    'BLINK', 'CONFIDENCE_LEAST', 'FIXATION', 'IMAGE_WIDTH_DEG', 'PSO', 'PURSUIT', 'SACCADE',
    'UNKNOWN', 'Events', 'classify_samples', 'find_events', 'main_sequence']

GAP_S = 0.1
SLOWEST_STEP_S = 0.02
"""Below 50 samples a second nothing was taught: thresholds alone decide."""

_PEAK_HALF_WINDOW_S = 0.0101
_JUMP_S = 0.008
_OUTSIDE = {'deg': ((-360.0, 360.0), 'give degrees, not pixels'),
            'image': ((-1.0, 2.0), "give fractions of the eye image, or units='deg'")}


@dataclass(frozen=True)
class Events:
    """
    Runs of one code, E each.

    ``code`` int8, ``onset_s``, ``duration_s``; for saccades also ``amplitude_deg``,
    ``peak_velocity_deg_s`` and ``residual`` (log of peak velocity over the main sequence's), NaN
    for other codes and without degrees. ``cut`` marks runs that touch an end of the recording.
    """

    code: np.ndarray
    onset_s: np.ndarray
    duration_s: np.ndarray
    amplitude_deg: np.ndarray
    peak_velocity_deg_s: np.ndarray
    residual: np.ndarray
    cut: np.ndarray


def main_sequence(amplitude_deg: np.ndarray) -> np.ndarray:
    """
    Return the peak velocity (deg/s) that a healthy saccade of an amplitude (deg) has.

    The exponential of Bahill, Clark & Stark 1975 (Math. Biosci. 24:191) with the constants of
    Baloh et al. 1975 (Neurology 25:1065), 551 deg/s and 14 deg.
    """
    return 551.0 * (1.0 - np.exp(-np.asarray(amplitude_deg) / 14.0))


def classify_samples(t_s, gaze, confidence=None, units='deg', lookahead_s=0.04, *,
                     classifier: learned.SampleClassifier | None = None) -> np.ndarray:
    """
    Return a code for every gaze sample, int8 [N]: see affect_encoders.eye_movement.codes.

    A sample's code depends on samples up to ``lookahead_s`` after it, never further: 40 ms and
    more are used as 39 ms, less as none. Two small networks decide, from speeds, turns and
    dispersion in windows of time, each beside what the signal's own noise of the last 10 s would
    give, so any rate and irregular steps will do. For degrees they were taught on simulated gaze
    with exact truth at 60 to 1000 Hz and on people's fixations and pursuit; for image positions
    on a head-mounted tracker's recordings (model card eye_movement.md), where coders marked
    saccades with what follows them: oscillation is not told from them there. A class must be
    likelier by a margin to replace the present one.

    Rules stay where nothing was taught: below 50 samples a second thresholds decide all (see
    threshold_rule); samples without a position are blinks for one second and then unknown, and
    so, in degrees, are those of low confidence; gaps below 50 ms whose end may be seen are what
    was before them; what moves faster than eyes do is no saccade.

    :param t_s: stamps in seconds, rising [N]; irregular steps and gaps are welcome
    :param gaze: [N, 2] azimuth and elevation in degrees, or image fractions; NaN where lost
    :param confidence: [N] in [0, 1]; NaN entries mean "does not say"
    :param units: 'deg' or 'image'
    :param lookahead_s: how far ahead of a sample its code may look, seconds
    :param classifier: the shipped one unless given
    :raises ValueError: shapes or units are wrong, stamps fall, or most positions cannot be in
        such units
    """
    t, x, known, c = checked(t_s, gaze, confidence, units)
    if t.size == 0:
        return np.zeros(0, dtype=np.int8)
    if is_slow(t):
        good, seen = threshold_rule.usable(t, known, c, lookahead_s)
        return threshold_rule.label(
            t, x, good, seen, np.zeros(t.size, dtype=bool), units, lookahead_s)
    x = in_degrees(x, units)
    about = surroundings(t, x, known, c)
    seen, usable = known, known
    if units == 'deg':
        # Of the samples ahead, only what they say by themselves: they may not look ahead again.
        seen, usable = (known & trusted(t, c, about, ahead_s) for ahead_s in (0.0, lookahead_s))
    name = learned.variant(units, c is not None, lookahead_s)
    said = (classifier or learned.shipped())(name, t, x, seen, c, about)
    said[~seen] = 1.0 / learned.CLASSES
    return finished(
        t, x, known, usable, learned.steady(said), np.zeros(t.size, dtype=bool), lookahead_s)


def checked(t_s, gaze, confidence, units
            ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray | None]:
    """
    Return stamps [N], positions [N, 2], which are known and confidences [N], or raise ValueError.

    Confidences are None when none is known; 1 where one is not.
    """
    t = np.asarray(t_s, dtype=np.float64).reshape(-1)
    x = np.asarray(gaze, dtype=np.float64)
    if units not in _OUTSIDE:
        raise ValueError(f"units is {units!r}: use 'deg' or 'image'")
    if x.shape != (t.size, 2):
        raise ValueError(f'gaze has shape {list(x.shape)}: give [{t.size}, 2], one row per stamp')
    if not np.all(np.isfinite(t)) or np.any(t[1:] < t[:-1]):
        raise ValueError('t_s must be finite and must not fall: sort the samples by stamp')
    known = is_position(x, units)
    outside = np.count_nonzero(rows_known(x)) - np.count_nonzero(known)
    if outside > np.count_nonzero(known):
        (low, high), remedy = _OUTSIDE[units]
        raise ValueError(f'{outside} of {t.size} positions lie outside {low:g} to {high:g}, where '
                         f'units={units!r} cannot be: {remedy}')
    if confidence is None:
        return t, x, known, None
    c = np.asarray(confidence, dtype=np.float64).reshape(-1)
    if c.size != t.size:
        raise ValueError(f'confidence has {c.size} entries for {t.size} stamps')
    said = c == c
    return t, x, known, np.where(said, np.clip(c, 0.0, 1.0), 1.0) if said.any() else None


def is_position(x: np.ndarray, units: str) -> np.ndarray:
    """Return which rows of x [N, 2] are positions that can be in such units [N]."""
    low, high = _OUTSIDE[units][0]
    with np.errstate(invalid='ignore'):
        return np.all((x >= low) & (x <= high), axis=1)


def is_slow(t: np.ndarray) -> bool:
    """Return whether the samples [N] come too slowly for what was taught."""
    return t.size > 2 and median(t[1:] - t[:-1]) > SLOWEST_STEP_S


def in_degrees(x: np.ndarray, units: str) -> np.ndarray:
    """Return positions [N, 2] in degrees, or what serves as such for image fractions."""
    return x if units == 'deg' else x * IMAGE_WIDTH_DEG


def trusted(t: np.ndarray, c: np.ndarray | None, about: Surroundings, lookahead_s: float
            ) -> np.ndarray:
    """Return where [N] the tracker is as sure as it must be, compared with what is usual."""
    if c is None:
        return np.ones(t.size, dtype=bool)
    least = np.maximum(CONFIDENCE_LEAST, CONFIDENCE_SHARE * about.usual_confidence)
    # As far back as ahead, where it looks ahead: a blink then begins and ends where it does.
    ahead_s = min(lookahead_s, AHEAD_S)
    return threshold_rule.steadied(t, c, ahead_s, max(ahead_s, 0.02)) >= least


def finished(t: np.ndarray, x: np.ndarray, known: np.ndarray, usable: np.ndarray,
             classes: np.ndarray, not_blink: np.ndarray, lookahead_s: float) -> np.ndarray:
    """
    Return codes int8 [M] from classes [M]: what is lost, impossible or lasts too long is told.

    :param t: stamps [N], N >= M: with those that may be looked ahead at
    :param x: positions, degrees [N, 2], ``known`` [N] or not
    :param usable: known and trusted [N]
    :param not_blink: [N] lost while the lid is known to be open
    """
    size = classes.size
    codes = (classes + 1).astype(np.int8)
    codes[(codes == SACCADE) & _impossible(t[:size], x[:size], usable[:size])] = BLINK
    codes[~usable[:size]] = BLINK
    gap = _short_gaps(t, known, lookahead_s)[:size]
    codes[gap >= 0] = codes[gap[gap >= 0]]
    shut = codes == BLINK
    index = np.arange(size)
    last = np.maximum.accumulate(np.where(shut, -1, index))
    since = t[:size] - t[np.maximum(last, 0)]
    codes[(shut & (since > BLINK_LONGEST_S)) | (
        ~usable[:size] & not_blink[:size] & (gap < 0))] = UNKNOWN
    return codes


def _short_gaps(t: np.ndarray, known: np.ndarray, lookahead_s: float) -> np.ndarray:
    """
    Return for samples [N] in gaps too short for a blink the last known sample before, else -1.

    A gap is short if its end may already be seen from the sample.
    """
    index = np.arange(t.size)
    before = np.maximum.accumulate(np.where(known, index, -1))
    after = np.minimum.accumulate(np.where(known, index, t.size)[::-1])[::-1]
    inside = ~known & (before >= 0) & (after < t.size)
    back = t[np.minimum(after, t.size - 1)]
    short = inside & (back - t[np.minimum(before + 1, t.size - 1)] < BLINK_SHORTEST_S) & (
        back - t <= min(lookahead_s, AHEAD_S))
    return np.where(short, before, -1)


def _impossible(t: np.ndarray, x: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Return where [N] the position came from farther than eyes go: no eye was seen there."""
    index = np.arange(t.size)
    # Over some time: the noise of two samples of a fast tracker looks faster than any eye.
    before = np.minimum(t.searchsorted(t - _JUMP_S, side='right') - 1, index - 1)
    before = np.maximum(before, 0)
    with np.errstate(invalid='ignore'):
        way = np.hypot(*(x - x[before]).T)
    return seen & seen[before] & (way > EYE_FASTEST_DEG_S * np.maximum(t - t[before], _JUMP_S))


def find_events(t_s, gaze, codes, units='deg', speed: np.ndarray | None = None) -> Events:
    """
    Return the runs of equal codes with their measures; UNKNOWN runs are left out.

    Amplitude is the distance between the positions around the saccade; peak velocity the largest
    of ``speeds_inside`` (``speed`` [N] if they are known already). A gap of more than 0.1 s ends a
    run.
    """
    t = np.asarray(t_s, dtype=np.float64)
    x = np.asarray(gaze, dtype=np.float64)
    codes = np.asarray(codes)
    if t.size == 0:
        none = np.empty(0)
        return Events(
            np.empty(0, np.int8), none, none, none, none, none, np.empty(0, dtype=np.bool_))
    steps = t[1:] - t[:-1]
    step = median(steps) if t.size > 1 else 0.0
    gap = max(GAP_S, 3.0 * step)
    breaks = (codes[1:] != codes[:-1]) | (steps > gap)
    start = np.concatenate([[0], np.flatnonzero(breaks) + 1])
    stop = np.concatenate([start[1:], [t.size]])
    cut = np.zeros(start.size, dtype=bool)
    cut[0] = cut[-1] = True
    keep = codes[start] != UNKNOWN
    start, stop, cut = start[keep], stop[keep], cut[keep]
    code = codes[start]
    duration = t[stop - 1] - t[start] + step
    amplitude = np.full(start.size, np.nan)
    peak = np.full(start.size, np.nan)
    if units == 'deg':
        mine = code == SACCADE
        if mine.any():
            a, b = start[mine], stop[mine]
            rise = x[np.minimum(b, t.size - 1)] - x[np.maximum(a - 1, 0)]
            amplitude[mine] = np.hypot(rise[:, 0], rise[:, 1])
            # One after the last, as a run may end there.
            if speed is None:
                speed = speeds_inside(t, x, codes == SACCADE)
            bounds = np.stack([a, b], axis=1).ravel()
            peak[mine] = np.fmax.reduceat(np.append(speed, np.nan), bounds)[::2]
    with np.errstate(invalid='ignore', divide='ignore'):
        residual = np.where(
            (amplitude > 0.0) & (peak > 0.0), np.log(peak / main_sequence(amplitude)), np.nan)
    return Events(code, t[start], duration, amplitude, peak, residual, cut)


def speeds_inside(t: np.ndarray, x: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """
    Return the speed [N] in deg/s where ``mask``, else NaN.

    The slope at the sample of a cubic through the samples within 10 ms (Savitzky & Golay 1964, for
    stamps of any spacing); below 200 Hz the difference of the neighbours. The peak of a saccade of
    5 deg (minimum jerk, 32 ms) comes out 1 % low from 250 Hz on, 2 % at 200 Hz, 20 % at 120 Hz, a
    quarter at 100 Hz and half at 60 Hz; noise of n deg adds some 800 n deg/s either way.
    """
    out = np.full(t.size, np.nan)
    at = np.flatnonzero(mask)
    if not at.size or t.size < 3:
        return out
    low = t.searchsorted(t[at] - _PEAK_HALF_WINDOW_S)
    high = t.searchsorted(t[at] + _PEAK_HALF_WINDOW_S, side='right')
    low, high = np.minimum(low, at - 1), np.maximum(high, at + 2)
    inside = (low >= 0) & (high <= t.size)
    at, low, high = at[inside], low[inside], high[inside]
    if not at.size:
        return out
    index = low[:, None] + np.arange(int((high - low).max()))
    used = index < high[:, None]
    index = np.minimum(index, t.size - 1)
    u = (t[index] - t[at, None]) / _PEAK_HALF_WINDOW_S
    y = x[index] - x[at, None]
    used &= np.isfinite(y).all(axis=2)
    y = np.where(used[..., None], y, 0.0)
    cubic = np.count_nonzero(used, axis=1) >= 5
    if cubic.any():
        powers = np.where(used[cubic, :, None], u[cubic, :, None] ** np.arange(4.0), 0.0)
        normal = np.einsum('nki,nkj->nij', powers, powers) + 1e-9 * np.eye(4)
        slope = np.linalg.solve(normal, np.einsum('nki,nkc->nic', powers, y[cubic]))[:, 1]
        out[at[cubic]] = np.hypot(*slope.T) / _PEAK_HALF_WINDOW_S
    rest = at[~cubic]
    with np.errstate(invalid='ignore', divide='ignore'):
        rise = (x[rest + 1] - x[rest - 1]) / np.maximum(t[rest + 1] - t[rest - 1], 1e-9)[:, None]
    out[rest] = np.hypot(*rise.T)
    return out
