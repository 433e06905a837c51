# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Tables with a header line: CSV and NPZ."""

from collections.abc import Sequence
import csv
import gzip
from pathlib import Path
import zlib

from affect_sensors.sources.arrays import load_npz
from affect_sensors.sources.source import SourceError
import numpy as np


def existing(path: str, what: str, parameter: str = 'path') -> Path:
    """Return a path that exists; say what is expected there otherwise."""
    if not path:
        raise SourceError(
            f"parameter '{parameter}' is empty; give {what}, or set source:=simulation")
    found = Path(path).expanduser()
    if not found.exists():
        raise SourceError(f"parameter '{parameter}': there is no '{path}'; give {what}")
    return found


def read_table(
    path: str, what: str, *, required: Sequence[str] = (), optional: Sequence[str] = (),
) -> dict[str, np.ndarray]:
    """
    Return the named columns of a CSV (also .csv.gz) or NPZ file, float64 [N] each.

    Empty CSV cells are NaN. Columns that nobody asked for are left alone.

    :raises SourceError: no such file, not such a table, a column missing, lengths that differ.
    """
    file = existing(path, what)
    try:
        if file.suffix == '.npz':
            table = {
                name: np.asarray(array, dtype=np.float64).ravel()
                for name, array in load_npz(file, {*required, *optional}).items()}
        else:
            table = _read_csv(file, {*required, *optional})
    except (OSError, EOFError, ValueError, TypeError, csv.Error, zlib.error) as error:
        raise SourceError(f"parameter 'path': '{path}' cannot be read: {error}") from error
    missing = [name for name in required if name not in table]
    if missing:
        raise SourceError(
            f"parameter 'path': '{path}' has no column {', '.join(missing)}; give {what}")
    if len({len(column) for column in table.values()}) > 1:
        raise SourceError(f"parameter 'path': the columns of '{path}' differ in length")
    return table


def open_text(file: Path):
    """Open a text file that may be compressed with gzip."""
    if file.suffix == '.gz':
        return gzip.open(file, 'rt', encoding='utf-8-sig', newline='')
    return file.open(encoding='utf-8-sig', newline='')


def _read_csv(file: Path, names: set[str]) -> dict[str, np.ndarray]:
    with open_text(file) as stream:
        reader = csv.reader(stream)
        header = [cell.strip() for cell in next(reader, [])]
        columns = {name: i for i, name in enumerate(header) if name in names}
        values: dict[str, list[float]] = {name: [] for name in columns}
        for row in reader:
            if not row:
                continue
            if len(row) != len(header):
                raise ValueError(
                    f'line {reader.line_num} has {len(row)} cells, the header {len(header)}')
            for name, i in columns.items():
                cell = row[i].strip()
                try:
                    values[name].append(float(cell) if cell else float('nan'))
                except ValueError as error:
                    raise ValueError(
                        f"line {reader.line_num}, column {name}: '{cell[:40]}' is no number; "
                        'leave the cell empty where nothing is known') from error
    return {name: np.array(column) for name, column in values.items()}
