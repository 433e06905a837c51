# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Voice features: descriptors of 10 ms frames and functionals over the last seconds of speech.

Names follow eGeMAPS v02 (Eyben et al., IEEE Trans. Affective Computing 7(2), 2016) as openSMILE
writes them. The computations are written here from the literature; where that leaves a choice,
openSMILE's was found by measuring and taken (``bench/encode_voice.py`` shows how near it comes):

- F0 and harmonics-to-noise ratio: autocorrelation (Boersma, Proc. Institute of Phonetic Sciences
  17, 1993). ``HNRdBACF`` leaves it as the window tapers it, which limits it the more the lower the
  voice, as openSMILE does; ``harmonicsToNoiseRatio`` is corrected and gives the ratio mixed;
- jitter and shimmer: consecutive periods by waveform matching;
- loudness: bands of hearing, weighted by equal loudness (Hermansky, J. Acoust. Soc. Am. 87, 1990),
  to the power 0.33; spectral slopes as openSMILE's regression, which counts one bin less than it
  sums over and so lets a little of the level in;
- formants: linear prediction of the band up to 4 kHz (Makhoul, Proc. IEEE 63, 1975). Not as
  openSMILE: on vowels of known resonances its formants are far off, these are not;
- harmonic differences H1-H2, H1-A3 and formant amplitudes: harmonics of the 60 ms spectrum;
- Teager energy bands: profile of the Teager energy operator in four groups of critical bands and
  the area under its autocorrelation (Zhou, Hansen & Kaiser, IEEE Trans. Speech and Audio
  Processing 9, 2001), known to move under stress.
