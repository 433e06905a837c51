# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
The reference sender: tell a receiver what a headset senses; nothing but the standard library.

    sender = HeadsetSender('192.168.0.10')
    sender.send(Gaze(time_ns=now, direction=(0.0, 0.0, -1.0)), Inertial(now, gyro, acceleration))

As a program it sends the simulated wearer:

    python -m affect_sensors.headset_link.send --host 127.0.0.1 --simulate
"""

import contextlib
import random
import socket
import sys
import time

from affect_sensors.headset_link.records import Record
from affect_sensors.headset_link.wire_format import DEFAULT_PORT
from affect_sensors.headset_link.wire_format import encode
from affect_sensors.headset_link.wire_format import encode_record
from affect_sensors.headset_link.wire_format import FLAG_SIMULATION
from affect_sensors.headset_link.wire_format import HEADER
from affect_sensors.headset_link.wire_format import Header
from affect_sensors.headset_link.wire_format import LARGEST_BYTES


class HeadsetSender:
    """Sends records in as many datagrams as they need; all times are of one device clock."""

    def __init__(
        self, host: str, port: int = DEFAULT_PORT, *, is_simulation: bool = False,
    ) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._to = (host, port)
        self._flags = FLAG_SIMULATION * is_simulation
        self.session = random.SystemRandom().getrandbits(64)
        self.sequence = 0

    def send(self, *records: Record, sent_ns: int | None = None) -> list[bytes]:
        """Send records; ``sent_ns`` is the device clock now (default: the monotonic one)."""
        datagrams = self.datagrams(records, sent_ns)
        for datagram in datagrams:
            # Refused: nobody listens yet, as the host says of an earlier one.
            with contextlib.suppress(ConnectionRefusedError):
                self._socket.sendto(datagram, self._to)
        return datagrams

    def datagrams(
        self, records: tuple[Record, ...], sent_ns: int | None = None,
    ) -> list[bytes]:
        """Return the datagrams that hold records."""
        made: list[bytes] = []
        group: list[Record] = []
        size = HEADER.size
        for record in (*records, None):
            more = len(encode_record(record)) if record is not None else LARGEST_BYTES
            if group and size + more > LARGEST_BYTES:
                now_ns = time.monotonic_ns() if sent_ns is None else sent_ns
                made.append(encode(
                    Header(self.session, self.sequence, now_ns, self._flags), group))
                self.sequence = (self.sequence + 1) % 2**32
                group, size = [], HEADER.size
            if record is not None:
                group.append(record)
                size += more
        return made

    def close(self) -> None:
        """Release the socket."""
        self._socket.close()


if __name__ == '__main__':
    from affect_sensors.headset_link.send_command import main
    sys.exit(main())
