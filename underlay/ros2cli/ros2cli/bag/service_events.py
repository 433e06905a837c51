# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""How many requests and responses the recorded events of services tell of."""

from collections.abc import Iterable
import struct
from typing import NamedTuple

# service_msgs/ServiceEventInfo, the first field of each event, in CDR behind its four bytes of
# header: event_type at 0, stamp at 4, client_gid at 12, sequence_number at 32.
EVENT_TYPE = 4
CLIENT_GID = slice(16, 32)
SEQUENCE_NUMBER = 36
LITTLE_ENDIAN_BIT = 1
REQUESTS = (0, 1)  # sent, received


class ServiceCounts(NamedTuple):
    """Requests and responses, each counted once though client and server tell of both."""

    requests: int
    responses: int


def count_service_events(events: Iterable[tuple[str, int, bytes]]) -> dict[str, ServiceCounts]:
    """
    Count by topic.

    Args:
        events: topic, stamp (ns) and serialised `<Service>_Event` message.

    """
    calls: dict[str, tuple[set, set]] = {}
    for topic, _, data in events:
        order = '<' if data[1] & LITTLE_ENDIAN_BIT else '>'
        number, = struct.unpack_from(f'{order}q', data, SEQUENCE_NUMBER)
        requests, responses = calls.setdefault(topic, (set(), set()))
        call = (bytes(data[CLIENT_GID]), number)
        (requests if data[EVENT_TYPE] in REQUESTS else responses).add(call)
    return {
        topic: ServiceCounts(len(requests), len(responses))
        for topic, (requests, responses) in calls.items()}
