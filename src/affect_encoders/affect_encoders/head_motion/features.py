# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Features of head movement from angular velocity and specific force; no ROS."""

from affect_encoders.encoder import FeatureSpec
from affect_encoders.head_motion.sensor_check import Complaint
from affect_encoders.head_motion.sensor_check import complaint
from affect_encoders.quick import band_pass
from affect_encoders.quick import hann
from affect_encoders.quick import median
from affect_encoders.quick import rows_known
import numpy as np

GRID_HZ = 100.0
"""Rate everything is brought to, so that a change of the sensor's rate changes no unit."""

WINDOW_S = 10.0
RHYTHM_WINDOW_S = 5.0
POSTURE_WINDOW_S = 2.0

RHYTHM_BAND_HZ = (1.0, 4.0)
TREMOR_BAND_HZ = (4.0, 12.0)
PHYSIOLOGICAL_TREMOR_BAND_HZ = (8.0, 12.0)

STILL_RAD_S = 0.1
NOD_PEAK_RAD_S = 0.2
GRAVITY_M_S2 = 9.80665
GRAVITY_TOLERANCE_M_S2 = 3.0
JERK_STEP_S = 0.05
LONGEST_GAP_S = 0.25
GAIN_PROBE_HZ = 8.0
GAIN_WINDOW_S = 1.0
LEAST_GAIN = 0.5

FEATURES = (
    FeatureSpec('angular_speed_mean', 'rad/s', 0.0, 35.0),
    FeatureSpec('angular_speed_max', 'rad/s', 0.0, 35.0),
    FeatureSpec('angular_speed_sd', 'rad/s', 0.0, 35.0),
    FeatureSpec('nod_power', 'rad2/s2', 0.0),
    FeatureSpec('shake_power', 'rad2/s2', 0.0),
    FeatureSpec('tilt_power', 'rad2/s2', 0.0),
    FeatureSpec('nod_rate', '1/s', 0.0, 4.0),
    FeatureSpec('shake_rate', '1/s', 0.0, 4.0),
    FeatureSpec('tremor_power_4_12hz', 'rad2/s2', 0.0),
    FeatureSpec('tremor_power_8_12hz', 'rad2/s2', 0.0),
    FeatureSpec('tremor_frequency', 'Hz', 4.0, 12.0),
    FeatureSpec('posture_pitch', 'rad', -np.pi / 2, np.pi / 2),
    FeatureSpec('posture_roll', 'rad', -np.pi, np.pi),
    FeatureSpec('posture_pitch_sd', 'rad', 0.0, np.pi),
    FeatureSpec('stillness_share', '1', 0.0, 1.0),
    FeatureSpec('acceleration_sd', 'm/s2', 0.0),
    FeatureSpec('jerk_rms', 'm/s3', 0.0),
)
"""
Axes follow REP-103 (x forward, y left, z up): pitch is about y and positive nose down, yaw about
z, roll about x. A sensor mounted otherwise must be rotated before. Powers are mean squares of
the band-passed angular velocity. Nods and shakes are counted as full cycles per second.
"""


def to_grid(t_s: np.ndarray, values: np.ndarray, end_s: float, duration_s: float) -> np.ndarray:
    """
    Return values [N, C] on a uniform grid of GRID_HZ ending at ``end_s``, [duration * 100, C].

    Each cell is the mean of its samples (which also keeps a fast sensor from aliasing); empty
    cells are interpolated across gaps of at most LONGEST_GAP_S and NaN beyond.
    """
    cells = round(duration_s * GRID_HZ)
    out = np.full((cells, values.shape[1]), np.nan)
    good = rows_known(values)
    t, v = (t_s, values) if good.all() else (t_s[good], values[good])
    index = np.ceil((t - (end_s - duration_s)) * GRID_HZ - 1e-6).astype(np.int64) - 1
    # Stamps rise, and with them the cells.
    inside = slice(*index.searchsorted((0, cells)))
    index, v, t = index[inside], v[inside], t[inside]
    if t.size == 0:
        return out
    first = np.flatnonzero(np.concatenate([[True], index[1:] != index[:-1]]))
    count = np.concatenate([first[1:], [index.size]]) - first
    # A cell stands for the mean time of its samples, not its middle: 2 samples per cell at
    # 24 Hz stamps would otherwise shake the phase of fast movements.
    cell_t = np.add.reduceat(t, first) / count
    cell_v = np.add.reduceat(v, first, axis=0) / count[:, None]
    grid_t = end_s - duration_s + (np.arange(cells) + 0.5) / GRID_HZ
    after = np.minimum(cell_t.searchsorted(grid_t), first.size - 1)
    before = np.maximum(after - 1, 0)
    since, until = grid_t - cell_t[before], cell_t[after] - grid_t
    span = cell_t[after] - cell_t[before]
    bridged = np.where(
        (since >= 0.0) & (until >= 0.0), span <= LONGEST_GAP_S,
        np.minimum(np.abs(since), np.abs(until)) <= 1.0 / GRID_HZ)
    share = np.clip(since / np.where(span > 0.0, span, 1.0), 0.0, 1.0)[:, None]
    out[:] = cell_v[before] + share * (cell_v[after] - cell_v[before])
    out[~bridged] = np.nan
    return out


