# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Beats of a blood volume pulse: heart rate, variability, breathing; numpy and scipy only.

Nothing hangs on the unit, the polarity or the site of the sensor, nor on its rate from 20 Hz up.
"""

from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from itertools import pairwise

from affect_encoders.physiology.breathing import respiration_from_beats
from affect_encoders.quick import band_pass
from affect_encoders.quick import hann
from affect_encoders.quick import low_pass
from affect_encoders.quick import median
import numpy as np
from scipy.ndimage import spline_filter1d
from scipy.ndimage import uniform_filter1d

PULSE_WINDOW_S = 30.0
PULSE_BAND_HZ = (0.6, 3.5)
PULSE_PEAK_HALF_WIDTH_HZ = 0.15
LEAST_RATE_HZ = 20.0

SHORTEST_INTERVAL_S = 0.28
LONGEST_INTERVAL_S = 2.0
INTERVAL_TOLERANCE = 0.25
WIDE_TOLERANCE = 0.48
CLEAN_CORRELATION = 0.9
LEAST_INTERVALS = 5
LONGEST_BRIDGE_S = 0.5
SHORTEST_PIECE_S = 3.0

FILTER_HZ = (0.5, 8.0)
CLEAN_FILTER_HZ = 16.0
CLEAN_RESIDUAL = 0.004
TIMING_RATE_HZ = 200.0
MOST_RATE_HZ = 200.0
LEVEL_WINDOW_S = 3.0
LEAST_LEVEL = 0.2

EDGE_S = 0.04
STEEPEST_EDGE = 0.7
CLIPPED_SHARE = 0.02
CORNER = 0.003


@dataclass(frozen=True)
class Pulse:
    """
    What a window of BVP amounts to.

    Beat times [B] and intervals [B-1] in seconds with a mask of the plausible ones,
    ``correlation`` of the beats with their median (Orphanidou 2015), ``coverage`` the share of the
    window under plausible intervals, ``concentration`` the share of the power between 0.6 and 3.5
    Hz that lies within 0.15 Hz of its peak, which is at ``spectral_rate``; ``clipped`` the share
    of samples at a rail. Rates in 1/min, variabilities in ms; NaN unknown.
    """

    beats_s: np.ndarray = field(default_factory=lambda: np.empty(0))
    intervals_s: np.ndarray = field(default_factory=lambda: np.empty(0))
    plausible: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    correlation: float = float('nan')
    coverage: float = 0.0
    concentration: float = 0.0
    spectral_rate: float = float('nan')
    heart_rate: float = float('nan')
    rmssd: float = float('nan')
    sdnn: float = float('nan')
    respiration_rate: float = float('nan')
    clipped: float = 0.0
    reason: str = ''


def uniform(t_s: np.ndarray, x: np.ndarray, longest_gap_s: float
            ) -> tuple[np.ndarray, np.ndarray, float]:
    """
    Return times [M], values [M] at the median step, and the rate in Hz.

    Gaps up to ``longest_gap_s`` are bridged straight; what lies before the last longer gap is cut
    off. Empty arrays and rate 0 for fewer than two finite samples.
    """
    pieces, rate_hz = uniform_pieces(t_s, x, longest_gap_s)
    return (*pieces[-1], rate_hz) if pieces else (np.empty(0), np.empty(0), 0.0)


def uniform_pieces(t_s: np.ndarray, x: np.ndarray, longest_gap_s: float
                   ) -> tuple[list[tuple[np.ndarray, np.ndarray]], float]:
    """
    Return the pieces between gaps as (times [M], values [M]) at one step, and the rate in Hz.

    Gaps up to ``longest_gap_s`` are bridged straight. No piece and rate 0 for fewer than two
    finite samples.
    """
    good = np.isfinite(x)
    t, x = t_s[good], x[good]
    if t.size < 2:
        return [], 0.0
    steps = t[1:] - t[:-1]
    step = median(steps)
    edges = [0, *(np.flatnonzero(steps > max(longest_gap_s, 1.5 * step)) + 1).tolist(), t.size]
    pieces = []
    for start, stop in pairwise(edges):
        grid = t[start] + step * np.arange(int((t[stop - 1] - t[start]) / step + 1.5))
        pieces.append((grid, np.interp(grid, t[start:stop], x[start:stop])))
    return pieces, 1.0 / step


def find_beats(bvp: np.ndarray, rate_hz: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """
    Return systolic peaks [B] as fractional sample positions, the pulse [N], and it levelled [N].

    Two moving averages after Elgendi et al. 2013 (PLoS ONE 8:e76585): 0.5-8 Hz zero-phase, squared
    positive half, 111 ms average against a 667 ms average. Before that the pulse is brought to
    one level over 3 s, so that a burst of motion hides no beat beside it, and decides nothing
    about which way is up. Both waves are returned with their sharp side up.
    """
    pulse = band_pass(
        bvp - bvp.mean(), (FILTER_HZ[0], min(FILTER_HZ[1], round(0.45 * rate_hz, 6))), rate_hz)
    power = uniform_filter1d(pulse * pulse, max(3, round(LEVEL_WINDOW_S * rate_hz)))
    level = np.sqrt(np.maximum(power, 0.0))  # a running sum ends a hair below zero
    floor = max(LEAST_LEVEL * median(level), 1e-3 * float(level.max()), 1e-300)
    even = pulse / np.maximum(level, floor)
    # A pulse is sharp on one side, and sensors differ in which is up: beats are timed on the
    # sharp side (skewness, Elgendi 2016, Bioengineering 3:21), as a flat top has no time.
    if np.mean(even * even * even) < 0.0:
        pulse, even = -pulse, -even
    positive = np.clip(even, 0.0, None) ** 2
    peak_width = max(3, round(0.111 * rate_hz))
    fast = uniform_filter1d(positive, peak_width)
    slow = uniform_filter1d(positive, max(5, round(0.667 * rate_hz)))
    inside = fast > slow + 0.02 * positive.mean()
    starts, stops = runs(inside)
    wide = stops - starts >= peak_width
    starts, stops = starts[wide], stops[wide]
    if not starts.size:
        return np.empty(0), pulse, even
    # Rows that are shorter than the longest repeat their last sample, which is never the first.
    columns = np.arange(int((stops - starts).max()))
    within = np.minimum(starts[:, None] + columns, stops[:, None] - 1)
    peaks = starts + pulse[within].argmax(axis=1)
    peaks = peaks[(peaks > 0) & (peaks < pulse.size - 1)]
    left, top, right = pulse[peaks - 1], pulse[peaks], pulse[peaks + 1]
    is_top = (top >= left) & (top >= right)
    peaks, left, top, right = peaks[is_top], left[is_top], top[is_top], right[is_top]
    places = peaks + _vertex(left, top, right)
    least = 0.8 * SHORTEST_INTERVAL_S * rate_hz
    if places.size > 1 and (places[1:] - places[:-1]).min() < least:
        places = _apart(places, top, pulse, least)
    return places, pulse, even


def _vertex(left: np.ndarray, top: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return by how many samples the top of the parabola lies after the middle one [B]."""
    bend = left - 2.0 * top + right
    bent = bend < 0.0
    return np.where(bent, 0.5 * (left - right) / np.where(bent, bend, -1.0), 0.0)


