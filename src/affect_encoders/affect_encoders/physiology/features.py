# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Beats, electrodermal responses, temperature and respiration; numpy and scipy only."""

from dataclasses import dataclass

from affect_encoders.encoder import FeatureSpec
from affect_encoders.quick import band_pass
from affect_encoders.quick import hann
from affect_encoders.quick import line
from affect_encoders.quick import median
import numpy as np
from scipy.ndimage import uniform_filter1d

PULSE_WINDOW_S = 30.0
EDA_WINDOW_S = 60.0
TEMPERATURE_WINDOW_S = 60.0
PULSE_BAND_HZ = (0.7, 3.0)
PULSE_PEAK_HALF_WIDTH_HZ = 0.15
RESPIRATION_BAND_HZ = (0.1, 0.5)

SHORTEST_INTERVAL_S = 0.33
LONGEST_INTERVAL_S = 1.5
INTERVAL_TOLERANCE = 0.25
LEAST_INTERVALS = 5

SCR_LEAST_AMPLITUDE_US = 0.03
SCR_RISE_S = (0.4, 6.0)
SCR_LEAST_SLOPE_US_S = 0.01
SCR_DECAY_S = 4.0
DETACHED_US = 0.05

FEATURES = (
    FeatureSpec('heart_rate', '1/min', 40.0, 180.0),
    FeatureSpec('heart_rate_change', '1/min', -100.0, 100.0),
    FeatureSpec('rmssd', 'ms', 0.0, 500.0),
    FeatureSpec('rmssd_change', '1', -5.0, 5.0),
    FeatureSpec('sdnn', 'ms', 0.0, 500.0),
    FeatureSpec('respiration_rate', '1/min', 6.0, 30.0),
    FeatureSpec('pulse_correlation', '1', -1.0, 1.0),
    FeatureSpec('pulse_concentration', '1', 0.0, 1.0),
    FeatureSpec('interval_coverage', '1', 0.0, 1.0),
    FeatureSpec('eda_tonic', 'uS', 0.0, 60.0),
    FeatureSpec('eda_slope', 'uS/min', -60.0, 60.0),
    FeatureSpec('eda_phasic_sd', 'uS', 0.0, 30.0),
    FeatureSpec('scr_rate', '1/min', 0.0, 60.0),
    FeatureSpec('scr_amplitude', 'uS', 0.0, 30.0),
    FeatureSpec('skin_temperature', 'degC', 15.0, 45.0),
    FeatureSpec('skin_temperature_slope', 'degC/min', -10.0, 10.0),
    FeatureSpec('motion', 'm/s2', 0.0, 80.0),
)
"""
Pulse figures are over 30 s (ultra-short HRV), EDA and temperature over 60 s. heart_rate_change
(difference) and rmssd_change (natural logarithm of the ratio) are against the wearer's own median
of the last ten minutes. scr_amplitude is the mean rise of the
responses in the window, NaN without one; motion is the spread of acceleration.
"""


@dataclass(frozen=True)
class Pulse:
    """
    What 30 s of BVP amount to.

    Beat times [B] and intervals [B-1] in seconds with a mask of the plausible ones,
    ``correlation`` of the beats with their median (Orphanidou 2015), ``coverage`` the share of the
    window under plausible intervals, ``concentration`` the share of the power between 0.7 and 3 Hz
    that lies within 0.15 Hz of its peak, which is at ``spectral_rate``. Rates in 1/min,
    variabilities in ms; NaN unknown.
    """

    beats_s: np.ndarray
    intervals_s: np.ndarray
    plausible: np.ndarray
    correlation: float
    coverage: float
    concentration: float
    spectral_rate: float
    heart_rate: float
    rmssd: float
    sdnn: float
    respiration_rate: float
    reason: str = ''


