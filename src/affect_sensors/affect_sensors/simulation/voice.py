# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
The voice of the simulated wearer: synthetic sentences, said as the wearer feels.

What is said follows valence and arousal: sentences of the categories that lie nearest. How it is
said follows them too: with arousal rise pitch, tempo, loudness and the share of high frequencies
(Banse & Scherer, J. Pers. Soc. Psychol. 1996; Juslin & Laukka, Psychol. Bull. 2003), with stress
jitter and shimmer. Most of that is in the files (``utterance_files``); the rest is done here as by
the speed of a tape, which moves pitch, formants and tempo together. The sizes of the effects are
ours, and nobody should tune a model to them.
"""

from dataclasses import dataclass
from functools import lru_cache
import math

from affect_sensors.simulation.affect import AffectSource
from affect_sensors.simulation.block_stream import BlockStream
from affect_sensors.simulation.counter_rng import block_rng
from affect_sensors.simulation.counter_rng import hash_uniform
from affect_sensors.simulation.utterance_files import categories
from affect_sensors.simulation.utterance_files import Category
from affect_sensors.simulation.utterance_files import RATE_HZ
from affect_sensors.simulation.utterance_files import sound_of
from affect_sensors.simulation.utterance_files import VOICES
import numpy as np
from scipy.ndimage import map_coordinates
from scipy.signal import lfilter

BLOCK_S = 4

_SECOND_SHARE = 0.35
_ROOM_NOISE = 10.0 ** (-66.0 / 20.0)
# How far a felt state may lie from the sentence that it makes one say.
_CATEGORY_SPREAD = 0.3
_PULSE_S = 0.008
_ENVELOPE_S = 0.02


@dataclass(frozen=True)
class Utterance:
    """What is said from ``start_s`` of the wearer's time on, for ``duration_s``."""

    text: str
    category: str
    start_s: float
    duration_s: float


@dataclass(frozen=True)
class _Delivery:
    """An utterance with the sentence it plays and how fast; arousal and stress while it lasts."""

    said: Utterance
    sentence: tuple[str, Category, int]
    speed: float
    arousal: float
    stress: float


