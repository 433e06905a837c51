# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Speech as a source and a filter, so that it can be said otherwise and stay the same words.

The filter, the vocal tract, is found by linear prediction (Atal & Hanauer, JASA 1971); what it
leaves is the source: a pulse per period of the voice, or noise. The source is taken apart into its
periods and put together again with others, faster or slower (Moulines & Charpentier, Speech
Commun. 1990, there on the sound itself), and goes through the filter that it came from: pitch and
tempo change, formants and with them the words stay.
"""

from dataclasses import dataclass
from functools import lru_cache
import math

import numpy as np
from scipy.ndimage import median_filter
from scipy.signal import lfilter

RATE_HZ = 16000

_ORDER = 18
_HOP = 160
_WINDOW = 400
_EMPHASIS = 0.95
_PITCH_WINDOW = 640
_PITCH_LAGS = (46, 246)
"""Of a voice between 65 and 348 Hz."""
_VOICED = 0.55
_UNVOICED_STEP = 80
_QUIET = 0.03


@dataclass(frozen=True)
class Manner:
    """
    How something is said; the defaults leave it as it is.

    ``pitch`` and ``tempo`` are factors, ``pitch_range`` a power on the pitch's distance from its
    median. ``jitter`` and ``shimmer`` are standard deviations of the length and height of single
    periods, shares of them. ``breath`` is noise in the source, as a share of it. ``brightness`` in
    [-1, 1] raises or lowers what is above a kilohertz.
    """

    pitch: float = 1.0
    pitch_range: float = 1.0
    tempo: float = 1.0
    jitter: float = 0.0
    shimmer: float = 0.0
    breath: float = 0.0
    brightness: float = 0.0


@dataclass(frozen=True)
class SourceFilter:
    """
    Speech taken apart.

    ``source`` [n]; ``filters`` [frames, 19], one per _HOP samples; ``marks`` [m] where the periods
    are in the source (or steps, where there is no voice), ``periods`` [m] how long they are, in
    samples, and ``voiced`` [m].
    """

    source: np.ndarray
    filters: np.ndarray
    marks: np.ndarray
    periods: np.ndarray
    voiced: np.ndarray

    @property
    def pitch_hz(self) -> float:
        """Median pitch where there is voice; NaN without."""
        periods = self.periods[self.voiced]
        return RATE_HZ / float(np.median(periods)) if len(periods) else math.nan


def analyse(sound: np.ndarray) -> SourceFilter:
    """Take mono speech at 16 kHz apart, float64 [n]."""
    sharp = lfilter([1.0, -_EMPHASIS], [1.0], sound)
    filters = _filters(sharp)
    lagged = np.lib.stride_tricks.sliding_window_view(
        np.concatenate([np.zeros(_ORDER), sharp]), _ORDER + 1)[:, ::-1]
    frame = np.minimum((np.arange(len(sound)) + _HOP // 2) // _HOP, len(filters) - 1)
    source = np.einsum('nk,nk->n', lagged, filters[frame])
    marks, periods, voiced = _marks(source, *_pitch(sound))
    return SourceFilter(source, filters, marks, periods, voiced)


def synthesise(
    speech: SourceFilter, manner: Manner, rng: np.random.Generator,
) -> np.ndarray:
    """Say something in a manner, float64 [n / tempo] with the level that it had, nearly."""
    length = int(len(speech.source) / manner.tempo)
    source = _restrung(speech, manner, length, rng)
    if manner.breath > 0.0:
        loudness = np.sqrt(lfilter([0.01], [1.0, -0.99], source * source))
        source += manner.breath * loudness * rng.standard_normal(length)
    sound = np.empty(length)
    state = np.zeros(_ORDER)
    step = _HOP // 2
    for first in range(0, length, step):
        frame = min(round((first + 0.5 * step) * manner.tempo / _HOP), len(speech.filters) - 1)
        sound[first:first + step], state = lfilter(
            [1.0], speech.filters[frame], source[first:first + step], zi=state)
    sound = lfilter([1.0], [1.0, -_EMPHASIS], sound)
    # A shelf above about a kilohertz.
    low = lfilter([0.3], [1.0, -0.7], sound)
    return sound + 0.7 * manner.brightness * (sound - low)


def _restrung(
    speech: SourceFilter, manner: Manner, length: int, rng: np.random.Generator,
) -> np.ndarray:
    """Return the source with other periods, at another pace."""
    median = float(np.median(speech.periods[speech.voiced])) if speech.voiced.any() else 1.0
    out = np.zeros(length + 2 * _PITCH_LAGS[1])
    marks, source = speech.marks, speech.source
    middles = 0.5 * (marks[1:] + marks[:-1])
    dice = rng.standard_normal((int(length / _PITCH_LAGS[0]) + 2, 2))
    at, count = 0.0, 0
    while at < length:
        i = int(np.searchsorted(middles, at * manner.tempo))
        period = float(speech.periods[i])
        reach, step, gain = round(period), period, 1.0
        place = int(marks[i])
        long, high = dice[count % len(dice)]
        count += 1
        if speech.voiced[i]:
            step = median * (period / median) ** manner.pitch_range / manner.pitch
            gain = math.sqrt(step / period) * max(1.0 + manner.shimmer * high, 0.0)
            step *= max(1.0 + manner.jitter * long, 0.5)
        else:
            # Noise that is said twice in a row would buzz.
            place += round(0.5 * _UNVOICED_STEP * max(min(long, 1.0), -1.0))
        first, last = max(place - reach, 0), min(place + reach, len(source))
        if last > first:
            begin = round(at) + first - place + _PITCH_LAGS[1]
            window = _hann(reach)[first - place + reach:last - place + reach]
            out[begin:begin + last - first] += gain * source[first:last] * window
        at += step
    return out[_PITCH_LAGS[1]:_PITCH_LAGS[1] + length]


@lru_cache(maxsize=256)
def _hann(reach: int) -> np.ndarray:
    """Return a window of 2 * reach that adds up to one at steps of reach; read-only."""
    return 0.5 - 0.5 * np.cos(np.pi * np.arange(2 * reach) / reach)


def _frames(sound: np.ndarray, window: int) -> np.ndarray:
    """Return windows round every _HOP-th sample, [frames, window]."""
    padded = np.pad(sound, (window // 2, window // 2 + _HOP))
    return np.lib.stride_tricks.sliding_window_view(padded, window)[
        :len(sound) + _HOP - 1:_HOP]


def _autocorrelation(frames: np.ndarray) -> np.ndarray:
    size = 1 << (2 * frames.shape[1] - 1).bit_length()
    return np.fft.irfft(np.abs(np.fft.rfft(frames, size)) ** 2)


def _filters(sharp: np.ndarray) -> np.ndarray:
    """Return the coefficients of the prediction error filters, by Levinson's recursion."""
    r = _autocorrelation(_frames(sharp, _WINDOW) * np.hanning(_WINDOW))[:, :_ORDER + 1]
    # White noise 40 dB down keeps the filters of silence and of pure tones tame.
    r = r + np.eye(1, _ORDER + 1) * (1e-4 * r[:, :1] + 1e-9)
    a = np.zeros_like(r)
    a[:, 0] = 1.0
    error = r[:, 0].copy()
    for k in range(1, _ORDER + 1):
        reflection = -np.einsum('fk,fk->f', a[:, :k], r[:, k:0:-1]) / error
        a[:, 1:k + 1] += reflection[:, None] * a[:, k - 1::-1][:, :k]
        error *= 1.0 - reflection ** 2
    return a


