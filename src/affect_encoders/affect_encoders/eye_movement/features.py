# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Features of eye movement over the last ten seconds; numpy only."""

from affect_encoders.encoder import FeatureSpec
from affect_encoders.eye_movement import events as ev
from affect_encoders.quick import median
import numpy as np

WINDOW_S = 10.0
PERCLOS_WINDOW_S = 60.0
CLOSED_OPENNESS = 0.2

FEATURES = (
    FeatureSpec('fixation_rate', '1/s', 0.0, 10.0),
    FeatureSpec('fixation_duration', 's', 0.0, 10.0),
    FeatureSpec('saccade_rate', '1/s', 0.0, 10.0),
    FeatureSpec('saccade_duration', 's', 0.0, 0.5),
    FeatureSpec('saccade_amplitude', 'deg', 0.0, 100.0),
    FeatureSpec('saccade_amplitude_sd', 'deg', 0.0, 100.0),
    FeatureSpec('saccade_peak_velocity', 'deg/s', 0.0, 1000.0),
    FeatureSpec('main_sequence_residual', '1', -3.0, 3.0),
    FeatureSpec('oscillation_share', '1', 0.0, 1.0),
    FeatureSpec('fixation_share', '1', 0.0, 1.0),
    FeatureSpec('pursuit_share', '1', 0.0, 1.0),
    FeatureSpec('blink_rate', '1/s', 0.0, 5.0),
    FeatureSpec('blink_duration', 's', 0.0, 2.0),
    FeatureSpec('perclos', '1', 0.0, 1.0),
    FeatureSpec('openness', '1', 0.0, 2.0),
    FeatureSpec('gaze_dispersion', 'deg', 0.0, 90.0),
    FeatureSpec('valid_share', '1', 0.0, 1.0),
)
"""
Rates are events per second of recorded time. Means are over events that lie wholly in the window.
main_sequence_residual is the median log of peak velocity over what the main sequence expects;
oscillation_share the share of saccades followed by one, NaN without calibrated gaze (see
classify_samples); perclos the share of up to 60 s with openness of at most 0.2 (P80, Wierwille
1994), NaN before 30 s are known; gaze_dispersion the root mean square distance from the mean
direction. Degrees are NaN without calibrated gaze. What the newest 40 ms are is not known yet.
"""


def eye_features(t_s: np.ndarray, gaze: np.ndarray, codes: np.ndarray, good: np.ndarray,
                 openness: np.ndarray, end_s: float, units: str,
                 speed: np.ndarray | None = None) -> dict[str, float]:
    """
    Return features of the last WINDOW_S up to ``end_s``; NaN where they cannot be known.

    :param t_s: stamps, seconds, rising [N]; samples before the window serve as context
    :param gaze: [N, 2] degrees or image fractions
    :param codes: what the samples are, as classify_samples tells [N]
    :param good: which have a position that can be relied on [N]
    :param openness: [N] or NaN
    :param units: 'deg' or 'image'
    :param speed: [N] as events.speeds_inside tells, if that is known already
    """
    out = {spec.name: float('nan') for spec in FEATURES}
    t, x = t_s, gaze
    inside = t > end_s - WINDOW_S
    if not inside.any():
        return out
    out['valid_share'] = float(good[inside].mean())
    found = ev.find_events(t, x, codes, units, speed)
    step = median(t[1:] - t[:-1]) if t.size > 1 else 0.0
    recorded_s = min(WINDOW_S, np.count_nonzero(inside) * step)
    known = np.count_nonzero(codes[inside] != ev.UNKNOWN)
    if recorded_s < 1.0 or known == 0:
        return out
    for code, name in ((ev.FIXATION, 'fixation'), (ev.PURSUIT, 'pursuit')):
        out[f'{name}_share'] = float(np.count_nonzero(codes[inside] == code) / known)
    here = found.onset_s > end_s - WINDOW_S
    for code, name in ((ev.FIXATION, 'fixation'), (ev.SACCADE, 'saccade'), (ev.BLINK, 'blink')):
        mine = here & (found.code == code)
        out[f'{name}_rate'] = float(np.count_nonzero(mine) / recorded_s)
        whole = mine & ~found.cut
        if whole.any():
            out[f'{name}_duration'] = float(found.duration_s[whole].mean())
    _saccades(out, found, here & (found.code == ev.SACCADE), units)
    if units == 'deg' and (good & inside).sum() > 1:
        positions = x[good & inside]
        out['gaze_dispersion'] = float(np.sqrt(positions.var(axis=0).sum()))
    lid = openness[inside]
    if np.isfinite(lid).any():
        out['openness'] = float(np.nanmean(lid))
    return out


def _saccades(out: dict[str, float], found: ev.Events, mine: np.ndarray, units: str) -> None:
    count = int(np.count_nonzero(mine))
    if not count:
        return
    if units == 'deg':
        after = np.flatnonzero(mine) + 1
        after = after[after < found.code.size]
        out['oscillation_share'] = float(np.count_nonzero(found.code[after] == ev.PSO) / count)
    measured = mine & np.isfinite(found.residual)
    if measured.any():
        out['saccade_amplitude'] = float(found.amplitude_deg[measured].mean())
        out['saccade_amplitude_sd'] = float(found.amplitude_deg[measured].std())
        out['saccade_peak_velocity'] = float(found.peak_velocity_deg_s[measured].mean())
        out['main_sequence_residual'] = median(found.residual[measured])


def perclos(t_s: np.ndarray, openness: np.ndarray) -> float:
    """Return the share of samples with openness <= 0.2, NaN when less than 30 s are known."""
    known = np.isfinite(openness)
    # Half of the window: one long blink in a few seconds is no drowsiness.
    if not known.any() or np.ptp(t_s[known]) < PERCLOS_WINDOW_S / 2:
        return float('nan')
    return float(np.mean(openness[known] <= CLOSED_OPENNESS))