def timed_beats(bvp: np.ndarray, positions: np.ndarray, pulse: np.ndarray, rate_hz: float
                ) -> np.ndarray:
    """
    Return the beats' positions [B] again, timed on the wave without its high pass.

    A high pass of 0.5 Hz moves a top by what its neighbours are away, some milliseconds. So the
    peaks are looked up on the low-passed wave less a baseline through the feet between the beats,
    on a grid of at least 200 Hz (cubic), by a parabola. The low pass is at 8 Hz, or at 16 Hz where
    next to nothing is above that.
    """
    if positions.size < 3:
        return positions
    if np.dot(pulse, bvp - bvp.mean()) < 0.0:
        bvp = -bvp
    centred = bvp - bvp.mean()
    smooth = low_pass(centred, min(CLEAN_FILTER_HZ, round(0.4 * rate_hz, 6)), rate_hz)
    if np.std(centred - smooth) > CLEAN_RESIDUAL * np.std(centred):
        smooth = low_pass(centred, min(FILTER_HZ[1], round(0.4 * rate_hz, 6)), rate_hz)
    times = int(np.ceil(TIMING_RATE_HZ / rate_hz))
    fine = _finer(smooth, times)
    places = np.round(positions * times).astype(np.int64)
    middles = places[:-1] + np.diff(places) // 2
    columns = np.arange(int((places[1:] - middles).max()) + 1)
    behind = np.minimum(middles[:, None] + columns, places[1:, None])
    feet = middles + fine[behind].argmin(axis=1)
    fine = fine - np.interp(np.arange(fine.size), feet, fine[feet])
    half = round(0.06 * rate_hz * times)
    near = np.clip(
        places[:, None] + np.arange(-half, half + 1), 1, fine.size - 2)
    tops = near[np.arange(places.size), fine[near].argmax(axis=1)]
    found = (tops + _vertex(fine[tops - 1], fine[tops], fine[tops + 1])) / times
    # A top at the edge of where it was looked for is the shoulder of something else.
    edge = (tops <= near[:, 0]) | (tops >= near[:, -1])
    found[edge] = positions[edge]
    return found


