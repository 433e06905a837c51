# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Voice-like sound of the simulated wearer by a source-filter model.

Glottal pulses (Rosenberg, JASA 1971) with jitter and shimmer excite a cascade of formant
resonators (Klatt, JASA 1980) that move from vowel to vowel (formants of Peterson & Barney, JASA
1952). With arousal rise pitch, its range, loudness, tempo and the share of high frequencies
(Banse & Scherer, J. Pers. Soc. Psychol. 1996; Juslin & Laukka, Psychol. Bull. 2003). The sizes of
the effects are ours; it has no words, and nobody should tune a model to it.
"""

from dataclasses import dataclass
from functools import lru_cache
import math

from affect_sensors.simulation.affect_trajectory import AffectTrajectory
from affect_sensors.simulation.block_stream import BlockStream
from affect_sensors.simulation.counter_rng import block_rng
from affect_sensors.simulation.counter_rng import hash_uniform
import numpy as np
from scipy.signal import lfilter

RATE_HZ = 16000
BLOCK_S = 4

_VOWELS_HZ = np.array([
    [730.0, 1090.0, 2440.0], [530.0, 1840.0, 2480.0], [270.0, 2290.0, 3010.0],
    [570.0, 840.0, 2410.0], [300.0, 870.0, 2240.0], [660.0, 1720.0, 2410.0],
    [490.0, 1350.0, 1690.0]])
_BANDWIDTHS_HZ = (70.0, 90.0, 150.0, 250.0)
_PHRASE_SHARE = 0.85
_ROOM_NOISE = 10.0 ** (-66.0 / 20.0)


@dataclass(frozen=True)
class Syllable:
    """Onset and duration in seconds after the block's start, vowel, accent in semitones."""

    onset_s: float
    duration_s: float
    vowel: int
    accent: float
    hiss: bool


