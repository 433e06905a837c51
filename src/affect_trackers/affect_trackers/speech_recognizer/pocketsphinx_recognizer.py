# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""PocketSphinx behind the Recognizer interface."""

import math
from pathlib import Path
from typing import Any

from affect_trackers.speech_recognizer.cepstral_probe import CepstralProbe
from affect_trackers.speech_recognizer.recognizer import Recognition
from affect_trackers.speech_recognizer.recognizer import RecognizerError
from affect_trackers.speech_recognizer.recognizer import Word
import numpy as np

RATE_HZ = 16000
_FRAMES_PER_S = 100.0
_LISTEN_S = 1.3
_PIECE_BYTES = 1024
# Logistic regressions of being right (posterior, acoustic fit, constant), on 12 actors of RAVDESS
# and two synthetic voices, 950 words, and on 240 words found in speech played backwards. Area
# under the curve of words .84. Of utterances by the other 12 actors, the confidence and the share
# of right words correlate by .67.
_WORD_WEIGHTS = (0.522, 0.256, 1.306)
_UTTERANCE_WEIGHTS = (0.618, 1.151, 4.347)


class PocketsphinxRecognizer:
    """
    PocketSphinx (Huggins-Daines et al., ICASSP 2006; BSD) with its bundled US English model.

    With the bundled model the confidence in a word is the probability that it is right, from its
    posterior in the lattice and from how well the acoustic model explains its sound (Jiang,
    "Confidence measures for speech recognition", Speech Communication 45, 2005): posteriors alone
    are too sure of another language. That in an utterance is the share of right words which both
    make one expect. With another model they are the posterior and its mean.

    The cepstral mean is taken from the first 1.3 s of each utterance, whose search waits for it:
    PocketSphinx's own running mean begins far from the mark and is slow to follow. On acted
    speech of 12 people, which chose that time, word errors fell from .47 to .35 (RAVDESS, 96
    clips); of 12 others .45 are wrong, of synthetic voices .10 and .13.

    The second search pass (`fwdflat`) is off: it bought no accuracy here (word errors .13 to .12
    on clear speech, .50 to .50 on RAVDESS) and would hold the interpreter for 35 ms per second of
    speech in one piece. `maxhmmpf` bounds the work per frame where the sound is unclear.
    """

    def __init__(self, model_path: str = '', language: str = '') -> None:
        """
        Load the bundled model, or the folder ``model_path``.

        Such a folder holds an acoustic model (a folder with `mdef`, or the files themselves), one
        language model (`*.lm`, `*.lm.bin`) and one dictionary (`*.dict`, `*.dic`).

        :raises RecognizerError: PocketSphinx is missing or the model can't be used.
        """
        try:
            import pocketsphinx
        except ImportError as error:
            raise RecognizerError(
                "the package 'pocketsphinx' is missing; run 'pip install pocketsphinx==5.1.1'"
            ) from error
        if model_path:
            model = _find_model(Path(model_path))
            self.recognizer_id = f'pocketsphinx/{Path(model_path).name}'
            self.language = language
        else:
            model = {}
            self.recognizer_id = 'pocketsphinx/en-us'
            self.language = 'en-US'
        try:
            self._decoder: Any = pocketsphinx.Decoder(
                samprate=RATE_HZ, fwdflat=False, maxhmmpf=5000, loglevel='FATAL', **model)
            self._probe = CepstralProbe(model, RATE_HZ)
        except (RuntimeError, ValueError, OSError) as error:
            raise RecognizerError(
                f"PocketSphinx cannot use the model '{model_path or 'en-us'}': {error}"
            ) from error
        self._is_bundled = not model_path
        self._is_open = False
        self._heard = bytearray()

    def begin(self) -> None:
        """Begin an utterance, whatever became of the one before."""
        self.drop()

    def hear(self, samples: np.ndarray) -> None:
        """Take float32 [n] in [-1, 1] at 16 kHz."""
        pcm = np.rint(np.clip(samples, -1.0, 1.0) * 32767.0).astype('<i2').tobytes()
        if self._is_open:
            self._call('process_raw', pcm)
            return
        self._heard += pcm
        if len(self._heard) >= 2 * RATE_HZ * _LISTEN_S:
            self._open()

    def partial(self) -> Recognition:
        """Return the words so far; their confidences are unknown."""
        if not self._is_open:
            return Recognition()
        return Recognition(tuple(
            Word(text, start_s, end_s) for text, start_s, end_s, _, _ in self._segments()))

    def finish(self) -> Recognition:
        """End the utterance and return its words."""
        if not self._is_open:
            self._open()
        self._is_open = False
        self._call('end_utt')
        segments = self._segments()
        if not segments:
            return Recognition()
        words = tuple(
            Word(text, start_s, end_s, self._confidence(posterior, fit, _WORD_WEIGHTS))
            for text, start_s, end_s, posterior, fit in segments)
        lengths = [end_s - start_s for _, start_s, end_s, _, _ in segments]
        posterior, fit = np.average([each[3:] for each in segments], axis=0, weights=lengths)
        return Recognition(words, self._confidence(posterior, fit, _UTTERANCE_WEIGHTS))

    def drop(self) -> None:
        """End the utterance without asking for its words."""
        self._heard.clear()
        if self._is_open:
            self._is_open = False
            self._call('end_utt')

    def forget(self) -> None:
        """Forget the speaker; nothing is kept from one utterance to the next."""
        self.drop()

    def _open(self) -> None:
        pcm = bytes(self._heard)
        self._heard.clear()
        try:
            self._decoder.set_cmn(self._probe.mean(pcm))
        except RuntimeError as error:
            raise RecognizerError(f'PocketSphinx failed to hear the voice: {error}') from error
        self._call('start_utt')
        self._is_open = True
        # In pieces: a long call would hold the interpreter, and chunks have to be received.
        for first in range(0, len(pcm), _PIECE_BYTES):
            self._call('process_raw', pcm[first:first + _PIECE_BYTES])

    def _segments(self) -> list[tuple[str, float, float, float, float]]:
        """Return words, their times, the log odds of their posterior, and acoustic fit."""
        # <s>, <sil> and [NOISE] are no words; read(2) is another way to say `read`.
        return [
            (segment.word.split('(')[0], segment.start_frame / _FRAMES_PER_S,
             (segment.end_frame + 1) / _FRAMES_PER_S, *_evidence(segment))
            for segment in self._decoder.seg() or () if segment.word[0] not in '<[+']

    def _confidence(
        self, odds: float, fit: float, weights: tuple[float, float, float],
    ) -> float:
        if self._is_bundled:
            odds = weights[0] * odds + weights[1] * fit + weights[2]
        return 1.0 / (1.0 + math.exp(-odds))

    def _call(self, method: str, *arguments: Any) -> None:
        try:
            getattr(self._decoder, method)(*arguments)
        except RuntimeError as error:
            raise RecognizerError(f'PocketSphinx failed in {method}: {error}') from error


