# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the contract tests share; like them, it imports nothing of the suite."""

from collections.abc import Iterator
import itertools
import os
from pathlib import Path

import pytest

# Participants of domain d use UDP ports from 7400 + 250 d on (RTPS 2.3, 9.6.1.1). The domains
# above 100 can meet ephemeral ports; the low ones are what people use.
FIRST_PORT, PORTS = 7400, 250
DOMAINS = itertools.cycle(range(40 + os.getpid() % 20, 100))


def bound_ports() -> Iterator[int]:
    """Yield the UDP ports that are in use on this host."""
    for table in (Path('/proc/net/udp'), Path('/proc/net/udp6')):
        if table.is_file():
            for row in table.read_text().splitlines()[1:]:
                yield int(row.split()[1].rpartition(':')[2], 16)


@pytest.fixture
def domain_id() -> int:
    """Return a domain without a participant on this host, another one for each test."""
    taken = {(port - FIRST_PORT) // PORTS for port in bound_ports()}
    return next(domain for domain in DOMAINS if domain not in taken)
