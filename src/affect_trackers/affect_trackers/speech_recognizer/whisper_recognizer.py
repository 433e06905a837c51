# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A user's Whisper model behind the Recognizer interface."""

from pathlib import Path

from affect_trackers.speech_recognizer.recognizer import Recognition
from affect_trackers.speech_recognizer.recognizer import RecognizerError
from affect_trackers.speech_recognizer.recognizer import Word
from affect_trackers.speech_recognizer.whisper_engines import open_engine
import numpy as np

# Shorter sound makes Whisper invent words: it pads to half a minute whatever it is given.
_SHORTEST_SAMPLES = 1600
_WARM_UP_SAMPLES = 16000


class WhisperRecognizer:
    """
    Whisper by whichever program its files are for.

    Radford et al., "Robust speech recognition via large-scale weak supervision", ICML 2023. It
    hears an utterance as a whole: there are no partial results, and the final one comes as late
    as the model takes. A word's confidence is the mean probability of its tokens; NaN where
    the program tells none.
    """

    def __init__(self, model_path: str, language: str = '') -> None:
        """
        Load ``model_path``; without ``language`` Whisper finds it out for each utterance.

        :raises RecognizerError: a package is missing or the model can't be used.
        """
        self._engine = open_engine(Path(model_path), language.split('-')[0].lower())
        self._given_language = language
        self._heard: list[np.ndarray] = []
        self.recognizer_id = f'whisper/{Path(model_path).name}'
        # The first call compiles and allocates: nobody's first words shall wait for that.
        self._transcribe(np.zeros(_WARM_UP_SAMPLES, np.float32))
        self.language = language

    def begin(self) -> None:
        """Begin an utterance, whatever became of the one before."""
        self._heard = []

    def hear(self, samples: np.ndarray) -> None:
        """Take float32 [n] in [-1, 1] at 16 kHz."""
        self._heard.append(samples)

    def partial(self) -> Recognition:
        """Return no words: each look would cost as much as the final one."""
        return Recognition()

    def finish(self) -> Recognition:
        """End the utterance and return its words; its confidence is the mean of theirs."""
        sound = np.concatenate([np.zeros(0, np.float32), *self._heard]).astype(np.float32)
        self._heard = []
        if len(sound) < _SHORTEST_SAMPLES:
            return Recognition()
        words = self._transcribe(sound)
        if not words:
            return Recognition()
        return Recognition(words, float(np.mean([word.confidence for word in words])))

    def drop(self) -> None:
        """End the utterance without asking for its words."""
        self._heard = []

    def forget(self) -> None:
        """Forget the speaker; Whisper keeps nothing from one utterance to the next."""
        self._heard = []

    def _transcribe(self, sound: np.ndarray) -> tuple[Word, ...]:
        try:
            words, language = self._engine(sound)
        # Each program raises classes of its own.
        except Exception as error:
            raise RecognizerError(f'Whisper failed: {type(error).__name__}: {error}') from error
        self.language = self._given_language or language
        return words