def spectrum(signal: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """
    Return frequencies [K] in Hz and power [K, C] whose sum over a band is its mean square.

    One Hann-windowed periodogram of the mean-free signal [N, C] (Welch 1967 with one segment).
    """
    n = signal.shape[0]
    window = hann(n)
    centred = (signal - signal.mean(axis=0)) * window[:, None]
    transform = np.fft.rfft(centred, axis=0)
    power = transform.real ** 2 + transform.imag ** 2
    power *= 2.0 / (n * float(window @ window))
    return np.arange(n // 2 + 1) * (GRID_HZ / n), power


def grid_gain(t_s: np.ndarray, end_s: float, frequencies: np.ndarray) -> np.ndarray:
    """
    Return what amplitude the grid leaves of a swing of each frequency, [K] in (0, 1].

    Means over a cell and straight lines between cells both damp, by how much depends on where
    the samples lie: seen from a swing of GAIN_PROBE_HZ sampled as the last second was. Of other
    frequencies by a Gaussian, which the products of sinc functions at hand are to 1 % below 12 Hz.

    :param t_s: stamps, seconds [N], rising
    """
    phase = 2.0 * np.pi * GAIN_PROBE_HZ
    recent = t_s[t_s.searchsorted(end_s - GAIN_WINDOW_S - LONGEST_GAP_S):]
    probe = np.stack([np.cos(phase * (recent - end_s)), np.sin(phase * (recent - end_s))], axis=1)
    on_grid = to_grid(recent, probe, end_s, GAIN_WINDOW_S)
    at = phase * ((np.arange(len(on_grid)) + 0.5) / GRID_HZ - GAIN_WINDOW_S)
    left = on_grid[:, 0] * np.cos(at) + on_grid[:, 1] * np.sin(at)
    left = left[np.isfinite(left)]
    gain = min(max(float(left.mean()), LEAST_GAIN), 1.0) if left.size else 1.0
    return np.maximum(gain ** ((frequencies / GAIN_PROBE_HZ) ** 2), LEAST_GAIN)


def band_power(frequencies: np.ndarray, power: np.ndarray, band: tuple) -> np.ndarray:
    """Return the mean square in a band (low <= f < high), [C]."""
    return power[(frequencies >= band[0]) & (frequencies < band[1])].sum(axis=0)


def count_cycles(signal: np.ndarray, threshold: float) -> int:
    """
    Count full swings: times a band-passed signal [N] goes beyond +threshold after -threshold.

    The hysteresis makes noise around zero count nothing.
    """
    state = np.where(signal > threshold, 1, np.where(signal < -threshold, -1, 0))
    state = state[state != 0]
    if state.size == 0:
        return 0
    ups = int(np.count_nonzero(np.diff(state) > 0))
    return ups + int(state[0] > 0)


def without_gaps(grid: np.ndarray, share_needed: float = 0.8) -> np.ndarray | None:
    """Return a grid [N, C] with its gaps bridged straight, or None when too little is there."""
    known = rows_known(grid)
    if known.mean() < share_needed:
        return None
    if known.all():
        return grid
    index = np.arange(grid.shape[0])
    return np.stack(
        [np.interp(index, index[known], grid[known, c]) for c in range(grid.shape[1])], axis=1)


def posture(acceleration: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """
    Return pitch and roll [N] in radians from specific force [N, 3] in m/s^2 (REP-103 axes).

    NaN where the force is not about 1 g: then the head accelerates and gravity is not seen.
    """
    magnitude = _length(acceleration)
    x, y, z = acceleration.T
    pitch = np.arctan2(-x, np.hypot(y, z))
    roll = np.arctan2(y, z)
    moving = ~(np.abs(magnitude - GRAVITY_M_S2) <= GRAVITY_TOLERANCE_M_S2)
    return np.where(moving, np.nan, pitch), np.where(moving, np.nan, roll)


def head_features(
        t_s: np.ndarray, angular_velocity: np.ndarray, acceleration: np.ndarray,
        end_s: float) -> dict[str, float]:
    """
    Return the features over the last WINDOW_S up to ``end_s``; NaN where they cannot be known.

    :param t_s: stamps, seconds [N], rising
    :param angular_velocity: rad/s [N, 3]
    :param acceleration: specific force, m/s^2 [N, 3]
    """
    return judged_features(t_s, angular_velocity, acceleration, end_s)[0]


def judged_features(
        t_s: np.ndarray, angular_velocity: np.ndarray, acceleration: np.ndarray,
        end_s: float) -> tuple[dict[str, float], Complaint | None]:
    """
    Return the features as ``head_features`` does, and what is wrong with the sensor, if anything.

    What a complaint is about counts as unknown.
    """
    out = {spec.name: float('nan') for spec in FEATURES}
    rate_hz = sample_rate(t_s)
    turning, force = _grids(t_s, angular_velocity, acceleration, end_s)
    wrong = complaint(turning, force)
    if wrong is not None and wrong.turning:
        turning = np.full_like(turning, np.nan)
    if wrong is not None and wrong.force:
        force = np.full_like(force, np.nan)
    speed = _length(turning)
    known = np.isfinite(speed)
    if known.any():
        speed = speed[known]
        out['angular_speed_mean'] = float(speed.mean())
        out['angular_speed_max'] = float(speed.max())
        out['angular_speed_sd'] = float(speed.std())
        out['stillness_share'] = float((speed < STILL_RAD_S).mean())
    recent = without_gaps(turning[-round(RHYTHM_WINDOW_S * GRID_HZ):])
    if recent is not None and rate_hz >= 2.0 * RHYTHM_BAND_HZ[1]:
        known = rows_known(angular_velocity)
        _rhythm(out, recent, rate_hz, t_s if known.all() else t_s[known], end_s)
    _force(out, force)
    return out, wrong


def _grids(t_s: np.ndarray, turning: np.ndarray, force: np.ndarray, end_s: float
           ) -> tuple[np.ndarray, np.ndarray]:
    """Return both on the grid, in one go where both are known at the same times."""
    if np.array_equal(rows_known(turning), rows_known(force)):
        grid = to_grid(t_s, np.concatenate([turning, force], axis=1), end_s, WINDOW_S)
        return grid[:, :3], grid[:, 3:]
    return (to_grid(t_s, turning, end_s, WINDOW_S), to_grid(t_s, force, end_s, WINDOW_S))


def _length(vectors: np.ndarray) -> np.ndarray:
    """Return the lengths [N] of vectors [N, 3]."""
    return np.sqrt(np.einsum('ij,ij->i', vectors, vectors))


def sample_rate(t_s: np.ndarray) -> float:
    """Return the sampling rate in Hz as the inverse median step, 0 for fewer than two stamps."""
    return float(1.0 / median(t_s[1:] - t_s[:-1])) if t_s.size > 1 else 0.0


def _rhythm(
    out: dict[str, float], turning: np.ndarray, rate_hz: float, t_s: np.ndarray, end_s: float,
) -> None:
    frequencies, power = spectrum(turning)
    kept = frequencies < TREMOR_BAND_HZ[1]
    frequencies = frequencies[kept]
    power = power[kept] / grid_gain(t_s, end_s, frequencies)[:, None] ** 2
    rhythm = band_power(frequencies, power, RHYTHM_BAND_HZ)
    out['tilt_power'], out['nod_power'], out['shake_power'] = (float(p) for p in rhythm)
    swings = band_pass(
        turning[:, 1:] - turning[:, 1:].mean(axis=0), RHYTHM_BAND_HZ, GRID_HZ)
    out['nod_rate'] = count_cycles(swings[:, 0], NOD_PEAK_RAD_S) / RHYTHM_WINDOW_S
    out['shake_rate'] = count_cycles(swings[:, 1], NOD_PEAK_RAD_S) / RHYTHM_WINDOW_S
    # Just at twice the band's edge the fold of what lies above looks like tremor.
    if rate_hz < 2.2 * TREMOR_BAND_HZ[1]:
        return
    total = power.sum(axis=1)
    out['tremor_power_4_12hz'] = float(band_power(frequencies, total, TREMOR_BAND_HZ))
    out['tremor_power_8_12hz'] = float(
        band_power(frequencies, total, PHYSIOLOGICAL_TREMOR_BAND_HZ))
    inside = (frequencies >= TREMOR_BAND_HZ[0]) & (frequencies < TREMOR_BAND_HZ[1])
    if total[inside].sum() > 0.0:
        out['tremor_frequency'] = float(frequencies[inside][np.argmax(total[inside])])


def _force(out: dict[str, float], force: np.ndarray) -> None:
    pitch, roll = posture(force)
    recent = slice(-round(POSTURE_WINDOW_S * GRID_HZ), None)
    steady = np.isfinite(pitch[recent])
    if steady.mean() >= 0.5:
        out['posture_pitch'] = float(pitch[recent][steady].mean())
        out['posture_roll'] = float(np.arctan2(
            np.sin(roll[recent][steady]).mean(), np.cos(roll[recent][steady]).mean()))
    steady = np.isfinite(pitch)
    if steady.mean() >= 0.5:
        out['posture_pitch_sd'] = float(pitch[steady].std())
    magnitude = _length(force)
    known = np.isfinite(magnitude)
    if known.any():
        out['acceleration_sd'] = float(magnitude[known].std())
    # Means over 50 ms before differencing: raw differences measure the noise and the rate.
    step = round(JERK_STEP_S * GRID_HZ)
    coarse = force[:force.shape[0] // step * step].reshape(-1, step, 3).mean(axis=1)
    jerk = _length(coarse[1:] - coarse[:-1]) / JERK_STEP_S
    jerk = jerk[np.isfinite(jerk)]
    if jerk.size:
        out['jerk_rms'] = float(np.sqrt((jerk * jerk).mean()))
