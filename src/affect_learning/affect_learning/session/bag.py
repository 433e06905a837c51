# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Writing and describing rosbag2 bags with the `rosbags` library."""

from collections import Counter
from collections.abc import Iterable
from collections.abc import Mapping
from pathlib import Path
import shutil
import sqlite3
import struct
import tempfile
from typing import Any
from typing import NamedTuple

from affect_learning.session.data_root import SessionError
from rosbags.interfaces import Qos
from rosbags.interfaces import QosDurability
from rosbags.interfaces import QosHistory
from rosbags.interfaces import QosLiveliness
from rosbags.interfaces import QosReliability
from rosbags.interfaces import QosTime
from rosbags.rosbag2 import Reader
from rosbags.rosbag2 import ReaderError
from rosbags.rosbag2 import StoragePlugin
from rosbags.rosbag2 import Writer
from rosbags.typesys.store import Typestore

STORAGE = {'mcap': StoragePlugin.MCAP, 'sqlite3': StoragePlugin.SQLITE3}
_INFINITE = QosTime(9223372036, 854775807)  # as rosbag2 writes "no limit"


class Record(NamedTuple):
    """A message, when it was to be had (ns), and the topic it belongs to."""

    at_ns: int
    topic: str
    message: Any


def qos(depth: int, *, reliable: bool = True, latched: bool = False) -> Qos:
    """Return an offered QoS profile for the bag's metadata, which players reproduce."""
    return Qos(
        QosHistory.KEEP_LAST, depth,
        QosReliability.RELIABLE if reliable else QosReliability.BEST_EFFORT,
        QosDurability.TRANSIENT_LOCAL if latched else QosDurability.VOLATILE,
        _INFINITE, _INFINITE, QosLiveliness.AUTOMATIC, _INFINITE, False)


def write_bag(
    path: Path,
    topics: Mapping[str, tuple[str, Qos]],
    records: Iterable[Record],
    typestore: Typestore,
    *,
    storage: str = 'mcap',
    custom: Mapping[str, str] | None = None,
    overwrite: bool = False,
) -> dict[str, int]:
    """
    Write records (in order of time) and return the number of messages per topic.

    The bag appears under its name when it is complete, so an interrupted build leaves nothing.

    :raises SessionError: something else is at ``path``, or it can't be written.
    """
    if path.exists() and not (overwrite and (path / 'metadata.yaml').is_file()):
        hint = ('add --overwrite to replace it' if (path / 'metadata.yaml').is_file()
                else 'it is not a bag, choose another name')
        raise SessionError(f'{path} exists already; {hint}')
    counts: Counter[str] = Counter(dict.fromkeys(topics, 0))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix='.session-', dir=path.parent) as folder:
            partial = Path(folder) / path.name
            with Writer(partial, version=9, storage_plugin=STORAGE[storage]) as writer:
                for key, value in (custom or {}).items():
                    writer.set_custom_data(key, value)
                connections = {
                    topic: writer.add_connection(
                        topic, kind, typestore=typestore, offered_qos_profiles=[profile])
                    for topic, (kind, profile) in topics.items()}
                for record in records:
                    kind = topics[record.topic][0]
                    writer.write(
                        connections[record.topic], record.at_ns,
                        typestore.serialize_cdr(record.message, kind))
                    counts[record.topic] += 1
            if path.exists():
                shutil.rmtree(path)
            partial.rename(path)
    except OSError as error:
        raise SessionError(f'{path} cannot be written: {error}') from error
    return dict(counts)


def describe_bag(path: Path) -> dict[str, Any]:
    """
    Return duration, messages per topic and custom data of a bag.

    :raises SessionError: it is not a readable bag.
    """
    try:
        with Reader(path) as reader:
            return {
                'bag': str(path),
                'seconds': round(reader.duration * 1e-9, 3),
                'messages': {
                    topic: info.msgcount for topic, info in sorted(reader.topics.items())},
                'custom': dict(reader.storage.metadata.custom or {}),
            }
    except (ReaderError, OSError, ValueError, KeyError, struct.error, sqlite3.Error) as error:
        raise SessionError(f'{path} is not a bag that can be read: {error}') from error
