# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Writes one .mcap file of a rosbag2."""

from collections.abc import Sequence
from pathlib import Path

from ros2cli.bag.bag_metadata import BagMetadata
from ros2cli.bag.bag_metadata import TopicInformation
from rosbags.interfaces import Connection
from rosbags.interfaces import ConnectionExtRosbag2
from rosbags.interfaces import MessageDefinition
from rosbags.interfaces import MessageDefinitionFormat
from rosbags.rosbag2.enums import CompressionMode
from rosbags.rosbag2.storage_mcap import McapWriter
import yaml


class McapStorage:
    """The mcap storage of rosbag2, on the writer of rosbags."""

    IDENTIFIER = 'mcap'
    SUFFIX = '.mcap'
    MINIMUM_SPLIT_SIZE = 1024
    PROFILES = ('none', 'fastwrite', 'zstd_fast', 'zstd_small')

    def __init__(self, path: Path, ros_distro: str, profile: str = 'none') -> None:
        self.path = path
        compressed = profile.startswith('zstd')
        self._writer = McapWriter(
            path.parent, CompressionMode.STORAGE if compressed else CompressionMode.NONE)
        # rosbags names the file after the directory; rosbag2 counts files.
        self._writer.path.rename(path)
        self._writer.path = path
        self._connections: dict[str, Connection] = {}
        self._defined: set[str] = set()
        self._ros_distro = ros_distro

    def create_topic(self, topic: TopicInformation, definition: str) -> None:
        """Add a topic and, once per type, its definition."""
        connection = Connection(
            id=len(self._connections) + 1,
            topic=topic.name,
            msgtype=topic.type,
            msgdef=MessageDefinition(MessageDefinitionFormat.MSG, definition),
            digest=topic.type_description_hash,
            msgcount=0,
            ext=ConnectionExtRosbag2(topic.serialization_format, []),
            owner=self)
        self._connections[topic.name] = connection
        if topic.type not in self._defined:
            self._defined.add(topic.type)
            self._writer.add_msgtype(connection)
        qos_text = yaml.safe_dump(
            topic.offered_qos_profiles, sort_keys=False, default_flow_style=False).strip()
        self._writer.add_connection(connection, qos_text)

    def write(self, messages: Sequence[tuple[str, int, bytes]]) -> None:
        """Add messages of known topics: topic, stamp (ns), serialised message."""
        for topic, stamp_ns, data in messages:
            self._writer.write(self._connections[topic], stamp_ns, data)

    def size(self) -> int:
        """Return the size of the file in bytes, with what is not yet written."""
        return self._writer.bio.tell() + self._writer.chunk.bio.tell()

    def flush(self) -> None:
        """Make everything so far survive the death of this process."""
        if self._writer.chunk.msgs:
            self._writer.close_chunk()
        self._writer.bio.flush()

    def close(self, metadata: BagMetadata) -> None:
        """Store a copy of the metadata and the index, and close."""
        self._writer.close(metadata.version, metadata.to_yaml(with_root=False))
