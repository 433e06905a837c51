# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The recognisers there are, by name."""

from affect_trackers.speech_recognizer.pocketsphinx_recognizer import PocketsphinxRecognizer
from affect_trackers.speech_recognizer.recognizer import Recognizer

_MAKERS = {'pocketsphinx': PocketsphinxRecognizer}
RECOGNIZERS = tuple(_MAKERS)
"""Values of the parameter `recognizer`."""


def make_recognizer(name: str, model_path: str = '', language: str = '') -> Recognizer:
    """
    Return a recogniser with its own model or that of ``model_path``.

    :raises RecognizerError: a library is missing or the model can't be used.
    """
    return _MAKERS[name](model_path, language)
