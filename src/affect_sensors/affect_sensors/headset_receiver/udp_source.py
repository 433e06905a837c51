# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Headset datagrams from the network."""

from collections.abc import Callable
import ipaddress
import socket
import struct
import sys
import time

from affect_sensors.headset_link.received import Received
from affect_sensors.headset_receiver.link_source import LinkSource
from affect_sensors.sources.source import SourceError

_LARGEST_READ = 2048
_MOST_AT_ONCE = 500
_LONGEST_WAIT_NS = 2_000_000_000
_BUFFER_BYTES = 1 << 20
_TIMESPEC = struct.Struct('@ll')
# The socket module does not name it; 35 on every Linux that Python runs on, see socket(7).
_SO_TIMESTAMPNS = 35 if sys.platform == 'linux' else None

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class UdpSource(LinkSource):
    """Listens on a port; nothing that comes there stops it."""

    def __init__(
        self, complain: Callable[[str, str, str], None], *, bind_address: str, port: int,
        senders: tuple[Network, ...], silence_s: float,
        record: Callable[[int, bytes], None] | None = None,
    ) -> None:
        super().__init__(complain, silence_s)
        self._complain = complain
        self._bind_address = _numeric(bind_address)
        self._port = port
        self._senders = senders
        self._record = record
        self._socket: socket.socket | None = None

    @property
    def port(self) -> int:
        """Return the port that is listened to."""
        return self._socket.getsockname()[1] if self._socket else self._port

    @property
    def why_silent(self) -> str:  # type: ignore[override]
        """Say what is listened to, and what to look at when nothing comes."""
        address = f'nothing comes; listening on {self._bind_address} port {self.port}'
        if ipaddress.ip_address(self._bind_address).is_loopback:
            return (
                f'{address}, which this host alone reaches; for a headset set bind_address to '
                "this host's address in its network, or to 0.0.0.0")
        return f'{address}; does the app send there, and does a firewall let it pass?'

    def open(self) -> None:
        """Bind the port."""
        family = socket.AF_INET6 if ':' in self._bind_address else socket.AF_INET
        opened = socket.socket(family, socket.SOCK_DGRAM)
        try:
            opened.setblocking(False)
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_BYTES)
            if _SO_TIMESTAMPNS is not None:
                opened.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
            opened.bind((self._bind_address, self._port))
        except (OSError, OverflowError) as error:
            opened.close()
            raise SourceError(
                f"parameters 'bind_address' and 'port': {self._bind_address} port {self._port} "
                f'cannot be listened to ({error}); is another receiver running, or does this '
                'host not have that address?') from error
        self._socket = opened

    def read(self, until_ns: int) -> list[tuple[int, Received]]:
        """Return what has come."""
        steady_ns = self._tick(until_ns)
        items: list[tuple[int, Received]] = []
        if self._socket is None:
            return items
        # The kernel stamps arrivals by the clock of the day.
        day_ahead_ns = time.time_ns() - time.monotonic_ns()
        for _ in range(_MOST_AT_ONCE):
            try:
                data, extra, _, sender = self._socket.recvmsg(_LARGEST_READ, 64)
            except (BlockingIOError, InterruptedError):
                break
            except OSError as error:
                raise SourceError(f'the port cannot be read any more: {error}') from error
            host = sender[0]
            if not self._may_send(host):
                self._complain(
                    'sender', 'datagrams of a host that may not send',
                    f"{host} is not among the parameter 'senders'")
                continue
            arrived_ns = _arrival_ns(extra, day_ahead_ns, steady_ns)
            if steady_ns - arrived_ns > _LONGEST_WAIT_NS:
                # It came while the node was inactive.
                self.link.counters['datagrams that waited too long'] += 1
                continue
            used = self.link.counters['datagrams']
            items += self._receive(data, host, arrived_ns)
            if self._record is not None and self.link.counters['datagrams'] > used:
                self._record(arrived_ns, data)
        return items

    def close(self) -> None:
        """Give the port back."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _may_send(self, host: str) -> bool:
        if not self._senders:
            return True
        address = ipaddress.ip_address(host.split('%')[0])
        mapped = getattr(address, 'ipv4_mapped', None)
        return any((mapped or address) in network for network in self._senders)


def _numeric(address: str) -> str:
    try:
        return str(ipaddress.ip_address(address))
    except ValueError as error:
        raise SourceError(
            f"parameter 'bind_address': {error}; give an address of this host, 0.0.0.0 for all "
            'or 127.0.0.1 for itself alone') from error


def parse_senders(text: str) -> tuple[Network, ...]:
    """Return the networks of '192.168.0.7, 10.0.0.0/24'; raise SourceError for other words."""
    try:
        return tuple(ipaddress.ip_network(word.strip(), strict=False)
                     for word in text.split(',') if word.strip())
    except ValueError as error:
        raise SourceError(
            f"parameter 'senders': {error}; give addresses or networks with commas between, as "
            "in '192.168.0.7, 10.0.0.0/24'") from error


def _arrival_ns(extra: list, day_ahead_ns: int, steady_ns: int) -> int:
    """Return the steady time of a datagram's arrival: the kernel's, or that of the reading."""
    for level, kind, data in extra:
        if (level, kind) == (socket.SOL_SOCKET, _SO_TIMESTAMPNS) and len(data) >= _TIMESPEC.size:
            seconds, nanoseconds = _TIMESPEC.unpack_from(data)
            arrived_ns = seconds * 1_000_000_000 + nanoseconds - day_ahead_ns
            return min(arrived_ns, steady_ns)
    return steady_ns
