# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
The voice of the simulated wearer: synthetic sentences, said as the wearer feels.

What is said follows valence and arousal: sentences of the categories that lie nearest. How it is
said follows them too, through a source and a filter (``source_filter``) that leave the words as
they are. With arousal rise pitch, its range, tempo, loudness and the share of high frequencies,
and a voice without it is breathy (Banse & Scherer, J. Pers. Soc. Psychol. 1996; Juslin & Laukka,
Psychol. Bull. 2003; Gobl & Ni Chasaide, Speech Commun. 2003). With stress rise pitch, jitter and
shimmer (Scherer, Psychol. Bull. 1986; Giddens et al., J. Voice 2013). A smile shortens the vocal
tract and raises all formants (Tartter, Percept. Psychophys. 1980). Fatigue slows and lowers speech
(Krajewski, Batliner & Golz, Behav. Res. Methods 2009). The sizes of the effects are ours, and
nobody should tune a model to them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from functools import lru_cache
import math

from affect_sensors.simulation.affect import AffectSource
from affect_sensors.simulation.block_stream import BlockStream
from affect_sensors.simulation.counter_rng import block_rng
from affect_sensors.simulation.counter_rng import hash_uniform
from affect_sensors.simulation.flite import FliteError
from affect_sensors.simulation.flite import RATE_HZ
from affect_sensors.simulation.person import Person
from affect_sensors.simulation.person import person_of
from affect_sensors.simulation.script import ScriptError
from affect_sensors.simulation.script import Words
from affect_sensors.simulation.source_filter import analyse
from affect_sensors.simulation.source_filter import Manner
from affect_sensors.simulation.source_filter import SourceFilter
from affect_sensors.simulation.source_filter import synthesise
from affect_sensors.simulation.utterance_files import categories
from affect_sensors.simulation.utterance_files import Category
from affect_sensors.simulation.utterance_files import find
from affect_sensors.simulation.utterance_files import sound_of
from affect_sensors.simulation.utterance_files import VOICES
import numpy as np
from scipy.ndimage import map_coordinates

BLOCK_S = 4

_SECOND_SHARE = 0.35
_ROOM_NOISE = 10.0 ** (-66.0 / 20.0)
# How far a felt state may lie from the sentence that it makes one say.
_CATEGORY_SPREAD = 0.3
_ENVELOPE_S = 0.02
_SEMITONES_PER_AROUSAL = 5.0
_MOST_SEMITONES = 6.0
_TEMPO_PER_AROUSAL = 0.25
_LONGEST_S = BLOCK_S - 0.4
_LOUDEST = 0.98
_LONGEST_SCRIPTED_S = 20.0


@dataclass(frozen=True)
class Utterance:
    """What is said from ``start_s`` of the wearer's time on, for ``duration_s``."""

    text: str
    category: str
    start_s: float
    duration_s: float


@dataclass(frozen=True)
class _Delivery:
    """
    An utterance with the sentence that it says, and how.

    ``key`` is its own number, ``tract`` by how much shorter than usual the vocal tract is.
    """

    key: int
    said: Utterance
    sentence: tuple[str, Category, int]
    manner: Manner
    tract: float
    level_db: float


