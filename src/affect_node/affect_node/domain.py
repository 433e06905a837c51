# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A ROS domain that no other graph on this host uses."""

import functools
import os
from pathlib import Path

# DDSI-RTPS 9.6.1.1: participants of domain d use UDP ports from 7400 + 250 d on. Up to domain 101
# those stay below the ephemeral ports of Linux.
_FIRST_PORT, _PORTS, _LAST_DOMAIN = 7400, 250, 101


@functools.cache
def free_domain() -> int:
    """Return a domain in [1, 101] without a participant on this host; the same in one process."""
    return find_free_domain(Path('/proc/net/udp'), Path('/proc/net/udp6'))


def find_free_domain(*tables: Path) -> int:
    """Return a domain whose ports are in none of the tables of bound UDP ports."""
    taken = {
        (port - _FIRST_PORT) // _PORTS for table in tables if table.is_file()
        for port in _bound_ports(table.read_text()) if port >= _FIRST_PORT}
    first = os.getpid() % _LAST_DOMAIN
    for i in range(_LAST_DOMAIN):
        domain = 1 + (first + i) % _LAST_DOMAIN
        if domain not in taken:
            return domain
    return 1 + first


def _bound_ports(table: str) -> list[int]:
    """Return the local ports of a table of /proc/net."""
    rows = [line.split() for line in table.splitlines()[1:]]
    return [int(row[1].rpartition(':')[2], 16) for row in rows if len(row) > 1]
