# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Point clouds for the body expression encoder: PCD, PLY, NPZ, NPY and tables."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import BadZipFile
import zlib

from affect_encoders.body_expression.features import from_optical
from affect_encoders.files.columns import missing
from affect_encoders.files.columns import triad
from affect_encoders.files.inertia import beside
from affect_encoders.files.input_error import InputError
from affect_encoders.files.options import Options
from affect_encoders.files.recording import Frames
from affect_encoders.files.recording import Recording
from affect_encoders.files.recording import Stream
from affect_encoders.files.table import open_table
import numpy as np

SUFFIXES = ('.pcd', '.ply', '.npz', '.npy', '.csv', '.txt', '.xyz', '.tsv')
WHAT = (
    'point clouds in metres: PCD, PLY, NPY [N, 3] or [clouds, N, 3], NPZ with xyz and perhaps '
    't_s, CSV with x, y, z and perhaps t_s; or a folder of them with --sequence')
DEFAULT_HZ = 10.0
_KEYS = ('xyz', 'points', 'cloud', 'clouds', 'point_cloud', 'pcl')
_MOST_POINTS = 50_000_000
_PLY = {
    'char': 'i1', 'int8': 'i1', 'uchar': 'u1', 'uint8': 'u1', 'short': 'i2', 'int16': 'i2',
    'ushort': 'u2', 'uint16': 'u2', 'int': 'i4', 'int32': 'i4', 'uint': 'u4', 'uint32': 'u4',
    'float': 'f4', 'float32': 'f4', 'double': 'f8', 'float64': 'f8'}


def recordings(source: Any, name: str, options: Options) -> Iterator[Recording]:
    """
    Yield the clouds in a file, a folder (as a sequence), an array or a dict as one recording.

    :raises InputError: no cloud, or what can't be read
    """
    frames = Frames(_frames(source, options), _pusher(options))
    streams: list[Stream] = [frames]
    if options.imu:
        streams.insert(0, beside(options.imu))
    yield Recording(name, streams)


def _pusher(options: Options) -> Any:
    if options.axes == 'optical':
        return lambda encoder, cloud, t_s: encoder.push_cloud(from_optical(cloud), t_s)
    return lambda encoder, cloud, t_s: encoder.push_cloud(cloud, t_s)


def _frames(source: Any, options: Options) -> Iterator[tuple[float, np.ndarray]]:
    rate_hz = options.rate_hz or DEFAULT_HZ
    if isinstance(source, list):
        for k, file in enumerate(source):
            try:
                for _, cloud in _of_file(file, rate_hz):
                    yield k / rate_hz, cloud
            except InputError as error:
                raise InputError(f'{file.name}: {error}') from error
    elif isinstance(source, Path):
        yield from _of_file(source, rate_hz)
    elif isinstance(source, dict):
        yield from _of_arrays({str(k): np.asarray(v) for k, v in source.items()}, rate_hz)
    else:
        yield from _of_arrays({'xyz': np.asarray(source)}, rate_hz)


def _of_file(path: Path, rate_hz: float) -> Iterator[tuple[float, np.ndarray]]:
    suffix = path.suffix.lower()
    try:
        if suffix == '.pcd':
            yield 0.0, read_pcd(path.read_bytes())
        elif suffix == '.ply':
            yield 0.0, read_ply(path.read_bytes())
        elif suffix == '.npy':
            yield from _of_arrays(
                {'xyz': np.load(path, mmap_mode='r', allow_pickle=False)}, rate_hz)
        elif suffix == '.npz':
            with np.load(path, allow_pickle=False) as archive:
                yield from _of_arrays({key: archive[key] for key in archive.files}, rate_hz)
        else:
            yield from _of_table(path)
    except InputError:
        raise
    except (OSError, ValueError, EOFError, KeyError, BadZipFile, zlib.error) as error:
        raise InputError(f'no point cloud that can be read ({error})') from error


def _of_arrays(
        arrays: dict[str, np.ndarray], rate_hz: float) -> Iterator[tuple[float, np.ndarray]]:
    key = next((k for k in arrays if k.lower() in _KEYS), None)
    if key is None:
        columns = {k.lower(): v for k, v in arrays.items()}
        if not {'x', 'y', 'z'} <= columns.keys():
            raise InputError(f'no cloud among {", ".join(arrays) or "nothing"}: give {WHAT}')
        points = np.stack([np.asarray(columns[axis], np.float32) for axis in 'xyz'], axis=-1)
    else:
        points = arrays[key]
    if points.dtype.kind not in 'iuf' or points.shape[-1:] != (3,) or points.ndim not in (2, 3, 4):
        raise InputError(
            f'{key or "x, y, z"} of {points.dtype} {list(points.shape)}: give [N, 3] or '
            '[clouds, N, 3]')
    times = next((np.asarray(arrays[k], np.float64).reshape(-1) for k in arrays
                  if k.lower() in ('t_s', 't', 'time', 'time_s', 'timestamps', 'stamps')), None)
    count = next((np.asarray(arrays[k]).reshape(-1) for k in arrays
                  if k.lower() in ('count', 'counts')), None)
    if count is not None and points.ndim == 2:
        clouds = np.split(points, np.cumsum(count)[:-1].astype(np.int64))
    elif points.ndim == 2 and times is not None and len(times) == len(points):
        yield from _by_time(times, points)
        return
    else:
        # An organised cloud [H, W, 3] and clouds [T, N, 3] look alike; a time each tells them.
        is_one = points.ndim == 2
        clouds = [points] if is_one else [cloud.reshape(-1, 3) for cloud in points]
    if times is None:
        times = np.arange(len(clouds)) / rate_hz
    if len(times) != len(clouds):
        raise InputError(f'{len(times)} times for {len(clouds)} clouds: give one each')
    for t_s, cloud in zip(times, clouds, strict=True):
        yield float(t_s), np.asarray(cloud, dtype=np.float32)


