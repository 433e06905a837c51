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
    Remove the Fast DDS segments in ``folder`` that no process locks; return their names.

    A segment that is locked, belongs to somebody else, or has no lock file (so that nothing can
    be told of its users) is left alone.
    """
    removed = []
    for path in sorted(folder.glob('fastrtps_*')):
        if not _SEGMENT.match(path.name):
            continue
        lock = path.with_name(path.name + '_el')
        try:
            with lock.open('rb') as handle:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                for orphan in (path, folder / f'sem.{path.name}_mutex', lock):
                    orphan.unlink(missing_ok=True)
        except OSError:
            continue
        removed.append(path.name)
    return removed


def segments(folder: Path = _SHARED_MEMORY) -> list[str]:
    """Return the names of this user's Fast DDS files in shared memory."""
    return sorted(
        entry.name for entry in os.scandir(folder)
        if 'fastrtps' in entry.name and entry.stat().st_uid == os.getuid())
