# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
The programs that run Whisper, each with the files that it takes.

None is a dependency of the suite, and none may fetch anything: all files must be there.
"""

from collections.abc import Callable
from collections.abc import Iterable
import math
from pathlib import Path
from typing import Any

from affect_trackers.speech_recognizer.ggml_header import check_ggml
from affect_trackers.speech_recognizer.model_kind import openai_checkpoint
from affect_trackers.speech_recognizer.model_kind import whisper_cpp_file
from affect_trackers.speech_recognizer.recognizer import RecognizerError
from affect_trackers.speech_recognizer.recognizer import Word
import numpy as np

Heard = tuple[tuple[Word, ...], str]
Engine = Callable[[np.ndarray], Heard]
"""Takes float32 [n] at 16 kHz; returns words and the language that was found or is known."""

# Whisper calls a stretch silent when both hold (Radford et al. 2023, section 4.5).
_NO_SPEECH_ABOVE = 0.6
_LOG_PROBABILITY_BELOW = -1.0


def open_engine(path: Path, language: str) -> Engine:
    """
    Load the model in ``path`` with the program that it is for.

    :raises RecognizerError: the program is missing, or it does not take the model.
    """
    if whisper_cpp_file(path) is not None:
        return _open(_whisper_cpp, 'pywhispercpp', path, language)
    if openai_checkpoint(path) is not None:
        return _open(_openai_whisper, 'openai-whisper', path, language)
    if (path / 'model.bin').is_file():
        return _open(_faster_whisper, 'faster-whisper', path, language)
    return _open(_transformers, 'transformers', path, language)


def _open(
    maker: Callable[[Path, str], Engine], package: str, path: Path, language: str,
) -> Engine:
    try:
        return maker(path, language)
    except ImportError as error:
        raise RecognizerError(
            f"'{path}' is a Whisper model for the package '{package}', which is missing; "
            f"run 'pip install {package}'") from error
    except RecognizerError:
        raise
    # Each program raises classes of its own.
    except Exception as error:
        raise RecognizerError(
            f"parameter 'model_path': {package} cannot use '{path}': "
            f'{type(error).__name__}: {error}') from error


def _faster_whisper(path: Path, language: str) -> Engine:
    """CTranslate2's format by faster-whisper (SYSTRAN; MIT)."""
    from faster_whisper import WhisperModel
    if not (path / 'tokenizer.json').is_file():
        raise RecognizerError(
            f"parameter 'model_path': '{path}' lacks tokenizer.json, which faster-whisper would "
            "fetch; convert the model with '--copy_files tokenizer.json preprocessor_config.json'")
    model = WhisperModel(str(path), device='cpu', compute_type='int8', cpu_threads=1)

    def transcribe(sound: np.ndarray) -> Heard:
        segments, info = model.transcribe(
            sound, language=language or None, beam_size=1, temperature=0.0, word_timestamps=True,
            condition_on_previous_text=False)
        words = [
            Word(word.word.strip(), word.start, word.end, word.probability)
            for segment in segments
            if not _is_silent(segment.no_speech_prob, segment.avg_logprob)
            for word in segment.words or ()]
        return _clean(words), info.language

    return transcribe


def _openai_whisper(path: Path, language: str) -> Engine:
    """Checkpoints (*.pt) by openai-whisper (MIT)."""
    import whisper
    model = whisper.load_model(str(openai_checkpoint(path)), device='cpu')

    def transcribe(sound: np.ndarray) -> Heard:
        found: dict[str, Any] = model.transcribe(
            sound, language=language or None, temperature=0.0, fp16=False, word_timestamps=True,
            condition_on_previous_text=False, verbose=None)
        words = [
            Word(word['word'].strip(), word['start'], word['end'], word['probability'])
            for segment in found['segments']
            if not _is_silent(segment['no_speech_prob'], segment['avg_logprob'])
            for word in segment.get('words', ())]
        return _clean(words), found['language']

    return transcribe


def _whisper_cpp(path: Path, language: str) -> Engine:
    """Files of whisper.cpp (ggml-*.bin) by pywhispercpp (MIT)."""
    from pywhispercpp.model import Model
    file = whisper_cpp_file(path) or path
    check_ggml(file)
    # Segments of one word, so that each has its time and probability.
    model = Model(
        str(file), n_threads=1, language=language,
        token_timestamps=True, max_len=1, split_on_word=True, print_progress=False,
        print_realtime=False, redirect_whispercpp_logs_to=None)

    def transcribe(sound: np.ndarray) -> Heard:
        segments = model.transcribe(sound, extract_probability=True)
        return _clean(
            Word(s.text.strip(), 0.01 * s.t0, 0.01 * s.t1, float(s.probability))
            for s in segments), language

    return transcribe


def _transformers(path: Path, language: str) -> Engine:
    """Folders of Hugging Face by transformers (Apache-2.0); they tell no probabilities."""
    from transformers import pipeline
    model = pipeline('automatic-speech-recognition', model=str(path), device='cpu')
    # A model of English alone refuses to be told the language.
    told = {'language': language} if language and _speaks_many(model) else {}

    def transcribe(sound: np.ndarray) -> Heard:
        found = model(
            {'raw': sound, 'sampling_rate': 16000}, return_timestamps='word',
            generate_kwargs=told)
        return _clean(
            Word(chunk['text'].strip(), *_span(chunk['timestamp'], len(sound) / 16000.0))
            for chunk in found['chunks']), language

    return transcribe


def _speaks_many(model: Any) -> bool:
    return bool(getattr(model.model.generation_config, 'is_multilingual', False))


def _span(times: tuple[float | None, float | None], length_s: float) -> tuple[float, float]:
    # The last word may have no end.
    start_s = 0.0 if times[0] is None else times[0]
    return start_s, length_s if times[1] is None else times[1]


def _is_silent(no_speech: float, log_probability: float) -> bool:
    return no_speech > _NO_SPEECH_ABOVE and log_probability < _LOG_PROBABILITY_BELOW


def _clean(words: Iterable[Word]) -> tuple[Word, ...]:
    """Leave out what is no word: [MUSIC], (coughs), punctuation alone."""
    return tuple(
        Word(w.text, float(w.start_s), float(w.end_s),
             math.nan if w.confidence is None else min(max(float(w.confidence), 0.0), 1.0))
        for w in words if any(map(str.isalnum, w.text)) and w.text[0] not in '[(<*♪')
