# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Sound from a file."""

from typing import Any

from affect_sensors.sources.audio_piece import AudioPiece
from affect_sensors.sources.pacing import Pacing
from affect_sensors.sources.source import SourceError
from affect_sensors.sources.table import existing
import numpy as np
import soundfile


class AudioFile:
    """Plays a WAV, FLAC, OGG … file at its own rate, with its own channels or mixed to one."""

    def __init__(self, path: str, *, chunk_s: float, loop: bool, mono: bool) -> None:
        self._path = path
        self._chunk_s = chunk_s
        self._loop = loop
        self._mono = mono
        self._file: Any = None
        self._pacing = Pacing(1.0, 1)
        self.finished = False
        self.promised_hz: float | None = None

    @property
    def due_ns(self) -> int | None:
        """When the next chunk is complete."""
        return None if self.finished else self._pacing.due_ns

    def open(self) -> None:
        """Open the file."""
        path = existing(self._path, 'a sound file (wav, flac, ogg)')
        try:
            self._file = soundfile.SoundFile(str(path))
        except (soundfile.LibsndfileError, OSError, RuntimeError) as error:
            raise SourceError(
                f"parameter 'path': '{self._path}' is no sound file that can be read "
                f'({error}); wav, flac and ogg can') from error
        if self._file.frames == 0:
            raise SourceError(f"parameter 'path': '{self._path}' holds no samples")
        rate = self._file.samplerate
        self.promised_hz = float(rate)
        self._pacing = Pacing(rate, max(1, round(self._chunk_s * rate)))
        self.finished = False

    def start(self, now_ns: int) -> None:
        """Go on with the next sample at ``now_ns``."""
        self._pacing.start(now_ns)

    def read(self, until_ns: int) -> list[AudioPiece]:
        """Return the chunks that were complete by ``until_ns``."""
        pieces = []
        while not self.finished and self._file is not None and self._pacing.due_ns <= until_ns:
            samples = self._next(self._pacing.length)
            if self._mono and samples.shape[1] > 1:
                samples = samples.mean(axis=1, keepdims=True)
            if len(samples):
                pieces.append(AudioPiece(
                    self._pacing.stamp_ns(self._pacing.position), self._pacing.running_index,
                    self._file.samplerate, samples))
            self._pacing.advance()
        return pieces

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _next(self, count: int) -> np.ndarray:
        """Return the next samples; fewer only at an end that is not looped."""
        parts = []
        is_at_start = False
        while count > 0:
            try:
                part = self._file.read(count, dtype='float32', always_2d=True)
            except (soundfile.LibsndfileError, RuntimeError) as error:
                raise SourceError(
                    f"parameter 'path': '{self._path}' is damaged at sample "
                    f'{self._file.tell()} ({error})') from error
            parts.append(part)
            count -= len(part)
            if count > 0:
                if not self._loop:
                    self.finished = True
                    break
                if is_at_start and not len(part):
                    # Its header promises samples, or somebody has emptied it meanwhile.
                    raise SourceError(
                        f"parameter 'path': '{self._path}' has no sample at its beginning; is it "
                        'complete?')
                is_at_start = True
                self._file.seek(0)
        return np.concatenate(parts)
