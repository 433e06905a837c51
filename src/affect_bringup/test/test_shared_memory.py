# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Only shared memory that nobody locks is removed."""

import fcntl
from mmap import ACCESS_READ
from mmap import mmap

from affect_bringup.shared_memory import remove_orphans
import pytest


@pytest.fixture
def folder(tmp_path):
    for name in ('fastrtps_0123456789abcdef', 'fastrtps_port7411'):
        (tmp_path / name).write_bytes(b'segment')
        (tmp_path / f'{name}_el').write_bytes(b'')
    (tmp_path / 'sem.fastrtps_port7411_mutex').write_bytes(b'')
    (tmp_path / 'somebody_else').write_bytes(b'')
    return tmp_path


def test_orphans_go_with_their_lock_and_semaphore(folder):
    assert remove_orphans(folder) == ['fastrtps_0123456789abcdef', 'fastrtps_port7411']
    assert {path.name for path in folder.iterdir()} == {'somebody_else'}


@pytest.mark.parametrize('kind', [fcntl.LOCK_SH, fcntl.LOCK_EX])
def test_what_a_process_locks_stays(folder, kind):
    with (folder / 'fastrtps_port7411_el').open('rb') as handle:
        fcntl.flock(handle, kind)
        assert remove_orphans(folder) == ['fastrtps_0123456789abcdef']
    assert (folder / 'fastrtps_port7411').exists()
    assert (folder / 'sem.fastrtps_port7411_mutex').exists()


def test_without_a_lock_file_what_a_process_maps_stays(folder):
    port = folder / 'fastrtps_port7413'
    port.write_bytes(b'no lock file')
    with port.open('rb') as handle, mmap(handle.fileno(), 0, access=ACCESS_READ):
        assert 'fastrtps_port7413' not in remove_orphans(folder)
    assert 'fastrtps_port7413' in remove_orphans(folder)


def test_an_empty_folder_is_no_error(tmp_path):
    assert remove_orphans(tmp_path) == []
