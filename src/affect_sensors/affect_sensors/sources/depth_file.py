# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Point clouds from files."""

from pathlib import Path
import zipfile

from affect_sensors.sources.pcd import read_pcd
from affect_sensors.sources.source import SourceError
from affect_sensors.sources.table import existing
from affect_sensors.sources.timed_rows import check_times
from affect_sensors.sources.timed_rows import TimedRows
import numpy as np

WHAT = (
    'an NPZ file with xyz [clouds, points, 3] in metres in the optical frame (or xyz [all points, '
    '3] and count [clouds]) and perhaps t_s [clouds], a PCD file, or a folder of PCD files')


def open_depth_file(path: str, *, loop: bool, rate_hz: float) -> TimedRows:
    """
    Return a player of clouds, float32 [N, 3], in metres; ``rate_hz`` is of clouds without times.

    A folder is played in the order of its names, each file read when its turn comes.

    :raises SourceError: no such file, or nothing that fits; from the player: a damaged PCD file.
    """
    file = existing(path, WHAT)
    if file.suffix.lower() == '.npz':
        times, clouds = _read_npz(path, file)
        if times is None:
            times = np.arange(len(clouds)) / rate_hz
        check_times(path, times)
        return TimedRows(times, clouds, loop=loop)
    files = sorted(f for f in file.iterdir() if f.suffix.lower() == '.pcd') if (
        file.is_dir()) else [file]
    if not files:
        raise SourceError(f"parameter 'path': the folder '{path}' has no .pcd files; give {WHAT}")
    rows = PcdFiles(files)
    rows[0]  # What can't be read at all is said at once.
    return TimedRows(np.arange(len(files)) / rate_hz, rows, loop=loop)


class PcdFiles:
    """Clouds of PCD files, read when they are asked for."""

    def __init__(self, files: list[Path]) -> None:
        self._files = files

    def __len__(self) -> int:
        return len(self._files)

    def __getitem__(self, number: int) -> np.ndarray:
        file = self._files[number]
        try:
            return read_pcd(file)
        except (OSError, ValueError) as error:
            raise SourceError(
                f"parameter 'path': '{file.name}' is no point cloud that can be read: {error}"
            ) from error


def _read_npz(path: str, file: Path) -> tuple[np.ndarray | None, list[np.ndarray]]:
    try:
        with np.load(file, allow_pickle=False) as archive:
            arrays = {n: archive[n] for n in ('xyz', 'count', 't_s') if n in archive.files}
        xyz = np.asarray(arrays['xyz'], dtype=np.float32)
        if 'count' in arrays:
            count = np.asarray(arrays['count'], dtype=np.int64).ravel()
            if xyz.ndim != 2 or xyz.shape[1] != 3 or (count < 0).any() or count.sum() != len(xyz):
                raise ValueError(f'xyz is {list(xyz.shape)} and count adds up to {count.sum()}')
            clouds = np.split(xyz, np.cumsum(count)[:-1])
        else:
            if xyz.ndim != 3 or xyz.shape[2] != 3:
                raise ValueError(f'xyz is {list(xyz.shape)}')
            clouds = list(xyz)
        times = None if 't_s' not in arrays else np.asarray(arrays['t_s'], np.float64).ravel()
        if times is not None and len(times) != len(clouds):
            raise ValueError(f't_s has {len(times)} times for {len(clouds)} clouds')
    except KeyError as error:
        raise SourceError(
            f"parameter 'path': '{path}' has no array 'xyz'; give {WHAT}") from error
    except (OSError, ValueError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise SourceError(
            f"parameter 'path': '{path}' cannot be used: {error}; give {WHAT}") from error
    return times, clouds
