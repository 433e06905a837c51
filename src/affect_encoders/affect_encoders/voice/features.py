# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Voice features: descriptors of 10 ms frames and functionals over the last seconds of speech.

Names follow eGeMAPS (Eyben et al., IEEE Trans. Affective Computing 7(2), 2016). The computations
are written here from the literature and agree in meaning, not digit by digit, with openSMILE:

- F0 and harmonics-to-noise ratio: window-corrected autocorrelation (Boersma, Proc. Institute of
  Phonetic Sciences 17, 1993);
- jitter and shimmer: consecutive periods of the signal below 1 kHz, marked around each frame;
- formants: linear prediction of the band up to 4 kHz (Makhoul, Proc. IEEE 63, 1975);
- Teager energy bands: profile of the Teager energy operator in four groups of critical bands and
  the area under its autocorrelation (Zhou, Hansen & Kaiser, IEEE Trans. Speech and Audio
  Processing 9, 2001), known to move under stress.
"""

import functools

from affect_encoders.encoder import FeatureSpec
from librosa.filters import mel
import numpy as np
from scipy.fft import dct
from scipy.fft import irfft
from scipy.fft import next_fast_len
from scipy.fft import rfft
from scipy.signal import firwin
from scipy.signal.windows import hamming
from scipy.signal.windows import hann

RATE_HZ = 16000
HOP = 160  # 10 ms
FRAME = 960  # 60 ms: three periods of the lowest voice
F0_LOW_HZ = 55.0
F0_HIGH_HZ = 800.0
VOICED_PERIODICITY = 0.5
OCTAVE_COST = 0.02  # prefers the shorter of two equally good periods (Boersma 1993)
SILENCE_DB = -100.0

_SPECTRAL = 400  # 25 ms in the middle of the frame
_SPECTRAL_OFFSET = (FRAME - _SPECTRAL) // 2
_NFFT = 512
_PITCH_NFFT = 1280  # room for the longest period without wrap-around
_OVERSAMPLING = 2
_LAG_LOW = int(_OVERSAMPLING * RATE_HZ / F0_HIGH_HZ)
_LAG_HIGH = int(_OVERSAMPLING * RATE_HZ / F0_LOW_HZ) + 1
_FREQUENCY = np.fft.rfftfreq(_NFFT, 1.0 / RATE_HZ)
_MEL_BANDS = 26
_LPC_ORDER = 10
_LPC_BINS = _NFFT // 4 + 1  # up to 4 kHz
_FILTER = 129
_EDGE = _FILTER // 2
_TEAGER_STEP = 8  # the profile's own bandwidth is small: 2 kHz is enough for 800 Hz of pitch
_BANDS_HZ = ((100.0, 510.0), (510.0, 1270.0), (1270.0, 2700.0), (2700.0, 5300.0))

DESCRIPTORS = (
    'F0semitoneFrom27.5Hz', 'jitterLocal', 'shimmerLocaldB', 'HNRdBACF', 'loudness', 'alphaRatio',
    'hammarbergIndex', 'slope0-500', 'slope500-1500', 'spectralFlux', 'mfcc1', 'mfcc2', 'mfcc3',
    'mfcc4', 'F1frequency', 'F1bandwidth', 'F2frequency', 'F2bandwidth', 'F3frequency',
    'F3bandwidth', 'teagerEnergyBand1', 'teagerEnergyBand2', 'teagerEnergyBand3',
    'teagerEnergyBand4', 'teagerAreaBand1', 'teagerAreaBand2', 'teagerAreaBand3',
    'teagerAreaBand4', 'level', 'periodicity', 'unknown', 'clipped')
"""Columns of a descriptor matrix. ``level`` is in dB of full scale, the last two are shares."""

COLUMN = {name: i for i, name in enumerate(DESCRIPTORS)}


def _slope_weights(low_hz: float, high_hz: float) -> np.ndarray:
    """Weights [bins] whose dot product with dB values is their regression slope in dB/Hz."""
    inside = (low_hz <= _FREQUENCY) & (high_hz >= _FREQUENCY)
    centred = np.where(inside, _FREQUENCY - _FREQUENCY[inside].mean(), 0.0)
    return (centred / np.sum(centred ** 2)).astype(np.float32)


@functools.cache
def _band(low_hz: float, high_hz: float) -> slice:
    inside = np.flatnonzero((low_hz <= _FREQUENCY) & (high_hz >= _FREQUENCY))
    return slice(int(inside[0]), int(inside[-1]) + 1)


def _filters() -> np.ndarray:
    below = firwin(_FILTER, 1000.0, fs=RATE_HZ)
    bands = [firwin(_FILTER, band, fs=RATE_HZ, pass_zero=False) for band in _BANDS_HZ]
    return np.stack([below, *bands]).astype(np.float32)


_PITCH_WINDOW = hann(FRAME, sym=False).astype(np.float32)
_AVERAGE = np.full(FRAME, 1.0 / FRAME, dtype=np.float32)
_SPECTRAL_WINDOW = hamming(_SPECTRAL, sym=False).astype(np.float32)
_SPECTRAL_SCALE = np.float32(1.0 / np.sum(_SPECTRAL_WINDOW.astype(np.float64) ** 2))
_MEL_BANK = mel(
    sr=RATE_HZ, n_fft=_NFFT, n_mels=_MEL_BANDS, fmin=20.0, fmax=RATE_HZ / 2, htk=True, norm=None).T
_SLOPE_LOW = _slope_weights(0.0, 500.0)
_SLOPE_HIGH = _slope_weights(500.0, 1500.0)
_FILTERS = _filters()
_LAG_INDEX = np.abs(np.arange(_LPC_ORDER)[:, None] - np.arange(_LPC_ORDER)[None, :])
_PRE_EMPHASIS = np.abs(1.0 - 0.97 * np.exp(
    -1j * np.pi * np.arange(_LPC_BINS) / (_LPC_BINS - 1))).astype(np.float64) ** 2


def _window_autocorrelation() -> np.ndarray:
    spectrum = np.abs(np.fft.rfft(_PITCH_WINDOW.astype(np.float64), _PITCH_NFFT)) ** 2
    padded = np.zeros(_OVERSAMPLING * _PITCH_NFFT // 2 + 1)
    padded[:len(spectrum)] = spectrum
    correlation = np.fft.irfft(padded)[:_LAG_HIGH + 2]
    return (correlation / correlation[0]).astype(np.float32)


_WINDOW_CORRELATION = _window_autocorrelation()


def periodicity_candidates(frames: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """
    Return normalised autocorrelation [N, lags] of frames [N, 960] and which lags are peaks.

    The lag axis is in halves of a sample; divided by the window's own autocorrelation, so that a
    periodic signal reaches 1 at its period whatever the period's length.
    """
    frames = (frames - (frames @ _AVERAGE)[:, None]) * _PITCH_WINDOW
    spectrum = rfft(frames, _PITCH_NFFT, axis=1)
    power = spectrum.real ** 2 + spectrum.imag ** 2
    padded = np.zeros((len(frames), _OVERSAMPLING * _PITCH_NFFT // 2 + 1), dtype=np.float32)
    padded[:, :power.shape[1]] = power
    correlation = irfft(padded, axis=1)[:, :_LAG_HIGH + 2]
    correlation = correlation / np.maximum(correlation[:, :1], 1e-12) / _WINDOW_CORRELATION
    peaks = np.zeros(correlation.shape, dtype=bool)
    peaks[:, _LAG_LOW:_LAG_HIGH + 1] = (
        (correlation[:, _LAG_LOW:_LAG_HIGH + 1] > correlation[:, _LAG_LOW - 1:_LAG_HIGH])
        & (correlation[:, _LAG_LOW:_LAG_HIGH + 1] >= correlation[:, _LAG_LOW + 1:_LAG_HIGH + 2]))
    return correlation, peaks


_LAG_COST = (OCTAVE_COST * np.log2(
    np.maximum(np.arange(_LAG_HIGH + 2), 1) / _LAG_LOW)).astype(np.float32)


def track_pitch(
        frames: np.ndarray, previous_hz: float) -> tuple[np.ndarray, np.ndarray, float]:
    """
    Return F0 in Hz [N] and periodicity [N] in [0, 1] of consecutive frames [N, 960].

    ``previous_hz`` (0: none) is the pitch of the frame before; a jump by an octave is refused when
    a peak near the previous pitch is nearly as good. Returns the pitch to hand to the next call.
    """
    correlation, peaks = periodicity_candidates(frames)
    score = np.where(peaks, correlation - _LAG_COST, -1.0)
    best = score.argmax(axis=1)
    rows = np.arange(len(frames))
    for i in rows:
        lag = best[i]
        if not peaks[i, lag] or correlation[i, lag] < VOICED_PERIODICITY:
            previous_hz = 0.0
            continue
        hz = _OVERSAMPLING * RATE_HZ / lag
        if previous_hz and abs(np.log2(hz / previous_hz)) > 0.6:
            expected = _OVERSAMPLING * RATE_HZ / previous_hz
            near = slice(int(expected * 0.84), int(expected * 1.19) + 1)
            local = score[i, near]
            if local.size and local.max() > score[i, lag] - 0.1:
                best[i] = near.start + int(local.argmax())
                hz = _OVERSAMPLING * RATE_HZ / best[i]
        previous_hz = hz
    best = np.clip(best, _LAG_LOW, _LAG_HIGH)
    before, here, after = (correlation[rows, best + k] for k in (-1, 0, 1))
    bend = before - 2.0 * here + after
    bent = bend < -1e-9
    shift = np.where(bent, 0.5 * (before - after) / np.where(bent, bend, -1.0), 0.0)
    shift = np.clip(shift, -0.5, 0.5)
    found = peaks[rows, best]
    periodicity = np.where(found, np.clip(here - 0.25 * (before - after) * shift, 0.0, 1.0), 0.0)
    return _OVERSAMPLING * RATE_HZ / (best + shift), periodicity, previous_hz


def jitter_shimmer(lowpassed: np.ndarray, f0_hz: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """
    Return local jitter [N] (share of the period) and local shimmer [N] in dB.

    ``lowpassed`` [N, 960] holds the frames below 1 kHz. Up to five peaks, one period apart, are
    marked around the middle; NaN with fewer than three.
    """
    count = len(lowpassed)
    period = RATE_HZ / f0_hz
    upwards = lowpassed.max(axis=1) >= -lowpassed.min(axis=1)
    signal = lowpassed * np.where(upwards, np.float32(1.0), np.float32(-1.0))[:, None]
    anchor, height = _mark_peak(
        signal, np.arange(count), np.full(count, FRAME / 2.0), 0.5 * period, _HALF_PERIOD)
    marks = np.full((5, count), np.nan)
    heights = np.full((5, count), np.nan)
    marks[2], heights[2] = anchor, height
    rows = np.concatenate([np.arange(count), np.arange(count)])
    step = np.concatenate([-period, period])
    place = np.concatenate([anchor, anchor])
    for k in (1, 2):
        place, height = _mark_peak(signal, rows, place + step, np.abs(0.2 * step), _FIFTH_PERIOD)
        marks[2 - k], marks[2 + k] = place.reshape(2, -1)
        heights[2 - k], heights[2 + k] = height.reshape(2, -1)
    change = np.abs(np.diff(marks, n=2, axis=0))
    decibel = 20.0 * np.abs(np.diff(np.log10(heights), axis=0))
    usable, steps = change == change, decibel == decibel
    pairs = usable.sum(axis=0)
    with np.errstate(invalid='ignore', divide='ignore'):
        jitter = np.where(usable, change, 0.0).sum(axis=0) / pairs / period
        shimmer = np.where(steps, decibel, 0.0).sum(axis=0) / steps.sum(axis=0)
    return np.where(pairs > 0, jitter, np.nan), np.where(pairs > 0, shimmer, np.nan)


_HALF_PERIOD = np.arange(-int(0.5 * RATE_HZ / F0_LOW_HZ) - 1, int(0.5 * RATE_HZ / F0_LOW_HZ) + 2)
_FIFTH_PERIOD = np.arange(-int(0.2 * RATE_HZ / F0_LOW_HZ) - 1, int(0.2 * RATE_HZ / F0_LOW_HZ) + 2)


def _mark_peak(
        signal: np.ndarray, rows: np.ndarray, centre: np.ndarray, reach: np.ndarray,
        offset: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Place and height of the highest peak within ``reach`` of ``centre`` [N]; NaN for none."""
    middle = np.where(centre == centre, centre, -1e4).round().astype(np.int64)
    index = middle[:, None] + offset
    valid = (np.abs(offset) <= reach[:, None]) & (index > _EDGE) & (index < FRAME - _EDGE - 1)
    inside = np.minimum(np.maximum(index, 1), FRAME - 2)
    best = np.where(valid, signal[rows[:, None], inside], -np.inf).argmax(axis=1)
    picked = np.arange(len(rows))
    place = inside[picked, best]
    before, here, after = signal[rows, place - 1], signal[rows, place], signal[rows, place + 1]
    bend = before - 2.0 * here + after
    peak = (bend < 0.0) & (here >= before) & (here >= after) & (here > 0.0) & valid[picked, best]
    shift = 0.5 * (before - after) / np.where(peak, bend, -1.0)
    height = here - 0.25 * (before - after) * shift
    return np.where(peak, place + shift, np.nan), np.where(peak, height, np.nan)