class SimulatedVoice:
    """
    Mono sound at 16 kHz in [-1, 1], at most one sentence in four seconds.

    Of two blocks of four seconds at least one has speech: a third of the time in all, and
    never more than thirteen seconds without. ``wording`` is the affect that chooses what is said
    (that of the voice by default). With ``words`` of a script, which repeat after ``repeat_s``,
    these are said and nothing else.

    :raises ScriptError: words of the script can't be said, or not so close to each other.
    """

    def __init__(
        self, seed: int, affect: AffectSource, *, wording: AffectSource | None = None,
        person: Person | None = None, words: Sequence[Words] = (), repeat_s: float = 0.0,
    ) -> None:
        self._seed = seed
        self._affect = affect
        self._wording = wording or affect
        self._person = person or person_of(seed)
        self._words = words
        self._repeat_s = repeat_s
        # Seeds that follow each other have different voices.
        self._voice = VOICES[seed % len(VOICES)]
        tempo, tract = hash_uniform(seed, 'voice/person', np.arange(2)).tolist()
        self._own_tempo, self._own_tract = 0.97 + 0.06 * tempo, 0.97 + 0.06 * tract
        self._stream = BlockStream(RATE_HZ, BLOCK_S, self._make_block)
        self._deliveries = lru_cache(maxsize=8)(self._find_deliveries)
        self._sound = lru_cache(maxsize=4)(self._say)
        self._check_words()

    def samples(self, first: int, last: int) -> np.ndarray:
        """Return samples [first, last) as float32."""
        return self._stream.samples(first, last)

    def utterance(self, block: int) -> Utterance | None:
        """Return what begins to be said in a block of BLOCK_S seconds; None is silence."""
        begun = [
            d.said for d in self._deliveries(block)
            if block * BLOCK_S <= d.said.start_s < (block + 1) * BLOCK_S]
        return begun[0] if begun else None

    def words(self, t_s: float) -> Utterance | None:
        """Return what is being said at a time; None is silence."""
        delivery = self._delivery_at(t_s)
        return None if delivery is None else delivery.said

    def mouth_opening(self, t_s: float) -> float:
        """Return how far speaking opens the jaw at a time, [0, 1]."""
        delivery = self._delivery_at(t_s)
        if delivery is None:
            return 0.0
        opening = _opening(*delivery.sentence)
        place = (t_s - delivery.said.start_s) / delivery.said.duration_s * len(opening)
        return float(opening[min(int(place), len(opening) - 1)])

    def _delivery_at(self, t_s: float) -> _Delivery | None:
        for delivery in self._deliveries(math.floor(t_s / BLOCK_S)):
            if 0.0 <= t_s - delivery.said.start_s < delivery.said.duration_s:
                return delivery
        return None

    def _find_deliveries(self, block: int) -> list[_Delivery]:
        """Return what is said in a block, or a part of it."""
        if not self._words:
            return self._chosen(block)
        begin = block * BLOCK_S
        found = []
        first = math.floor((begin - _LONGEST_SCRIPTED_S) / self._repeat_s)
        for lap in range(first, math.floor((begin + BLOCK_S) / self._repeat_s) + 1):
            for i, words in enumerate(self._words):
                start_s = lap * self._repeat_s + words.at_s
                if begin - _LONGEST_SCRIPTED_S < start_s < begin + BLOCK_S:
                    category, number = find(words.say)
                    delivery = self._deliver(
                        lap * len(self._words) + i, category, number, start_s, start_s)
                    if start_s + delivery.said.duration_s > begin:
                        found.append(delivery)
        return found

    def _chosen(self, block: int) -> list[_Delivery]:
        """Return what the wearer feels like saying in a block: one sentence or none."""
        pair = block // 2
        first, second = hash_uniform(self._seed, 'voice/pair', np.array([2 * pair, 2 * pair + 1]))
        if block % 2 != (first < 0.5) and second >= _SECOND_SHARE:
            return []
        rng = block_rng(self._seed, 'voice/sentence', block)
        middle_s = (block + 0.5) * BLOCK_S
        felt = self._wording.at(np.array([middle_s]))
        category = _choose(float(felt.valence[0]), float(felt.arousal[0]), rng.random())
        number = int(rng.integers(len(category.sentences)))
        delivery = self._deliver(block, category, number, middle_s, 0.0)
        onset = 0.2 + rng.random() * (_LONGEST_S - delivery.said.duration_s)
        return [replace(delivery, said=replace(
            delivery.said, start_s=block * BLOCK_S + onset))]

    def _deliver(
        self, key: int, category: Category, number: int, felt_at_s: float, start_s: float,
    ) -> _Delivery:
        """Return how a sentence is said with what is felt at a time."""
        felt = self._affect.at(np.array([felt_at_s]))
        valence, arousal, stress, fatigue = (float(v[0]) for v in (
            felt.valence, felt.arousal, felt.stress, felt.fatigue))
        # The sound of a category has the pitch and tempo of its arousal already.
        more = arousal - category.arousal
        semitones = (
            _SEMITONES_PER_AROUSAL * more + 1.5 * stress - 1.0 * fatigue
            + self._person.voice_semitones)
        semitones = max(-_MOST_SEMITONES, min(semitones, _MOST_SEMITONES))
        sentence = (self._voice, category, number)
        recorded_s = len(sound_of(*sentence)) / RATE_HZ
        tempo = self._own_tempo * (1.0 - 0.08 * fatigue) * (
            1.0 + _TEMPO_PER_AROUSAL * arousal) / (1.0 + _TEMPO_PER_AROUSAL * category.arousal)
        if not self._words:
            tempo = max(tempo, recorded_s / _LONGEST_S)
        tract = self._own_tract * (1.0 + 0.02 * valence)
        manner = Manner(
            pitch=2.0 ** (semitones / 12.0) / tract, tempo=tempo / tract,
            pitch_range=max(0.6, min(1.0 + 0.4 * more - 0.2 * fatigue, 1.6)),
            jitter=0.004 + 0.006 * max(arousal, 0.0) + 0.008 * stress,
            shimmer=0.03 + 0.12 * stress, breath=0.1 * max(-arousal, 0.0), brightness=arousal)
        return _Delivery(
            key, Utterance(
                category.sentences[number], category.name, start_s, recorded_s / tempo),
            sentence, manner, tract, -25.0 + 8.0 * arousal)

    def _say(self, delivery: _Delivery) -> np.ndarray:
        rng = block_rng(self._seed, 'voice/manner', delivery.key)
        sound = synthesise(_taken_apart(*delivery.sentence), delivery.manner, rng)
        # A shorter tract has all its resonances higher: as by the speed of a tape.
        place = np.arange(round(delivery.said.duration_s * RATE_HZ)) * delivery.tract
        sound = map_coordinates(sound, place[None], order=3, mode='constant')
        sound *= 10.0 ** (delivery.level_db / 20.0) / math.sqrt(float(np.mean(sound ** 2)))
        return _limited(sound)

    def _make_block(self, block: int) -> np.ndarray:
        n = RATE_HZ * BLOCK_S
        sound = block_rng(self._seed, 'voice/sound', block).standard_normal(n) * _ROOM_NOISE
        for delivery in self._deliveries(block):
            spoken = self._sound(delivery)
            first = round((delivery.said.start_s - block * BLOCK_S) * RATE_HZ)
            begin, end = max(first, 0), min(first + len(spoken), n)
            if begin < end:
                sound[begin:end] += spoken[begin - first:end - first]
        return np.clip(sound, -1.0, 1.0).astype(np.float32)

    def _check_words(self) -> None:
        """Refuse words that can't be said, or that begin before the ones before have ended."""
        for i, words in enumerate(self._words):
            category, number = find(words.say)
            try:
                recorded_s = len(sound_of(self._voice, category, number)) / RATE_HZ
            except FliteError as error:
                raise ScriptError(f'word {i}: {error}') from error
            longest_s = recorded_s * (1.0 + _TEMPO_PER_AROUSAL) / (
                (1.0 - _TEMPO_PER_AROUSAL) * 0.92 * 0.97)
            if longest_s > _LONGEST_SCRIPTED_S:
                raise ScriptError(
                    f"word {i}: 'say' is too long ({recorded_s:.0f} s); make two of it")
            last = i + 1 == len(self._words)
            until_s = self._words[0].at_s + self._repeat_s if last else self._words[i + 1].at_s
            room_s = until_s - words.at_s
            felt_s = [words.at_s + lap * self._repeat_s for lap in range(8)]
            needed_s = max(
                self._deliver(0, category, number, t, t).said.duration_s for t in felt_s)
            if needed_s > room_s:
                raise ScriptError(
                    f'word {i}: saying it takes {needed_s:.1f} s and the next words come after '
                    f'{room_s:.1f} s')


