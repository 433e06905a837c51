# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Rebuilds metadata.yaml from the storage files of a bag whose recording was cut off."""

from pathlib import Path
import re
import sqlite3

from ros2cli.bag.bag_error import BagError
from ros2cli.bag.bag_metadata import BagMetadata
from ros2cli.bag.bag_reader import BagReader
from ros2cli.bag.bag_reader import STORAGE_OF_SUFFIX
from ros2cli.bag.mcap_repair import repair_mcap


def _number(path: Path) -> int:
    match = re.search(r'_(\d+)$', path.stem)
    return int(match[1]) if match else 0


def _roll_back(path: Path) -> None:
    """Open for writing, which makes SQLite undo what was half written when its writer died."""
    try:
        connection = sqlite3.connect(path)
        connection.execute('SELECT count(*) FROM sqlite_master').fetchone()
        connection.execute('PRAGMA wal_checkpoint(TRUNCATE)')
        connection.close()
    except sqlite3.Error as error:
        raise BagError(f"Could not repair '{path}': {error}") from None


def reindex(bag_directory: str | Path) -> BagMetadata:
    """
    Write metadata.yaml of a directory that holds storage files, and return what it says.

    Files that end in mid-write are repaired first: SQLite rolls back, an MCAP file gets its
    complete records again and the missing end.

    Raises:
        BagError: not a directory, no storage files or of two kinds, or nothing to rescue.

    """
    directory = Path(bag_directory)
    files = sorted(
        (path for path in directory.glob('*') if path.suffix in STORAGE_OF_SUFFIX), key=_number)
    storages = {STORAGE_OF_SUFFIX[path.suffix] for path in files}
    if len(storages) != 1:
        found = 'storage files of two kinds' if storages else 'no .mcap or .db3 files'
        raise BagError(f"Could not reindex '{directory}': it holds {found}")
    metadata = BagMetadata(storage_identifier=storages.pop())
    topics = {}
    end_ns = 0
    for path in files:
        if path.suffix == '.db3':
            _roll_back(path)
        else:
            repair_mcap(path)
        reader = BagReader(path)
        try:
            part = reader.metadata()
        finally:
            reader.close()
        metadata.files += part.files
        metadata.message_count += part.message_count
        metadata.bag_size += part.bag_size
        metadata.starting_time_ns = min(metadata.starting_time_ns, part.starting_time_ns)
        if part.message_count:
            end_ns = max(end_ns, part.starting_time_ns + part.duration_ns)
        for topic in part.topics:
            if topic.name in topics:
                topics[topic.name].message_count += topic.message_count
            else:
                topics[topic.name] = topic
    metadata.topics = list(topics.values())
    if metadata.message_count:
        metadata.duration_ns = end_ns - metadata.starting_time_ns
    metadata.write(directory)
    return metadata
