# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the two sources of headset datagrams, network and log, have in common."""

from collections.abc import Callable
import time

from affect_sensors.headset_link.headset_link import HeadsetLink
from affect_sensors.headset_link.host_time import HostTime
from affect_sensors.headset_link.received import Received

_DISORDER_NS = 250_000_000


class LinkSource:
    """Gives ``(stamp_ns, Received)``; stamps of a kind of record rise."""

    finished = False
    why_silent = ''

    def __init__(self, complain: Callable[[str, str, str], None], silence_s: float) -> None:
        self.link = HeadsetLink(complain, silence_ns=round(silence_s * 1e9))
        self._host_time = HostTime()
        self._last_stamp_ns: dict[type, int] = {}

    @property
    def due_ns(self) -> int | None:
        """When the next item will be there: nobody can say."""
        return None

    def start(self, now_ns: int) -> None:
        """Begin, or go on after a jump of the clock."""
        self._host_time.forget()
        self._begin_order()

    def stamp_ns(self, device_ns: int) -> int:
        """Return the time of the node's clock for another time of the device."""
        return self._host_time.stamp_ns(self.link.clock.to_host_ns(device_ns))

    def _tick(self, now_ns: int) -> int:
        """Return the steady time now; tell it to HostTime."""
        steady_ns = time.monotonic_ns()
        if self._host_time.update(now_ns, steady_ns):
            self._begin_order()
        return steady_ns

    def _receive(self, datagram: bytes, host: str, arrived_ns: int) -> list[tuple[int, Received]]:
        items = []
        for received in self.link.receive(datagram, host, arrived_ns):
            kind = type(received.record)
            stamp_ns = self._host_time.stamp_ns(received.host_ns)
            behind_ns = self._last_stamp_ns.get(kind, stamp_ns - 1) - stamp_ns
            if 0 <= behind_ns < _DISORDER_NS:
                # Another session knows its clock by other datagrams: a little of disorder.
                stamp_ns += behind_ns + 1
            self._last_stamp_ns[kind] = stamp_ns
            items.append((stamp_ns, received))
        return items

    def _begin_order(self) -> None:
        self._last_stamp_ns.clear()
