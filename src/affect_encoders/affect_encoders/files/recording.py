# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A recording as streams that are handed to an encoder tick by tick, as live ones come."""

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from typing import Protocol

from affect_encoders.encoder import Encoder
from affect_encoders.encoder import Encoding
from affect_encoders.files.input_error import InputError
import numpy as np

MOST_TICKS = 1_000_000


class Stream(Protocol):
    """One stream of a recording."""

    @property
    def start_s(self) -> float:
        """Return when it begins, seconds of the recording's own time."""

    @property
    def end_s(self) -> float:
        """Return when the last of what was pushed ends."""

    @property
    def is_finished(self) -> bool:
        """Return whether all was pushed."""

    def push(self, encoder: Any, until_s: float) -> None:
        """Hand over what belongs to the time up to ``until_s``."""


class Samples:
    """Samples in memory: times [N] in seconds, rising, and what pushes those of a slice."""

    def __init__(
            self, times_s: np.ndarray, push: Callable[[Any, slice], None]) -> None:
        if not len(times_s):
            raise InputError('it holds no sample')
        self._times_s = times_s
        self._push = push
        self._next = 0

    @property
    def start_s(self) -> float:
        """Return the first time."""
        return float(self._times_s[0])

    @property
    def end_s(self) -> float:
        """Return the last time."""
        return float(self._times_s[-1])

    @property
    def is_finished(self) -> bool:
        """Return whether all samples were pushed."""
        return self._next >= len(self._times_s)

    def push(self, encoder: Any, until_s: float) -> None:
        """Push the samples up to a time."""
        stop = int(np.searchsorted(self._times_s, until_s, side='right'))
        if stop > self._next:
            self._push(encoder, slice(self._next, stop))
            self._next = stop


class Frames:
    """
    Frames that are read when their turn comes, so that a long video needs no memory.

    ``frames`` gives (seconds, frame); a frame that the encoder refuses is told in ``complaints``.
    """

    def __init__(
            self, frames: Iterator[tuple[float, Any]],
            push: Callable[[Any, Any, float], None]) -> None:
        self._frames = frames
        self._push = push
        self._ahead = next(self._frames, None)
        if self._ahead is None:
            raise InputError('it holds no frame')
        self.start_s = self.end_s = self._ahead[0]
        self.complaints: list[str] = []

    @property
    def is_finished(self) -> bool:
        """Return whether all frames were pushed."""
        return self._ahead is None

    def push(self, encoder: Any, until_s: float) -> None:
        """Push the frames up to a time."""
        while self._ahead is not None and self._ahead[0] <= until_s:
            self.end_s, frame = self._ahead
            try:
                self._push(encoder, frame, self.end_s)
            except ValueError as error:
                if len(self.complaints) < 8:
                    self.complaints.append(str(error))
            self._ahead = next(self._frames, None)


@dataclass(frozen=True)
class Tick:
    """What an encoder said at ``t_s`` of a recording's own time."""

    t_s: float
    encoding: Encoding


@dataclass
class Recording:
    """Streams that belong together; ``name`` is that of the input."""

    name: str
    streams: Sequence[Stream]

    def ticks(self, encoder: Encoder, hop_s: float, *, to_the_end: bool) -> Iterator[Tick]:
        """
        Push all streams, and yield what the encoder says every ``hop_s`` from the beginning.

        ``to_the_end``: also at the end, where that is no tick. A recording shorter than a hop has
        one tick, at its end. The first complaint of a frame is the reason where nothing else is.
        """
        start_s = min(stream.start_s for stream in self.streams)
        count = 0
        while True:
            count += 1
            length_s = max(stream.end_s for stream in self.streams) - start_s
            if not length_s <= MOST_TICKS * hop_s:
                raise InputError(
                    f'it lasts {length_s:g} s, more than {MOST_TICKS} ticks of {hop_s:g} s: are '
                    'its times in seconds, and all of one clock?')
            tick_s = start_s + count * hop_s
            for stream in self.streams:
                stream.push(encoder, tick_s)
            is_over = all(stream.is_finished for stream in self.streams)
            end_s = max(stream.end_s for stream in self.streams)
            if not is_over or tick_s <= end_s:
                yield Tick(tick_s, self._explained(encoder, encoder.encode(tick_s)))
            if is_over and tick_s >= end_s:
                # At the end: now if no tick fell there.
                if tick_s > end_s and (to_the_end or count == 1):
                    yield Tick(end_s, self._explained(encoder, encoder.encode(end_s)))
                return

    def _explained(self, encoder: Encoder, encoding: Encoding) -> Encoding:
        if encoding.quality > 0.0:
            return encoding
        for stream in self.streams:
            if isinstance(stream, Frames) and stream.complaints:
                return encoder.no_evidence(stream.complaints[0])
        return encoding


@dataclass(frozen=True)
class Still:
    """One thing without time: ``encode`` gives what an encoder makes of it."""

    name: str
    encode: Callable[[Any], Encoding]
    picture: np.ndarray | None = None
    """Set where an encoder judges many pictures at once."""

    text: str | None = None
