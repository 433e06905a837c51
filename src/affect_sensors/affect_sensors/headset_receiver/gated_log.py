# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A log of datagrams that grows only while it may."""

from collections.abc import Callable
from pathlib import Path

from affect_sensors.headset_link.datagram_log import DatagramLogWriter
from affect_sensors.sources.source import SourceError


class GatedLog:
    """
    Records while ``is_open``; what happened meanwhile is not in the file.

    ``complain(source, reason, remedy)`` is told once when the file can't be written any more.
    """

    def __init__(self, path: str, complain: Callable[[str, str, str], None]) -> None:
        """
        Begin a new file.

        :raises SourceError: it exists already, or can't be made.
        """
        self.is_open = False
        self._complain = complain
        self._path = Path(path)
        self._writer: DatagramLogWriter | None = None
        if self._path.exists():
            raise SourceError(
                f"parameter 'record_path': '{path}' exists; nothing is recorded over it, give "
                'another name')
        if not self._path.parent.is_dir():
            raise SourceError(
                f"parameter 'record_path': the folder of '{path}' does not exist")

    def write(self, arrived_ns: int, datagram: bytes) -> None:
        """Record a datagram if that is allowed."""
        if not self.is_open:
            return
        try:
            if self._writer is None:
                self._writer = DatagramLogWriter(self._path)
            self._writer.write(arrived_ns, datagram)
        except OSError as error:
            self.is_open = False
            self._complain(
                'recording', f"'{self._path}' cannot be written",
                f'{error.strerror}; recording has ended')
            self.close()

    def close(self) -> None:
        """Finish the file."""
        writer, self._writer = self._writer, None
        if writer is not None:
            try:
                writer.close()
            except OSError as error:
                self._complain(
                    'recording', f"'{self._path}' cannot be finished", str(error.strerror))