def _of_table(path: Path) -> Iterator[tuple[float, np.ndarray]]:
    table = open_table(path)
    names = None
    if table.has('x') and table.has('y') and table.has('z'):
        names = ['x', 'y', 'z']
    elif found := triad(table, ('point', 'points', 'p', 'xyz'), ('m',)):
        names = [column.name for column in found]
    elif len(table.names) >= 3 and list(table.names[:3]) == ['1', '2', '3']:
        names = ['1', '2', '3']
    if names is None:
        raise missing(table, WHAT)
    when = next((n for n in ('t_s', 't', 'time', 'time_s', 'timestamp') if table.has(n)), None)
    values = table.numbers([*names, *([when] if when else [])])
    points = np.stack([values[n] for n in names], axis=-1).astype(np.float32)
    if when is None:
        yield 0.0, points
    else:
        yield from _by_time(values[when], points)


def _by_time(
        times: np.ndarray, points: np.ndarray) -> Iterator[tuple[float, np.ndarray]]:
    """Yield the clouds of points that share a time."""
    known = np.isfinite(times)
    stamps, first = np.unique(times[known], return_inverse=True)
    order = np.argsort(first, kind='stable')
    edges = np.searchsorted(first[order], np.arange(1, len(stamps)))
    for t_s, rows in zip(stamps, np.split(points[known][order], edges), strict=True):
        yield float(t_s), rows.astype(np.float32)


def read_ply(content: bytes) -> np.ndarray:
    """
    Return the vertices of a Stanford PLY file, float32 [N, 3]; its vertices must come first.

    :raises ValueError: no such file, or it ends early
    """
    end = content.find(b'end_header')
    if not content.startswith(b'ply') or end < 0:
        raise ValueError('it has no PLY header')
    lines = content[:end].decode('ascii', 'replace').split('\n')
    start = content.index(b'\n', end) + 1
    kind, count, fields, element = '', -1, [], ''
    for words in (line.split() for line in lines):
        if words[:1] == ['format'] and len(words) > 1:
            kind = words[1]
        elif words[:1] == ['element'] and len(words) == 3:
            if count >= 0:
                element = ''
            elif words[1] != 'vertex':
                raise ValueError(f'its first element is {words[1]}, not vertex')
            else:
                element, count = 'vertex', int(words[2])
        elif words[:1] == ['property'] and element:
            if words[1] == 'list':
                raise ValueError('its vertices hold lists')
            fields.append((words[2], _PLY[words[1]]))
    return _points(content[start:], fields, count, {
        'ascii': '', 'binary_little_endian': '<', 'binary_big_endian': '>'}.get(kind, kind))


def read_pcd(content: bytes) -> np.ndarray:
    """
    Return the points of a file of the Point Cloud Library (PCD 0.7), float32 [N, 3].

    :raises ValueError: no such file, compressed, or it ends early
    """
    header: dict[str, list[str]] = {}
    at = 0
    while 'DATA' not in header:
        end = content.find(b'\n', at)
        if end < 0 or end > 65536:
            raise ValueError('it has no PCD header (VERSION, FIELDS, ..., DATA)')
        words = content[at:end].decode('ascii', 'replace').split()
        at = end + 1
        if words and not words[0].startswith('#'):
            header[words[0].upper()] = words[1:]
    try:
        counts = header.get('COUNT', ['1'] * len(header['FIELDS']))
        fields = [
            (f'{name}{i}.{k}' if int(n) > 1 or name == '_' else name,
             f'{ {"F": "f", "I": "i", "U": "u"}[letter.upper()] }{size}')
            for i, (name, size, letter, n) in enumerate(zip(
                header['FIELDS'], header['SIZE'], header['TYPE'], counts, strict=True))
            for k in range(int(n))]
        count = int(header['POINTS'][0]) if 'POINTS' in header else (
            int(header['WIDTH'][0]) * int(header['HEIGHT'][0]))
    except (KeyError, IndexError, ValueError) as error:
        raise ValueError(f'its header does not fit together ({error})') from error
    kind = header['DATA'][0] if header['DATA'] else ''
    if kind == 'binary_compressed':
        raise ValueError(
            'its data are compressed; save it anew with pcl_convert_pcd_ascii_binary IN OUT 1')
    return _points(content[at:], fields, count, {'ascii': '', 'binary': '<'}.get(kind, kind))


def _points(
        data: bytes, fields: list[tuple[str, str]], count: int, order: str) -> np.ndarray:
    """Return x, y and z of rows in text (order '') or bytes of an order ('<' or '>')."""
    names = [name for name, _ in fields]
    if not {'x', 'y', 'z'} <= set(names):
        raise ValueError(f"it has no fields x, y and z, but {' '.join(names) or 'none'}")
    if not 0 <= count <= _MOST_POINTS:
        raise ValueError(f'its header says {count} points')
    if order == '':
        cells = data.split()[:count * len(names)]
        if len(cells) < count * len(names):
            raise ValueError(f'it ends early: {count} points were announced')
        rows = np.array(cells, dtype=np.float64).reshape(count, len(names))
        return rows[:, [names.index(axis) for axis in 'xyz']].astype(np.float32)
    if order not in '<>':
        raise ValueError(f"its data are '{order}', which can't be read")
    layout = np.dtype([(name, order + kind) for name, kind in fields])
    if len(data) < count * layout.itemsize:
        raise ValueError(f'it ends early: {count} points were announced')
    points = np.frombuffer(data, layout, count)
    return np.stack([points[axis].astype(np.float32) for axis in 'xyz'], axis=-1)
