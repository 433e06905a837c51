# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Decoding beside the executor, which must go on while a recogniser thinks."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import replace
import threading
import time

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

    ``on_utterance`` is called from that thread. When more than ``queue_s`` of sound wait, the
    oldest half is dropped at once and counted in ``dropped_s``: words of now are worth more than
    words of then, and one gap costs fewer of them than many. What was pushed before ``forget``
    gives no utterance after it. When no sound comes for two seconds of steady time and twice the
    last chunk, the utterance under way is ended: its microphone may be gone. An exception of the
    transcriber or of ``on_utterance`` is given to ``on_error``, and decoding goes on with the next
    utterance.
    """

    _SILENT_AFTER_S = 2.0
    _PATIENCE_S = 2.0

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
        self._chunk_s = 0.0
        self._stops = False
        self.dropped_s = 0.0
        self._decoded_s = 0.0
        self._busy_s = 0.0
        self._thread = threading.Thread(target=self._work, name='decoding', daemon=True)
        self._thread.start()

    def figures(self) -> dict[str, str]:
        """Return how it fares: sound that waits and was dropped, decoding time over sound."""
        return {
            'waiting_s': f'{self._waiting_s:.2f}',
            'dropped_s': f'{self.dropped_s:.2f}',
            'real_time_factor': f'{self._busy_s / max(self._decoded_s, 1e-3):.3f}',
        }

    def push(
        self, samples: np.ndarray, sample_rate_hz: int, start_s: float, *, is_gap: bool,
    ) -> None:
        """Queue a chunk; when too much waits, drop the oldest half."""
        with self._change:
            chunk = Chunk(samples, sample_rate_hz, start_s, is_gap, self._epoch)
            self._chunks.append(chunk)
            self._waiting_s += chunk.duration_s
            self._chunk_s = chunk.duration_s
            if self._waiting_s > self._queue_s:
                self._shorten()
            self._change.notify()

    def forget(self) -> None:
        """Drop what waits and the utterance under way; what comes next is another time."""
        with self._change:
            self._epoch += 1
            self._chunks.clear()
            self._waiting_s = 0.0

    def stop(self) -> bool:
        """
        Drop everything and end the thread; False when it does not end within two seconds.

        Then a recogniser is deep in an utterance: the thread publishes nothing any more and ends
        by itself, but until then nobody else may use the transcriber.
        """
        with self._change:
            self._stops = True
            self._epoch += 1
            self._chunks.clear()
            self._waiting_s = 0.0
            self._change.notify()
        self._thread.join(self._PATIENCE_S)
        return not self._thread.is_alive()

    def _shorten(self) -> None:
        # A chunk longer than the whole queue is decoded when nothing else waits.
        while len(self._chunks) > 1 and self._waiting_s > 0.5 * self._queue_s:
            dropped = self._chunks.popleft()
            self._waiting_s -= dropped.duration_s
            self.dropped_s += dropped.duration_s
            self._chunks[0] = replace(self._chunks[0], is_gap=True)

    def _work(self) -> None:
        epoch = 0
        self._attempt(self._transcriber.reset)
        while not self._stops:
            chunk = self._next()
            if self._stops:
                return
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
                self._SILENT_AFTER_S + 2.0 * self._chunk_s
                if self._transcriber.is_speaking else None)
            if not self._chunks:
                return None
            chunk = self._chunks.popleft()
            self._waiting_s -= chunk.duration_s
            return chunk

    def _decode(self, chunk: Chunk | None, epoch: int) -> None:
        began_s = time.monotonic()
        try:
            self._give(chunk, epoch)
        finally:
            self._busy_s += time.monotonic() - began_s
            self._decoded_s += 0.0 if chunk is None else chunk.duration_s

    def _give(self, chunk: Chunk | None, epoch: int) -> None:
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