class SimulatedVoice:
    """
    Mono sound at 16 kHz in [-1, 1], at most one sentence in four seconds.

    Of two blocks of four seconds at least one has speech: a third of the time in all, and
    never more than thirteen seconds without.
    """

    def __init__(self, seed: int, affect: AffectSource) -> None:
        self._seed = seed
        self._affect = affect
        # Seeds that follow each other have different voices.
        self._voice = VOICES[seed % len(VOICES)]
        self._own_speed = 0.97 + 0.06 * float(hash_uniform(seed, 'voice/person', 0))
        self._stream = BlockStream(RATE_HZ, BLOCK_S, self._make_block)
        self._delivery = lru_cache(maxsize=4)(self._deliver)
        self._opening = lru_cache(maxsize=4)(self._find_opening)

    def samples(self, first: int, last: int) -> np.ndarray:
        """Return samples [first, last) as float32."""
        return self._stream.samples(first, last)

    def utterance(self, block: int) -> Utterance | None:
        """Return what is said in a block of BLOCK_S seconds; None is silence."""
        delivery = self._delivery(block)
        return None if delivery is None else delivery.said

    def words(self, t_s: float) -> Utterance | None:
        """Return what is being said at a time; None is silence."""
        said = self.utterance(math.floor(t_s / BLOCK_S))
        is_said = said is not None and said.start_s <= t_s < said.start_s + said.duration_s
        return said if is_said else None

    def mouth_opening(self, t_s: float) -> float:
        """Return how far speaking opens the jaw at a time, [0, 1]."""
        said = self.words(t_s)
        if said is None:
            return 0.0
        opening = self._opening(math.floor(t_s / BLOCK_S))
        place = (t_s - said.start_s) / said.duration_s * len(opening)
        return float(opening[min(int(place), len(opening) - 1)])

    def _deliver(self, block: int) -> _Delivery | None:
        """Return what is said in a block and how."""
        pair = block // 2
        first, second = hash_uniform(self._seed, 'voice/pair', np.array([2 * pair, 2 * pair + 1]))
        if block % 2 != (first < 0.5) and second >= _SECOND_SHARE:
            return None
        rng = block_rng(self._seed, 'voice/sentence', block)
        felt = self._affect.at(np.array([block * BLOCK_S + 0.5 * BLOCK_S]))
        arousal = float(felt.arousal[0])
        category = _choose(float(felt.valence[0]), arousal, rng.random())
        number = int(rng.integers(len(category.sentences)))
        speed = self._own_speed * (1.0 + 0.06 * (arousal - category.arousal))
        sentence = (self._voice, category, number)
        duration = len(sound_of(*sentence)) / RATE_HZ / speed
        onset = 0.2 + rng.random() * (BLOCK_S - 0.4 - duration)
        said = Utterance(
            category.sentences[number], category.name, block * BLOCK_S + onset, duration)
        return _Delivery(said, sentence, speed, arousal, float(felt.stress[0]))

    def _make_block(self, block: int) -> np.ndarray:
        rng = block_rng(self._seed, 'voice/sound', block)
        sound = rng.standard_normal(RATE_HZ * BLOCK_S) * _ROOM_NOISE
        delivery = self._delivery(block)
        if delivery is not None:
            spoken = _speak(delivery, rng)
            first = round((delivery.said.start_s - block * BLOCK_S) * RATE_HZ)
            sound[first:first + len(spoken)] += spoken
        return np.clip(sound, -1.0, 1.0).astype(np.float32)

    def _find_opening(self, block: int) -> np.ndarray:
        delivery = self._delivery(block)
        if delivery is None:
            return np.zeros(1)
        step = round(_ENVELOPE_S * RATE_HZ)
        sound = sound_of(*delivery.sentence)
        level = np.sqrt(np.mean(sound[:len(sound) // step * step].reshape(-1, step) ** 2, axis=1))
        level = np.convolve(level, [0.25, 0.5, 0.25], mode='same')
        return np.clip(level / np.quantile(level, 0.95), 0.0, 1.0)


def _choose(valence: float, arousal: float, dice: float) -> Category:
    """Return a category with a probability that falls with its distance from what is felt."""
    listed = categories()
    distance = np.array([
        math.hypot(valence - c.valence, arousal - c.arousal) for c in listed])
    # Less the nearest, so that a state far from all has a category as well.
    weight = np.exp(-0.5 * (distance ** 2 - distance.min() ** 2) / _CATEGORY_SPREAD ** 2)
    share = np.cumsum(weight)
    return listed[int(np.searchsorted(share / share[-1], dice, side='right'))]


def _speak(delivery: _Delivery, rng: np.random.Generator) -> np.ndarray:
    """Return a sentence as it is said: speed with jitter, level with shimmer, brightness."""
    recorded = sound_of(*delivery.sentence)
    arousal, stress = delivery.arousal, delivery.stress
    length = int(len(recorded) / delivery.speed)
    pulses = int(length / RATE_HZ / _PULSE_S) + 2
    jitter = (0.004 + 0.006 * max(arousal, 0.0) + 0.006 * stress) * rng.standard_normal(pulses)
    shimmer = 1.0 + (0.03 + 0.04 * stress) * rng.standard_normal(pulses)
    at = np.arange(length) / RATE_HZ / _PULSE_S
    place = np.interp(at, np.arange(pulses + 1), np.concatenate(
        [[0.0], np.cumsum(1.0 + jitter)])) * _PULSE_S * RATE_HZ * delivery.speed
    said = map_coordinates(recorded, place[None], order=3, mode='constant')
    said *= np.interp(at, np.arange(pulses), shimmer)
    # A shelf above about a kilohertz.
    low = lfilter([0.3], [1.0, -0.7], said)
    said = said + 0.7 * arousal * (said - low)
    level = 10.0 ** ((-25.0 + 8.0 * arousal) / 20.0)
    return level * said / math.sqrt(float(np.mean(said ** 2)))
