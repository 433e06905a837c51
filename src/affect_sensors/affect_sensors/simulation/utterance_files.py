# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Synthetic speech: sentences of each category, in two voices, which ship with the package.

What a script makes the wearer say beyond them is made by Flite when the host has it.
"""

from dataclasses import dataclass
from functools import cache
from functools import lru_cache
from pathlib import Path
import re

from affect_sensors.simulation.flite import FliteError
from affect_sensors.simulation.flite import speak
import numpy as np
import soundfile
import yaml

FOLDER = Path(__file__).parent / 'utterances'
VOICES = ('slt', 'awb')
OTHER = ''
"""Category of what does not ship with the package."""


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


def find(text: str) -> tuple[Category, int]:
    """Return the category and number of a sentence, or for any other a category of its own."""
    said = _plain(text)
    for category in categories():
        for number, sentence in enumerate(category.sentences):
            if _plain(sentence) == said:
                return category, number
    return Category(OTHER, 0.0, 0.0, (text,)), 0


@lru_cache(maxsize=8)
def sound_of(voice: str, category: Category, sentence: int) -> np.ndarray:
    """
    Return a sentence, float64 [n] at 16 kHz with a root mean square of 1; read-only.

    :raises FliteError: it does not ship with the package, and this host can't say it.
    """
    if category.name == OTHER:
        text = category.sentences[sentence]
        try:
            sound = speak(voice, text)
        except FliteError as error:
            raise FliteError(
                f"'{text}' is none of the sentences of {FOLDER / 'sentences.yaml'}, and "
                f'{error}') from error
    else:
        sound, _ = soundfile.read(path_of(voice, category, sentence))
    sound = sound / np.sqrt(np.mean(sound ** 2))
    sound.flags.writeable = False
    return sound


def _plain(text: str) -> str:
    return ' '.join(re.sub(r"[^a-z' ]", ' ', text.lower()).split())
