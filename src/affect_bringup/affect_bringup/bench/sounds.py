# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Sounds to measure hearing with: noises of several kinds, and speech whose place is known."""

from collections.abc import Callable
from collections.abc import Sequence

import numpy as np

RATE_HZ = 16000


def white(count: int, rng: np.random.Generator) -> np.ndarray:
    """Return noise of equal power in each hertz."""
    return rng.standard_normal(count)


def pink(count: int, rng: np.random.Generator) -> np.ndarray:
    """Return noise of equal power in each octave, as rooms and traffic have."""
    spectrum = np.fft.rfft(rng.standard_normal(count))
    hz = np.fft.rfftfreq(count, 1.0 / RATE_HZ)
    return np.fft.irfft(spectrum / np.sqrt(np.maximum(hz, 20.0)), count)


def fan(count: int, rng: np.random.Generator) -> np.ndarray:
    """Return the hum of a motor that hunts a little, its harmonics and the rush of its air."""
    t = np.arange(count) / RATE_HZ
    turn = 2.0 * np.pi * 97.0 * t + 0.8 * np.sin(2.0 * np.pi * 0.3 * t)
    hum = sum(np.sin(k * turn + k) / k for k in range(1, 9))
    return hum / np.std(hum) + 0.5 * _unit(pink(count, rng))


def music(count: int, rng: np.random.Generator) -> np.ndarray:
    """Return plucked chords, two in a second, with a drum."""
    sound = np.zeros(count)
    length = RATE_HZ
    t = np.arange(length) / RATE_HZ
    for beat, first in enumerate(range(0, count - length, RATE_HZ // 2)):
        root = 110.0 * 2.0 ** (rng.integers(0, 12) / 12.0)
        for interval in (0, 4, 7, 12):
            hz = root * 2.0 ** (interval / 12.0)
            for harmonic in range(1, 6):
                sound[first:first + length] += (
                    np.sin(2.0 * np.pi * harmonic * hz * t) * np.exp(-3.0 * harmonic * t)
                    / harmonic)
        if beat % 2:
            sound[first:first + length] += rng.standard_normal(length) * np.exp(-40.0 * t)
    return sound


NOISES: dict[str, Callable[[int, np.random.Generator], np.ndarray]] = {
    'white': white, 'pink': pink, 'fan': fan, 'music': music}


def babble(voices: Sequence[np.ndarray], count: int, rng: np.random.Generator) -> np.ndarray:
    """Return a crowd: six of ``voices`` at a time, each played again and again, equally loud."""
    crowd = np.zeros(count)
    for _ in range(6):
        order = rng.permutation(len(voices))
        line = np.concatenate([_unit(voices[k]) for k in order])
        line = np.tile(line, count // len(line) + 2)
        start = int(rng.integers(0, len(line) - count))
        crowd += line[start:start + count]
    return crowd


def add_noise(
    speech: np.ndarray, noise: np.ndarray, is_speech: np.ndarray, snr_db: float,
) -> np.ndarray:
    """Return both, the noise ``snr_db`` below the power of ``speech`` where somebody speaks."""
    power = np.mean(speech[is_speech] ** 2)
    return speech + _unit(noise) * np.sqrt(power) * 10.0 ** (-snr_db / 20.0)


def area_under_curve(score: np.ndarray, truth: np.ndarray) -> float:
    """Return how probably a true frame scores above a false one; ties count half."""
    order = np.argsort(score, kind='stable')
    _, place, counts = np.unique(score[order], return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    rank = np.empty(len(score))
    rank[order] = (last - 0.5 * (counts - 1))[place]
    positive = int(np.count_nonzero(truth))
    negative = len(truth) - positive
    return float(
        (rank[truth].sum() - 0.5 * positive * (positive + 1)) / (positive * negative))


def word_errors(said: Sequence[str], heard: Sequence[str]) -> int:
    """Return how many words were missed, made up or confused (Levenshtein's distance)."""
    row = list(range(len(heard) + 1))
    for i, word in enumerate(said, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(heard, 1):
            before, row[j] = row[j], min(
                row[j] + 1, row[j - 1] + 1, before + (word != other))
    return row[-1]


def _unit(sound: np.ndarray) -> np.ndarray:
    return sound / max(float(np.std(sound)), 1e-12)
