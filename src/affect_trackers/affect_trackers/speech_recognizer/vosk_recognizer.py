# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A user's Vosk model behind the Recognizer interface."""

import json
from pathlib import Path
from typing import Any

from affect_trackers.speech_recognizer.recognizer import Recognition
from affect_trackers.speech_recognizer.recognizer import RecognizerError
from affect_trackers.speech_recognizer.recognizer import Word
import numpy as np

RATE_HZ = 16000


class VoskRecognizer:
    """
    Vosk (Alpha Cephei, github.com/alphacep/vosk-api; Apache-2.0) with a model of the user.

    A word's confidence is its posterior in Kaldi's lattice, as Vosk gives it.
    """

    def __init__(self, model_path: str, language: str = '') -> None:
        """
        Load the folder ``model_path``, as unpacked from one of Vosk's archives.

        :raises RecognizerError: Vosk is missing or the model can't be used.
        """
        try:
            import vosk
        except ImportError as error:
            raise RecognizerError(
                f"'{model_path}' is a Vosk model and the package 'vosk' is missing; "
                "run 'pip install vosk==0.3.45'") from error
        vosk.SetLogLevel(-1)
        try:
            self._model: Any = vosk.Model(str(model_path))
        # Vosk raises Exception itself.
        except Exception as error:
            raise RecognizerError(
                f"parameter 'model_path': Vosk cannot use '{model_path}': {error}; "
                'give the folder that holds am/ and conf/') from error
        self._make = vosk.KaldiRecognizer
        self._decoder: Any = None
        self._words: list[Word] = []
        self.recognizer_id = f'vosk/{Path(model_path).name}'
        self.language = language

    def begin(self) -> None:
        """Begin an utterance, whatever became of the one before."""
        # A new one each time: Vosk counts the times of words from its making.
        self._decoder = self._call(self._make, self._model, RATE_HZ)
        self._decoder.SetWords(True)
        self._decoder.SetPartialWords(True)
        self._words = []

    def hear(self, samples: np.ndarray) -> None:
        """Take float32 [n] in [-1, 1] at 16 kHz."""
        pcm = np.rint(np.clip(samples, -1.0, 1.0) * 32767.0).astype('<i2')
        # At a pause Vosk ends a sentence by itself, and its words must be taken.
        if self._call(self._decoder.AcceptWaveform, pcm.tobytes()):
            self._words += _words(self._call(self._decoder.Result))

    def partial(self) -> Recognition:
        """Return the words so far; their confidences are unknown."""
        words = (*self._words, *_words(self._call(self._decoder.PartialResult), 'partial_result'))
        return Recognition(tuple(Word(word.text, word.start_s, word.end_s) for word in words))

    def finish(self) -> Recognition:
        """End the utterance and return its words; its confidence is the mean of theirs."""
        words = (*self._words, *_words(self._call(self._decoder.FinalResult)))
        self._decoder = None
        if not words:
            return Recognition()
        return Recognition(words, float(np.mean([word.confidence for word in words])))

    def drop(self) -> None:
        """End the utterance without asking for its words."""
        self._decoder = None

    def forget(self) -> None:
        """Forget the speaker; Vosk keeps nothing from one utterance to the next."""
        self._decoder = None

    def _call(self, function: Any, *arguments: Any) -> Any:
        try:
            return function(*arguments)
        # Vosk raises Exception itself.
        except Exception as error:
            raise RecognizerError(f'Vosk failed: {error}') from error


def _words(result: str, key: str = 'result') -> list[Word]:
    return [
        Word(word['word'], float(word['start']), float(word['end']), float(word['conf']))
        for word in json.loads(result).get(key, ())]
