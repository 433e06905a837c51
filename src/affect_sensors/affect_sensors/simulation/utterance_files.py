# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Synthetic speech that ships with the package: sentences of each category, in two voices."""

from dataclasses import dataclass
from functools import cache
from functools import lru_cache
from pathlib import Path

import numpy as np
import soundfile
import yaml

FOLDER = Path(__file__).parent / 'utterances'
VOICES = ('slt', 'awb')
RATE_HZ = 16000


@dataclass(frozen=True)
class Category:
    """What is said in one state: its valence and arousal, [-1, 1], and the sentences."""

    name: str
    valence: float
    arousal: float
    sentences: tuple[str, ...]


@cache
def categories() -> tuple[Category, ...]:
    """Return the categories and their sentences."""
    listed = yaml.safe_load((FOLDER / 'sentences.yaml').read_text(encoding='utf-8'))
    return tuple(
        Category(name, entry['valence'], entry['arousal'], tuple(entry['sentences']))
        for name, entry in listed.items())


def path_of(voice: str, category: Category, sentence: int) -> Path:
    """Return where a sentence of a voice is."""
    return FOLDER / voice / f'{category.name}_{sentence}.flac'


@lru_cache(maxsize=8)
def sound_of(voice: str, category: Category, sentence: int) -> np.ndarray:
    """Return a sentence, float64 [n] at 16 kHz with a root mean square of 1; read-only."""
    sound, _ = soundfile.read(path_of(voice, category, sentence))
    sound = sound / np.sqrt(np.mean(sound ** 2))
    sound.flags.writeable = False
    return sound
