# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Writes one .db3 file of a rosbag2."""

from collections.abc import Sequence
from pathlib import Path
import sqlite3

from ros2cli.bag.bag_metadata import BagMetadata
from ros2cli.bag.bag_metadata import TopicInformation
import yaml

SCHEMA_VERSION = 4
SCHEMA = """
CREATE TABLE schema(schema_version INTEGER PRIMARY KEY, ros_distro TEXT NOT NULL);
CREATE TABLE metadata(
  id INTEGER PRIMARY KEY, metadata_version INTEGER NOT NULL, metadata TEXT NOT NULL);
CREATE TABLE topics(
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, type TEXT NOT NULL,
  serialization_format TEXT NOT NULL, offered_qos_profiles TEXT NOT NULL,
  type_description_hash TEXT NOT NULL);
CREATE TABLE message_definitions(
  id INTEGER PRIMARY KEY, topic_type TEXT NOT NULL, encoding TEXT NOT NULL,
  encoded_message_definition TEXT NOT NULL, type_description_hash TEXT NOT NULL);
CREATE TABLE messages(
  id INTEGER PRIMARY KEY, topic_id INTEGER NOT NULL, timestamp INTEGER NOT NULL,
  data BLOB NOT NULL);
CREATE INDEX timestamp_idx ON messages (timestamp ASC);
"""


class Sqlite3Storage:
    """
    The sqlite3 storage of rosbag2, schema version 4.

    rosbags has a writer too, but that commits only at the end: a recorder that dies would leave
    an empty file. Here `flush` commits, so only what came after it is lost.
    """

    IDENTIFIER = 'sqlite3'
    SUFFIX = '.db3'
    # As upstream: a file smaller than this has no room for the schema and a first message.
    MINIMUM_SPLIT_SIZE = 86016
    PROFILES = ('none', 'resilient')

    def __init__(self, path: Path, ros_distro: str, profile: str = 'none') -> None:
        self.path = path
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        # Without waiting for the disk, a crash of this process is survived, a power cut is not.
        synchronous = 'FULL' if profile == 'resilient' else 'OFF'
        self._connection.execute(f'PRAGMA synchronous={synchronous}')
        self._connection.executescript(SCHEMA)
        self._connection.execute(
            'INSERT INTO schema VALUES (?, ?)', (SCHEMA_VERSION, ros_distro))
        self._topic_ids: dict[str, int] = {}
        self._defined: set[str] = set()
        self._in_transaction = False

    def create_topic(self, topic: TopicInformation, definition: str) -> None:
        """Add a topic and, once per type, its definition."""
        self._begin()
        self._topic_ids[topic.name] = len(self._topic_ids) + 1
        qos_text = yaml.safe_dump(
            topic.offered_qos_profiles, sort_keys=False, default_flow_style=False).strip()
        self._connection.execute(
            'INSERT INTO topics VALUES (?, ?, ?, ?, ?, ?)',
            (self._topic_ids[topic.name], topic.name, topic.type, topic.serialization_format,
             qos_text, topic.type_description_hash))
        if topic.type not in self._defined:
            self._defined.add(topic.type)
            self._connection.execute(
                'INSERT INTO message_definitions (topic_type, encoding, '
                'encoded_message_definition, type_description_hash) VALUES (?, ?, ?, ?)',
                (topic.type, 'ros2msg' if definition else 'unknown', definition,
                 topic.type_description_hash))

    def write(self, messages: Sequence[tuple[str, int, bytes]]) -> None:
        """Add messages of known topics: topic, stamp (ns), serialised message."""
        self._begin()
        self._connection.executemany(
            'INSERT INTO messages (topic_id, timestamp, data) VALUES (?, ?, ?)',
            [(self._topic_ids[topic], stamp_ns, data) for topic, stamp_ns, data in messages])

    def _begin(self) -> None:
        if not self._in_transaction:
            self._connection.execute('BEGIN')
            self._in_transaction = True

    def size(self) -> int:
        """Return the size of the file in bytes, with what is not yet committed."""
        pages = self._connection.execute('PRAGMA page_count').fetchone()[0]
        return pages * self._connection.execute('PRAGMA page_size').fetchone()[0]

    def flush(self) -> None:
        """Make everything so far survive the death of this process."""
        if self._in_transaction:
            self._connection.execute('COMMIT')
            self._in_transaction = False

    def close(self, metadata: BagMetadata) -> None:
        """Store a copy of the metadata and close."""
        self._begin()
        self._connection.execute(
            'INSERT INTO metadata (metadata_version, metadata) VALUES (?, ?)',
            (metadata.version, metadata.to_yaml(with_root=False)))
        self.flush()
        self._connection.close()