"""

from dataclasses import dataclass
import functools
import itertools
import math

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

_SPECTRAL = 320  # 20 ms in the middle of the frame
_SPECTRAL_OFFSET = (FRAME - _SPECTRAL) // 2
_NFFT = 512
_PITCH_NFFT = 1280  # room for the longest period without wrap-around
_PITCH_BIN_HZ = RATE_HZ / _PITCH_NFFT
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
    'F3bandwidth', 'F1amplitudeLogRelF0', 'F2amplitudeLogRelF0', 'F3amplitudeLogRelF0',
    'logRelF0-H1-H2', 'logRelF0-H1-A3', 'harmonicsToNoiseRatio', 'teagerEnergyBand1',
    'teagerEnergyBand2', 'teagerEnergyBand3', 'teagerEnergyBand4', 'teagerAreaBand1',
    'teagerAreaBand2', 'teagerAreaBand3', 'teagerAreaBand4', 'level', 'periodicity', 'unknown',
    'clipped')
"""Columns of a descriptor matrix. ``level`` is in dB of full scale, the last two are shares."""

COLUMN = {name: i for i, name in enumerate(DESCRIPTORS)}


def _slope_weights(low_hz: float, high_hz: float) -> np.ndarray:
    """Weights [bins] whose dot product with dB values is their slope in dB/Hz."""
    inside = (low_hz <= _FREQUENCY) & (high_hz >= _FREQUENCY)
    hz = _FREQUENCY[inside]
    # A count short by one, as openSMILE's: found by regressing its slopes on the bins.
    count = len(hz) - 1
    weights = np.zeros(len(_FREQUENCY))
    weights[inside] = (count * hz - hz.sum()) / (count * np.sum(hz ** 2) - hz.sum() ** 2)
    return weights.astype(np.float32)


def _equal_loudness(hz: np.ndarray) -> np.ndarray:
    """Sensitivity of hearing at about 40 dB, with its fall above 5 kHz (Hermansky 1990)."""
    square = (2.0 * np.pi * hz) ** 2
    rise = (square + 56.8e6) * square ** 2 / ((square + 6.3e6) ** 2 * (square + 0.38e9))
    return rise / (square ** 3 / 9.58e26 + 1.0)


def _mel_centres() -> np.ndarray:
    low, high = (2595.0 * np.log10(1.0 + hz / 700.0) for hz in (20.0, RATE_HZ / 2))
    return 700.0 * (10.0 ** (np.linspace(low, high, _MEL_BANDS + 2)[1:-1] / 2595.0) - 1.0)


@functools.cache
def _band(low_hz: float, high_hz: float) -> slice:
    inside = np.flatnonzero((low_hz <= _FREQUENCY) & (high_hz >= _FREQUENCY))
    return slice(int(inside[0]), int(inside[-1]) + 1)


def _filters() -> np.ndarray:
    return np.stack([firwin(_FILTER, band, fs=RATE_HZ, pass_zero=False)
                     for band in _BANDS_HZ]).astype(np.float32)


_PITCH_WINDOW = hann(FRAME, sym=False).astype(np.float32)
_AVERAGE = np.full(FRAME, 1.0 / FRAME, dtype=np.float32)
_SPECTRAL_WINDOW = hamming(_SPECTRAL, sym=False).astype(np.float32)
_SPECTRAL_SCALE = np.float32(1.0 / np.sum(_SPECTRAL_WINDOW.astype(np.float64) ** 2))
_MEL_BANK = mel(
    sr=RATE_HZ, n_fft=_NFFT, n_mels=_MEL_BANDS, fmin=20.0, fmax=RATE_HZ / 2, htk=True, norm=None).T
_LOUDNESS_WEIGHT = _equal_loudness(_mel_centres()).astype(np.float32)
# Brings loudness, flux and cepstrum to openSMILE's values, so that a user's thresholds hold.
_LOUDNESS_SCALE = np.float32(0.068 / _SPECTRAL_SCALE ** 0.33)
_FLUX_SCALE = np.float32(0.0788 / _SPECTRAL_SCALE ** 0.5)
# Cepstral lifter of length 22 (Young et al., The HTK Book).
_LIFTER = (1.0 + 11.0 * np.sin(np.pi * np.arange(1, 5) / 22.0)).astype(np.float32)
_SLOPE_LOW = _slope_weights(0.0, 500.0)
_SLOPE_HIGH = _slope_weights(500.0, 1500.0)
SLOPE_OF_LEVEL = {'0-500': float(_SLOPE_LOW.sum()), '500-1500': float(_SLOPE_HIGH.sum())}
"""What a decibel of level adds to each slope, in dB/Hz."""
# For power that is not divided by that of the window.
_SLOPE_LOW_OFFSET, _SLOPE_HIGH_OFFSET = (
    -10.0 * np.log10(_SPECTRAL_SCALE) * weights.sum() for weights in (_SLOPE_LOW, _SLOPE_HIGH))
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
_LAGS = np.arange(len(_WINDOW_CORRELATION))


def periodicity_candidates(
        frames: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """
    Return normalised autocorrelation [N, lags] of frames [N, 960] and which lags are peaks.

    And the frames' power spectra [N, 641], 12.5 Hz apart, that it comes from.

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
    return correlation, peaks, power


_LOG_LAG = np.log2(np.maximum(np.arange(_LAG_HIGH + 2), 1)).astype(np.float32)
JUMP_COST = 0.2
"""Per octave from the frame before, up to one octave. This and the next two were chosen against
openSMILE's F0 on 60 clips of RAVDESS that the bench does not use."""
REACH_COST = 0.2
"""Per octave that a pitch lies further than 0.7 octaves from where the voice has been."""
_REACH_OCTAVES = 0.7
_WEAKEST = 0.3  # what correlates less is not looked at


@dataclass(frozen=True)
class PitchState:
    """What the tracker knows of the frames before: base-2 logarithms of lags, NaN for none."""

    last: float = math.nan
    usual: float = math.nan


_NO_PITCH = PitchState()


