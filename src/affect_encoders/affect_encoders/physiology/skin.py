# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Electrodermal activity: tonic level, skin conductance responses; numpy and scipy only."""

from dataclasses import dataclass
from dataclasses import field
import functools

from affect_encoders.physiology.pulse import runs
from affect_encoders.physiology.pulse import thinned
from affect_encoders.physiology.pulse import uniform_pieces
from affect_encoders.quick import line
from affect_encoders.quick import median
import numpy as np
from scipy.signal import find_peaks

EDA_WINDOW_S = 60.0
SCR_LEAST_AMPLITUDE_US = 0.035
SCR_LEAST_SLOPE_US_S = 0.01
SCR_LONGEST_RISE_S = 5.0
SCR_NOISES = 9.0
SCR_RECOVERY_S = 5.0
SCR_DECAY_S = 4.0
SMOOTHING_S = 0.5
MOST_RATE_HZ = 20.0
LONGEST_BRIDGE_S = 2.0
SHORTEST_PIECE_S = 8.0
DETACHED_US = 0.05
FASTEST_CHANGE = 0.5
STEEP_START_US_S = 0.1
RAIL_SHARE = 0.3


@dataclass(frozen=True)
class SkinConductance:
    """
    What a window of EDA amounts to.

    Responses as onset times, peak times (s) and amplitudes (uS), [R] each; the tonic level and
    its slope, the spread of the phasic part, the rate per minute.
    """

    onsets_s: np.ndarray = field(default_factory=lambda: np.empty(0))
    peaks_s: np.ndarray = field(default_factory=lambda: np.empty(0))
    amplitudes_us: np.ndarray = field(default_factory=lambda: np.empty(0))
    tonic_us: float = float('nan')
    slope_us_min: float = float('nan')
    phasic_sd_us: float = float('nan')
    rate_min: float = float('nan')
    reason: str = ''


def skin_conductance(t_s: np.ndarray, eda_us: np.ndarray) -> SkinConductance:
    """
    Count skin conductance responses and split off the tonic level.

    Every response, whatever its rise and recovery, makes the slope of skin conductance rise and
    fall once, also one that begins while that before it recovers and so has no trough of its own
    (Boucsein 2012, ch. 2.3: overlapping responses). So responses are peaks of the smoothed slope,
    with a recovery of 5 s added back (chosen on simulated skin): 0.01 uS/s at least, nine
    standard deviations of the noise (found from second differences), 0.035 uS of rise, 5 s at
    most. The phasic part is rebuilt from the responses, with a recovery of 4 s time constant.

    :param t_s: stamps, seconds [N], rising
    :param eda_us: skin conductance, microsiemens [N]; NaN where missing
    """
    pieces, rate_hz = uniform_pieces(*thinned(t_s, eda_us, MOST_RATE_HZ), LONGEST_BRIDGE_S)
    pieces = [piece for piece in pieces
              if piece[0].size >= 8 and piece[0][-1] - piece[0][0] >= SHORTEST_PIECE_S]
    if not pieces:
        return SkinConductance(reason='less than 8 s of EDA')
    if rate_hz < 1.0:
        return SkinConductance(reason='EDA is sampled below 1 Hz')
    if reason := _no_skin(np.concatenate([x for _, x in pieces]), rate_hz):
        return SkinConductance(reason=reason)
    onsets, peaks, amplitudes = [], [], []
    tonic, phasic = [], []
    for grid, x in pieces:
        smooth, first, last, rises = _responses(x, rate_hz)
        onsets.append(grid[first])
        peaks.append(grid[last])
        amplitudes.append(rises)
        phasic.append(_rebuilt(smooth.size, first, last, rises, rate_hz))
        tonic.append(smooth - phasic[-1])
    grid = np.concatenate([times for times, _ in pieces])
    level = np.concatenate(tonic)
    covered_s = sum(float(times[-1] - times[0]) for times, _ in pieces)
    rises = np.concatenate(amplitudes)
    return SkinConductance(
        np.concatenate(onsets), np.concatenate(peaks), rises,
        tonic_us=median(level),
        slope_us_min=60.0 * line(grid - grid[-1], level)[1],
        phasic_sd_us=float(np.concatenate(phasic).std()),
        rate_min=float(60.0 * rises.size / covered_s))


def _no_skin(x: np.ndarray, rate_hz: float) -> str:
    """Return why this cannot be skin conductance, or an empty string."""
    if np.ptp(x) == 0.0:
        return 'EDA is constant'
    if median(x) < DETACHED_US:
        return 'EDA electrode detached'
    # At a rail (the highest value, again and again) an amplifier is full; skin is never so still.
    starts, stops = runs(x == x.max())
    long = stops - starts > 2.0 * rate_hz
    if (stops[long] - starts[long]).sum() > RAIL_SHARE * x.size:
        return 'EDA is at its upper limit'
    # A fifth of the level a second is an artefact of the electrode (Kocielnik et al. 2013); half
    # of it, often, is something else than skin (a pulse, a loose contact).
    lag = max(1, round(rate_hz))
    change = np.abs(x[lag:] - x[:-lag]) / np.maximum(np.abs(x[:-lag]), DETACHED_US)
    if np.mean(change > FASTEST_CHANGE) > 0.3:
        return 'EDA changes faster than skin can'
    return ''