def _evidence(segment: Any) -> tuple[float, float]:
    """Return the log odds of the posterior, and log likelihood per frame beside the best."""
    posterior = min(max(float(segment.prob), 0.0), 1.0)
    frames = segment.end_frame - segment.start_frame + 1
    return (
        math.log((posterior + 1e-3) / (1.0 - posterior + 1e-3)),
        math.log(max(segment.ascore, 1e-300)) / frames)


def _find_model(folder: Path) -> dict[str, str]:
    if not folder.is_dir():
        raise RecognizerError(f"parameter 'model_path': there is no folder '{folder}'")
    wanted = {
        'hmm': (('mdef', '*/mdef'), 'an acoustic model (mdef)'),
        'lm': (('*.lm', '*.lm.bin'), 'a language model (*.lm, *.lm.bin)'),
        'dict': (('*.dict', '*.dic'), 'a dictionary (*.dict, *.dic)'),
    }
    model = {}
    for name, (patterns, words) in wanted.items():
        found = sorted(path for pattern in patterns for path in folder.glob(pattern))
        if name == 'lm':
            found = [path for path in found if 'phone' not in path.name]
        if len(found) != 1:
            raise RecognizerError(
                f"parameter 'model_path': '{folder}' must hold {words} and holds {len(found)}")
        model[name] = str(found[0].parent if name == 'hmm' else found[0])
    return model
