# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Messages of a rosbag2 in the order of their stamps."""

from collections.abc import Collection
from collections.abc import Iterator
from pathlib import Path

from ros2cli.bag.bag_error import BagError
from ros2cli.bag.bag_metadata import BagMetadata
from ros2cli.bag.bag_metadata import FileInformation
from ros2cli.bag.bag_metadata import NEVER_NS
from ros2cli.bag.bag_metadata import read_metadata
from ros2cli.bag.bag_metadata import TopicInformation
from rosbags.interfaces import Qos
from rosbags.rosbag2 import Reader

STORAGE_OF_SUFFIX = {'.db3': 'sqlite3', '.mcap': 'mcap'}


def qos_to_dict(qos: Qos) -> dict:
    """Return a profile as rosbags knows it in the form of metadata version 9."""
    return {
        'history': qos.history.name.lower(),
        'depth': qos.depth,
        'reliability': qos.reliability.name.lower(),
        'durability': qos.durability.name.lower(),
        'deadline': {'sec': qos.deadline.sec, 'nsec': qos.deadline.nsec},
        'lifespan': {'sec': qos.lifespan.sec, 'nsec': qos.lifespan.nsec},
        'liveliness': qos.liveliness.name.lower(),
        'liveliness_lease_duration': {
            'sec': qos.liveliness_lease_duration.sec,
            'nsec': qos.liveliness_lease_duration.nsec,
        },
        'avoid_ros_namespace_conventions': qos.avoid_ros_namespace_conventions,
    }


class BagReader:
    """
    An open bag: a directory with metadata.yaml, or a single .mcap or .db3 file.

    Raises:
        BagError: from any method, when the files are damaged or no rosbag2.

    """

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)
        # A clear word about missing metadata, before rosbags would raise FileNotFoundError.
        self._directory_metadata = read_metadata(self._path) if self._path.is_dir() else None
        for topic in self._directory_metadata.topics if self._directory_metadata else ():
            if topic.serialization_format not in ('', 'cdr'):
                raise BagError(
                    f"Could not read bag '{self._path}': Could not find converter for format "
                    f'{topic.serialization_format}')
        try:
            self._reader = Reader(self._path)
            self._reader.open()
        except Exception as error:
            # A damaged or foreign file makes the decoders raise nearly anything.
            raise self._unreadable(error) from None

    def _unreadable(self, error: Exception) -> BagError:
        reason = ' '.join(str(error).split()) or type(error).__name__
        return BagError(
            f"Could not read bag '{self._path}': {reason}. If its recording was cut off, "
            f"'ros2 bag reindex' may repair it; otherwise it is no rosbag2")

    def metadata(self) -> BagMetadata:
        """Return what is known about the bag."""
        if self._directory_metadata is not None:
            return self._directory_metadata
        reader = self._reader
        duration_ns = max(0, reader.duration - 1)
        start_ns = reader.start_time if reader.message_count else NEVER_NS
        file = FileInformation(self._path.name, start_ns, duration_ns, reader.message_count)
        return BagMetadata(
            storage_identifier=STORAGE_OF_SUFFIX[self._path.suffix],
            files=[file],
            topics=self.topics(),
            starting_time_ns=start_ns,
            duration_ns=duration_ns,
            message_count=reader.message_count,
            bag_size=self._path.stat().st_size)

    def topics(self) -> list[TopicInformation]:
        """Return the recorded topics."""
        return [
            TopicInformation(
                name=connection.topic,
                type=connection.msgtype,
                serialization_format=connection.ext.serialization_format,
                offered_qos_profiles=[
                    qos_to_dict(qos) for qos in connection.ext.offered_qos_profiles],
                type_description_hash=connection.digest,
                message_count=connection.msgcount)
            for connection in self._reader.connections
        ]

    def messages(
        self, topics: Collection[str], start_ns: int | None = None,
    ) -> Iterator[tuple[str, int, bytes]]:
        """Yield topic, receive stamp (ns) and serialised message, from `start_ns` on."""
        connections = [c for c in self._reader.connections if c.topic in topics]
        if not connections:
            return
        try:
            for connection, stamp_ns, data in self._reader.messages(connections, start=start_ns):
                yield connection.topic, stamp_ns, data
        except Exception as error:
            raise self._unreadable(error) from None

    def close(self) -> None:
        """Close the files."""
        self._reader.close()
