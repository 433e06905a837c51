# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Point clouds from files."""

from collections.abc import Callable
from pathlib import Path
import zipfile

from affect_sensors.sources.depth_image import DepthToPoints
from affect_sensors.sources.pcd import read_pcd
from affect_sensors.sources.source import SourceError
from affect_sensors.sources.table import existing
from affect_sensors.sources.timed_rows import check_times
from affect_sensors.sources.timed_rows import TimedRows
import cv2
import numpy as np

WHAT = (
    'an NPZ file with xyz [clouds, points, 3] in metres in the optical frame (or xyz [all points, '
    '3] and count [clouds]) and perhaps t_s [clouds], a PCD file, or a folder of PCD files or of '
    'depth images (PNG or TIFF, with calibration_path)')
_IMAGES = {'.png', '.tif', '.tiff'}


def open_depth_file(
    path: str, *, loop: bool, rate_hz: float, camera: DepthToPoints | None = None,
) -> TimedRows:
    """
    Return a player of clouds, float32 [N, 3], in metres; ``rate_hz`` is of clouds without times.

    A folder is played in the order of its names, each file read when its turn comes. Depth images
    need a ``camera``.

    :raises SourceError: no such file, or nothing that fits; from the player: a damaged file.
    """
    file = existing(path, WHAT)
    if file.suffix.lower() == '.npz':
        times, clouds = _read_npz(path, file)
        if times is None:
            times = np.arange(len(clouds)) / rate_hz
        check_times(path, times)
        return TimedRows(times, clouds, loop=loop)
    rows = _files(path, file, camera)
    rows[0]  # What can't be read at all is said at once.
    return TimedRows(np.arange(len(rows)) / rate_hz, rows, loop=loop)


class CloudFiles:
    """Clouds in files of their own, read when they are asked for."""

    def __init__(self, files: list[Path], read: Callable[[Path], np.ndarray]) -> None:
        self._files = files
        self._read = read

    def __len__(self) -> int:
        return len(self._files)

    def __getitem__(self, number: int) -> np.ndarray:
        file = self._files[number]
        try:
            return self._read(file)
        except (OSError, ValueError) as error:
            raise SourceError(
                f"parameter 'path': '{file.name}' is no point cloud that can be read: {error}"
            ) from error


def _files(path: str, file: Path, camera: DepthToPoints | None) -> CloudFiles:
    if not file.is_dir():
        return CloudFiles([file], read_pcd)
    inside = sorted(file.iterdir())
    clouds = [f for f in inside if f.suffix.lower() == '.pcd']
    images = [f for f in inside if f.suffix.lower() in _IMAGES]
    if clouds:
        return CloudFiles(clouds, read_pcd)
    if not images:
        raise SourceError(
            f"parameter 'path': the folder '{path}' has no .pcd and no .png files; give {WHAT}")
    if camera is None:
        raise SourceError(
            "parameter 'calibration_path' is empty: depth images need the calibration of their "
            'camera')

    def read(image: Path) -> np.ndarray:
        depth = cv2.imread(str(image), cv2.IMREAD_UNCHANGED)
        if depth is None:
            raise ValueError('OpenCV finds no image in it')
        return camera.points(depth)
    return CloudFiles(images, read)


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
