# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Speech in sound files: WAV, FLAC, OGG, MP3, whatever libsndfile reads; any rate, any channels.

    affect-track speech TALK.wav --json
    affect-track speech TALK.mp3 --partials
    affect-track speech TALK.flac --model-path MODELS/vosk-model-small-de --language de

A row per utterance: when it began and ended in seconds of the file, its text and the confidence
in it, its words, and how probable it is that this was speech at all. A text that is empty: speech
was heard and no word of it recognised.
"""

import argparse
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from affect_trackers.speech_recognizer.chunk_check import HIGHEST_RATE_HZ
from affect_trackers.speech_recognizer.chunk_check import LOUDEST
from affect_trackers.speech_recognizer.chunk_check import LOWEST_RATE_HZ
from affect_trackers.speech_recognizer.chunk_check import mix
from affect_trackers.speech_recognizer.recognizer import Recognizer
from affect_trackers.speech_recognizer.recognizer import RecognizerError
from affect_trackers.speech_recognizer.recognizers import make_recognizer
from affect_trackers.speech_recognizer.recognizers import RECOGNIZERS
from affect_trackers.speech_recognizer.segmenter import Segmenter
from affect_trackers.speech_recognizer.transcriber import Transcriber
from affect_trackers.speech_recognizer.transcriber import Utterance
from affect_trackers.speech_recognizer.voice_activity import VoiceActivity
from affect_trackers.speech_recognizer.wav_header import promised_wav_s
from affect_trackers.track_error import CannotTrackError
from affect_trackers.track_error import TrackError
import numpy as np

_BLOCK_S = 1.0
_LOST = 0.02  # of the length that a file promises; some MP3 only estimate theirs


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``affect-track speech``; defaults are those of the node."""
    parser.add_argument(
        '--partials', action='store_true', help='also a row while an utterance goes on')
    parser.add_argument(
        '--recognizer', choices=RECOGNIZERS, default=RECOGNIZERS[0],
        help=f'who turns sound into words (default: {RECOGNIZERS[0]})')
    parser.add_argument(
        '--model-path', default='', help='model of the recogniser (default: the one it brings)')
    parser.add_argument(
        '--language', default='', help='language of that model as IETF BCP 47 tag, e.g. en-GB')
    parser.add_argument(
        '--min-confidence', type=_share, default=0.2,
        help='words of an utterance trusted less than this are withheld (default: 0.2)')
    parser.add_argument(
        '--speech-threshold', type=_share, default=0.5,
        help='probability above which 32 ms are speech (default: 0.5)')


def track(path: str, options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """
    Yield a row per utterance of a file.

    :raises TrackError: the file holds no sound that can be read.
    :raises CannotTrackError: a library or the model is missing.
    """
    if Path(path).is_dir():
        raise TrackError('a folder: give the sound files in it')
    try:
        import soundfile
    except ImportError as error:
        raise CannotTrackError(
            "the package 'soundfile' is missing; run 'pip install soundfile'") from error
    try:
        recognizer, activity = _models(options.recognizer, options.model_path, options.language)
    except RecognizerError as error:
        raise CannotTrackError(str(error)) from error
    # Files follow each other, people in them need not: nothing that was learned is kept.
    recognizer.forget()
    transcriber = Transcriber(
        recognizer, activity, Segmenter(threshold=options.speech_threshold),
        min_confidence=options.min_confidence)
    try:
        sound = soundfile.SoundFile(path)
    except soundfile.SoundFileError as error:
        raise TrackError(
            f'no sound that libsndfile can read ({error}); convert it to WAV or FLAC') from error
    with sound:
        for said in _listen(path, sound, transcriber):
            if said.is_final or options.partials:
                yield _row(said, recognizer)
    if transcriber.failures:
        raise TrackError(
            f'the recogniser failed in {transcriber.failures} utterances, whose text is empty: '
            f'{transcriber.last_failure}')


def _listen(path: str, sound: Any, transcriber: Transcriber) -> Iterator[Utterance]:
    rate_hz = sound.samplerate
    if not LOWEST_RATE_HZ <= rate_hz <= HIGHEST_RATE_HZ:
        raise TrackError(
            f'unusable sample rate of {rate_hz} Hz; '
            f'convert it to {LOWEST_RATE_HZ} to {HIGHEST_RATE_HZ} Hz')
    at = 0
    trouble = ''
    while True:
        try:
            # Not `blocks`: where a file has less than it promises, that gives old sound again.
            block = sound.read(round(_BLOCK_S * rate_hz), dtype='float32', always_2d=True)
        # Each format has errors of its own, and all come to this: the rest is lost.
        except RuntimeError as error:
            trouble = f'cannot be read beyond {at / rate_hz:.1f} s ({error}); is it complete?'
            break
        if not len(block):
            break
        if np.max(np.abs(block), initial=0.0, where=np.isfinite(block)) > LOUDEST:
            trouble = (
                f'samples far beyond full scale at {at / rate_hz:.1f} s; scale them to [-1, 1]')
            break
        yield from transcriber.push(mix(block), rate_hz, at / rate_hz)
        at += len(block)
    yield from transcriber.end()
    if trouble:
        raise TrackError(trouble)
    if not at:
        raise TrackError('it holds no sample')
    promised_s = max(sound.frames / rate_hz, promised_wav_s(path))
    if promised_s - at / rate_hz > max(0.1, _LOST * promised_s):
        raise TrackError(
            f'breaks off after {at / rate_hz:.1f} of {promised_s:.1f} s; is it complete?')


def _row(said: Utterance, recognizer: Recognizer) -> dict[str, Any]:
    def seconds(after_start_s: float) -> float:
        return round(said.start_s + after_start_s, 3)

    return {
        'utterance': said.number,
        'is_final': said.is_final,
        'start_s': seconds(0.0),
        'end_s': seconds(said.duration_s),
        'confidence': np.round(said.confidence, 3),
        'voice_probability': np.round(said.voice_probability, 3),
        'language': recognizer.language or None,
        'recognizer': recognizer.recognizer_id,
        'text': ' '.join(word.text for word in said.words),
        'words': [{
            'word': word.text, 'start_s': seconds(word.start_s), 'end_s': seconds(word.end_s),
            'confidence': np.round(word.confidence, 3)} for word in said.words],
    }


@cache
def _models(name: str, model_path: str, language: str) -> tuple[Recognizer, VoiceActivity]:
    return make_recognizer(name, model_path, language), VoiceActivity()


def _share(text: str) -> float:
    value = float(text)
    if not 0.0 <= value <= 1.0:
        raise argparse.ArgumentTypeError(f'{text} is not in [0, 1]')
    return value
