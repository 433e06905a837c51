# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Where utterances begin and end, from the probability of speech frame by frame."""

from collections import deque
from dataclasses import dataclass
from dataclasses import field

import numpy as np

FRAME_S = 0.032


@dataclass(frozen=True)
class Step:
    """
    What one frame did, to be heeded in this order.

    ``begun`` is the number of the frame with which an utterance began, else None; ``frames`` are
    to be decoded; ``lead`` of them are from before the utterance; ``ended`` says that it is over.
    """

    begun: int | None = None
    lead: int = 0
    frames: list[np.ndarray] = field(default_factory=list)
    ended: bool = False


class Segmenter:
    """
    Cuts a stream of frames of 32 ms into utterances.

    An utterance begins when ``min_speech_s`` of speech was heard, some sound from before it
    included (soft consonants come late to a detector), and ends after ``hangover_s`` without.
    Probabilities above ``threshold`` are speech; it goes on until they fall 0.15 below. Long
    before ``max_utterance_s`` a short pause is enough, and at it the utterance is cut: a
    monologue comes out in pieces.
    """

    _HYSTERESIS = 0.15
    _LEAD_S = 0.3
    _SHORT_PAUSE_S = 0.2
    _EAGER_SHARE = 0.6

    def __init__(
        self, *, threshold: float = 0.5, min_speech_s: float = 0.1, hangover_s: float = 0.6,
        max_utterance_s: float = 12.0,
    ) -> None:
        self._threshold = threshold
        self._needed = max(round(min_speech_s / FRAME_S), 1)
        self._hangover = max(round(hangover_s / FRAME_S), 1)
        self._short_pause = min(max(round(self._SHORT_PAUSE_S / FRAME_S), 1), self._hangover)
        self._longest = max(round(max_utterance_s / FRAME_S), 2)
        self._eager_after = round(self._EAGER_SHARE * self._longest)
        self._lead = round(self._LEAD_S / FRAME_S)
        self.reset()

    @property
    def is_speaking(self) -> bool:
        """Whether an utterance is under way."""
        return self._begun is not None

    @property
    def last_voiced(self) -> int:
        """Return the number of the last frame with speech."""
        return self._last_voiced

    @property
    def pause(self) -> int:
        """Return how many frames ago that was."""
        return self._next - 1 - self._last_voiced

    def reset(self) -> None:
        """Forget everything; frames count from 0 again."""
        self._next = 0
        self._begun: int | None = None
        self._last_voiced = -1
        self._voiced = 0
        self._ring: deque[np.ndarray] = deque(maxlen=self._lead + self._needed)
        self._goes_on = False

    def step(self, probability: float, frame: np.ndarray) -> Step:
        """Take the next frame with its probability of speech."""
        number = self._next
        self._next += 1
        if self._begun is None:
            return self._listen(number, probability, frame)
        if probability > self._threshold - self._HYSTERESIS:
            self._last_voiced = number
        length = number + 1 - self._begun
        pause = number - self._last_voiced
        is_cut = length >= self._longest
        ended = is_cut or pause >= (
            self._short_pause if length > self._eager_after else self._hangover)
        if ended:
            self._begun, self._voiced, self._goes_on = None, 0, is_cut and pause == 0
        return Step(frames=[frame], ended=ended)

    def _listen(self, number: int, probability: float, frame: np.ndarray) -> Step:
        self._ring.append(frame)
        is_voiced = probability > self._threshold
        self._voiced = self._voiced + 1 if is_voiced else 0
        # What follows a cut is the same speech and need not prove itself again.
        if not is_voiced or (self._voiced < self._needed and not self._goes_on):
            self._goes_on = self._goes_on and is_voiced
            return Step()
        frames = list(self._ring)
        self._ring.clear()
        self._goes_on = False
        self._begun = number + 1 - self._voiced
        self._last_voiced = number
        return Step(
            begun=self._begun, lead=len(frames) - self._voiced, frames=frames)
