# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Decoding beside the executor, which must go on while a recogniser thinks."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
import threading

from affect_trackers.speech_recognizer.transcriber import Transcriber
from affect_trackers.speech_recognizer.transcriber import Utterance
import numpy as np


@dataclass(frozen=True)
class Chunk:
    """Mono float32 [n], its rate, when its first sample was heard, and what it belongs to."""

    samples: np.ndarray
    sample_rate_hz: int
    start_s: float
    is_gap: bool
    epoch: int

    @property
    def duration_s(self) -> float:
        """How long it lasts."""
        return len(self.samples) / self.sample_rate_hz


class DecodingThread:
    """
    Feeds a Transcriber from a bounded queue in a thread of its own.

    ``on_utterance`` is called from that thread. When ``queue_s`` of sound wait, more is dropped
    and counted in ``dropped_s``; what follows is then a gap to the transcriber. What was pushed
    before ``forget`` gives no utterance after it. When no sound comes for two seconds of steady
    time, the utterance under way is ended: its microphone may be gone. An exception of the
    transcriber or of ``on_utterance`` is given to ``on_error``, and decoding goes on with the next
    utterance.
    """

    _SILENT_AFTER_S = 2.0

    def __init__(
        self, transcriber: Transcriber, on_utterance: Callable[[Utterance], None],
        on_error: Callable[[Exception], None], *, queue_s: float,
    ) -> None:
        self._transcriber = transcriber
        self._on_utterance = on_utterance
        self._on_error = on_error
        self._queue_s = queue_s
        self._change = threading.Condition()
        self._chunks: deque[Chunk] = deque()
        self._waiting_s = 0.0
        self._epoch = 0
        self._has_dropped = False
        self._stops = False
        self.dropped_s = 0.0
        self._thread = threading.Thread(target=self._work, name='decoding', daemon=True)
        self._thread.start()

    @property
    def waiting_s(self) -> float:
        """Seconds of sound in the queue."""
        return self._waiting_s

    def push(
        self, samples: np.ndarray, sample_rate_hz: int, start_s: float, *, is_gap: bool,
    ) -> None:
        """Queue a chunk, or drop it when too much waits."""
        with self._change:
            chunk = Chunk(
                samples, sample_rate_hz, start_s, is_gap or self._has_dropped, self._epoch)
            # A chunk longer than the whole queue is taken when nothing else waits.
            if self._chunks and self._waiting_s + chunk.duration_s > self._queue_s:
                self.dropped_s += chunk.duration_s
                self._has_dropped = True
                return
            self._has_dropped = False
            self._chunks.append(chunk)
            self._waiting_s += chunk.duration_s
            self._change.notify()

    def forget(self) -> None:
        """Drop what waits and the utterance under way; what comes next is another time."""
        with self._change:
            self._epoch += 1
            self._chunks.clear()
            self._waiting_s = 0.0

    def stop(self) -> None:
        """Drop everything and end the thread; returns when it has ended."""
        with self._change:
            self._stops = True
            self._epoch += 1
            self._chunks.clear()
            self._waiting_s = 0.0
            self._change.notify()
        self._thread.join()

    def _work(self) -> None:
        epoch = 0
        self._attempt(self._transcriber.reset)
        while not self._stops:
            chunk = self._next()
            if chunk is not None and chunk.epoch != epoch:
                epoch = chunk.epoch
                self._attempt(self._transcriber.reset)
            if not self._attempt(self._decode, chunk, epoch):
                self._attempt(self._transcriber.reset)

    def _next(self) -> Chunk | None:
        """Return the next chunk; None when it is time to stop or nothing comes."""
        with self._change:
            self._change.wait_for(
                lambda: self._chunks or self._stops,
                self._SILENT_AFTER_S if self._transcriber.is_speaking else None)
            if not self._chunks:
                return None
            chunk = self._chunks.popleft()
            self._waiting_s -= chunk.duration_s
            return chunk

    def _decode(self, chunk: Chunk | None, epoch: int) -> None:
        utterances = self._transcriber.end() if chunk is None else self._transcriber.push(
            chunk.samples, chunk.sample_rate_hz, chunk.start_s, is_gap=chunk.is_gap)
        for utterance in utterances:
            with self._change:
                is_current = epoch == self._epoch
            if not is_current:
                return
            self._on_utterance(utterance)

    def _attempt(self, step: Callable[..., None], *arguments: object) -> bool:
        try:
            step(*arguments)
        except Exception as error:
            self._on_error(error)
            return False
        return True