@functools.lru_cache(maxsize=16)
def _kernels(rate_hz: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the smoothing kernel and its slope [K], K odd, not to be written to."""
    half = int(np.ceil(3.5 * SMOOTHING_S * rate_hz))
    smoothing = np.exp(-0.5 * (np.arange(-half, half + 1) / (SMOOTHING_S * rate_hz)) ** 2)
    smoothing /= smoothing.sum()
    slope = np.gradient(smoothing) * rate_hz
    for kernel in (smoothing, slope):
        kernel.flags.writeable = False
    return smoothing, slope


def _responses(x: np.ndarray, rate_hz: float
               ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return x smoothed [N], onset and peak indices [R] and amplitudes [R]."""
    smoothing, slope = _kernels(float(f'{rate_hz:.5g}'))
    half = min(smoothing.size // 2, x.size - 1)
    trim = smoothing.size // 2 - half
    if trim:
        smoothing, slope = smoothing[trim:-trim], slope[trim:-trim]
        smoothing = smoothing / smoothing.sum()
    padded = np.concatenate([
        2.0 * x[0] - x[half:0:-1], x, 2.0 * x[-1] - x[-2:-half - 2:-1]])
    smooth = np.convolve(padded, smoothing, mode='valid')
    rise = np.convolve(padded, slope, mode='valid') + (smooth - smooth.min()) / SCR_RECOVERY_S
    bends = x[2:] - 2.0 * x[1:-1] + x[:-2]
    noise = 1.4826 * median(np.abs(bends - median(bends))) / np.sqrt(6.0)
    gain = np.sqrt(float(slope @ slope) + float(smoothing @ smoothing) / SCR_RECOVERY_S ** 2)
    least = max(SCR_NOISES * noise * gain, SCR_LEAST_SLOPE_US_S)
    tops, found = find_peaks(rise, prominence=least)
    candidates = list(zip(tops.tolist(), found['prominences'].tolist(), strict=True))
    # One that began with the recording, or just before, has its steepest slope at the edge, and
    # nothing before it that it could stand out from.
    early = int(rise[:max(2, round(2.0 * SMOOTHING_S * rate_hz))].argmax())
    after = rise[early:early + round(6.0 * SMOOTHING_S * rate_hz) + 2]
    is_alone = not np.any(tops < early + 3.0 * SMOOTHING_S * rate_hz)
    if is_alone and rise[early] >= rise[early + 1] and (
            rise[early] - after.min() > max(2.0 * least, STEEP_START_US_S)):
        candidates.insert(0, (early, float(rise[early] - after.min())))
    first, last, amplitudes = [], [], []
    for top, prominence in candidates:
        floor = rise[top] - 0.5 * prominence
        start, stop = _around(rise, top, floor)
        area = 1.2 * float(np.sum(rise[start:stop + 1] - floor + 0.5 * prominence)) / rate_hz
        if area < SCR_LEAST_AMPLITUDE_US or stop - start > SCR_LONGEST_RISE_S * rate_hz:
            continue
        peak = stop
        while peak < smooth.size - 1 and smooth[peak + 1] > smooth[peak]:
            peak += 1
        trough = float(smooth[max(0, start - round(2.0 * SMOOTHING_S * rate_hz)):start + 1].min())
        height = float(smooth[peak]) - trough
        first.append(start)
        last.append(peak)
        # One that rides on a recovery is higher than its own trough to peak.
        amplitudes.append(height if height > 0.5 * area else area)
    return (smooth, np.array(first, dtype=np.int64), np.array(last, dtype=np.int64),
            np.array(amplitudes))


def _around(x: np.ndarray, top: int, floor: float) -> tuple[int, int]:
    """Return the first and the last index of the run above ``floor`` that ``top`` is in."""
    low = np.flatnonzero(x[:top] <= floor)
    high = np.flatnonzero(x[top:] <= floor)
    return (int(low[-1]) + 1 if low.size else 0,
            top + int(high[0]) - 1 if high.size else x.size - 1)


def _rebuilt(size: int, onsets: np.ndarray, peaks: np.ndarray, amplitudes: np.ndarray,
             rate_hz: float) -> np.ndarray:
    """Return the phasic part [N]: a straight rise and an exponential recovery per response."""
    phasic = np.zeros(size)
    for onset, peak, amplitude in zip(onsets, peaks, amplitudes, strict=True):
        rise = np.arange(onset, peak + 1)
        phasic[rise] += amplitude * (rise - onset) / max(peak - onset, 1)
        fall = np.arange(peak + 1, size)
        phasic[fall] += amplitude * np.exp(-(fall - peak) / (SCR_DECAY_S * rate_hz))
    return phasic