@lru_cache(maxsize=32)
def _taken_apart(voice: str, category: Category, number: int) -> SourceFilter:
    return analyse(sound_of(voice, category, number))


@lru_cache(maxsize=8)
def _opening(voice: str, category: Category, number: int) -> np.ndarray:
    """Return the course of the jaw's opening over a sentence, [0, 1]."""
    step = round(_ENVELOPE_S * RATE_HZ)
    sound = sound_of(voice, category, number)
    level = np.sqrt(np.mean(sound[:len(sound) // step * step].reshape(-1, step) ** 2, axis=1))
    level = np.convolve(level, [0.25, 0.5, 0.25], mode='same')
    return np.clip(level / np.quantile(level, 0.95), 0.0, 1.0)


def _limited(sound: np.ndarray) -> np.ndarray:
    """Bend what is louder than half of full scale, so that nothing clips."""
    over = np.maximum(np.abs(sound) - 0.5, 0.0)
    room = _LOUDEST - 0.5
    return np.where(over > 0.0, np.sign(sound) * (0.5 + room * np.tanh(over / room)), sound)


def _choose(valence: float, arousal: float, dice: float) -> Category:
    """Return a category with a probability that falls with its distance from what is felt."""
    listed = categories()
    distance = np.array([
        math.hypot(valence - c.valence, arousal - c.arousal) for c in listed])
    # Less the nearest, so that a state far from all has a category as well.
    weight = np.exp(-0.5 * (distance ** 2 - distance.min() ** 2) / _CATEGORY_SPREAD ** 2)
    share = np.cumsum(weight)
    return listed[int(np.searchsorted(share / share[-1], dice, side='right'))]