def _pitch(sound: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """
    Return the period in samples and whether there is voice, per _HOP samples.

    The autocorrelation over that of the window (Boersma, 1993), of the sound below a kilohertz.
    """
    low = lfilter([0.2], [1.0, -0.8], lfilter([0.2], [1.0, -0.8], sound))
    window = np.hanning(_PITCH_WINDOW)
    frames = _frames(low, _PITCH_WINDOW)
    frames = (frames - frames.mean(axis=1, keepdims=True)) * window
    r = _autocorrelation(frames)
    first, last = _PITCH_LAGS
    power = r[:, :1]
    weight = _autocorrelation(window[None])[0]
    similar = r[:, first:last] / np.maximum(power, 1e-12) * (weight[0] / weight[first:last])
    lags = np.arange(first, last)
    # A shorter period is as good as twice of it and to be preferred.
    best = np.argmax(similar - 0.06 * np.log2(lags / first), axis=1)
    likeness = np.take_along_axis(similar, best[:, None], 1)[:, 0]
    level = np.sqrt(power[:, 0])
    voiced = median_filter((likeness > _VOICED) & (level > _QUIET * level.max()), 3)
    return median_filter(lags[best].astype(np.float64), 3), voiced


def _marks(
    source: np.ndarray, period: np.ndarray, voiced: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return where the periods are: at their strongest sample where there is voice."""
    smooth = np.convolve(source, np.hanning(9), mode='same')
    strong = smooth if np.mean(smooth ** 3) > 0.0 else -smooth
    found: list[tuple[int, float, bool]] = []
    at = 0
    while at < len(source):
        frame = min((at + _HOP // 2) // _HOP, len(period) - 1)
        if not voiced[frame] or period[frame] < _PITCH_LAGS[0]:
            found.append((at, float(_UNVOICED_STEP), False))
            at += _UNVOICED_STEP
            continue
        length = float(period[frame])
        # The first of a stretch is anywhere in a period, the next near where it is expected.
        slack = round(0.2 * length) if found and found[-1][2] else round(0.5 * length)
        first = max(at - slack, found[-1][0] + 20 if found else 0)
        window = strong[first:at + slack + 1]
        place = first + int(np.argmax(window)) if len(window) else at
        found.append((place, length, True))
        at = place + round(length)
    marks, periods, is_voiced = zip(*found, strict=True)
    return np.array(marks), np.array(periods), np.array(is_voiced)
