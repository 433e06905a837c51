# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Finding and removing shared memory that a killed process has left behind."""

import fcntl
import os
from pathlib import Path
import re

_SHARED_MEMORY = Path('/dev/shm')
# Fast DDS: a segment NAME has a lock file NAME_el that every process using it holds; a port has
# a semaphore sem.NAME_mutex as well.
_SEGMENT = re.compile(r'^fastrtps_(port\d+|[0-9a-f]+)$')


def remove_orphans(folder: Path = _SHARED_MEMORY) -> list[str]:
    """
    Remove the Fast DDS segments in ``folder`` that nobody uses; return their names.

    A segment that is locked, or has no lock file and is mapped by a process, or belongs to
    somebody else, is left alone.
    """
    removed = []
    mapped: set[str] | None = None
    for path in sorted(folder.glob('fastrtps_*')):
        if not _SEGMENT.match(path.name):
            continue
        lock = path.with_name(path.name + '_el')
        try:
            if lock.exists():
                with lock.open('rb') as handle:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    _unlink(path, lock)
            else:
                mapped = _mapped_files() if mapped is None else mapped
                if str(path) in mapped:
                    continue
                _unlink(path)
        except OSError:
            continue
        removed.append(path.name)
    return removed


def _unlink(path: Path, *others: Path) -> None:
    for orphan in (path, path.with_name(f'sem.{path.name}_mutex'), *others):
        orphan.unlink(missing_ok=True)


def _mapped_files() -> set[str]:
    """Return the files that any process maps, as far as we may look."""
    found: set[str] = set()
    for maps in Path('/proc').glob('[0-9]*/maps'):
        try:
            text = maps.read_text()
        except OSError:
            continue
        found.update(line.split(maxsplit=5)[5] for line in text.splitlines()
                     if line.count('/') and len(line.split(maxsplit=5)) == 6)
    return found


def segments(folder: Path = _SHARED_MEMORY) -> list[str]:
    """Return the names of this user's Fast DDS files in shared memory."""
    return sorted(
        entry.name for entry in os.scandir(folder)
        if 'fastrtps' in entry.name and entry.stat().st_uid == os.getuid())
