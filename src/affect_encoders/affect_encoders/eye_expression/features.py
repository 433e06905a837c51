# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Features of lids and pupils; numpy only."""

from dataclasses import dataclass

from affect_encoders.encoder import FeatureSpec
import numpy as np

WINDOW_S = 10.0
LID_WINDOW_S = 60.0
PUPIL_WINDOW_S = 3.0
LONGEST_STEP_S = 0.2

CLOSED_OPENNESS = 0.2
BLINK_OPENNESS = 0.5
BLINK_SHORTEST_S, BLINK_LONGEST_S = 0.05, 1.0
BLINK_SKIRT_S = 0.1
LEAST_PUPILS = 10
FROZEN_S = 2.0
FROZEN_PUPIL_S = 5.0
FROZEN_LIDS_S = 30.0
LEAST_FROZEN = 20

COLUMNS = ('openness', 'squint', 'widening', 'pupil_mm', 'confidence')
"""What is known of one eye at one instant, as in affect_msgs/EyeState."""
OPENNESS, SQUINT, WIDENING, PUPIL_MM, CONFIDENCE = range(len(COLUMNS))

FEATURES = (
    FeatureSpec('openness', '1', 0.0, 2.0),
    FeatureSpec('openness_asymmetry', '1', -2.0, 2.0),
    FeatureSpec('squint', '1', 0.0, 1.0),
    FeatureSpec('widening', '1', 0.0, 1.0),
    FeatureSpec('blink_rate', '1/s', 0.0, 5.0),
    FeatureSpec('blink_duration', 's', 0.0, BLINK_LONGEST_S),
    FeatureSpec('longest_closure', 's', 0.0, LID_WINDOW_S),
    FeatureSpec('perclos', '1', 0.0, 1.0),
    FeatureSpec('pupil_diameter', 'mm', 1.0, 10.0),
    FeatureSpec('pupil_corrected', 'mm', -7.0, 7.0),
    FeatureSpec('pupil_change', 'mm', -7.0, 7.0),
    FeatureSpec('pupil_variability', 'mm', 0.0, 4.0),
)
"""
openness, squint and widening are means over 10 s outside of blinks, openness_asymmetry left less
right. Of up to 60 s, NaN before 30 s are known: blink_rate, blink_duration (mean time below half
of the usual opening, closures of 0.05 to 1 s that reach a fifth), longest_closure (openness of at
most 0.2) and perclos, the share of time that the lids are at least 80 % closed, blinks included
(P80: Wierwille & Ellsworth 1994, Accid. Anal. Prev. 26:571). pupil_diameter is the mean over 3 s;
pupil_corrected what it exceeds the diameter by light alone (pupil_light), pupil_change that less
the wearer's own median of ten minutes; pupil_variability the standard deviation over 10 s.
"""


@dataclass(frozen=True)
class Closures:
    """Times in a minute at which the lids were down; see FEATURES."""

    blink_rate: float
    blink_duration: float
    longest_closure: float
    perclos: float


