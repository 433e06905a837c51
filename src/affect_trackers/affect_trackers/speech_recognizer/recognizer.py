# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What a speech recogniser must do, whichever it is."""

from dataclasses import dataclass
import math
from typing import Protocol

import numpy as np


class RecognizerError(RuntimeError):
    """A recogniser can't be made or has failed; the text says what is wrong and what to do."""


@dataclass(frozen=True)
class Word:
    """A word; start and end in seconds after the first sample heard, confidence in [0, 1]."""

    text: str
    start_s: float
    end_s: float
    confidence: float = math.nan


@dataclass(frozen=True)
class Recognition:
    """Words and the confidence in all of them, [0, 1]; NaN while an utterance goes on."""

    words: tuple[Word, ...] = ()
    confidence: float = math.nan

    @property
    def text(self) -> str:
        """Return the words in one line."""
        return ' '.join(word.text for word in self.words)


class Recognizer(Protocol):
    """
    Turns one utterance after the other into words.

    ``begin``, any number of ``hear`` and ``partial``, then ``finish`` or ``drop``. All calls come
    from one thread at a time. Sound is float32 [n] in [-1, 1] at 16 kHz, mono. Each method may
    raise RecognizerError; after one the next call is ``begin``.
    """

    recognizer_id: str
    """Recogniser and model, e.g. `pocketsphinx/en-us`."""

    language: str
    """IETF BCP 47 tag of the model; empty when unknown."""

    def begin(self) -> None:
        """Begin an utterance, whatever became of the one before."""

    def hear(self, samples: np.ndarray) -> None:
        """Take the next sound of the utterance."""

    def partial(self) -> Recognition:
        """Return the words so far; they may change."""

    def finish(self) -> Recognition:
        """End the utterance and return its words."""

    def drop(self) -> None:
        """End the utterance without asking for its words."""

    def forget(self) -> None:
        """Forget what was learned of the speaker and the microphone; others come."""
