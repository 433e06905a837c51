# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Sounds whose properties are known, for the tests of the voice encoder."""

import numpy as np
from scipy.signal import lfilter

RATE_HZ = 16000


FORMANTS_HZ = ((600.0, 80.0), (1500.0, 120.0), (2500.0, 160.0), (3500.0, 200.0))
"""Frequency and bandwidth of the resonances of ``pulses``."""


def pulses(f0_hz: np.ndarray | float, seconds: float, *, jitter: float = 0.0,
           shimmer_db: float = 0.0, seed: int = 0) -> np.ndarray:
    """
    Return glottal pulses through four formants, float64 [N], peak 0.3.

    ``f0_hz`` is a number or a contour [N]. Periods and amplitudes vary at random from pulse to
    pulse so that neighbours differ on average by ``jitter`` (a share of the period) and
    ``shimmer_db``.
    """
    generator = np.random.default_rng(seed)
    count = round(seconds * RATE_HZ)
    contour = np.broadcast_to(np.asarray(f0_hz, dtype=float), count)
    source = np.zeros(count + 2)
    # Two normal numbers of deviation s differ by 2 s / sqrt(pi) on average.
    spread = np.sqrt(np.pi) / 2.0
    place = 0.0
    while place < count:
        whole = int(place)
        height = 10.0 ** (spread * shimmer_db * generator.standard_normal() / 20.0)
        # A pulse between two samples is shared between them.
        source[whole] += height * (1.0 - (place - whole))
        source[whole + 1] += height * (place - whole)
        place += RATE_HZ / contour[whole] * (1.0 + spread * jitter * generator.standard_normal())
    voice = lfilter([1.0], [1.0, -0.95], source[:count])  # the glottis' own fall-off
    for hz, bandwidth_hz in FORMANTS_HZ:
        radius = np.exp(-np.pi * bandwidth_hz / RATE_HZ)
        voice = lfilter([1.0], [1.0, -2.0 * radius * np.cos(2.0 * np.pi * hz / RATE_HZ),
                                radius ** 2], voice)
    return 0.3 * voice / np.max(np.abs(voice))


def vowel(resonances_hz: tuple[float, ...], f0_hz: float, seconds: float = 0.6) -> np.ndarray:
    """Return glottal pulses through three resonances and two fixed ones above, peak 0.3."""
    source = np.zeros(round(seconds * RATE_HZ) + 1)
    place = np.arange(0.0, len(source) - 1, RATE_HZ / f0_hz)
    whole = place.astype(int)
    source[whole] += 1.0 - (place - whole)
    source[whole + 1] += place - whole
    # Two poles of the glottis, less one of the lips.
    voice = np.diff(lfilter([1.0], [1.0, -1.87, 0.873], source), prepend=0.0)
    for hz, bandwidth_hz in zip((*resonances_hz, 3500.0, 4500.0),
                                (60.0, 90.0, 130.0, 180.0, 250.0), strict=True):
        radius = np.exp(-np.pi * bandwidth_hz / RATE_HZ)
        voice = lfilter([1.0], [1.0, -2.0 * radius * np.cos(2.0 * np.pi * hz / RATE_HZ),
                                radius ** 2], voice)
    noise = 1e-4 * np.random.default_rng(0).standard_normal(len(voice))
    return 0.3 * voice / np.max(np.abs(voice)) + noise


def speech_like(seconds: float, *, f0_hz: float = 150.0, seed: int = 0) -> np.ndarray:
    """Return syllables of four per second with a moving pitch, float32 [N] over faint noise."""
    generator = np.random.default_rng(seed)
    time_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    contour = f0_hz * 2.0 ** (0.25 * np.sin(2.0 * np.pi * 0.7 * time_s)
                              + 0.02 * generator.standard_normal(len(time_s)))
    loudness = np.clip(np.sin(2.0 * np.pi * 2.0 * time_s) ** 2 * 1.6 - 0.3, 0.0, 1.0)
    voice = pulses(contour, seconds, jitter=0.01) * loudness
    return (voice + 1e-4 * generator.standard_normal(len(time_s))).astype(np.float32)
