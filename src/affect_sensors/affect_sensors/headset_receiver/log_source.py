# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Headset datagrams from a log."""

from collections.abc import Callable
from collections.abc import Iterator

from affect_sensors.headset_link.datagram_log import DatagramLogError
from affect_sensors.headset_link.datagram_log import read_log
from affect_sensors.headset_link.received import Received
from affect_sensors.headset_receiver.link_source import LinkSource
from affect_sensors.sources.source import SourceError

HOST = 'the log'
_PAUSE_NS = 100_000_000


class LogSource(LinkSource):
    """Plays a log at its own pace, as if it came from the network now."""

    def __init__(
        self, complain: Callable[[str, str, str], None], path: str, *, loop: bool,
        silence_s: float,
    ) -> None:
        super().__init__(complain, silence_s)
        self._path = path
        self._loop = loop
        self._log: Iterator[tuple[int, bytes]] = iter(())
        self._next: tuple[int, bytes] | None = None
        self._origin_ns: int | None = None

    @property
    def finished(self) -> bool:  # type: ignore[override]
        """Whether every datagram was given and none will come again."""
        return self._next is None

    @property
    def due_ns(self) -> int | None:
        """When the next datagram is due."""
        if self._next is None or self._origin_ns is None:
            return None
        return self._origin_ns + self._next[0]

    def open(self) -> None:
        """Open the log."""
        self._rewind()

    def start(self, now_ns: int) -> None:
        """Go on with the next datagram at ``now_ns``."""
        super().start(now_ns)
        if self._next is not None:
            self._origin_ns = now_ns - self._next[0]

    def read(self, until_ns: int) -> list[tuple[int, Received]]:
        """Return what was due."""
        items: list[tuple[int, Received]] = []
        while (due_ns := self.due_ns) is not None and due_ns <= until_ns:
            assert self._next is not None and self._origin_ns is not None
            self._host_time.forget()
            self._host_time.update(self._origin_ns, 0)
            items += self._receive(self._next[1], HOST, self._next[0])
            self._step()
            if self._next is None and self._loop:
                first_ns = self._rewind()
                self.link.forget()
                self._origin_ns = due_ns + _PAUSE_NS - first_ns
        return items

    def close(self) -> None:
        """Close the log."""
        self._log, self._next = iter(()), None

    def _rewind(self) -> int:
        """Go to the first datagram and return its arrival."""
        self._log = read_log(self._path)
        self._step()
        if self._next is None:
            raise SourceError(f"parameter 'path': '{self._path}' holds no datagram")
        return self._next[0]

    def _step(self) -> None:
        try:
            self._next = next(self._log, None)
        except DatagramLogError as error:
            raise SourceError(f"parameter 'path': {error}") from error
