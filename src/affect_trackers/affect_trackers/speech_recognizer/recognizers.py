# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The recognisers there are, by name."""

from affect_trackers.speech_recognizer.model_kind import kind_of
from affect_trackers.speech_recognizer.pocketsphinx_recognizer import PocketsphinxRecognizer
from affect_trackers.speech_recognizer.recognizer import Recognizer
from affect_trackers.speech_recognizer.recognizer import RecognizerError
from affect_trackers.speech_recognizer.vosk_recognizer import VoskRecognizer
from affect_trackers.speech_recognizer.whisper_recognizer import WhisperRecognizer

RECOGNIZERS = ('auto', 'pocketsphinx', 'vosk', 'whisper')
"""Values of the parameter `recognizer`."""


def make_recognizer(name: str, model_path: str = '', language: str = '') -> Recognizer:
    """
    Return a recogniser with its own model or that of ``model_path``.

    `auto` is the one whose model ``model_path`` is, and pocketsphinx without.

    :raises RecognizerError: a library is missing or the model can't be used.
    """
    if not model_path and name in ('vosk', 'whisper'):
        raise RecognizerError(
            f"recogniser '{name}' brings no model; set parameter 'model_path' to one")
    kind = kind_of(model_path) if model_path else 'pocketsphinx'
    if name not in ('auto', kind):
        raise RecognizerError(
            f"parameter 'model_path': '{model_path}' is a model of {kind}, not of {name}; set "
            f"'recognizer' to {kind} or auto")
    if kind == 'vosk':
        return VoskRecognizer(model_path, language)
    if kind == 'whisper':
        return WhisperRecognizer(model_path, language)
    return PocketsphinxRecognizer(model_path, language)
