# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Features of head movement from angular velocity and specific force; no ROS."""

from affect_encoders.encoder import FeatureSpec
import numpy as np
from scipy.signal import butter
from scipy.signal import sosfiltfilt

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
    good = np.all(np.isfinite(values), axis=1)
    t, v = t_s[good], values[good]
    if t.size == 0:
        return out
    index = np.ceil((t - (end_s - duration_s)) * GRID_HZ - 1e-6).astype(np.int64) - 1
    inside = (index >= 0) & (index < cells)
    index, v, t = index[inside], v[inside], t[inside]
    if t.size == 0:
        return out
    first = np.flatnonzero(np.diff(index, prepend=-1))
    count = np.diff(first, append=index.size)
    filled = index[first]
    # A cell stands for the mean time of its samples, not its middle: 2 samples per cell at
    # 24 Hz stamps would otherwise shake the phase of fast movements.
    cell_t = np.add.reduceat(t, first) / count
    cell_v = np.add.reduceat(v, first, axis=0) / count[:, None]
    grid_t = end_s - duration_s + (np.arange(cells) + 0.5) / GRID_HZ
    after = np.clip(np.searchsorted(cell_t, grid_t), 0, filled.size - 1)
    before = np.maximum(after - 1, 0)
    near = np.minimum(np.abs(cell_t[after] - grid_t), np.abs(cell_t[before] - grid_t))
    bridged = np.where(
        (cell_t[before] <= grid_t) & (cell_t[after] >= grid_t),
        cell_t[after] - cell_t[before] <= LONGEST_GAP_S,
        near <= 1.0 / GRID_HZ)
    for column in range(values.shape[1]):
        out[:, column] = np.interp(grid_t, cell_t, cell_v[:, column])
    out[~bridged] = np.nan
    return out


def spectrum(signal: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """
    Return frequencies [K] in Hz and power [K, C] whose sum over a band is its mean square.

    One Hann-windowed periodogram of the mean-free signal [N, C] (Welch 1967 with one segment).
    """
    n = signal.shape[0]
    window = np.hanning(n)
    centred = (signal - signal.mean(axis=0)) * window[:, None]
    power = np.abs(np.fft.rfft(centred, axis=0)) ** 2
    power *= 2.0 / (n * np.sum(window ** 2))
    return np.fft.rfftfreq(n, 1.0 / GRID_HZ), power


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


def band_pass(signal: np.ndarray, band: tuple) -> np.ndarray:
    """Return [N, C] with only the band left: Butterworth of second order, both ways, no delay."""
    sos = butter(2, band, btype='bandpass', fs=GRID_HZ, output='sos')
    return sosfiltfilt(sos, signal - signal.mean(axis=0), axis=0)


def without_gaps(grid: np.ndarray, share_needed: float = 0.8) -> np.ndarray | None:
    """Return a grid [N, C] with its gaps bridged straight, or None when too little is there."""
    known = np.all(np.isfinite(grid), axis=1)
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
    magnitude = np.linalg.norm(acceleration, axis=1)
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
    out = {spec.name: float('nan') for spec in FEATURES}
    rate_hz = sample_rate(t_s)
    turning = to_grid(t_s, angular_velocity, end_s, WINDOW_S)
    speed = np.linalg.norm(turning, axis=1)
    known = np.isfinite(speed)
    if known.any():
        out['angular_speed_mean'] = float(speed[known].mean())
        out['angular_speed_max'] = float(speed[known].max())
        out['angular_speed_sd'] = float(speed[known].std())
        out['stillness_share'] = float(np.mean(speed[known] < STILL_RAD_S))
    recent = without_gaps(turning[-round(RHYTHM_WINDOW_S * GRID_HZ):])
    if recent is not None and rate_hz >= 2.0 * RHYTHM_BAND_HZ[1]:
        _rhythm(out, recent, rate_hz)
    force = to_grid(t_s, acceleration, end_s, WINDOW_S)
    _force(out, force)
    return out


def sample_rate(t_s: np.ndarray) -> float:
    """Return the sampling rate in Hz as the inverse median step, 0 for fewer than two stamps."""
    return float(1.0 / np.median(np.diff(t_s))) if t_s.size > 1 else 0.0


def _rhythm(out: dict[str, float], turning: np.ndarray, rate_hz: float) -> None:
    frequencies, power = spectrum(turning)
    rhythm = band_power(frequencies, power, RHYTHM_BAND_HZ)
    out['tilt_power'], out['nod_power'], out['shake_power'] = (float(p) for p in rhythm)
    swings = band_pass(turning, RHYTHM_BAND_HZ)
    out['nod_rate'] = count_cycles(swings[:, 1], NOD_PEAK_RAD_S) / RHYTHM_WINDOW_S
    out['shake_rate'] = count_cycles(swings[:, 2], NOD_PEAK_RAD_S) / RHYTHM_WINDOW_S
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
    magnitude = np.linalg.norm(force, axis=1)
    known = np.isfinite(magnitude)
    if known.any():
        out['acceleration_sd'] = float(magnitude[known].std())
    # Means over 50 ms before differencing: raw differences measure the noise and the rate.
    step = round(JERK_STEP_S * GRID_HZ)
    coarse = force[:force.shape[0] // step * step].reshape(-1, step, 3).mean(axis=1)
    jerk = np.linalg.norm(np.diff(coarse, axis=0), axis=1) / JERK_STEP_S
    if np.isfinite(jerk).any():
        out['jerk_rms'] = float(np.sqrt(np.nanmean(jerk ** 2)))
