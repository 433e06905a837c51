# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Point clouds from files."""

from collections.abc import Callable
from pathlib import Path

from affect_sensors.sources.arrays import load_npy
from affect_sensors.sources.arrays import load_npz
from affect_sensors.sources.depth_image import DepthToPoints
from affect_sensors.sources.image_file import read_image
from affect_sensors.sources.pcd import read_pcd
from affect_sensors.sources.source import DamagedItemError
from affect_sensors.sources.source import SourceError
from affect_sensors.sources.table import existing
from affect_sensors.sources.timed_rows import check_times
from affect_sensors.sources.timed_rows import TimedRows
import numpy as np

WHAT = (
    'an NPZ file with xyz [clouds, points, 3] in metres in the optical frame (or xyz [all points, '
    '3] and count [clouds]) or depth [images, rows, columns], and perhaps t_s [clouds]; a PCD '
    'file; an NPY file of depth images; or a folder of PCD files or of depth images (PNG, TIFF or '
    'NPY). Depth images need calibration_path')
_IMAGES = {'.npy', '.png', '.tif', '.tiff'}


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
        times, clouds = _read_npz(path, file, camera)
        if times is None:
            times = np.arange(len(clouds)) / rate_hz
        check_times(path, times)
        return TimedRows(times, clouds, loop=loop)
    rows = _files(path, file, camera)
    rows[0]  # What can't be read at all is said at once.
    return TimedRows(np.arange(len(rows)) / rate_hz, rows, loop=loop)


class DepthStack:
    """Clouds of depth images [N, H, W] that are in memory, computed when they are asked for."""

    def __init__(self, path: str, images: np.ndarray, camera: DepthToPoints) -> None:
        self._path = path
        self._images = images
        self._camera = camera

    def __len__(self) -> int:
        return len(self._images)

    def __getitem__(self, number: int) -> np.ndarray:
        try:
            return self._camera.points(_as_depth(self._images[number]))
        except ValueError as error:
            raise DamagedItemError(
                f"parameter 'path': image {number} of '{self._path}' can't be used: {error}"
            ) from error


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
            raise DamagedItemError(
                f"parameter 'path': '{file.name}' is no point cloud that can be read: {error}"
            ) from error


def _files(path: str, file: Path, camera: DepthToPoints | None) -> CloudFiles | DepthStack:
    if file.suffix.lower() == '.npy':
        try:
            stack = load_npy(file, in_memory=False)
        except ValueError as error:
            raise SourceError(
                f"parameter 'path': '{path}' cannot be used: {error}; give {WHAT}") from error
        return DepthStack(path, _stack(path, stack), _needed(camera))
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
    lens = _needed(camera)

    def read(image: Path) -> np.ndarray:
        if image.suffix.lower() == '.npy':
            return lens.points(_as_depth(load_npy(image)))
        return lens.points(read_image(image))
    return CloudFiles(images, read)


def _needed(camera: DepthToPoints | None) -> DepthToPoints:
    if camera is None:
        raise SourceError(
            "parameter 'calibration_path' is empty: depth images need the calibration of their "
            'camera')
    return camera


def _stack(path: str, images: np.ndarray) -> np.ndarray:
    """Return depth images [N, H, W] of one or several."""
    stack = images[None] if images.ndim == 2 else images
    if stack.ndim != 3 or len(stack) == 0:
        raise SourceError(
            f"parameter 'path': '{path}' holds an array {list(images.shape)}; give {WHAT}")
    return stack


def _as_depth(image: np.ndarray) -> np.ndarray:
    """Return what a lens takes: floats of any width are metres."""
    return image.astype(np.float32) if image.dtype.kind == 'f' else np.asarray(image)


def _read_npz(
    path: str, file: Path, camera: DepthToPoints | None,
) -> tuple[np.ndarray | None, list[np.ndarray] | DepthStack]:
    clouds: list[np.ndarray] | DepthStack
    try:
        arrays = load_npz(file, ('xyz', 'count', 't_s', 'depth'))
        if 'depth' in arrays and 'xyz' not in arrays:
            clouds = DepthStack(path, _stack(path, arrays['depth']), _needed(camera))
        elif 'count' in arrays:
            xyz = np.asarray(arrays['xyz'], dtype=np.float32)
            count = np.asarray(arrays['count'], dtype=np.int64).ravel()
            if xyz.ndim != 2 or xyz.shape[1] != 3 or (count < 0).any() or count.sum() != len(xyz):
                raise ValueError(f'xyz is {list(xyz.shape)} and count adds up to {count.sum()}')
            clouds = np.split(xyz, np.cumsum(count)[:-1])
        else:
            xyz = np.asarray(arrays['xyz'], dtype=np.float32)
            if xyz.ndim != 3 or xyz.shape[2] != 3:
                raise ValueError(f'xyz is {list(xyz.shape)}')
            clouds = list(xyz)
        times = None if 't_s' not in arrays else np.asarray(arrays['t_s'], np.float64).ravel()
        if times is not None and len(times) != len(clouds):
            raise ValueError(f't_s has {len(times)} times for {len(clouds)} clouds')
    except KeyError as error:
        raise SourceError(
            f"parameter 'path': '{path}' has no array 'xyz'; give {WHAT}") from error
    except (ValueError, TypeError) as error:
        raise SourceError(
            f"parameter 'path': '{path}' cannot be used: {error}; give {WHAT}") from error
    return times, clouds
