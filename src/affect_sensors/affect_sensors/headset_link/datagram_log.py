# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Recorded datagrams of a headset.

The eight bytes 'AFHMLOG1', then for each datagram its arrival (i64, steady nanoseconds from any
origin), its length (u16) and its bytes; little endian.
"""

from collections.abc import Iterator
from pathlib import Path
import struct
from typing import BinaryIO

MAGIC = b'AFHMLOG1'
_HEAD = struct.Struct('<qH')


class DatagramLogError(Exception):
    """A log that can't be read: which, why, and the remedy."""


class DatagramLogWriter:
    """Writes a new log; a context manager."""

    def __init__(self, path: str | Path) -> None:
        """
        Begin a log.

        :raises OSError: it can't be made, or exists already.
        """
        # 'x': a recording never replaces another one.
        self._file: BinaryIO = open(path, 'xb')  # noqa: SIM115 (closed by close)
        self._file.write(MAGIC)

    def __enter__(self) -> 'DatagramLogWriter':
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def write(self, arrived_ns: int, datagram: bytes) -> None:
        """Append a datagram."""
        self._file.write(_HEAD.pack(arrived_ns, len(datagram)) + datagram)

    def close(self) -> None:
        """Finish the file."""
        self._file.close()


def read_log(path: str | Path) -> Iterator[tuple[int, bytes]]:
    """
    Give arrival and bytes of each datagram; a log that breaks off ends where it does.

    Arrivals never go back: one that does is that of its predecessor.

    :raises DatagramLogError: there is no such file, or it is no log.
    """
    try:
        with open(path, 'rb') as file:
            if file.read(len(MAGIC)) != MAGIC:
                raise DatagramLogError(
                    f"'{path}' is no log of headset datagrams; it should begin with AFHMLOG1")
            latest_ns = -2**63
            while len(head := file.read(_HEAD.size)) == _HEAD.size:
                arrived_ns, length = _HEAD.unpack(head)
                datagram = file.read(length)
                if len(datagram) < length:
                    return
                latest_ns = max(latest_ns, arrived_ns)
                yield latest_ns, datagram
    except OSError as error:
        raise DatagramLogError(f"'{path}' cannot be read: {error.strerror}") from error
