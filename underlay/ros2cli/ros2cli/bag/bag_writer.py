# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Writes a rosbag2 directory: storage files, split when asked, and metadata.yaml."""

from collections.abc import Mapping
from collections.abc import Sequence
import os
from pathlib import Path

from ros2cli.bag.bag_error import BagError
from ros2cli.bag.bag_metadata import BagMetadata
from ros2cli.bag.bag_metadata import FileInformation
from ros2cli.bag.bag_metadata import NEVER_NS
from ros2cli.bag.bag_metadata import TopicInformation
from ros2cli.bag.mcap_storage import McapStorage
from ros2cli.bag.sqlite3_storage import Sqlite3Storage

STORAGES = {storage.IDENTIFIER: storage for storage in (McapStorage, Sqlite3Storage)}


class BagWriter:
    """
    A new bag.

    Args:
        directory: where; must not exist.
        storage_identifier: `sqlite3` or `mcap`.
        profile: preset of the storage, one of its `PROFILES`.
        max_size: bytes after which a new file begins; 0 for never.
        max_duration_ns: span after which a new file begins; 0 for never.
        custom_data: entries of the same name in the metadata.

    Raises:
        BagError: the directory exists or cannot be made, or max_size is below the storage's
            minimum.

    """

    def __init__(
        self, directory: str | Path, storage_identifier: str, *, profile: str = 'none',
        max_size: int = 0, max_duration_ns: int = 0,
        custom_data: Mapping[str, str] | None = None,
    ) -> None:
        self._directory = Path(directory)
        self._storage_class = STORAGES[storage_identifier]
        self._profile = profile
        self._max_size = max_size
        self._max_duration_ns = max_duration_ns
        minimum = self._storage_class.MINIMUM_SPLIT_SIZE
        if 0 < max_size < minimum:
            raise BagError(
                f'Invalid bag splitting size given. Please provide a value greater than {minimum}.'
                f' Specified value of {max_size}')
        try:
            self._directory.mkdir(parents=True)
        except FileExistsError:
            raise BagError(f"Output folder '{directory}' already exists.") from None
        except OSError as error:
            raise BagError(f"Could not create bag folder '{directory}': {error}") from None
        self.metadata = BagMetadata(
            storage_identifier=storage_identifier,
            custom_data=dict(custom_data or {}),
            ros_distro=os.environ.get('ROS_DISTRO', ''))
        self._topics: dict[str, TopicInformation] = {}
        self._definitions: dict[str, str] = {}
        self._end_ns = 0
        self._open_next_file()

    def _open_next_file(self) -> None:
        name = f'{self._directory.resolve().name}_{len(self.metadata.files)}'
        path = self._directory / (name + self._storage_class.SUFFIX)
        self._storage = self._storage_class(path, self.metadata.ros_distro, self._profile)
        self._file = FileInformation(path.name)
        self.metadata.files.append(self._file)
        for topic_name, topic in self._topics.items():
            self._storage.create_topic(topic, self._definitions[topic_name])

    def create_topic(self, topic: TopicInformation, definition: str) -> None:
        """Announce a topic before its first message; `definition` is its ros2msg text."""
        self._topics[topic.name] = topic
        self._definitions[topic.name] = definition
        self.metadata.topics.append(topic)
        self._storage.create_topic(topic, definition)

    def write(self, messages: Sequence[tuple[str, int, bytes]]) -> None:
        """Add messages: topic, receive stamp (ns), serialised message."""
        if self._max_size == 0 and self._max_duration_ns == 0:
            self._write(messages)
            return
        for message in messages:
            if self._is_full(message[1]):
                self.split()
            self._write((message,))

    def _write(self, messages: Sequence[tuple[str, int, bytes]]) -> None:
        self._storage.write(messages)
        for topic, stamp_ns, _ in messages:
            self._topics[topic].message_count += 1
            self._file.add(stamp_ns)
            self.metadata.starting_time_ns = min(self.metadata.starting_time_ns, stamp_ns)
            self._end_ns = max(self._end_ns, stamp_ns)
        self.metadata.message_count += len(messages)

    def _is_full(self, stamp_ns: int) -> bool:
        if self._max_size and self._storage.size() >= self._max_size:
            return True
        return bool(
            self._max_duration_ns and self._file.starting_time_ns != NEVER_NS
            and stamp_ns - self._file.starting_time_ns > self._max_duration_ns)

    def split(self) -> None:
        """Continue in a new file."""
        self._finish_file()
        self._open_next_file()

    def flush(self) -> None:
        """Make everything so far survive the death of this process."""
        self._storage.flush()

    def _finish_file(self) -> None:
        if self.metadata.message_count:
            self.metadata.duration_ns = self._end_ns - self.metadata.starting_time_ns
        self._storage.close(self.metadata)

    def close(self) -> None:
        """Finish the last file and write metadata.yaml."""
        self._finish_file()
        self.metadata.write(self._directory)