def nan_mean(values: np.ndarray) -> float:
    """Return the mean of what is finite, NaN for nothing."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if known.size else float('nan')


def both(values: np.ndarray) -> np.ndarray:
    """Return the mean of the eyes [N] of values [N, 2], or the eye that is known."""
    left, right = values[:, 0], values[:, 1]
    mean = 0.5 * (left + right)
    return np.where(np.isfinite(mean), mean, np.where(np.isfinite(left), left, right))


def steps(t_s: np.ndarray) -> np.ndarray:
    """
    Return the time that each sample stands for, [N]: up to the next one, 0 across a gap.

    The last sample stands for nothing yet.
    """
    step = np.diff(t_s, append=t_s[-1:])
    return np.where(step <= LONGEST_STEP_S, step, 0.0)


def closures(t_s: np.ndarray, openness: np.ndarray) -> Closures:
    """
    Return what the lids did; all NaN when less than half of LID_WINDOW_S is known.

    :param t_s: stamps, seconds, rising [N], at most LID_WINDOW_S of them
    :param openness: [N], 1 is usual, NaN unknown
    """
    nothing = Closures(*4 * (float('nan'),))
    if t_s.size < 2:
        return nothing
    step = np.where(np.isfinite(openness), steps(t_s), 0.0)
    known_s = float(step.sum())
    # Half of the window: one long blink in a few seconds is no drowsiness.
    if known_s < 0.5 * LID_WINDOW_S:
        return nothing
    closed = openness <= CLOSED_OPENNESS
    first, last = _runs((openness < BLINK_OPENNESS) & (step > 0.0))
    elapsed = np.concatenate([[0.0], np.cumsum(step)])
    duration = elapsed[last] - elapsed[first]
    reached = np.concatenate([[0], np.cumsum(closed)])
    # What touches an end of the window, or a gap, has begun or will end who knows when.
    whole = (first > 0) & (last < t_s.size - 1)
    whole[whole] &= (step[first[whole] - 1] > 0.0) & (step[last[whole]] > 0.0)
    blink = (
        whole & (reached[last] > reached[first])
        & (duration >= BLINK_SHORTEST_S) & (duration <= BLINK_LONGEST_S))
    first, last = _runs(closed & (step > 0.0))
    shut = elapsed[last] - elapsed[first]
    return Closures(
        blink_rate=float(np.count_nonzero(blink)) / known_s,
        blink_duration=float(duration[blink].mean()) if blink.any() else float('nan'),
        longest_closure=float(shut.max(initial=0.0)),
        perclos=float(step[closed].sum()) / known_s)


def lid_features(
    t_s: np.ndarray, left: np.ndarray, right: np.ndarray,
) -> dict[str, float]:
    """
    Return openness, asymmetry, squint and widening outside of blinks.

    :param t_s: stamps of the last WINDOW_S, seconds, rising [N]
    :param left, right: [N, 5] with COLUMNS
    """
    openness = np.stack([left[:, OPENNESS], right[:, OPENNESS]], axis=1)
    steady = ~near_blink(t_s, both(openness))
    # Someone whose lids stay low for the whole window is not blinking.
    if not steady.any():
        steady[:] = True
    return {
        'openness': nan_mean(both(openness)[steady]),
        'openness_asymmetry': nan_mean((openness[:, 0] - openness[:, 1])[steady]),
        **{name: nan_mean(both(np.stack(
            [left[steady, column], right[steady, column]], axis=1)))
           for name, column in (('squint', SQUINT), ('widening', WIDENING))}}


def near_blink(t_s: np.ndarray, openness: np.ndarray) -> np.ndarray:
    """Return which samples [N] lie within BLINK_SKIRT_S of a lid below half: bool [N]."""
    low = np.concatenate([[0], np.cumsum(openness < BLINK_OPENNESS)])
    first = np.searchsorted(t_s, t_s - BLINK_SKIRT_S)
    last = np.searchsorted(t_s, t_s + BLINK_SKIRT_S, side='right')
    return low[last] > low[first]


def one_pupil(pupils_mm: np.ndarray) -> np.ndarray:
    """
    Return one diameter [N] for pupils [N, 2] of left and right.

    Their mean; where one is lost, the other one and half of their usual difference, so that
    pupils of unequal size do not jump when one of them is covered.
    """
    left, right = pupils_mm[:, 0], pupils_mm[:, 1]
    difference = right - left
    known = np.isfinite(difference)
    half = 0.5 * float(np.median(difference[known])) if known.any() else 0.0
    return np.where(
        known, 0.5 * (left + right), np.where(np.isfinite(left), left + half, right - half))


def frozen(t_s: np.ndarray, left: np.ndarray, right: np.ndarray) -> str:
    """
    Return why eyes that do not change at all can not be those of a wearer, or an empty string.

    Pupils are never still to the last digit (hippus); lids of people who are awake blink within
    half a minute. Shut eyes may rest.

    :param t_s: stamps of the last minute, seconds, rising [N]
    :param left, right: [N, 5] with COLUMNS
    """
    # As a rule the newest two differ, and nothing else need be looked at.
    if t_s.size < LEAST_FROZEN or not all(
            np.array_equal(eye[-1, :CONFIDENCE], eye[-2, :CONFIDENCE], equal_nan=True)
            for eye in (left, right)):
        return ''
    values = np.concatenate([left[:, :CONFIDENCE], right[:, :CONFIDENCE]], axis=1)
    openness = values[-1, [OPENNESS, OPENNESS + CONFIDENCE]]
    if np.isfinite(openness).any() and not (openness > CLOSED_OPENNESS).any():
        return ''
    first = int(np.searchsorted(t_s, t_s[-1] - FROZEN_S))
    pupils_known = np.isfinite(values[first:, [PUPIL_MM, PUPIL_MM + CONFIDENCE]]).any()
    if pupils_known and _is_same(t_s[first:], values[first:], FROZEN_S):
        return 'lids and pupils are frozen'
    first = int(np.searchsorted(t_s, t_s[-1] - FROZEN_LIDS_S))
    if _is_same(t_s[first:], values[first:], FROZEN_LIDS_S):
        return f'nothing of the eyes has moved for {FROZEN_LIDS_S:g} s'
    return ''


def without_frozen(t_s: np.ndarray, pupils_mm: np.ndarray) -> np.ndarray:
    """
    Return pupils [N, 2] of left and right, NaN for an eye whose diameter is always the same.

    Some runtimes send a constant for what they do not measure.
    """
    out = pupils_mm
    for eye in range(2):
        known = np.isfinite(pupils_mm[:, eye])
        if known.any() and _is_same(
                t_s[known], pupils_mm[known, eye:eye + 1], FROZEN_PUPIL_S):
            out = out.copy()
            out[:, eye] = np.nan
    return out


def _is_same(t_s: np.ndarray, values: np.ndarray, least_s: float) -> bool:
    """Return whether rows of values [N, C] are one and the same (NaN too) for about so long."""
    if t_s.size < LEAST_FROZEN or t_s[-1] - t_s[0] < 0.9 * least_s:
        return False
    return all(
        np.array_equal(some, np.broadcast_to(values[-1], some.shape), equal_nan=True)
        for some in (values[-2:], values))


def pupil_features(t_s: np.ndarray, pupils_mm: np.ndarray, end_s: float) -> dict[str, float]:
    """
    Return pupil_diameter over the last PUPIL_WINDOW_S and pupil_variability.

    :param t_s: stamps of the last WINDOW_S up to ``end_s``, seconds, rising [N]
    :param pupils_mm: left and right [N, 2], NaN in and beside blinks
    """
    out = {'pupil_diameter': float('nan'), 'pupil_variability': float('nan')}
    pupil = one_pupil(pupils_mm)
    known = np.isfinite(pupil)
    recent = pupil[known & (t_s > end_s - PUPIL_WINDOW_S)]
    if recent.size >= LEAST_PUPILS:
        out['pupil_diameter'] = float(recent.mean())
    if np.count_nonzero(known) >= LEAST_PUPILS and np.ptp(t_s[known]) >= 0.5 * WINDOW_S:
        out['pupil_variability'] = float(pupil[known].std())
    return out


def _runs(mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where runs of True begin and end (one past the last)."""
    edges = np.diff(mask.astype(np.int8), prepend=0, append=0)
    return np.flatnonzero(edges > 0), np.flatnonzero(edges < 0)
