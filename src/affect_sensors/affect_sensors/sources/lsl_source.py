# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What sources of the Lab Streaming Layer have in common."""

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any
from typing import ClassVar

from affect_sensors.sources.lsl_channels import choose
from affect_sensors.sources.lsl_channels import Conversion
from affect_sensors.sources.lsl_channels import converted
from affect_sensors.sources.lsl_channels import parse_channel_map
from affect_sensors.sources.lsl_stream import LslChunk
from affect_sensors.sources.lsl_stream import LslStream
from affect_sensors.sources.lsl_streams import LslStreams
from affect_sensors.sources.source import SourceError
import numpy as np

Report = Callable[[str, str, str], None]
"""Told of what was not used: source, reason, remedy."""


class LslSource:
    """
    Reads the streams of a device and gives their channels by field, in the field's unit.

    A subclass has KINDS (types of streams, lower case), WHAT (for messages) and FIELDS (unit by
    field), and overrides ``guess`` and ``take``.
    """

    KINDS: Sequence[str] = ()
    WHAT = ''
    FIELDS: ClassVar[Mapping[str, str]] = {}
    finished = False
    due_ns = None
    comes_and_goes = True

    def __init__(
        self, *, name: str, channels: str, report: Report, lsl: Any = None,
    ) -> None:
        self._asked = parse_channel_map(channels, tuple(self.FIELDS))
        self._report = report
        self._streams = LslStreams(self.KINDS, name=name, what=self.WHAT, lsl=lsl)
        self._plans: dict[str, list[tuple[int, str, Conversion]]] = {}

    def guess(self, stream: LslStream, position: int) -> str:
        """Return which field a channel is, by its label, type and unit; empty: none."""
        raise NotImplementedError

    def take(
        self, stream: LslStream, stamps_ns: np.ndarray, fields: dict[str, np.ndarray],
    ) -> list:
        """Return the items that samples of a stream make."""
        raise NotImplementedError

    def forget(self) -> None:
        """Begin anew: the clock jumped, or streams were lost."""

    @property
    def promised_hz(self) -> float | None:
        """Rate that the streams claim, as far as that means anything here."""
        return None

    @property
    def why_silent(self) -> str:
        """Say what there is instead of samples."""
        names = ', '.join(f"'{stream.name}'" for stream in self._streams.streams)
        return f'the LSL streams {names} send nothing; is their device on?'

    def open(self) -> None:
        """Find the streams; raise SourceError when there are none, or none of use."""
        self._plans = {}
        self._streams.open()
        try:
            useful = [bool(self._plan(stream)) for stream in self._streams.streams]
            if not any(useful):
                raise SourceError(self._useless())
        except SourceError:
            self._streams.close()
            raise

    def start(self, now_ns: int) -> None:
        """Drop what has been waiting."""
        self._streams.start()
        self.forget()

    def read(self, until_ns: int) -> list:
        """Return the items that have arrived; ``until_ns`` is now."""
        items: list = []
        for stream, chunk in self._streams.read(until_ns):
            items += self._take_chunk(stream, chunk)
        return items

    def close(self) -> None:
        """Disconnect."""
        self._streams.close()
        self.forget()

    def _take_chunk(self, stream: LslStream, chunk: LslChunk) -> list:
        if stream.has_foreign_clock:
            self._report(
                'lsl', f"stream '{stream.name}' stamps by a clock that is not LSL's",
                'its arrival is taken for its time; pass local_clock() in its sender')
        plan = self._plan(stream)
        if not plan:
            return []
        with np.errstate(divide='ignore', invalid='ignore'):
            fields = {field: convert(chunk.samples[:, i]) for i, field, convert in plan}
        return self.take(stream, chunk.stamps_ns, fields)

    def _plan(self, stream: LslStream) -> list[tuple[int, str, Conversion]]:
        """Return (channel, field, conversion) of a stream, found once."""
        if stream.uid not in self._plans:
            plan = []
            position = {id(channel): i for i, channel in enumerate(stream.channels)}
            for i, field, unit in choose(
                    stream.channels, self._asked,
                    lambda channel: self.guess(stream, position[id(channel)])):
                try:
                    plan.append((i, field, converted(
                        stream.channels[i], unit, self.FIELDS[field])))
                except SourceError as error:
                    self._report('lsl', str(error), 'the channel is not used')
            self._plans[stream.uid] = plan
        return self._plans[stream.uid]

    def _useless(self) -> str:
        seen = '; '.join(
            f"'{s.name}' ({s.kind}): " + ', '.join(
                c.label + (f' [{c.unit}]' if c.unit else '') for c in s.channels[:24])
            for s in self._streams.streams)
        return (
            f"no channel is known to be of {self.WHAT}. There is {seen}. Say in 'lsl_channels' "
            f"what they are, as in '{self._streams.streams[0].channels[0].label}="
            f"{next(iter(self.FIELDS))}'; fields are {', '.join(self.FIELDS)}")
