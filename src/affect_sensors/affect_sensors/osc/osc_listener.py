# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A UDP port on which OSC arrives, shared by the nodes of a process."""

from collections import deque
import contextlib
from dataclasses import dataclass
import errno
import socket
import struct
import threading
import time
from typing import ClassVar

from affect_sensors.osc.osc_packet import OscError
from affect_sensors.osc.osc_packet import OscMessage
from affect_sensors.osc.osc_packet import OscReader
from affect_sensors.sources.source import SourceError

_TIMESTAMP_NS = getattr(socket, 'SO_TIMESTAMPNS', 35)
"""Linux: the kernel says when a datagram arrived, however late it is read."""
_DROPPED = getattr(socket, 'SO_RXQ_OVFL', 40)
"""Linux: the kernel says how many datagrams did not fit its buffer."""
_BUFFER_BYTES = 1 << 20
_DATAGRAMS_AT_ONCE = 500
_QUEUE = 2000


@dataclass(frozen=True)
class Packet:
    """What one datagram held; ``error`` says why nothing, if it was not OSC."""

    arrived_ns: int
    """By time.monotonic_ns."""
    messages: tuple[OscMessage, ...]
    error: str = ''


class Subscription:
    """The packets of a port for one reader; if it does not take them, the oldest are lost."""

    def __init__(self, listener: 'OscListener') -> None:
        self._listener = listener
        self._waiting: deque[Packet] = deque(maxlen=_QUEUE)
        self._dropped_before = 0
        self._overrun = 0

    def put(self, packet: Packet) -> None:
        """Give a packet to the reader."""
        self._overrun += len(self._waiting) == _QUEUE
        self._waiting.append(packet)

    def take(self) -> list[Packet]:
        """Return what arrived since the last call, oldest first."""
        self._listener.receive()
        packets = []
        while self._waiting:
            packets.append(self._waiting.popleft())
        return packets

    def take_dropped(self) -> int:
        """Return how many datagrams were lost on this host since the last call."""
        dropped, self._overrun = self._overrun, 0
        before, self._dropped_before = self._dropped_before, self._listener.dropped
        return dropped + max(self._dropped_before - before, 0)

    def close(self) -> None:
        """End the subscription; the last one closes the port."""
        self._listener.unsubscribe(self)


class OscListener:
    """
    One socket for all readers of a port in this process; ``subscribe`` opens it.

    Reads when a reader takes, without a thread: the kernel keeps the datagrams and their times.
    """

    _shared: ClassVar[dict[tuple[str, int], 'OscListener']] = {}
    _lock: ClassVar[threading.RLock] = threading.RLock()

    def __init__(self, address: str, port: int) -> None:
        self._key = address, port
        self._reader = OscReader()
        self._readers: list[Subscription] = []
        self.dropped = 0
        self._last_arrival_ns = 0
        self._socket = _bind(address, port)

    @classmethod
    def subscribe(cls, address: str, port: int) -> Subscription:
        """Return a new subscription; raise SourceError when the port can't be had."""
        with cls._lock:
            listener = cls._shared.get((address, port))
            if listener is None:
                listener = cls._shared[address, port] = cls(address, port)
            subscription = Subscription(listener)
            listener._readers.append(subscription)
            return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        """Forget a subscription; harmless when it is forgotten already."""
        with self._lock:
            if subscription in self._readers:
                self._readers.remove(subscription)
                if not self._readers:
                    self._socket.close()
                    del self._shared[self._key]

    def receive(self) -> None:
        """Give all readers what has arrived; never waits."""
        with self._lock:
            for _ in range(_DATAGRAMS_AT_ONCE):
                try:
                    datagram, ancillary, _, _ = self._socket.recvmsg(65535, 128)
                except BlockingIOError:
                    return
                except OSError as error:
                    if error.errno == errno.ECONNREFUSED:
                        continue
                    raise SourceError(
                        f"parameter 'osc_port': the port {self._key[1]} was lost: {error}"
                    ) from error
                packet = self._read(datagram, self._arrival_ns(ancillary))
                for reader in self._readers:
                    reader.put(packet)

    def _read(self, datagram: bytes, arrived_ns: int) -> Packet:
        try:
            return Packet(arrived_ns, tuple(self._reader.read(datagram)))
        except OscError as error:
            return Packet(arrived_ns, (), str(error))

    def _arrival_ns(self, ancillary: list) -> int:
        read_ns, read_clock_ns = _both_clocks_ns()
        age_ns = 0
        for level, kind, data in ancillary:
            if level != socket.SOL_SOCKET:
                continue
            if kind == _TIMESTAMP_NS and len(data) == 16:
                seconds, rest_ns = struct.unpack('@qq', data)
                age_ns = read_clock_ns - (seconds * 1_000_000_000 + rest_ns)
            elif kind == _DROPPED and len(data) >= 4:
                self.dropped = struct.unpack('@I', data[:4])[0]
        # The host's clock may have been set meanwhile: nothing waits longer than a second, and
        # what arrived later is not older.
        arrived_ns = read_ns - min(max(age_ns, 0), 1_000_000_000)
        self._last_arrival_ns = max(self._last_arrival_ns, arrived_ns)
        return self._last_arrival_ns


def _both_clocks_ns() -> tuple[int, int]:
    """Return time.monotonic_ns and time.time_ns of one instant, although they are two calls."""
    for _ in range(3):
        before_ns = time.monotonic_ns()
        clock_ns = time.time_ns()
        after_ns = time.monotonic_ns()
        if after_ns - before_ns < 20_000:
            break  # nothing else ran in between
    return (before_ns + after_ns) // 2, clock_ns


def _bind(address: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(
            address or None, port, type=socket.SOCK_DGRAM, flags=socket.AI_PASSIVE)[0]
        bound = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError) as error:
        raise SourceError(
            f"parameter 'osc_address': '{address}' is no address of this host ({error}); give "
            '127.0.0.1 to hear this host only, 0.0.0.0 to hear the network') from error
    try:
        bound.setblocking(False)
        # Without SO_REUSEADDR: with it two processes could take one port, and each half of it.
        bound.bind(where)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_BYTES)
    except OSError as error:
        bound.close()
        raise SourceError(_why_not(address, port, error)) from error
    for option in (_TIMESTAMP_NS, _DROPPED):
        # Not Linux: then stamps are those of reading, and losses are not counted.
        with contextlib.suppress(OSError):
            bound.setsockopt(socket.SOL_SOCKET, option, 1)
    return bound


def _why_not(address: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"parameter 'osc_port': another program hears UDP port {port} on '{address}' "
            f"('ss -ulpn sport = :{port}' names it; VRChat itself takes 9000); end it, or choose "
            'another port here and as the "OSC port out" of VRCFaceTracking. The nodes face and '
            'gaze share a port only when they are in one process')
    if error.errno == errno.EACCES:
        return f"parameter 'osc_port': port {port} is for root only; choose one above 1023"
    if error.errno == errno.EADDRNOTAVAIL:
        return (
            f"parameter 'osc_address': this host has no address '{address}'; give 127.0.0.1 to "
            'hear this host only, 0.0.0.0 to hear the network')
    return f"parameter 'osc_port': '{address}' port {port} does not open: {error}"
