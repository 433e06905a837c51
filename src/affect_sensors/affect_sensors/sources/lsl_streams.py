# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The LSL streams of a device, found by type and name, which may come and go."""

from collections.abc import Sequence
import time
from typing import Any
from typing import cast

from affect_sensors.sources.lsl_stream import load_lsl
from affect_sensors.sources.lsl_stream import LslChunk
from affect_sensors.sources.lsl_stream import LslStream
from affect_sensors.sources.opening import Opening
from affect_sensors.sources.source import Source
from affect_sensors.sources.source import SourceError

_LOOK_S = 1.5
_LOOK_EVERY_S = 1.0


class LslStreams:
    """
    All streams of certain types, or with a name that begins so.

    A device may have a stream for each of its sensors: those that appear later are taken in, and
    those that are lost are looked for again. When none is left, SourceError. ``kinds`` are types
    in lower case; ``name`` restricts to one device and finds types that are not among them.
    """

    def __init__(
        self, kinds: Sequence[str], *, name: str, what: str, lsl: Any = None,
    ) -> None:
        self._lsl = lsl or load_lsl()
        self._kinds = frozenset(kinds)
        self._name = name.casefold()
        self._what = what
        self._resolver: Any = None
        self._looked_at = 0.0
        self._coming: dict[str, tuple[LslStream, Opening]] = {}
        self.streams: list[LslStream] = []

    def open(self) -> None:
        """Find the streams and connect to them; raise SourceError when there are none."""
        every = self._lsl.resolve_streams(_LOOK_S)
        self.streams = []
        errors: list[SourceError] = []
        for info in self._wanted(every):
            stream = LslStream(self._lsl, info)
            try:
                stream.open()
                self.streams.append(stream)
            except SourceError as error:
                errors.append(error)
        if not self.streams:
            if errors:
                raise errors[0]
            raise SourceError(self._nothing(every))
        self._resolver = self._lsl.ContinuousResolver()
        self._looked_at = time.monotonic()

    def start(self) -> None:
        """Drop what has been waiting."""
        for stream in self.streams:
            stream.start()

    def read(self, now_ns: int) -> list[tuple[LslStream, LslChunk]]:
        """Return what arrived of each stream; raise SourceError when all of them were lost."""
        self._look()
        found, lost = [], None
        for stream in list(self.streams):
            try:
                chunk = stream.read(now_ns)
            except SourceError as error:
                lost = error
                self.streams.remove(stream)
                stream.close()
                continue
            if chunk is not None:
                found.append((stream, chunk))
        if lost is not None and not self.streams:
            raise lost
        return found

    def close(self) -> None:
        """Disconnect from all."""
        for stream in self.streams:
            stream.close()
        for _, opening in self._coming.values():
            opening.cancel()
        self.streams = []
        self._coming = {}
        self._resolver = None

    def _look(self) -> None:
        """Take in streams that have appeared."""
        now = time.monotonic()
        if self._resolver is None or now - self._looked_at < _LOOK_EVERY_S:
            return
        self._looked_at = now
        for uid, (stream, opening) in list(self._coming.items()):
            if not opening.is_done:
                continue
            del self._coming[uid]
            try:
                opening.result()
            except SourceError:
                continue  # if it is still there it is found again
            stream.start()
            self.streams.append(stream)
        known = {stream.uid for stream in self.streams} | self._coming.keys()
        for info in self._wanted(self._resolver.results()):
            if info.uid() not in known:
                stream = LslStream(self._lsl, info)
                # Of a source it needs no more than that it opens and closes.
                self._coming[stream.uid] = stream, Opening(cast(Source, stream))

    def _wanted(self, infos: Sequence[Any]) -> list[Any]:
        """Return those that are asked for, each once, in an order that is always the same."""
        wanted = {}
        for info in infos:
            if info.channel_format() == self._lsl.cf_string:
                continue
            named = info.name().casefold().startswith(self._name)
            if named and (self._name or info.type().casefold() in self._kinds):
                wanted[info.uid()] = info
        return sorted(wanted.values(), key=lambda info: (info.name(), info.type(), info.uid()))

    def _nothing(self, infos: Sequence[Any]) -> str:
        others = ', '.join(sorted({f"'{i.name()}' ({i.type()})" for i in infos})[:8])
        asked = (
            f"whose name begins with '{self._name}'" if self._name
            else f"of a type for {self._what} ({', '.join(sorted(self._kinds))})")
        return (
            f'no LSL stream {asked} is on the network; there is '
            + (f"{others}; if it is one of these set 'lsl_name' to its name" if others
               else 'none at all: start the sender, and see that UDP port 16571 is open'))
