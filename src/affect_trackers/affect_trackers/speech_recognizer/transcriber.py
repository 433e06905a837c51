# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Sound in, transcripts out: voice activity, utterances and a recogniser put together."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
import math

from affect_trackers.speech_recognizer.high_pass import HighPass
from affect_trackers.speech_recognizer.recognizer import Recognition
from affect_trackers.speech_recognizer.recognizer import Recognizer
from affect_trackers.speech_recognizer.recognizer import RecognizerError
from affect_trackers.speech_recognizer.recognizer import Word
from affect_trackers.speech_recognizer.resampler import RATE_HZ
from affect_trackers.speech_recognizer.resampler import Resampler
from affect_trackers.speech_recognizer.segmenter import FRAME_S
from affect_trackers.speech_recognizer.segmenter import Segmenter
from affect_trackers.speech_recognizer.segmenter import Step
from affect_trackers.speech_recognizer.voice_activity import FRAME_SAMPLES
from affect_trackers.speech_recognizer.voice_activity import VoiceActivity
import numpy as np


@dataclass(frozen=True)
class Utterance:
    """
    What was said, so far or finally.

    It began at ``start_s`` of the stream's clock; the speech that ``words`` cover lasts
    ``duration_s``, and words count their times from ``start_s``. No word in a final one: speech
    was heard and none recognised. ``confidence`` in [0, 1] is NaN when unknown;
    ``voice_probability`` is that of speech, in the mean from the first to the last frame with it.
    """

    number: int
    is_final: bool
    start_s: float
    duration_s: float
    words: tuple[Word, ...]
    confidence: float
    voice_probability: float = math.nan


class Transcriber:
    """
    Turns chunks of sound into utterances; any chunking gives the same ones.

    The recogniser works only while somebody speaks. Words of an utterance that it trusts less
    than ``min_confidence`` are withheld: for sound it does not know (another language, a crowd) a
    recogniser would otherwise make some up.
    """

    def __init__(
        self, recognizer: Recognizer, activity: VoiceActivity, segmenter: Segmenter, *,
        partial_every_s: float = 0.5, min_confidence: float = 0.0,
    ) -> None:
        self._recognizer = recognizer
        self._activity = activity
        self._segmenter = segmenter
        self._partial_every = max(round(partial_every_s / FRAME_S), 1)
        self._min_confidence = min_confidence
        self._number = -1
        self.failures = 0
        self.last_failure = ''
        self._said = ''
        self._heard = self._asked = 0
        self._rest: np.ndarray = np.zeros(0, dtype=np.float32)
        self._forget(RATE_HZ)

    @property
    def is_speaking(self) -> bool:
        """Whether an utterance is under way."""
        return self._segmenter.is_speaking

    def push(
        self, samples: np.ndarray, sample_rate_hz: int, start_s: float, *,
        is_gap: bool = False,
    ) -> Iterator[Utterance]:
        """
        Take mono float32 [n] whose first sample was heard at ``start_s``; yield what it completes.

        Unless ``is_gap`` it follows the chunk before; a gap or another rate ends an utterance.
        Samples that are not finite count as silence.
        """
        if is_gap or sample_rate_hz != self._rate_hz:
            yield from self.end()
            self._forget(sample_rate_hz)
        self._marks.append((self._count * RATE_HZ / sample_rate_hz, start_s))
        self._count += len(samples)
        clean = np.where(np.isfinite(samples), samples, np.float32(0.0)).astype(np.float32)
        heard = self._high_pass.push(self._resampler.push(clean))
        self._rest = np.concatenate([self._rest, heard])
        whole = len(self._rest) // FRAME_SAMPLES * FRAME_SAMPLES
        frames, self._rest = self._rest[:whole], self._rest[whole:]
        for frame in frames.reshape(-1, FRAME_SAMPLES):
            probability = self._activity.probability(frame)
            step = self._segmenter.step(probability, frame)
            if step.frames:
                yield from self._follow(step, probability)

    def end(self) -> Iterator[Utterance]:
        """End the stream: what is under way becomes final."""
        if self._segmenter.is_speaking:
            yield from self._finish()
        self._forget(self._rate_hz)

    def reset(self) -> None:
        """Forget the stream and what is under way."""
        self._recognizer.drop()
        self._forget(self._rate_hz)

    def _forget(self, sample_rate_hz: int) -> None:
        self._rate_hz = sample_rate_hz
        self._resampler = Resampler(sample_rate_hz)
        self._high_pass = HighPass(RATE_HZ)
        self._activity.reset()
        self._segmenter.reset()
        self._count = 0
        self._rest = np.zeros(0, dtype=np.float32)
        # Where chunks begin, at 16 kHz, and when that was: clocks drift, stamps know.
        self._marks: deque[tuple[float, float]] = deque(maxlen=200)
        self._works = False

    def _follow(self, step: Step, probability: float) -> Iterator[Utterance]:
        if step.begun is not None:
            self._begin(step.begun, step.lead)
        self._probabilities.append(probability)
        if self._segmenter.pause == 0:
            self._voiced_frames = len(self._probabilities)
        if self._works:
            try:
                self._recognizer.hear(np.concatenate(step.frames))
            except RecognizerError as error:
                self._fail(error)
        self._heard += len(step.frames)
        if step.ended:
            yield from self._finish()
        elif self._works and self._heard // self._partial_every > self._asked:
            self._asked = self._heard // self._partial_every
            try:
                words = self._recognizer.partial()
            except RecognizerError as error:
                self._fail(error)
            else:
                if words.text and words.text != self._said:
                    self._said = words.text
                    yield self._utterance(words, is_final=False)

    def _begin(self, first_frame: int, lead: int) -> None:
        self._number += 1
        self._first_frame = first_frame
        self._start_s = self._when(first_frame * FRAME_SAMPLES)
        self._lead_s = lead * FRAME_S
        # Counted from the onset, not from the lead.
        self._heard, self._asked = -lead, 0
        self._said = ''
        self._probabilities: list[float] = []
        self._voiced_frames = 0
        try:
            self._recognizer.begin()
            self._works = True
        except RecognizerError as error:
            self._fail(error)

    def _finish(self) -> Iterator[Utterance]:
        words = Recognition()
        if self._works:
            try:
                words = self._recognizer.finish()
            except RecognizerError as error:
                self._fail(error)
        self._works = False
        if words.confidence < self._min_confidence:
            words = Recognition((), words.confidence)
        yield self._utterance(words, is_final=True)

    def _utterance(self, said: Recognition, *, is_final: bool) -> Utterance:
        # A soft consonant may begin before the detector's first frame; no time is negative.
        words = tuple(
            Word(word.text, max(word.start_s - self._lead_s, 0.0),
                 max(word.end_s - self._lead_s, 0.0), word.confidence) for word in said.words)
        spoken_s = (self._segmenter.last_voiced + 1 - self._first_frame) * FRAME_S
        return Utterance(
            self._number, is_final, self._start_s, words[-1].end_s if words else spoken_s,
            words, said.confidence,
            float(np.mean(self._probabilities[:self._voiced_frames])))

    def _fail(self, error: RecognizerError) -> None:
        self._works = False
        self.failures += 1
        self.last_failure = str(error)

    def _when(self, sample: int) -> float:
        """Return the time of a sample at 16 kHz by the chunk that it came in."""
        first, start_s = self._marks[0]
        for mark in reversed(self._marks):
            if mark[0] <= sample:
                first, start_s = mark
                break
        return start_s + (sample - first) / RATE_HZ