class SimulatedVoice:
    """Mono sound at 16 kHz in [-1, 1], a phrase or silence every four seconds."""

    def __init__(self, seed: int, affect: AffectTrajectory) -> None:
        self._seed = seed
        self._affect = affect
        # The person: a pitch between 100 and 215 Hz, and a vocal tract to go with it.
        self._octave = 1.1 * float(hash_uniform(seed, 'voice/person', 0))
        self._stream = BlockStream(RATE_HZ, BLOCK_S, self._make_block)
        self.phrase = lru_cache(maxsize=4)(self._phrase)

    def samples(self, first: int, last: int) -> np.ndarray:
        """Return samples [first, last) as float32."""
        return self._stream.samples(first, last)

    def mouth_opening(self, t_s: float) -> float:
        """Return how far speaking opens the jaw at a time, [0, 1]."""
        block = math.floor(t_s / BLOCK_S)
        local = t_s - block * BLOCK_S
        for syllable in self.phrase(block):
            x = (local - syllable.onset_s) / syllable.duration_s
            if 0.0 <= x < 1.0:
                return math.sin(math.pi * x) ** 2 * (0.5 + 0.5 * (_VOWELS_HZ[
                    syllable.vowel, 0] - 270.0) / 460.0)
        return 0.0

    def _phrase(self, block: int) -> list[Syllable]:
        """Return what is said in a block; empty for silence."""
        rng = block_rng(self._seed, 'voice/phrase', block)
        spoken, length, place = rng.random() < _PHRASE_SHARE, rng.uniform(1.4, 2.8), rng.random()
        if not spoken:
            return []
        onset = 0.1 + place * (BLOCK_S - length - 0.3)
        end = onset + length
        arousal = float(self._affect.at(np.array([block * BLOCK_S + onset])).arousal[0])
        tempo = 1.0 + 0.25 * arousal
        syllables: list[Syllable] = []
        while True:
            duration = rng.uniform(0.15, 0.28) / tempo
            if onset + duration > end:
                return syllables
            syllables.append(Syllable(
                onset, duration, int(rng.integers(len(_VOWELS_HZ))),
                float(rng.normal(0.0, 1.2 + 0.8 * max(arousal, 0.0))), bool(rng.random() < 0.4)))
            onset += duration + (rng.uniform(0.05, 0.15) if rng.random() < 0.2 else 0.0)

    def _make_block(self, block: int) -> np.ndarray:
        rng = block_rng(self._seed, 'voice/sound', block)
        sound = rng.standard_normal(RATE_HZ * BLOCK_S) * _ROOM_NOISE
        phrase = self.phrase(block)
        if phrase:
            first = int(phrase[0].onset_s * RATE_HZ)
            last = int((phrase[-1].onset_s + phrase[-1].duration_s) * RATE_HZ)
            t = np.arange(first, last) / RATE_HZ
            sound[first:last] += self._speak(block, t, phrase, rng)
        return np.clip(sound, -1.0, 1.0).astype(np.float32)

    def _speak(
        self, block: int, t: np.ndarray, phrase: list[Syllable], rng: np.random.Generator,
    ) -> np.ndarray:
        knots = np.linspace(t[0], t[-1], 20)
        affect = self._affect.at(block * BLOCK_S + knots)
        arousal = np.interp(t, knots, affect.arousal)
        stress = float(affect.stress.mean())
        mean_arousal = float(affect.arousal.mean())

        envelope, hiss = np.zeros(len(t)), np.zeros(len(t))
        for syllable in phrase:
            x = (t - syllable.onset_s) / syllable.duration_s
            inside = (x >= 0.0) & (x < 1.0)
            envelope[inside] = np.sin(np.pi * np.clip((x[inside] - 0.1) / 0.9, 0.0, 1.0)) ** 0.6
            if syllable.hiss:
                hiss[inside] = np.sin(np.pi * np.clip(x[inside] / 0.3, 0.0, 1.0)) ** 2

        centres = np.array([s.onset_s + 0.5 * s.duration_s for s in phrase])
        accent = np.interp(t, centres, [s.accent for s in phrase])
        decline = -3.0 * (t - t[0]) / (t[-1] - t[0])
        semitones = 12.0 * self._octave + 5.0 * arousal + 1.5 * stress + accent + decline
        f0 = 100.0 * 2.0 ** (semitones / 12.0)
        source = _glottis(f0, mean_arousal, stress, rng)
        source += 0.003 * (1.0 - 0.4 * mean_arousal) * rng.standard_normal(len(t))
        tilt = 0.62 - 0.25 * mean_arousal
        source = lfilter([1.0 - tilt], [1.0, -tilt], source)
        voiced = self._vocal_tract(source, t, phrase) * envelope
        consonants = lfilter([1.0, -0.95], [1.0], rng.standard_normal(len(t))) * hiss

        level = 10.0 ** ((-25.0 + 8.0 * arousal) / 20.0)
        loudness = math.sqrt(float(np.mean(voiced ** 2))) + 1e-12
        return level * (voiced / loudness + 0.12 * consonants)

    def _vocal_tract(
        self, source: np.ndarray, t: np.ndarray, phrase: list[Syllable],
    ) -> np.ndarray:
        """Filter piece by piece: consecutive vowels, the filters' state carried over."""
        stretch = 1.0 + 0.17 * self._octave
        shaped = np.empty_like(source)
        states = [np.zeros(2) for _ in _BANDWIDTHS_HZ]
        starts = [0] + [int(np.searchsorted(t, s.onset_s)) for s in phrase[1:]] + [len(t)]
        for syllable, first, last in zip(phrase, starts[:-1], starts[1:], strict=True):
            piece = source[first:last]
            formants = [*(_VOWELS_HZ[syllable.vowel] * stretch), 3500.0 * stretch]
            for i, (frequency, bandwidth) in enumerate(zip(formants, _BANDWIDTHS_HZ, strict=True)):
                c = -math.exp(-2.0 * math.pi * bandwidth / RATE_HZ)
                b = 2.0 * math.sqrt(-c) * math.cos(2.0 * math.pi * frequency / RATE_HZ)
                piece, states[i] = lfilter([1.0 - b - c], [1.0, -b, -c], piece, zi=states[i])
            shaped[first:last] = piece
        return shaped


def _glottis(
    f0: np.ndarray, arousal: float, stress: float, rng: np.random.Generator,
) -> np.ndarray:
    """Return the derivative of glottal flow, with jitter and shimmer from pulse to pulse."""
    pulses = int(np.sum(f0) / RATE_HZ) + 3
    jitter = 1.0 + (0.006 + 0.008 * max(arousal, 0.0) + 0.006 * stress) * rng.standard_normal(
        pulses)
    shimmer = 1.0 + (0.04 + 0.04 * stress) * rng.standard_normal(pulses)
    number = np.floor(np.cumsum(f0) / RATE_HZ).astype(int)
    phase = np.cumsum(f0 * jitter[number]) / RATE_HZ
    number = np.minimum(np.floor(phase).astype(int), pulses - 1)
    x = phase - np.floor(phase)
    opening, closing = 0.42 - 0.06 * arousal, 0.18 - 0.04 * arousal
    flow = np.where(x < opening, 0.5 * (1.0 - np.cos(np.pi * x / opening)), 0.0)
    falling = (x >= opening) & (x < opening + closing)
    flow = np.where(falling, np.cos(0.5 * np.pi * (x - opening) / closing), flow)
    return np.diff(flow * shimmer[number], prepend=0.0)
