# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Point clouds in files of the Point Cloud Library (PCD, version 0.7)."""

from pathlib import Path
import struct

from affect_sensors.sources.lzf import decompress
import numpy as np

_TYPES = {
    ('F', 4): 'f4', ('F', 8): 'f8', ('I', 1): 'i1', ('I', 2): 'i2', ('I', 4): 'i4',
    ('I', 8): 'i8', ('U', 1): 'u1', ('U', 2): 'u2', ('U', 4): 'u4', ('U', 8): 'u8'}
_MOST_POINTS = 4_000_000


def read_pcd(file: Path) -> np.ndarray:
    """
    Return the coordinates in a file, float32 [N, 3], as they are (NaN where there is no point).

    :raises ValueError: no such format, no x, y and z, or less data than the header says.
    :raises OSError: the file can't be read.
    """
    content = file.read_bytes()
    header, start = _header(content)
    layout = _layout(header)
    try:
        count = int(header.get('POINTS') or int(header['WIDTH']) * int(header['HEIGHT']))
    except (KeyError, ValueError):
        raise ValueError('the header has no POINTS and no WIDTH and HEIGHT') from None
    if not 0 <= count <= _MOST_POINTS:
        raise ValueError(f'the header says {count} points; {_MOST_POINTS} are the most')
    kind = header['DATA']
    if kind == 'binary':
        if len(content) - start < count * layout.itemsize:
            raise ValueError(
                f'it ends early: {count} points of {layout.itemsize} bytes need '
                f'{count * layout.itemsize}, there are {len(content) - start}')
        points = np.frombuffer(content, layout, count, start)
        return np.stack([points[axis].astype(np.float32) for axis in 'xyz'], axis=-1)
    if kind == 'ascii':
        columns = sum(1 if s is None else s[0] for _, s in _shapes(layout))
        values = np.array(content[start:].split()[:count * columns], dtype=np.float64)
        if len(values) < count * columns:
            raise ValueError(f'it ends early: {count} points need {count * columns} numbers')
        places = _places(layout)
        return values.reshape(count, columns)[:, places].astype(np.float32)
    if kind == 'binary_compressed':
        return _compressed(content[start:], layout, count)
    raise ValueError(f"its data are '{kind}'; ascii, binary and binary_compressed can be read")


def _compressed(content: bytes, layout: np.dtype, count: int) -> np.ndarray:
    """Return the points of compressed data: two sizes, then all x, all y, ... in one piece."""
    if len(content) < 8:
        raise ValueError('it ends early: its sizes are missing')
    packed, size = struct.unpack_from('<II', content)
    if size != count * layout.itemsize or packed > len(content) - 8:
        raise ValueError(
            f'it ends early or its sizes do not fit: {packed} bytes make {size}, {count} points '
            f'of {layout.itemsize} bytes were announced and {len(content) - 8} bytes are there')
    data = decompress(content[8:8 + packed], size)
    points = np.empty((count, 3), np.float32)
    for i, axis in enumerate('xyz'):
        # Fields lie one behind the other: each begins where it would in a row, times the rows.
        begin = count * _offset(layout, axis)
        points[:, i] = np.frombuffer(data, layout[axis], count, begin)
    return points


def _offset(layout: np.dtype, field: str) -> int:
    fields = layout.fields
    return int(fields[field][1]) if fields is not None else 0


def _header(content: bytes) -> tuple[dict[str, str], int]:
    """Return the entries of the header, and where the data begin."""
    entries: dict[str, str] = {}
    at = 0
    while 'DATA' not in entries:
        end = content.find(b'\n', at)
        if end < 0 or end > 65536:
            raise ValueError('it has no PCD header (VERSION, FIELDS, ..., DATA)')
        words = content[at:end].decode('ascii', 'replace').split(maxsplit=1)
        at = end + 1
        if len(words) == 2 and not words[0].startswith('#'):
            entries[words[0].upper()] = words[1].strip()
    return entries, at


def _layout(header: dict[str, str]) -> np.dtype:
    names = header.get('FIELDS', '').split()
    if not {'x', 'y', 'z'} <= set(names):
        raise ValueError(f"it has no fields x, y and z, but {' '.join(names) or 'none'}")
    try:
        sizes = [int(v) for v in header['SIZE'].split()]
        kinds = header['TYPE'].upper().split()
        counts = [int(v) for v in header.get('COUNT', ' '.join('1' for _ in names)).split()]
        fields = [
            # Padding may come more than once under the name `_`.
            (f'_{i}' if name == '_' else name, _TYPES[kind, size], (number,))
            if number != 1 else (f'_{i}' if name == '_' else name, _TYPES[kind, size])
            for i, (name, size, kind, number) in enumerate(
                zip(names, sizes, kinds, counts, strict=True))]
        layout = np.dtype(fields)
    except (KeyError, ValueError) as error:
        raise ValueError(f'FIELDS, SIZE, TYPE and COUNT do not fit together ({error})') from None
    if any(layout[axis].shape for axis in 'xyz'):
        raise ValueError('COUNT of x, y and z must be 1')
    return layout


def _shapes(layout: np.dtype) -> list[tuple[str, tuple[int, ...] | None]]:
    return [(name, layout[name].shape or None) for name in layout.names or ()]


def _places(layout: np.dtype) -> list[int]:
    """Return the columns of x, y and z where every number has its own."""
    places, column = {}, 0
    for name, shape in _shapes(layout):
        places[name] = column
        column += 1 if shape is None else shape[0]
    return [places[axis] for axis in 'xyz']
