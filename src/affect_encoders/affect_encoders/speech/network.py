# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
A small convolutional network over the words of an utterance; numpy only, a millisecond.

It sees the order of words, so that what 'not', 'anything but' or 'could not be more' do to the
words around them is learned. Gated residual convolutions (Dauphin et al., "Language Modeling with
Gated Convolutional Networks", ICML 2017) at spacings of 1, 2 and 4 words see seven words either
side of a word; then each label attends to the words that speak for it, so that two clauses can
carry two feelings. A word is the sum of its own vector, if it is known, and those of its beginning
and ending, so that a misspelt or unknown form of it still counts.
"""

from collections.abc import Mapping
import functools

from affect_encoders.speech.goemotions import LABELS
from affect_encoders.speech.text import number_of
from affect_encoders.speech.text import Words
import numpy as np

KNOWN_WORDS = 10240
BEGINNINGS = 8192
ENDINGS = 2048
_BEGINNING, _ENDING = 5, 3  # characters
DIMENSION = 64
SPACINGS = (1, 2, 4)
MEANINGS = 3
LONGEST_TOKENS = 120
"""Words and signs that are read."""

_LABELS = len(LABELS)
TABLES = {'known': KNOWN_WORDS + 1, 'beginning': BEGINNINGS, 'ending': ENDINGS, 'meant': MEANINGS}
SHAPES: dict[str, tuple[int, ...]] = {
    'network_words': (KNOWN_WORDS,),
    **{f'{name}_{part}': shape for name, rows in TABLES.items()
       for part, shape in (('table', (rows, DIMENSION)), ('scales', (rows,)))},
    **{f'{kind}_{i}': shape for i in range(len(SPACINGS))
       for kind, shape in (('kernel', (3 * DIMENSION, 2 * DIMENSION)),
                           ('shift', (2 * DIMENSION,)))},
    'score': (DIMENSION, _LABELS), 'value': (DIMENSION, _LABELS), 'network_bias': (_LABELS,)}


def token_rows(words: Words, known: np.ndarray) -> np.ndarray:
    """
    Return rows int64 [4, T] of tokens: as known words, beginnings, endings, and how meant.

    ``known`` uint32 [K] sorted numbers of words; -1 for a word that is not among them.
    """
    tokens = words.tokens[:LONGEST_TOKENS]
    rows = np.array([_numbers_of(token) for token in tokens], dtype=np.int64).reshape(-1, 3).T
    found = np.minimum(np.searchsorted(known, rows[0]), len(known) - 1)
    return np.stack([
        np.where(known[found] == rows[0], found, -1), rows[1] % BEGINNINGS, rows[2] % ENDINGS,
        np.array(words.meant[:LONGEST_TOKENS], dtype=np.int64)])


@functools.lru_cache(maxsize=4096)
def _numbers_of(token: str) -> tuple[int, int, int]:
    return (number_of(f'w {token}'), number_of(f'p {token[:_BEGINNING]}'),
            number_of(f's {token[-_ENDING:]}'))


class SpeechNetwork:
    """The trained network: words in, 28 logits out."""

    def __init__(self, tensors: Mapping[str, np.ndarray]) -> None:
        """Take tensors of ``SHAPES``; tables are int8 with a float16 scale for each row."""
        self._known = tensors['network_words']
        self._tables = [(tensors[f'{name}_table'], tensors[f'{name}_scales'].astype(np.float32))
                        for name in TABLES]
        self._layers = [(tensors[f'kernel_{i}'].astype(np.float32),
                         tensors[f'shift_{i}'].astype(np.float32)) for i in range(len(SPACINGS))]
        self._attention = np.concatenate(
            [tensors['score'], tensors['value']], axis=1).astype(np.float32)
        self._bias = tensors['network_bias'].astype(np.float32)

    def __call__(self, words: Words) -> np.ndarray:
        """Return logits float32 [28]; the bias alone without words."""
        if not words.tokens:
            return self._bias
        x = np.zeros((min(len(words.tokens), LONGEST_TOKENS), DIMENSION), dtype=np.float32)
        for rows, (table, scales) in zip(
                token_rows(words, self._known), self._tables, strict=True):
            # The last row, at -1, is that of unknown words.
            x += scales[rows, None] * table[rows]
        for spacing, (kernel, shift) in zip(SPACINGS, self._layers, strict=True):
            # Nothing is said before the first word and after the last one.
            padded = np.pad(x, ((spacing, spacing), (0, 0)))
            seen = np.concatenate(
                [padded[k * spacing:k * spacing + len(x)] for k in range(3)], axis=1)
            mixed = seen @ kernel + shift
            x = x + np.tanh(mixed[:, :DIMENSION]) / (1.0 + np.exp(-mixed[:, DIMENSION:]))
        score, value = np.split(x @ self._attention, 2, axis=1)
        attention = np.exp(score - score.max(axis=0))
        return (attention * value).sum(axis=0) / attention.sum(axis=0) + self._bias
