# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
From an utterance to 28 logits; numpy only, two milliseconds.

The mean of two models that err differently: a network over the words in their order
(``network.py``), and logistic regression on weighted n-grams (Wang and Manning, "Baselines and
Bigrams", ACL 2012) with one addition: what negated words say goes through a learned matrix, so
that a negation also turns words that the training never saw negated.
"""

from dataclasses import dataclass
from pathlib import Path

from affect_encoders.speech.goemotions import LABELS
from affect_encoders.speech.network import SHAPES as NETWORK_SHAPES
from affect_encoders.speech.network import SpeechNetwork
from affect_encoders.speech.text import character_ngrams
from affect_encoders.speech.text import is_foreign
from affect_encoders.speech.text import is_word
from affect_encoders.speech.text import Ngrams
from affect_encoders.speech.text import word_ngrams
from affect_encoders.speech.text import word_numbers
from affect_encoders.speech.text import Words
from affect_encoders.weights_file import load_weights
from affect_encoders.weights_file import WEIGHTS_DIRECTORY
import numpy as np

MODEL = 'speech_words'
VERSION = '2'
WORD_NGRAMS = 60000
CHARACTER_NGRAMS = 24000
LEXICON = 27000
"""Words that the training met at all; many are too rare to be weighted."""

RARE_WORD = 0.5
"""What a word counts as known that fewer than four training comments hold: many are names."""

EMBEDDING_DIMENSION = len(LABELS) + 4
"""Logits, then words, negations and intensifiers a word, and the share of known words."""

Z_LIMIT = 4.0
"""Standard deviations at which the embedding is cut: one odd utterance must not drown others."""

WEIGHTS = WEIGHTS_DIRECTORY / 'speech.safetensors'

SHAPES: dict[str, tuple[int, ...]] = {
    'lexicon': (LEXICON,), 'lexicon_is_common': (LEXICON,), 'word_numbers': (WORD_NGRAMS,),
    'character_numbers': (CHARACTER_NGRAMS,),
    'idf': (WORD_NGRAMS + CHARACTER_NGRAMS,),
    'weights': (WORD_NGRAMS + CHARACTER_NGRAMS, len(LABELS)),
    'weight_scales': (WORD_NGRAMS + CHARACTER_NGRAMS,),
    'negation': (len(LABELS), len(LABELS)), 'bias': (len(LABELS),), **NETWORK_SHAPES, 'mix': (2,),
    'mean': (EMBEDDING_DIMENSION,), 'scale': (EMBEDDING_DIMENSION,)}


@dataclass(frozen=True)
class WeightedNgrams:
    """Rows int64 [N] of the known n-grams, their weights float32 [N], and which are negated."""

    rows: np.ndarray
    weights: np.ndarray
    negated: np.ndarray


@dataclass(frozen=True)
class Lexicon:
    """Numbers uint32 [N] of the words of the training comments, sorted, and which are common."""

    numbers: np.ndarray
    is_common: np.ndarray

    def known_share(self, words: Words) -> float:
        """
        Return the share of the words of an utterance that are known English; NaN without words.

        A rare word counts ``RARE_WORD``, one that betrays another language nothing.
        """
        numbers = word_numbers(words)
        if not len(numbers):
            return float('nan')
        rows = rows_of(numbers, self.numbers)
        shares = np.where(rows < 0, 0.0, np.where(self.is_common[rows], 1.0, RARE_WORD))
        foreign = [is_foreign(token) for token in words.tokens if is_word(token)]
        return float(np.mean(np.where(foreign, 0.0, shares)))


def rows_of(numbers: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Return the rows int64 [N] of ``numbers`` in sorted ``known``; -1 for those not there."""
    rows = np.minimum(np.searchsorted(known, numbers), len(known) - 1)
    return np.where(known[rows] == numbers, rows, -1)


def weigh(ngrams: Ngrams, known: np.ndarray, idf: np.ndarray) -> WeightedNgrams:
    """
    Return the known n-grams weighted by (1 + log count) x idf, brought to length one.

    ``known`` uint32 [K] sorted, ``idf`` float32 [K].
    """
    rows = rows_of(ngrams.numbers, known)
    found = rows >= 0
    coded, counts = np.unique(2 * rows[found] + ngrams.negated[found], return_counts=True)
    weights = (1.0 + np.log(counts)) * idf[coded // 2]
    length = np.sqrt(np.sum(weights ** 2))
    return WeightedNgrams(
        rows=coded // 2, negated=coded % 2 == 1,
        weights=(weights / (length or 1.0)).astype(np.float32))


def weigh_utterance(
        words: Words, word_numbers: np.ndarray, character_numbers: np.ndarray, idf: np.ndarray
        ) -> WeightedNgrams:
    """Return word n-grams and character n-grams, each brought to length one by itself."""
    count = len(word_numbers)
    by_word = weigh(word_ngrams(words), word_numbers, idf[:count])
    by_character = weigh(character_ngrams(words), character_numbers, idf[count:])
    return WeightedNgrams(
        rows=np.concatenate([by_word.rows, by_character.rows + count]),
        weights=np.concatenate([by_word.weights, by_character.weights]),
        negated=np.concatenate([by_word.negated, by_character.negated]))


def manner(words: Words, known_share: float) -> np.ndarray:
    """Return what an embedding holds beside the logits, float32 [4]."""
    count = max(words.read_count, 1)
    return np.array([
        np.log1p(words.read_count), words.negation_count / count, words.intensifier_count / count,
        known_share], dtype=np.float32)


class SpeechModel:
    """The trained sums: words in, embedding and 28 probabilities out."""

    def __init__(self, path: Path = WEIGHTS) -> None:
        """Load ``path``; raises WeightsError with what is wrong and what to do."""
        tensors, self.metadata = load_weights(
            path, model=MODEL, version=VERSION, inputs=LABELS, shapes=SHAPES)
        self._lexicon = Lexicon(tensors['lexicon'], tensors['lexicon_is_common'])
        self._word_numbers = tensors['word_numbers']
        self._character_numbers = tensors['character_numbers']
        self._idf = tensors['idf'].astype(np.float32)
        self._weights, self._weight_scales = tensors['weights'], tensors['weight_scales']
        self._negation, self._bias = tensors['negation'], tensors['bias']
        self._network = SpeechNetwork(tensors)
        self._mix = tensors['mix']
        self._mean, self._scale = tensors['mean'], tensors['scale']

    @property
    def model_id(self) -> str:
        return f'{MODEL}-{VERSION}-{self.metadata["sha256"][:8]}'

    def known_share(self, words: Words) -> float:
        """Return the share of the words read that are known English; NaN without words."""
        return self._lexicon.known_share(words)

    def logits(self, words: Words) -> np.ndarray:
        """Return calibrated logits float32 [28]."""
        found = weigh_utterance(
            words, self._word_numbers, self._character_numbers, self._idf)
        weights = found.weights * self._weight_scales[found.rows].astype(np.float32)
        said = self._weights[found.rows].astype(np.float32) * weights[:, None]
        plain = said[~found.negated].sum(axis=0)
        negated = said[found.negated].sum(axis=0)
        by_ngrams = plain + self._negation @ negated + self._bias
        return self._mix[0] * by_ngrams + self._mix[1] * self._network(words)

    def __call__(self, words: Words) -> tuple[np.ndarray, np.ndarray]:
        """Return the embedding float32 [32] and the probabilities float32 [28]."""
        logits = self.logits(words)
        raw = np.concatenate([logits, manner(words, np.nan_to_num(self.known_share(words)))])
        embedding = np.clip((raw - self._mean) / self._scale, -Z_LIMIT, Z_LIMIT)
        return embedding.astype(np.float32), 1.0 / (1.0 + np.exp(-logits))