def formants(power: np.ndarray) -> np.ndarray:
    """
    Return frequency and bandwidth in Hz of F1, F2 and F3 as [N, 6] from power spectra [N, 257].

    Linear prediction of order 10 on the band up to 4 kHz after pre-emphasis; NaN where there is
    no resonance narrower than 700 Hz between 200 and 3800 Hz left.
    """
    shaped = power[:, :_LPC_BINS].astype(np.float64) * _PRE_EMPHASIS + 1e-14
    correlation = irfft(shaped, axis=1)[:, :_LPC_ORDER + 1]
    correlation[:, 0] *= 1.0 + 1e-5
    matrix = correlation[:, _LAG_INDEX]
    predictor = np.linalg.solve(matrix, correlation[:, 1:, None])[:, :, 0]
    companion = np.zeros((len(power), _LPC_ORDER, _LPC_ORDER))
    companion[:, 0] = predictor
    companion[:, np.arange(1, _LPC_ORDER), np.arange(_LPC_ORDER - 1)] = 1.0
    roots = np.linalg.eigvals(companion)
    rate = RATE_HZ / 2
    hz = np.angle(roots) * rate / (2.0 * np.pi)
    bandwidth = -np.log(np.maximum(np.abs(roots), 1e-9)) * rate / np.pi
    good = (hz > 200.0) & (hz < 3800.0) & (bandwidth < 700.0) & (bandwidth > 0.0)
    hz = np.where(good, hz, np.inf)
    order = np.argsort(hz, axis=1)[:, :3]
    hz = np.take_along_axis(hz, order, 1)
    bandwidth = np.where(np.isfinite(hz), np.take_along_axis(bandwidth, order, 1), np.nan)
    return np.stack([np.where(np.isfinite(hz), hz, np.nan), bandwidth], axis=2).reshape(-1, 6)


