# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""How many DDS participants of a domain run on this host."""

from pathlib import Path

from rclpy.node import Node

# Well-known ports of RTPS 2.3, 9.6.1.1: PB + DG * domain + d1 + PG * participant.
PORT_BASE = 7400
DOMAIN_GAIN = 250
UNICAST_OFFSET = 10
PARTICIPANT_GAIN = 2
SOCKET_TABLES = (Path('/proc/net/udp'), Path('/proc/net/udp6'))
GUID_PREFIX_BYTES = 12
# What rmw says of an endpoint while it has not heard yet to which node it belongs.
UNKNOWN_NODE = '_NODE_NAME_UNKNOWN_'


def participants_with_ports(domain_id: int) -> int:
    """Count the participants that hold the domain's discovery ports; 0 where nobody can tell."""
    first = PORT_BASE + DOMAIN_GAIN * domain_id + UNICAST_OFFSET
    ports = range(first, first + DOMAIN_GAIN - UNICAST_OFFSET, PARTICIPANT_GAIN)
    found = set()
    for table in SOCKET_TABLES:
        try:
            lines = table.read_text().splitlines()[1:]
        except OSError:
            continue
        found.update(int(line.split()[1].rpartition(':')[2], 16) for line in lines)
    return len(found.intersection(ports))


def known_participants(node: Node) -> int:
    """Count the participants whose nodes the given node has discovered, its own among them."""
    return len({
        bytes(endpoint.endpoint_gid[:GUID_PREFIX_BYTES])
        for topic in ('/rosout', '/parameter_events')
        for endpoint in node.get_publishers_info_by_topic(topic)
        if endpoint.node_name != UNKNOWN_NODE})