def track_pitch(
        frames: np.ndarray,
        state: PitchState) -> tuple[np.ndarray, np.ndarray, np.ndarray, PitchState]:
    """
    Return F0 in Hz [N], periodicity [N] in [0, 1] and spectra [N, 641] of frames [N, 960].

    Among the peaks of the autocorrelation the best is taken, less what it costs to be a longer
    period, a jump from the frame before, or far from where this voice has been (Boersma 1993,
    without his look ahead). Returns the state to hand to the next call.
    """
    correlation, peaks, power = periodicity_candidates(frames)
    peaks &= correlation > _WEAKEST
    rows, lags = np.nonzero(peaks)
    strength = correlation[rows, lags]
    bounds = np.searchsorted(rows, np.arange(len(frames) + 1)).tolist()
    place = _LOG_LAG[lags]
    score = strength - np.float32(OCTAVE_COST) * place
    best = np.full(len(frames), _LAG_LOW)
    found = np.zeros(len(frames), dtype=bool)
    last, usual = state.last, state.usual
    for i, (first, end) in enumerate(itertools.pairwise(bounds)):
        if first == end:
            last = math.nan
            continue
        here, value = place[first:end], score[first:end]
        if last == last:
            value = value - JUMP_COST * np.minimum(np.abs(here - last), 1.0)
        if usual == usual:
            value = value - REACH_COST * np.maximum(np.abs(here - usual) - _REACH_OCTAVES, 0.0)
        k = first + int(value.argmax())
        best[i], found[i] = lags[k], True
        if strength[k] < VOICED_PERIODICITY:
            last = math.nan
            continue
        last = float(place[k])
        if strength[k] > 0.8:
            usual = last if usual != usual else usual + 0.1 * (last - usual)
    picked = np.arange(len(frames))
    before, here, after = (correlation[picked, best + k] for k in (-1, 0, 1))
    bend = before - 2.0 * here + after
    bent = bend < -1e-9
    shift = np.where(bent, 0.5 * (before - after) / np.where(bent, bend, -1.0), 0.0)
    shift = np.clip(shift, -0.5, 0.5)
    periodicity = np.where(found, np.clip(here - 0.25 * (before - after) * shift, 0.0, 1.0), 0.0)
    return (_OVERSAMPLING * RATE_HZ / (best + shift), periodicity, power,
            PitchState(last, usual))


_PERIODS = 3
_BEFORE_PULSE = 0.15  # of the period
_LEAST_LIKENESS = 0.6  # correlation of a period with the next
_PERIOD_REACH = 0.25  # of the period: how far the next may differ