def describe(
        samples: np.ndarray, unknown: np.ndarray, clipped: np.ndarray, *,
        lead: int = 0, first_frame: int = 0, previous_hz: float = 0.0) -> tuple[np.ndarray, float]:
    """
    Return the descriptors [N, 32] of all whole frames in 16 kHz samples, and the last pitch.

    ``samples`` [lead + 160 (N - 1) + 960]: ``lead`` samples (0 or 160) go before the first frame
    and only serve its spectral flux. Descriptors of voice are NaN where the frame is not periodic;
    everything is NaN where a frame holds unknown samples. Formants are computed on every second
    frame, counted from ``first_frame``, to halve their cost.
    """
    count = (len(samples) - lead - FRAME) // HOP + 1
    result = np.full((max(count, 0), len(DESCRIPTORS)), np.nan, dtype=np.float32)
    if count <= 0:
        return result, previous_hz
    result[:, COLUMN['unknown']] = _share(unknown, lead, count)
    result[:, COLUMN['clipped']] = _share(clipped, lead, count)
    known = result[:, COLUMN['unknown']] == 0.0
    frames = _cut(samples[lead:], FRAME, count)
    centre = _cut(samples[_SPECTRAL_OFFSET:], _SPECTRAL, count + lead // HOP)

    f0, periodicity, previous_hz = track_pitch(frames, previous_hz)
    power = _describe_spectrum(result, centre, lead // HOP)
    periodicity = np.where(known, periodicity, 0.0)
    voiced = np.flatnonzero(periodicity >= VOICED_PERIODICITY)
    if voiced.size:
        result[voiced, COLUMN['F0semitoneFrom27.5Hz']] = 12.0 * np.log2(f0[voiced] / 27.5)
        share = np.clip(periodicity[voiced], 1e-4, 1.0 - 1e-4)
        result[voiced, COLUMN['HNRdBACF']] = 10.0 * np.log10(share / (1.0 - share))
        _describe_bands(result, samples[lead:], voiced, f0)
    result[:, COLUMN['periodicity']] = periodicity
    even = voiced[(voiced + first_frame) % 2 == 0]
    if even.size:
        column = COLUMN['F1frequency']
        result[even, column:column + 6] = formants(power[even])
    result[~known, :COLUMN['periodicity']] = np.nan
    return result, previous_hz


def _cut(samples: np.ndarray, size: int, count: int) -> np.ndarray:
    """Return frames [N, size], a hop apart, as a view; samples [>= 160 (N - 1) + size]."""
    if (count - 1) * HOP + size > len(samples):
        raise ValueError(f'{len(samples)} samples do not hold {count} frames of {size}')
    step = samples.strides[0]
    return np.lib.stride_tricks.as_strided(
        samples, (count, size), (HOP * step, step), writeable=False)


def _share(mask: np.ndarray, lead: int, count: int) -> np.ndarray:
    """Share of marked samples in each frame."""
    if not mask.any():
        return np.zeros(count)
    total = np.concatenate([[0], np.cumsum(mask)])
    start = lead + HOP * np.arange(count)
    return (total[start + FRAME] - total[start]) / FRAME


def _describe_spectrum(result: np.ndarray, centre: np.ndarray, before: int) -> np.ndarray:
    """Fill the spectral columns; return the power spectra [N, 257] of the frames."""
    spectrum = rfft(centre * _SPECTRAL_WINDOW, _NFFT, axis=1)
    all_power = (spectrum.real ** 2 + spectrum.imag ** 2) * _SPECTRAL_SCALE
    power = all_power[before:] + np.float32(1e-12)
    decibel = 10.0 * np.log10(power)
    middle = centre[before:]
    level = 10.0 * np.log10(np.einsum('ij,ij->i', middle, middle) / _SPECTRAL + 1e-10)
    bands = power @ _MEL_BANK
    low, high = _band(50.0, 1000.0), _band(1000.0, 5000.0)
    result[:, COLUMN['level']] = np.maximum(level, SILENCE_DB)
    result[:, COLUMN['loudness']] = np.sum(bands ** np.float32(0.33), axis=1)
    result[:, COLUMN['alphaRatio']] = 10.0 * np.log10(
        power[:, high].sum(axis=1) / power[:, low].sum(axis=1))
    result[:, COLUMN['hammarbergIndex']] = (
        decibel[:, _band(0.0, 2000.0)].max(axis=1) - decibel[:, _band(2000.0, 5000.0)].max(axis=1))
    result[:, COLUMN['slope0-500']] = decibel @ _SLOPE_LOW
    result[:, COLUMN['slope500-1500']] = decibel @ _SLOPE_HIGH
    cepstrum = dct(np.log(bands), axis=1, norm='ortho')[:, 1:5]
    result[:, COLUMN['mfcc1']:COLUMN['mfcc4'] + 1] = cepstrum
    magnitude = np.sqrt(all_power)
    shape = magnitude / np.maximum(
        np.sqrt(np.sum(all_power, axis=1, keepdims=True)), np.float32(1e-6))
    flux = np.sqrt(np.sum(np.diff(shape, axis=0) ** 2, axis=1))
    result[1 - before:, COLUMN['spectralFlux']] = flux
    return power


@functools.lru_cache(maxsize=64)
def _responses(size: int) -> np.ndarray:
    return rfft(_FILTERS, size, axis=1)


def _describe_bands(
        result: np.ndarray, samples: np.ndarray, voiced: np.ndarray, f0: np.ndarray) -> None:
    size = next_fast_len(len(samples) + _FILTER - 1, real=True)
    filtered = irfft(rfft(samples, size) * _responses(size), size, axis=1)
    filtered = filtered[:, _EDGE:_EDGE + len(samples)].astype(np.float32)
    view = np.lib.stride_tricks.sliding_window_view
    lowpassed = _cut(filtered[0], FRAME, (len(samples) - FRAME) // HOP + 1)[voiced]
    jitter, shimmer = jitter_shimmer(lowpassed, f0[voiced])
    result[voiced, COLUMN['jitterLocal']] = jitter
    result[voiced, COLUMN['shimmerLocaldB']] = shimmer

    bands = filtered[1:]
    teager = np.zeros_like(bands)
    teager[:, 1:-1] = bands[:, 1:-1] ** 2 - bands[:, :-2] * bands[:, 2:]
    # Averaged over blocks that are aligned to the frames, since the hop is a multiple of the step.
    blocks = teager[:, :teager.shape[1] // _TEAGER_STEP * _TEAGER_STEP].reshape(
        len(bands), -1, _TEAGER_STEP).mean(axis=2)
    inner = slice(_EDGE // _TEAGER_STEP + 1, (FRAME - _EDGE) // _TEAGER_STEP)
    profile = view(blocks, FRAME // _TEAGER_STEP, axis=1)[:, ::HOP // _TEAGER_STEP][:, voiced][
        :, :, inner]
    energy = np.mean(np.abs(profile), axis=2)
    first = COLUMN['teagerEnergyBand1']
    result[voiced, first:first + 4] = 10.0 * np.log10(energy.T + 1e-12)
    length = profile.shape[2]
    spectrum = rfft(profile, 2 * length, axis=2)
    correlation = irfft(spectrum.real ** 2 + spectrum.imag ** 2, axis=2)[:, :, :length]
    normalised = correlation / np.maximum(correlation[:, :, :1], 1e-20)
    first = COLUMN['teagerAreaBand1']
    # A triangle, what a constant profile would give, has mean 1/2: the area is relative to it.
    result[voiced, first:first + 4] = 2.0 * np.mean(np.abs(normalised), axis=2).T


def _names() -> tuple[FeatureSpec, ...]:
    infinity = float('inf')
    specs = []
    for base, unit in (('F0semitoneFrom27.5Hz_sma3nz', 'semitone'), ('loudness_sma3', '1')):
        specs += [
            FeatureSpec(f'{base}_amean', unit, 0.0),
            FeatureSpec(f'{base}_stddevNorm', '1', 0.0),
            FeatureSpec(f'{base}_percentile20.0', unit, 0.0),
            FeatureSpec(f'{base}_percentile50.0', unit, 0.0),
            FeatureSpec(f'{base}_percentile80.0', unit, 0.0),
            FeatureSpec(f'{base}_pctlrange0-2', unit, 0.0),
            FeatureSpec(f'{base}_meanRisingSlope', f'{unit}/s', 0.0),
            FeatureSpec(f'{base}_meanFallingSlope', f'{unit}/s', -infinity, 0.0),
        ]
    for name, unit in _VOICED:
        specs += [FeatureSpec(f'{name}_sma3nz_amean', unit),
                  FeatureSpec(f'{name}_sma3nz_stddev', unit, 0.0)]
    specs += [FeatureSpec(f'{name}UV_sma3nz_amean', unit) for name, unit in _UNVOICED]
    specs += [
        FeatureSpec('loudnessPeaksPerSec', '1/s', 0.0),
        FeatureSpec('VoicedSegmentsPerSec', '1/s', 0.0),
        FeatureSpec('MeanVoicedSegmentLengthSec', 's', 0.0),
        FeatureSpec('StddevVoicedSegmentLengthSec', 's', 0.0),
        FeatureSpec('MeanUnvoicedSegmentLength', 's', 0.0),
        FeatureSpec('StddevUnvoicedSegmentLength', 's', 0.0),
        FeatureSpec('equivalentSoundLevel_dBFS', 'dB', SILENCE_DB, 0.0),
    ]
    return tuple(specs)


_VOICED = (
    ('jitterLocal', '1'), ('shimmerLocaldB', 'dB'), ('HNRdBACF', 'dB'), ('alphaRatioV', 'dB'),
    ('hammarbergIndexV', 'dB'), ('slopeV0-500', 'dB/Hz'), ('slopeV500-1500', 'dB/Hz'),
    ('spectralFluxV', '1'), ('mfcc1V', '1'), ('mfcc2V', '1'), ('mfcc3V', '1'), ('mfcc4V', '1'),
    ('F1frequency', 'Hz'), ('F1bandwidth', 'Hz'), ('F2frequency', 'Hz'), ('F2bandwidth', 'Hz'),
    ('F3frequency', 'Hz'), ('F3bandwidth', 'Hz'),
    ('teagerEnergyBand1', 'dB'), ('teagerEnergyBand2', 'dB'), ('teagerEnergyBand3', 'dB'),
    ('teagerEnergyBand4', 'dB'), ('teagerAreaBand1', '1'), ('teagerAreaBand2', '1'),
    ('teagerAreaBand3', '1'), ('teagerAreaBand4', '1'))
_UNVOICED = (
    ('alphaRatio', 'dB'), ('hammarbergIndex', 'dB'), ('slope0-500', 'dB/Hz'),
    ('slope500-1500', 'dB/Hz'), ('spectralFlux', '1'))
_VOICED_COLUMNS = [COLUMN[name.replace('V0', '0').replace('V5', '5').removesuffix('V')]
                   for name, _ in _VOICED]
_UNVOICED_COLUMNS = [COLUMN[name] for name, _ in _UNVOICED]

FEATURES = _names()
"""The functionals, in order. ``stddev`` where eGeMAPS divides by a mean that may be zero."""


def _moving_average(values: np.ndarray) -> np.ndarray:
    """Average over three frames, of those that are not NaN (sma3nz); NaN stays NaN."""
    known = np.isfinite(values)
    total = np.where(known, values, 0.0)
    number = known.astype(np.float32)
    sums, counts = total.copy(), number.copy()
    for near, far in ((slice(None, -1), slice(1, None)), (slice(1, None), slice(None, -1))):
        sums[near] += total[far]
        counts[near] += number[far]
    return np.where(known, sums / np.maximum(counts, 1.0), np.nan)


def _distribution(values: np.ndarray, spacing_s: float = HOP / RATE_HZ) -> list[float]:
    """Mean, relative deviation, percentiles, their range, and mean slopes of a contour [N]."""
    known = values[np.isfinite(values)]
    if known.size < 5:
        return [float('nan')] * 8
    ordered = np.sort(known)
    low, middle, high = (float(ordered[int(q * (known.size - 1) + 0.5)]) for q in (0.2, 0.5, 0.8))
    mean = float(known.mean())
    steps = np.diff(values) / spacing_s
    rising, falling = steps[steps > 0.0], steps[steps < 0.0]
    return [mean, float(known.std()) / max(abs(mean), 1e-6), low, middle, high, high - low,
            float(rising.mean()) if rising.size else 0.0,
            float(falling.mean()) if falling.size else 0.0]


def _runs(mask: np.ndarray) -> np.ndarray:
    """Lengths of the runs of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return edges[1::2] - edges[::2]


def functionals(frames: np.ndarray, voiced: np.ndarray) -> np.ndarray:
    """
    Return the functionals float32 [F] of speech frames [N, 32], ``voiced`` [N] telling which.

    NaN where too few frames carry the descriptor.
    """
    result: list[float] = []
    f0 = np.where(voiced, frames[:, COLUMN['F0semitoneFrom27.5Hz']], np.nan)
    loudness = _moving_average(frames[:, COLUMN['loudness']])
    result += _distribution(_moving_average(f0))
    result += _distribution(loudness)

    chosen = frames[voiced][:, _VOICED_COLUMNS].astype(np.float64)
    known = np.isfinite(chosen)
    number = known.sum(axis=0)
    filled = np.where(known, chosen, 0.0)
    safe = np.maximum(number, 1)
    mean = filled.sum(axis=0) / safe
    variance = np.where(known, (chosen - mean) ** 2, 0.0).sum(axis=0) / safe
    moments = np.stack([mean, np.sqrt(variance)], axis=1)
    moments[number < 5] = np.nan
    result += moments.ravel().tolist()

    rest = frames[~voiced][:, _UNVOICED_COLUMNS]
    rest = rest[np.isfinite(rest).all(axis=1)]
    result += rest.mean(axis=0).tolist() if len(rest) >= 5 else [float('nan')] * rest.shape[1]

    seconds = max(len(frames), 1) * HOP / RATE_HZ
    peaks = ((loudness[1:-1] > loudness[:-2]) & (loudness[1:-1] >= loudness[2:])
             & (loudness[1:-1] > np.nanmean(loudness))) if len(frames) > 2 else np.zeros(0)
    speaking, pausing = _runs(voiced) * HOP / RATE_HZ, _runs(~voiced) * HOP / RATE_HZ
    level = frames[:, COLUMN['level']]
    level = level[np.isfinite(level)]
    result += [float(peaks.sum()) / seconds, len(speaking) / seconds]
    for lengths in (speaking, pausing):
        result += [float(lengths.mean()), float(lengths.std())] if len(lengths) else [0.0, 0.0]
    result.append(10.0 * float(np.log10(np.mean(10.0 ** (level / 10.0))))
                  if level.size else float('nan'))
    return np.array(result, dtype=np.float32)