def uniform(t_s: np.ndarray, x: np.ndarray, longest_gap_s: float
            ) -> tuple[np.ndarray, np.ndarray, float]:
    """
    Return times [M], values [M] at the median step, and the rate in Hz.

    Gaps up to ``longest_gap_s`` are bridged straight; what lies before the last longer gap is cut
    off. Empty arrays and rate 0 for fewer than two finite samples.
    """
    good = np.isfinite(x)
    t, x = t_s[good], x[good]
    if t.size < 2:
        return np.empty(0), np.empty(0), 0.0
    steps = t[1:] - t[:-1]
    step = median(steps)
    gaps = np.flatnonzero(steps > max(longest_gap_s, 1.5 * step))
    if gaps.size:
        t, x = t[gaps[-1] + 1:], x[gaps[-1] + 1:]
    grid = t[0] + step * np.arange(int((t[-1] - t[0]) / step + 1.5))
    return grid, np.interp(grid, t, x), 1.0 / step


def find_beats(bvp: np.ndarray, rate_hz: float) -> tuple[np.ndarray, np.ndarray]:
    """
    Return the systolic peaks as fractional sample positions [B], and the band-passed pulse [N].

    Two moving averages after Elgendi et al. 2013 (PLoS ONE 8:e76585): 0.5-8 Hz zero-phase, squared
    positive half, 111 ms average against a 667 ms average. Peaks are refined by a parabola, as a
    64 Hz sample is 16 ms wide.
    """
    pulse = band_pass(bvp - bvp.mean(), (0.5, min(8.0, round(0.45 * rate_hz, 6))), rate_hz)
    # A pulse is sharp on one side, and sensors differ in which is up: beats are timed on the
    # sharp side (skewness, Elgendi 2016, Bioengineering 3:21), as a flat top has no time.
    if np.mean(pulse * pulse * pulse) < 0.0:
        pulse = -pulse
    positive = np.clip(pulse, 0.0, None) ** 2
    peak_width = max(3, round(0.111 * rate_hz))
    fast = uniform_filter1d(positive, peak_width)
    slow = uniform_filter1d(positive, max(5, round(0.667 * rate_hz)))
    # The original offset is 2 % of the mean; a motion burst would lift a mean over every beat.
    inside = fast > slow + 0.02 * min(positive.mean(), 4.0 * median(slow))
    starts, stops = _runs(inside)
    wide = stops - starts >= peak_width
    starts, stops = starts[wide], stops[wide]
    if not starts.size:
        return np.empty(0), pulse
    # Rows that are shorter than the longest repeat their last sample, which is never the first.
    columns = np.arange(int((stops - starts).max()))
    within = np.minimum(starts[:, None] + columns, stops[:, None] - 1)
    peaks = starts + pulse[within].argmax(axis=1)
    peaks = peaks[(peaks > 0) & (peaks < pulse.size - 1)]
    left, top, right = pulse[peaks - 1], pulse[peaks], pulse[peaks + 1]
    is_top = (top >= left) & (top >= right)
    peaks, left, top, right = peaks[is_top], left[is_top], top[is_top], right[is_top]
    bend = left - 2.0 * top + right
    bent = bend < 0.0
    places = peaks + np.where(bent, 0.5 * (left - right) / np.where(bent, bend, -1.0), 0.0)
    least = 0.3 * rate_hz
    if places.size > 1 and (places[1:] - places[:-1]).min() < least:
        places = _apart(places, top, pulse, least)
    return places, pulse


def _apart(places: np.ndarray, tops: np.ndarray, pulse: np.ndarray, least: float) -> np.ndarray:
    """Return positions [B] of which the higher one stays where two are closer than ``least``."""
    kept: list[float] = []
    for place, top in zip(places.tolist(), tops.tolist(), strict=True):
        if kept and place - kept[-1] < least:
            if top > pulse[round(kept[-1])]:
                kept[-1] = place
        else:
            kept.append(place)
    return np.array(kept)