def jitter_shimmer(frames: np.ndarray, f0_hz: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """
    Return local jitter [N] (share of the period) and local shimmer [N] in dB of frames [N, 960].

    Three periods in the middle are each matched to the one that follows (waveform matching, Titze
    & Liang, J. Speech Hear. Res. 36, 1993): a period is the lag at which they are most alike,
    its amplitude the span from trough to peak. NaN with fewer than two.
    """
    count = len(frames)
    period = RATE_HZ / f0_hz
    size = period.round().astype(np.int64)
    low = ((1.0 - _PERIOD_REACH) * period).astype(np.int64) - 1
    width = int(np.ceil(2.0 * _PERIOD_REACH * period.max())) + 3
    longest = int(size.max())
    lag = low[:, None] + np.arange(width)
    reachable = lag <= (1.0 + _PERIOD_REACH) * period[:, None] + 1.0
    rows, sample = np.arange(count), np.arange(longest)
    within = sample < size[:, None]
    # Room behind, so that what is read there needs no care: it is not usable.
    padded = np.pad(frames, ((0, 0), (0, longest + width)))
    flat, row = padded.ravel(), (rows * padded.shape[1])[:, None]
    lengths = np.full((_PERIODS, count), np.nan)
    spans = np.full((_PERIODS, count), np.nan)
    # From just before a pulse, so that a period holds one pulse and not parts of two.
    first = np.ceil(FRAME / 2.0 - 0.5 * (_PERIODS + 1) * period).astype(np.int64)
    early = np.maximum(first, 0)[:, None] + sample
    near = np.where(within, np.abs(flat[row + early]), np.float32(-1.0))
    place = near.argmax(axis=1) + np.maximum(first, 0) - _BEFORE_PULSE * period
    for k in range(_PERIODS):
        start = np.nan_to_num(place, nan=-1.0).round().astype(np.int64)
        end = start[:, None] + lag + size[:, None]
        usable = reachable & (end <= FRAME) & (start >= 0)[:, None]
        start = np.clip(start, 0, FRAME)
        raw = flat[row + start[:, None] + sample]
        piece = np.where(within, raw, np.float32(0.0))
        later = flat[row + np.minimum(start + low, FRAME)[:, None]
                     + np.arange(longest + width)]
        moved = np.lib.stride_tricks.as_strided(
            later, (count, width, longest), (*later.strides, later.strides[1]), writeable=False)
        product = np.einsum('iwp,ip->iw', moved, piece)
        energy = np.zeros((count, longest + width + 1))
        np.cumsum(later * later, axis=1, out=energy[:, 1:])
        power = (np.take_along_axis(energy, np.arange(width) + size[:, None], axis=1)
                 - energy[:, :width])
        likeness = np.where(usable, product / np.sqrt(np.maximum(power, 1e-12)), -np.inf)
        best = np.clip(likeness.argmax(axis=1), 1, width - 2)
        before, here, after = (likeness[rows, best + j] for j in (-1, 0, 1))
        good = (np.isfinite(before) & np.isfinite(after) & (here > before) & (here >= after)
                & (here > _LEAST_LIKENESS * np.sqrt(np.einsum('ij,ij->i', piece, piece))))
        with np.errstate(invalid='ignore', divide='ignore'):
            shift = 0.5 * (before - after) / (before - 2.0 * here + after)
        length = np.where(good, lag[rows, best] + shift, np.nan)
        lengths[k] = length
        spans[k] = np.where(good, np.where(within, raw, -np.inf).max(axis=1)
                            - np.where(within, raw, np.inf).min(axis=1), np.nan)
        place = place + length
    change = np.abs(np.diff(lengths, axis=0))
    decibel = 20.0 * np.abs(np.diff(np.log10(np.maximum(spans, 1e-9)), axis=0))
    return _mean_of_known(change) / period, _mean_of_known(decibel)


def _mean_of_known(values: np.ndarray) -> np.ndarray:
    """Mean over the first axis of what is not NaN; NaN where nothing is."""
    known = values == values
    count = known.sum(axis=0)
    total = np.where(known, values, 0.0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


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


def harmonic_levels(power: np.ndarray, f0_hz: np.ndarray, formant_hz: np.ndarray) -> np.ndarray:
    """
    Return levels in dB as [N, 5]: F1, F2, F3 relative to H1, then H1-H2 and H1-A3.

    ``power`` [N, 641] are spectra 12.5 Hz apart, ``formant_hz`` [N, 3]. A formant's level is that
    of the highest harmonic within half of F0 of it, A3 that of the highest within a fifth of F3
    (Hanson, J. Acoust. Soc. Am. 101, 1997). NaN where a formant is.
    """
    level = 10.0 * np.log10(power + np.float32(1e-9))
    first = _highest(level, f0_hz, 0.3 * f0_hz)
    second = _highest(level, 2.0 * f0_hz, 0.3 * f0_hz)
    known = np.nan_to_num(formant_hz, nan=1000.0)
    peaks = [_highest(level, known[:, k], 0.5 * f0_hz) for k in range(3)]
    third = _highest(level, known[:, 2], 0.2 * known[:, 2])
    levels = np.stack([*(peak - first for peak in peaks), first - second, first - third], axis=1)
    levels[:, :3][np.isnan(formant_hz)] = np.nan
    levels[np.isnan(formant_hz[:, 2]), 4] = np.nan
    return levels


def _highest(level: np.ndarray, centre_hz: np.ndarray, reach_hz: np.ndarray) -> np.ndarray:
    """Highest of levels [N, 641] within reach [N] of a centre [N]."""
    low = ((centre_hz - reach_hz) / _PITCH_BIN_HZ).astype(np.int64)
    high = ((centre_hz + reach_hz) / _PITCH_BIN_HZ).astype(np.int64) + 1
    width = int(np.max(high - low)) + 1
    index = low[:, None] + np.arange(width)
    inside = (index <= high[:, None]) & (index > 0) & (index < level.shape[1])
    picked = np.take_along_axis(level, np.clip(index, 0, level.shape[1] - 1), axis=1)
    return np.where(inside, picked, -np.inf).max(axis=1)


def describe(
        samples: np.ndarray, unknown: np.ndarray, clipped: np.ndarray, *,
        lead: int = 0, first_frame: int = 0,
        pitch: PitchState = _NO_PITCH) -> tuple[np.ndarray, PitchState]:
    """
    Return the descriptors [N, 38] of all whole frames in 16 kHz samples, and the pitch state.

    ``samples`` [lead + 160 (N - 1) + 960]: ``lead`` samples (0 or 160) go before the first frame
    and only serve its spectral flux. Descriptors of voice are NaN where the frame is not periodic;
    everything is NaN where a frame holds unknown samples. Formants and harmonics are looked at
    on every second frame, counted from ``first_frame``, to halve their cost.
    """
    count = (len(samples) - lead - FRAME) // HOP + 1
    result = np.full((max(count, 0), len(DESCRIPTORS)), np.nan, dtype=np.float32)
    if count <= 0:
        return result, pitch
    result[:, COLUMN['unknown']] = _share(unknown, lead, count)
    result[:, COLUMN['clipped']] = _share(clipped, lead, count)
    known = result[:, COLUMN['unknown']] == 0.0
    frames = _cut(samples[lead:], FRAME, count)
    centre = _cut(samples[_SPECTRAL_OFFSET:], _SPECTRAL, count + lead // HOP)

    f0, periodicity, harmonics, pitch = track_pitch(frames, pitch)
    power = _describe_spectrum(result, centre, lead // HOP)
    periodicity = np.where(known, periodicity, 0.0)
    voiced = np.flatnonzero(periodicity >= VOICED_PERIODICITY)
    if voiced.size:
        result[voiced, COLUMN['F0semitoneFrom27.5Hz']] = 12.0 * np.log2(f0[voiced] / 27.5)
        tapered = periodicity[voiced] * np.interp(
            _OVERSAMPLING * RATE_HZ / f0[voiced], _LAGS, _WINDOW_CORRELATION)
        for name, part in (('HNRdBACF', tapered), ('harmonicsToNoiseRatio', periodicity[voiced])):
            share = np.clip(part, 1e-4, 1.0 - 1e-4)
            result[voiced, COLUMN[name]] = 10.0 * np.log10(share / (1.0 - share))
        jitter, shimmer = jitter_shimmer(frames[voiced], f0[voiced])
        result[voiced, COLUMN['jitterLocal']] = jitter
        result[voiced, COLUMN['shimmerLocaldB']] = shimmer
        _describe_bands(result, samples[lead:], voiced)
    result[:, COLUMN['periodicity']] = periodicity
    even = voiced[(voiced + first_frame) % 2 == 0]
    if even.size:
        column = COLUMN['F1frequency']
        result[even, column:column + 6] = found = formants(power[even])
        column = COLUMN['F1amplitudeLogRelF0']
        result[even, column:column + 5] = harmonic_levels(
            harmonics[even], f0[even], found[:, ::2])
    result[~known, :COLUMN['periodicity']] = np.nan
    return result, pitch


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
    result[:, COLUMN['loudness']] = _LOUDNESS_SCALE * np.sum(
        (bands * _LOUDNESS_WEIGHT) ** np.float32(0.33), axis=1)
    result[:, COLUMN['alphaRatio']] = 10.0 * np.log10(
        power[:, high].sum(axis=1) / power[:, low].sum(axis=1))
    result[:, COLUMN['hammarbergIndex']] = (
        decibel[:, _band(0.0, 2000.0)].max(axis=1) - decibel[:, _band(2000.0, 5000.0)].max(axis=1))
    result[:, COLUMN['slope0-500']] = decibel @ _SLOPE_LOW + _SLOPE_LOW_OFFSET
    result[:, COLUMN['slope500-1500']] = decibel @ _SLOPE_HIGH + _SLOPE_HIGH_OFFSET
    cepstrum = _LIFTER * dct(np.log(bands), axis=1, norm='ortho')[:, 1:5]
    result[:, COLUMN['mfcc1']:COLUMN['mfcc4'] + 1] = cepstrum
    magnitude = np.sqrt(all_power)
    step = np.diff(magnitude, axis=0)
    flux = _FLUX_SCALE * np.sqrt(np.einsum('ij,ij->i', step, step))
    result[1 - before:, COLUMN['spectralFlux']] = flux
    return power


@functools.lru_cache(maxsize=64)
def _responses(size: int) -> np.ndarray:
    return rfft(_FILTERS, size, axis=1)


def _describe_bands(
        result: np.ndarray, samples: np.ndarray, voiced: np.ndarray) -> None:
    size = next_fast_len(len(samples) + _FILTER - 1, real=True)
    filtered = irfft(rfft(samples, size) * _responses(size), size, axis=1)
    bands = filtered[:, _EDGE:_EDGE + len(samples)].astype(np.float32)
    view = np.lib.stride_tricks.sliding_window_view
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


_CONTOUR = ('amean', 'stddevNorm', 'percentile20.0', 'percentile50.0', 'percentile80.0',
            'pctlrange0-2', 'meanRisingSlope', 'stddevRisingSlope', 'meanFallingSlope',
            'stddevFallingSlope')
_SYLLABLE_FRAMES = 9
_ALWAYS = (('spectralFlux', '1'), ('mfcc1', '1'), ('mfcc2', '1'), ('mfcc3', '1'), ('mfcc4', '1'))
_VOICED = (
    ('jitterLocal', '1'), ('shimmerLocaldB', 'dB'), ('HNRdBACF', 'dB'),
    ('logRelF0-H1-H2', 'dB'), ('logRelF0-H1-A3', 'dB'),
    ('F1frequency', 'Hz'), ('F1bandwidth', 'Hz'), ('F1amplitudeLogRelF0', 'dB'),
    ('F2frequency', 'Hz'), ('F2bandwidth', 'Hz'), ('F2amplitudeLogRelF0', 'dB'),
    ('F3frequency', 'Hz'), ('F3bandwidth', 'Hz'), ('F3amplitudeLogRelF0', 'dB'),
    ('alphaRatioV', 'dB'), ('hammarbergIndexV', 'dB'), ('slopeV0-500', 'dB/Hz'),
    ('slopeV500-1500', 'dB/Hz'), ('spectralFluxV', '1'), ('mfcc1V', '1'), ('mfcc2V', '1'),
    ('mfcc3V', '1'), ('mfcc4V', '1'))
_UNVOICED = (
    ('alphaRatioUV', 'dB'), ('hammarbergIndexUV', 'dB'), ('slopeUV0-500', 'dB/Hz'),
    ('slopeUV500-1500', 'dB/Hz'), ('spectralFluxUV', '1'))
_BEYOND = (
    ('harmonicsToNoiseRatio', 'dB'),
    ('teagerEnergyBand1', 'dB'), ('teagerEnergyBand2', 'dB'), ('teagerEnergyBand3', 'dB'),
    ('teagerEnergyBand4', 'dB'), ('teagerAreaBand1', '1'), ('teagerAreaBand2', '1'),
    ('teagerAreaBand3', '1'), ('teagerAreaBand4', '1'))


def _columns(descriptors: tuple[tuple[str, str], ...]) -> list[int]:
    bare = (name.replace('UV', 'V') for name, _ in descriptors)
    return [COLUMN[name if name in COLUMN else name.replace('V', '', 1)] for name in bare]


_ALWAYS_COLUMNS = _columns(_ALWAYS)
_VOICED_COLUMNS = _columns(_VOICED) + _columns(_BEYOND)
_UNVOICED_COLUMNS = _columns(_UNVOICED)


def _names() -> tuple[FeatureSpec, ...]:
    specs = []
    for base, unit in (('F0semitoneFrom27.5Hz_sma3nz', 'semitone'), ('loudness_sma3', '1')):
        units = ('1' if name == 'stddevNorm' else f'{unit}/s' if 'Slope' in name else unit
                 for name in _CONTOUR)
        specs += [FeatureSpec(f'{base}_{name}', its, 0.0)
                  for name, its in zip(_CONTOUR, units, strict=True)]
    for descriptors, smoothing in ((_ALWAYS, 'sma3'), (_VOICED, 'sma3nz')):
        for name, unit in descriptors:
            specs += [FeatureSpec(f'{name}_{smoothing}_amean', unit),
                      FeatureSpec(f'{name}_{smoothing}_stddevNorm', '1')]
    specs += [FeatureSpec(f'{name}_sma3nz_amean', unit) for name, unit in _UNVOICED]
    specs += [
        FeatureSpec('loudnessPeaksPerSec', '1/s', 0.0),
        FeatureSpec('VoicedSegmentsPerSec', '1/s', 0.0),
        FeatureSpec('MeanVoicedSegmentLengthSec', 's', 0.0),
        FeatureSpec('StddevVoicedSegmentLengthSec', 's', 0.0),
        FeatureSpec('MeanUnvoicedSegmentLength', 's', 0.0),
        FeatureSpec('StddevUnvoicedSegmentLength', 's', 0.0),
        FeatureSpec('equivalentSoundLevel_dBp', 'dB', SILENCE_DB, 0.0),
    ]
    for name, unit in _BEYOND:
        specs += [FeatureSpec(f'{name}_sma3nz_amean', unit),
                  FeatureSpec(f'{name}_sma3nz_stddevNorm', '1')]
    return tuple(specs)


FEATURES = _names()
"""The 88 of eGeMAPS v02 in openSMILE's order and under its names, then what is beyond them."""


def _moving_average(values: np.ndarray) -> np.ndarray:
    """Average over three frames [N, ...], of those that are not NaN (sma3nz); NaN stays NaN."""
    known = np.isfinite(values)
    total = np.where(known, values, 0.0)
    number = known.astype(np.float32)
    sums, counts = total.copy(), number.copy()
    for near, far in ((slice(None, -1), slice(1, None)), (slice(1, None), slice(None, -1))):
        sums[near] += total[far]
        counts[near] += number[far]
    return np.where(known, sums / np.maximum(counts, 1.0), np.nan)


def _distribution(values: np.ndarray) -> list[float]:
    """Mean, relative deviation, percentiles, their range, and slopes of a contour [N]."""
    known = values[np.isfinite(values)]
    if known.size < 5:
        return [float('nan')] * len(_CONTOUR)
    ordered = np.sort(known)
    low, middle, high = (float(ordered[int(q * (known.size - 1) + 0.5)]) for q in (0.2, 0.5, 0.8))
    mean = float(known.mean())
    return [mean, float(known.std()) / max(abs(mean), 1e-6), low, middle, high, high - low,
            *_slopes(values)]


def _slopes(values: np.ndarray) -> list[float]:
    """Mean and deviation of the rises and of the falls of a contour, from turn to turn, per s."""
    steps = np.diff(values)
    known = np.flatnonzero(np.isfinite(steps) & (steps != 0.0))
    if known.size == 0:
        return [0.0] * 4
    rising = steps[known] > 0.0
    turns = np.flatnonzero((rising[1:] != rising[:-1]) | (np.diff(known) > 1)) + 1
    starts = np.concatenate([[0], turns])
    lengths = np.diff(np.concatenate([starts, [known.size]]))
    slopes = np.abs(np.add.reduceat(steps[known], starts)) / lengths * (RATE_HZ / HOP)
    result = []
    for wanted in (True, False):
        some = slopes[rising[starts] == wanted]
        result += [float(some.mean()), float(some.std())] if some.size else [0.0, 0.0]
    return result


def _moments(values: np.ndarray) -> np.ndarray:
    """Mean and deviation over mean [2 C] of columns [N, C]; NaN with fewer than five numbers."""
    known = np.isfinite(values)
    number = known.sum(axis=0)
    filled = np.where(known, values, 0.0)
    safe = np.maximum(number, 1)
    mean = filled.sum(axis=0) / safe
    variance = np.where(known, (values - mean) ** 2, 0.0).sum(axis=0) / safe
    with np.errstate(invalid='ignore', divide='ignore'):
        relative = np.sqrt(variance) / mean
    moments = np.stack([mean, np.where(np.isfinite(relative), relative, np.nan)], axis=1)
    moments[number < 5] = np.nan
    return moments.ravel()


def _peaks(loudness: np.ndarray) -> int:
    """Count peaks above the mean of a contour [N], about one per syllable."""
    known = loudness[np.isfinite(loudness)]
    if known.size <= _SYLLABLE_FRAMES:
        return 0
    smooth = np.convolve(known, np.full(_SYLLABLE_FRAMES, 1.0 / _SYLLABLE_FRAMES), 'same')
    middle = smooth[1:-1]
    return int(np.sum((middle > smooth[:-2]) & (middle >= smooth[2:]) & (middle > known.mean())))


def _runs(mask: np.ndarray) -> np.ndarray:
    """Lengths of the runs of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return edges[1::2] - edges[::2]


def functionals(frames: np.ndarray, voiced: np.ndarray) -> np.ndarray:
    """
    Return the functionals float32 [F] of speech frames [N, 38], ``voiced`` [N] telling which.

    NaN where too few frames carry the descriptor.
    """
    f0 = np.where(voiced, frames[:, COLUMN['F0semitoneFrom27.5Hz']], np.nan)
    loudness = _moving_average(frames[:, COLUMN['loudness']])
    chosen = frames[:, _VOICED_COLUMNS].astype(np.float64)
    chosen[~voiced] = np.nan
    of_voice = _moments(_moving_average(chosen))
    in_order = 2 * len(_VOICED)
    result = [
        *_distribution(_moving_average(f0)), *_distribution(loudness),
        *_moments(_moving_average(frames[:, _ALWAYS_COLUMNS].astype(np.float64))),
        *of_voice[:in_order]]

    rest = frames[~voiced][:, _UNVOICED_COLUMNS]
    rest = rest[np.isfinite(rest).all(axis=1)]
    result += rest.mean(axis=0).tolist() if len(rest) >= 5 else [float('nan')] * rest.shape[1]

    seconds = max(len(frames), 1) * HOP / RATE_HZ
    peaks = _peaks(loudness)
    speaking, pausing = _runs(voiced) * HOP / RATE_HZ, _runs(~voiced) * HOP / RATE_HZ
    level = frames[:, COLUMN['level']]
    level = level[np.isfinite(level)]
    result += [peaks / seconds, len(speaking) / seconds]
    for lengths in (speaking, pausing):
        result += [float(lengths.mean()), float(lengths.std())] if len(lengths) else [0.0, 0.0]
    result.append(10.0 * float(np.log10(np.mean(10.0 ** (level / 10.0))))
                  if level.size else float('nan'))
    return np.array([*result, *of_voice[in_order:]], dtype=np.float32)