def _finer(x: np.ndarray, times: int) -> np.ndarray:
    """Return x [N] on a grid that is ``times`` as fine, by cubic splines [times (N - 1) + 1]."""
    if times < 2:
        return x
    weights = spline_filter1d(x, mode='mirror')
    padded = np.concatenate([weights[1:2], weights, weights[-2:-1]])
    u = (np.arange(times) / times)[:, None]
    rows = (
        (1.0 - u) ** 3 * padded[:-3] + (4.0 - 6.0 * u ** 2 + 3.0 * u ** 3) * padded[1:-2]
        + (1.0 + 3.0 * u + 3.0 * u ** 2 - 3.0 * u ** 3) * padded[2:-1] + u ** 3 * padded[3:]) / 6.0
    return np.append(rows.T.reshape(-1), x[-1])


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


def runs(mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the starts and ends (exclusive) of the runs of True."""
    edges = np.flatnonzero(np.diff(mask.view(np.int8), prepend=np.int8(0), append=np.int8(0)))
    return edges[::2], edges[1::2]


def plausible_intervals(intervals_s: np.ndarray, tolerance: float = INTERVAL_TOLERANCE
                        ) -> np.ndarray:
    """Return a mask [B-1]: 0.28 to 2 s, near the median of five neighbours (25 % of it)."""
    n = intervals_s.size
    if n == 0:
        return np.zeros(0, dtype=bool)
    ok = (intervals_s >= SHORTEST_INTERVAL_S) & (intervals_s <= LONGEST_INTERVAL_S)
    if n >= 3:
        padded = np.concatenate([intervals_s[2:0:-1], intervals_s, intervals_s[-2:-4:-1]])
        local = np.sort(np.stack([padded[k:k + n] for k in range(5)]), axis=0)[2]
        ok &= np.abs(intervals_s - local) <= tolerance * local
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


def beat_correlations(pulse: np.ndarray, positions: np.ndarray, rate_hz: float) -> np.ndarray:
    """
    Return the correlation of each whole beat with the median beat [<= B], none for fewer than 4.

    Signal quality after Orphanidou et al. 2015 (IEEE J-BHI 19:832); they call a mean >= 0.86 good.
    """
    before, after = round(0.25 * rate_hz), round(0.35 * rate_hz)
    peaks = np.round(positions).astype(np.int64)
    peaks = peaks[(peaks >= before) & (peaks + after < pulse.size)]
    if peaks.size < 4:
        return np.empty(0)
    beats = pulse[peaks[:, None] + np.arange(-before, after + 1)]
    beats = beats - beats.mean(axis=1, keepdims=True)
    # Sorted, not np.median: a mean of one or two rows without its search for NaN.
    middle = len(beats) // 2
    ordered = np.sort(beats, axis=0)
    template = 0.5 * (ordered[middle] + ordered[-1 - middle])
    template = template - template.mean()
    scale = np.linalg.norm(beats, axis=1) * np.linalg.norm(template)
    with np.errstate(invalid='ignore', divide='ignore'):
        return np.nan_to_num(beats @ template / scale)


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
    return float(power[near].sum() / max(power.sum(), 1e-300)), float(60.0 * peak)


def pulse_features(t_s: np.ndarray, bvp: np.ndarray, window_s: float = PULSE_WINDOW_S) -> Pulse:
    """
    Return what a window of BVP amounts to.

    :param t_s: stamps, seconds [N], rising
    :param bvp: blood volume pulse, any unit [N]; NaN where missing
    :param window_s: length that ``coverage`` is a share of
    """
    pieces, rate_hz = uniform_pieces(*thinned(t_s, bvp, MOST_RATE_HZ), LONGEST_BRIDGE_S)
    pieces = [piece for piece in pieces
              if piece[0].size > 16 and piece[0][-1] - piece[0][0] >= SHORTEST_PIECE_S]
    if sum(float(grid[-1] - grid[0]) for grid, _ in pieces) < 5.0:
        return Pulse(reason='less than 5 s of BVP')
    if rate_hz < LEAST_RATE_HZ:
        return Pulse(reason='BVP is sampled below 20 Hz')
    x = np.concatenate([piece[1] for piece in pieces])
    if reason := _no_wave(x, rate_hz):
        return Pulse(reason=reason)
    found = [_beats_of(grid, wave, rate_hz) for grid, wave in pieces]
    gaps = np.cumsum([part.beats_s.size for part in found])[:-1] - 1
    beats = np.concatenate([part.beats_s for part in found])
    intervals = np.diff(beats)
    correlations = np.concatenate([part.correlations for part in found])
    correlation = float(correlations.mean()) if correlations.size else float('nan')
    whole = np.ones(intervals.size, dtype=bool)
    whole[gaps[(gaps >= 0) & (gaps < intervals.size)]] = False
    plausible = whole & plausible_intervals(intervals, _tolerance(intervals, correlations))
    clipped = sum(part.clipped * part.even.size for part in found) / x.size
    longest = max(found, key=lambda part: part.even.size)
    pulse = Pulse(
        beats, intervals, plausible, correlation,
        float(min(1.0, intervals[plausible].sum() / (window_s - 1.5))),
        *spectral_peak(longest.even, rate_hz), *interval_statistics(intervals, plausible),
        clipped=clipped)
    if not np.isfinite(pulse.heart_rate):
        return replace(pulse, reason='no plausible beats')
    if plausible.mean() > 0.8:
        pulse = replace(pulse, respiration_rate=respiration_from_beats(
            longest.beats_s, longest.heights, longest.baselines))
    return replace(pulse, reason='BVP is clipped' if clipped > CLIPPED_SHARE else '')


@dataclass(frozen=True)
class _Piece:
    """The beats of a piece without a gap: times, likenesses, and what breathing is read from."""

    beats_s: np.ndarray
    correlations: np.ndarray
    even: np.ndarray
    heights: np.ndarray
    baselines: np.ndarray
    clipped: float


def _beats_of(grid: np.ndarray, wave: np.ndarray, rate_hz: float) -> _Piece:
    positions, pulse, even = find_beats(wave, rate_hz)
    correlations = beat_correlations(pulse, positions, rate_hz)
    positions = timed_beats(wave, positions, pulse, rate_hz)
    peaks = np.round(positions).astype(np.int64)
    lead = round(0.25 * rate_hz)
    upright = wave if np.dot(pulse, wave - wave.mean()) >= 0.0 else -wave
    feet = upright[np.maximum(peaks[:, None] + np.arange(-lead, 1), 0)].min(axis=1)
    return _Piece(
        grid[0] + positions / rate_hz, correlations, even, upright[peaks], feet,
        clipped_share(wave))


def thinned(t_s: np.ndarray, x: np.ndarray, most_hz: float) -> tuple[np.ndarray, np.ndarray]:
    """Return stamps and values of means over samples [M], at half of ``most_hz`` and more."""
    if t_s.size < 2:
        return t_s, x
    # A hair more, lest stamps decide that are rounded otherwise in other chunks.
    many = int((t_s.size - 1) / max(t_s[-1] - t_s[0], 1e-9) / (0.5 * most_hz) + 0.01)
    if many < 2:
        return t_s, x
    kept = t_s.size - t_s.size % many
    t, x = t_s[-kept:].reshape(-1, many), x[-kept:].reshape(-1, many)
    known = np.isfinite(x)
    if known.all():
        x = x.mean(axis=1)
    else:
        count = known.sum(axis=1)
        x = np.where(known, x, 0.0).sum(axis=1) / np.where(2 * count >= many, count, np.nan)
    spans = t[:, -1] - t[:, 0]
    # A group that bridges a gap has no time of its own.
    return t.mean(axis=1), np.where(spans > 1.5 * median(spans), np.nan, x)


def _no_wave(x: np.ndarray, rate_hz: float) -> str:
    """Return why this cannot be blood flow, or an empty string."""
    # A device with no skin repeats one number; 16-bit noise around it is no pulse either.
    if np.mean(np.abs(np.diff(x)) <= 1e-9 * (1.0 + np.ptp(x))) > 0.9:
        return 'BVP is constant'
    low, high = np.percentile(x, (2.0, 98.0))
    lag = max(1, round(EDGE_S * rate_hz))
    edges = np.abs(x[lag:] - x[:-lag])
    # Per second two samples at least lie on the steep edge of a machine.
    if np.percentile(edges, 97.0) > STEEPEST_EDGE * (high - low):
        return 'BVP jumps as no pulse does (pump, switch or noise)'
    return ''


def clipped_share(x: np.ndarray) -> float:
    """
    Return the share of samples [N] in runs of three or more at the highest or lowest value.

    Runs that a corner leads to: a drawn pulse comes to its flat floor by and by.
    """
    span, share = float(np.ptp(x)), 0.0
    for rail in (x.max(), x.min()):
        starts, stops = runs(np.abs(x - rail) <= 1e-6 * span)
        long = (stops - starts >= 3) & (starts > 0)
        long[long] = np.abs(x[starts[long] - 1] - rail) > CORNER * span
        share += float((stops[long] - starts[long]).sum()) / x.size
    return share


def _tolerance(intervals_s: np.ndarray, correlations: np.ndarray) -> float:
    """
    Return how far from its neighbours an interval may lie, as a share of them.

    A quarter; more where all beats look alike and the intervals spread widely, as those of the
    young and rested do in breathing: five standard deviations (robust), 48 % at most.
    """
    if intervals_s.size < 8 or not correlations.mean() >= CLEAN_CORRELATION:
        return INTERVAL_TOLERANCE
    middle = median(intervals_s)
    spread = 1.4826 * median(np.abs(intervals_s - middle)) / middle
    return min(WIDE_TOLERANCE, max(INTERVAL_TOLERANCE, 5.0 * spread))