def _runs(mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the starts and ends (exclusive) of the runs of True."""
    edges = np.flatnonzero(np.diff(mask.view(np.int8), prepend=np.int8(0), append=np.int8(0)))
    return edges[::2], edges[1::2]


def plausible_intervals(intervals_s: np.ndarray) -> np.ndarray:
    """Return a mask [B-1]: 0.33 to 1.5 s and within 25 % of the median of five neighbours."""
    n = intervals_s.size
    if n == 0:
        return np.zeros(0, dtype=bool)
    ok = (intervals_s >= SHORTEST_INTERVAL_S) & (intervals_s <= LONGEST_INTERVAL_S)
    if n >= 3:
        padded = np.concatenate([intervals_s[2:0:-1], intervals_s, intervals_s[-2:-4:-1]])
        local = np.sort(np.stack([padded[k:k + n] for k in range(5)]), axis=0)[2]
        ok &= np.abs(intervals_s - local) <= INTERVAL_TOLERANCE * local
    return ok


def interval_statistics(intervals_s: np.ndarray, plausible: np.ndarray
                        ) -> tuple[float, float, float]:
    """
    Return heart rate (1/min), RMSSD (ms) and SDNN (ms) of the plausible intervals, NaN if few.

    RMSSD takes only neighbouring pairs that are both plausible (Task Force 1996).
    """
    good = intervals_s[plausible]
    if good.size < LEAST_INTERVALS:
        return float('nan'), float('nan'), float('nan')
    pairs = plausible[1:] & plausible[:-1]
    steps = np.diff(intervals_s)[pairs]
    rmssd = float(1e3 * np.sqrt(np.mean(steps ** 2))) if steps.size >= 4 else float('nan')
    return float(60.0 / good.mean()), rmssd, float(1e3 * good.std(ddof=1))


def template_correlation(pulse: np.ndarray, positions: np.ndarray, rate_hz: float) -> float:
    """
    Return the mean correlation of each beat with the median beat, NaN for fewer than four.

    Signal quality after Orphanidou et al. 2015 (IEEE J-BHI 19:832); they call >= 0.86 good.
    """
    before, after = round(0.25 * rate_hz), round(0.35 * rate_hz)
    peaks = np.round(positions).astype(np.int64)
    peaks = peaks[(peaks >= before) & (peaks + after < pulse.size)]
    if peaks.size < 4:
        return float('nan')
    beats = pulse[peaks[:, None] + np.arange(-before, after + 1)]
    beats = beats - beats.mean(axis=1, keepdims=True)
    # Sorted, not np.median: a mean of one or two rows without its search for NaN.
    middle = len(beats) // 2
    ordered = np.sort(beats, axis=0)
    template = 0.5 * (ordered[middle] + ordered[-1 - middle])
    template = template - template.mean()
    scale = np.linalg.norm(beats, axis=1) * np.linalg.norm(template)
    with np.errstate(invalid='ignore', divide='ignore'):
        r = beats @ template / scale
    return float(np.mean(np.nan_to_num(r)))


def spectral_peak(bvp: np.ndarray, rate_hz: float) -> tuple[float, float]:
    """Return the concentration of the pulse's spectrum around its peak, and the peak in 1/min."""
    n = bvp.size
    size = max(1 << (n - 1).bit_length(), 4096)
    power = np.abs(np.fft.rfft((bvp - bvp.mean()) * hann(n), size)) ** 2
    frequency = np.arange(size // 2 + 1) * (rate_hz / size)
    low, high = frequency.searchsorted(PULSE_BAND_HZ)
    power, frequency = power[low:high], frequency[low:high]
    peak = frequency[np.argmax(power)]
    near = np.abs(frequency - peak) < PULSE_PEAK_HALF_WIDTH_HZ
    return float(power[near].sum() / max(power.sum(), 1e-30)), float(60.0 * peak)


def respiration_from_beats(beats_s: np.ndarray, heights: np.ndarray, baselines: np.ndarray
                           ) -> float:
    """
    Return breaths per minute from three modulations of the pulse, NaN when they disagree.

    Frequency, intensity and amplitude of the beats each give a spectral peak within 0.1-0.5 Hz;
    they are averaged when their standard deviation is below 4 breaths/min ("smart fusion",
    Karlen et al. 2013, IEEE TBME 60:1946).
    """
    if beats_s.size < 12 or beats_s[-1] - beats_s[0] < 15.0:
        return float('nan')
    grid = np.arange(beats_s[0], beats_s[-1], 0.25)
    series = np.stack([
        np.interp(grid, 0.5 * (beats_s[1:] + beats_s[:-1]), np.diff(beats_s)),
        np.interp(grid, beats_s, heights),
        np.interp(grid, beats_s, heights - baselines)])
    rates = dominant_rates(series, 4.0)
    if not np.all(np.isfinite(rates)) or np.std(rates) > 4.0:
        return float('nan')
    return float(np.mean(rates))


def dominant_rate(signal: np.ndarray, rate_hz: float) -> float:
    """Return the strongest rate within 0.1-0.5 Hz as 1/min, NaN for a constant signal."""
    return float(dominant_rates(signal[None], rate_hz)[0])


def dominant_rates(signals: np.ndarray, rate_hz: float) -> np.ndarray:
    """Return the strongest rate within 0.1-0.5 Hz of signals [S, N] as 1/min, NaN for none [S]."""
    n = signals.shape[1]
    at = np.arange(n) - 0.5 * (n - 1)
    flat = signals - signals.mean(axis=1, keepdims=True)
    flat -= (flat @ at)[:, None] / max(float(at @ at), 1e-12) * at
    size = 1 << (4 * n - 1).bit_length()
    frequency = np.arange(size // 2 + 1) * (rate_hz / size)
    low = frequency.searchsorted(RESPIRATION_BAND_HZ[0])
    high = frequency.searchsorted(RESPIRATION_BAND_HZ[1], side='right')
    spectrum = np.fft.rfft(flat * hann(n), size)[:, low:high]
    power = spectrum.real ** 2 + spectrum.imag ** 2
    rates = 60.0 * frequency[low + power.argmax(axis=1)]
    return np.where(power.max(axis=1) > 1e-18, rates, np.nan)


def pulse_features(t_s: np.ndarray, bvp: np.ndarray, window_s: float = PULSE_WINDOW_S) -> Pulse:
    """
    Return what a window of BVP amounts to.

    :param t_s: stamps, seconds [N], rising
    :param bvp: blood volume pulse, any unit [N]; NaN where missing
    :param window_s: length that ``coverage`` is a share of
    """
    nothing = np.empty(0)
    nan = float('nan')
    grid, x, rate_hz = uniform(t_s, bvp, 0.5)
    empty = Pulse(
        nothing, nothing, np.zeros(0, dtype=bool), nan, 0.0, 0.0, nan, nan, nan, nan, nan)
    if grid.size < 2 or grid[-1] - grid[0] < 5.0:
        return _with_reason(empty, 'less than 5 s of BVP')
    if rate_hz < 20.0:
        return _with_reason(empty, 'BVP is sampled below 20 Hz')
    # A device with no skin repeats one number; 16-bit noise around it is no pulse either.
    held = float(np.mean(np.abs(np.diff(x)) <= 1e-9 * (1.0 + np.ptp(x))))
    if held > 0.9:
        return _with_reason(empty, 'BVP is constant')
    positions, pulse = find_beats(x, rate_hz)
    beats_s = grid[0] + positions / rate_hz
    intervals = np.diff(beats_s)
    plausible = plausible_intervals(intervals)
    heart_rate, rmssd, sdnn = interval_statistics(intervals, plausible)
    coverage = float(min(1.0, intervals[plausible].sum() / (window_s - 1.5)))
    breaths = nan
    if plausible.size and plausible.mean() > 0.8:
        peaks = np.round(positions).astype(np.int64)
        lead = round(0.25 * rate_hz)
        upright = x if np.dot(pulse, x - x.mean()) >= 0.0 else -x
        low = upright[np.maximum(peaks[:, None] + np.arange(-lead, 1), 0)].min(axis=1)
        breaths = respiration_from_beats(beats_s, upright[peaks], low)
    return Pulse(
        beats_s, intervals, plausible, template_correlation(pulse, positions, rate_hz),
        coverage, *spectral_peak(x, rate_hz), heart_rate, rmssd, sdnn, breaths,
        '' if np.isfinite(heart_rate) else 'no plausible beats')


def _with_reason(pulse: Pulse, reason: str) -> Pulse:
    return Pulse(**{**pulse.__dict__, 'reason': reason})


@dataclass(frozen=True)
class SkinConductance:
    """
    What a window of EDA amounts to.

    Responses as onset times, peak times (s) and amplitudes (uS), [R] each; the tonic level and
    its slope, the spread of the phasic part, the rate per minute.
    """

    onsets_s: np.ndarray
    peaks_s: np.ndarray
    amplitudes_us: np.ndarray
    tonic_us: float
    slope_us_min: float
    phasic_sd_us: float
    rate_min: float
    reason: str = ''


def skin_conductance(t_s: np.ndarray, eda_us: np.ndarray) -> SkinConductance:
    """
    Count skin conductance responses by trough to peak (Boucsein 2012) and split off the tonic.

    A response rises by at least 0.03 uS, for 0.4 to 6 s, faster than the tonic does. One that only
    slows the fall of the one before it is not counted. The phasic part is rebuilt from the
    responses, with a recovery of 4 s time constant.

    :param t_s: stamps, seconds [N], rising
    :param eda_us: skin conductance, microsiemens [N]; NaN where missing
    """
    nothing = np.empty(0)
    nan = float('nan')
    empty = SkinConductance(nothing, nothing, nothing, nan, nan, nan, nan)
    grid, x, rate_hz = uniform(t_s, eda_us, 2.0)
    if grid.size < 8 or grid[-1] - grid[0] < 8.0:
        return SkinConductance(**{**empty.__dict__, 'reason': 'less than 8 s of EDA'})
    if np.ptp(x) == 0.0:
        return SkinConductance(**{**empty.__dict__, 'reason': 'EDA is constant'})
    if median(x) < DETACHED_US:
        return SkinConductance(**{**empty.__dict__, 'reason': 'EDA electrode detached'})
    smooth = _smooth(x, max(1, round(0.5 * rate_hz)))
    onsets, peaks, amplitudes = _responses(smooth, rate_hz)
    covered_s = grid[-1] - grid[0]
    phasic = np.zeros_like(smooth)
    for onset, peak, amplitude in zip(onsets, peaks, amplitudes, strict=True):
        rise = np.arange(onset, peak + 1)
        phasic[rise] += amplitude * (rise - onset) / max(peak - onset, 1)
        fall = np.arange(peak + 1, smooth.size)
        phasic[fall] += amplitude * np.exp(-(fall - peak) / (SCR_DECAY_S * rate_hz))
    tonic = smooth - phasic
    _, slope = line(grid - grid[-1], tonic)
    return SkinConductance(
        grid[onsets], grid[peaks], amplitudes,
        tonic_us=median(tonic),
        slope_us_min=60.0 * slope,
        phasic_sd_us=float(phasic.std()),
        rate_min=float(60.0 * onsets.size / covered_s))


def _smooth(x: np.ndarray, half: int) -> np.ndarray:
    kernel = hann(2 * half + 3)[1:-1]
    padded = np.concatenate([np.full(half, x[0]), x, np.full(half, x[-1])])
    return np.convolve(padded, kernel / kernel.sum(), mode='valid')


def _responses(smooth: np.ndarray, rate_hz: float
               ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return onset and peak indices [R] and amplitudes [R]."""
    slope = np.gradient(smooth) * rate_hz
    # Above the tonic's own rise, which is most of the time's.
    rising = slope > SCR_LEAST_SLOPE_US_S + max(0.0, median(slope))
    starts, stops = _runs(rising)
    onsets, peaks, amplitudes = [], [], []
    for start, stop in zip(starts, stops, strict=True):
        peak = start + int(np.argmax(smooth[start:stop + 1]))
        trough = start + int(np.argmin(smooth[start:peak + 1]))
        amplitude = float(smooth[peak] - smooth[trough])
        rise_s = (peak - trough) / rate_hz
        if amplitude >= SCR_LEAST_AMPLITUDE_US and SCR_RISE_S[0] <= rise_s <= SCR_RISE_S[1]:
            onsets.append(trough)
            peaks.append(peak)
            amplitudes.append(amplitude)
    return (np.array(onsets, dtype=np.int64), np.array(peaks, dtype=np.int64),
            np.array(amplitudes))


def temperature_trend(t_s: np.ndarray, celsius: np.ndarray) -> tuple[float, float]:
    """Return the last 10 s' mean in degC and the window's slope in degC/min, NaN unknown."""
    good = np.isfinite(celsius)
    t, x = t_s[good], celsius[good]
    if t.size < 4:
        return float('nan'), float('nan')
    level = float(x[t > t[-1] - 10.0].mean())
    if t[-1] - t[0] < 20.0:
        return level, float('nan')
    return level, 60.0 * line(t - t[-1], x)[1]
