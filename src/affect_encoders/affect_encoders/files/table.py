# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Tables of named columns: CSV and TSV (also gzipped), JSON lines, NPZ, NPY, and dicts."""

import codecs
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
import csv
from datetime import datetime
import gzip
import io
import json
import math
from pathlib import Path
import re
from typing import Any
import warnings
import zipfile
import zlib

from affect_encoders.files.input_error import InputError
import numpy as np

SUFFIXES = ('.csv', '.tsv', '.txt', '.csv.gz', '.tsv.gz', '.jsonl', '.npz', '.npy')
_NOTHING = {
    '', 'nan', 'na', 'n/a', 'none', 'null', '-', '--', '.', '?', 'inf', '-inf', '+inf', '1.#qnan',
    '-1.#ind'}
_MATRIX_ENDINGS = {2: 'xy', 3: 'xyz'}
_LOOKED_AT = 1 << 20


class Table:
    """
    Columns by name, numbers read when asked for.

    Names are compared in a plain form: lower case, what is no letter or digit an underscore
    (``Gaze X [deg]`` is ``gaze_x_deg``).
    """

    def __init__(
            self, names: list[str], read: Callable[[list[int]], list[np.ndarray]], *,
            scalars: Mapping[str, float] | None = None,
            arrays: Mapping[str, np.ndarray] | None = None,
    ) -> None:
        self.names = names
        self.scalars = scalars or {}
        """Single numbers of an NPZ file or a dict (rates), by plain name."""
        self.arrays = arrays or {}
        """Arrays that are no column (``weights`` [N, 52], ``xyz`` [N, P, 3], ...), by name."""
        self._read = read
        self._plain = {plain_name(name): i for i, name in reversed(list(enumerate(names)))}

    @property
    def rate_hz(self) -> float | None:
        """Return the samples a second that the table says it has, None where it does not."""
        return next((self.scalars[name] for name in RATES if name in self.scalars), None)

    def has(self, name: str) -> bool:
        """Return whether there is a column of this plain name."""
        return name in self._plain

    def plain_names(self) -> Iterable[str]:
        """Return the plain names of all columns."""
        return self._plain.keys()

    def numbers(self, names: Iterable[str]) -> dict[str, np.ndarray]:
        """
        Return columns by plain name as float64 [N]; NaN where a cell is empty.

        :raises InputError: a cell that is no number, or lengths that differ
        """
        wanted = list(dict.fromkeys(names))
        columns = self._read([self._plain[name] for name in wanted])
        lengths = {len(column) for column in columns}
        if len(lengths) > 1:
            said = ', '.join(
                f'{n} {len(c)}' for n, c in zip(wanted, columns, strict=True))
            raise InputError(f'columns differ in length ({said})')
        return dict(zip(wanted, columns, strict=True))


def plain_name(name: str) -> str:
    """Return a column's name in the form that names are compared in."""
    # Camel case (leftPupilX) falls into words; an abbreviation (GSR, BVP) stays one.
    siemens = re.sub(r'(?<![A-Za-z])([unmµμ])S(?![A-Za-z])', r'\1s', str(name).strip())
    split = re.sub(r'(?<=[a-z])(?=[A-Z])', '_', siemens)
    words = split.lower().replace('°', 'deg').replace('µ', 'u').replace('μ', 'u')
    words = words.replace('^', '').replace('²', '2')
    return re.sub(r'[^a-z0-9]+', '_', words).strip('_')


def open_table(source: Any) -> Table:
    """
    Return the table in a file, of a dict of columns or of what is like one.

    :raises InputError: what can't be read, and where
    """
    if isinstance(source, np.ndarray) and source.dtype.names:
        return _of_arrays({name: source[name] for name in source.dtype.names})
    if not isinstance(source, Path):
        if not hasattr(source, 'keys'):
            raise InputError(
                f'{type(source).__name__} is no table: give a path, or a dict of columns by name')
        # A dict, or what is like one (a data frame).
        return _of_arrays({str(k): np.asarray(source[k]) for k in source.keys()})  # noqa: SIM118
    name = source.name.lower()
    try:
        if name.endswith('.npz'):
            with np.load(source, allow_pickle=False) as archive:
                return _of_arrays({key: archive[key] for key in archive.files})
        if name.endswith('.npy'):
            return _of_arrays({'values': np.load(source, allow_pickle=False)})
        if name.endswith(('.jsonl', '.ndjson')):
            return _of_json_lines(source)
        return _of_text(source)
    except InputError:
        raise
    except (OSError, EOFError, ValueError, csv.Error, zipfile.BadZipFile, zlib.error) as error:
        raise InputError(f'no table that can be read ({error})') from error


def open_text(path: Path) -> io.TextIOBase:
    """Open a text file that may be gzipped, in UTF-8, UTF-16 or Windows' Latin letters."""
    opener: Any = gzip.open if path.name.lower().endswith('.gz') else open
    with opener(path, 'rb') as raw:
        start = raw.read(_LOOKED_AT)
    encoding = 'utf-8-sig'
    if start[:2] in (b'\xff\xfe', b'\xfe\xff'):
        encoding = 'utf-16'
    else:
        try:
            # Incremental: the last character may be cut in two.
            codecs.getincrementaldecoder('utf-8')().decode(start)
        except UnicodeDecodeError:
            encoding = 'cp1252'
    return opener(path, 'rt', encoding=encoding, errors='replace', newline='')


def _of_arrays(arrays: dict[str, np.ndarray]) -> Table:
    columns: dict[str, np.ndarray] = {}
    scalars: dict[str, float] = {}
    for name, array in arrays.items():
        if array.ndim == 0:
            if array.dtype.kind in 'iuf':
                scalars[plain_name(name)] = float(array)
        elif array.ndim == 1 or 1 in array.shape[-1:]:
            columns[name] = array.reshape(-1)
        elif array.ndim == 2 and array.shape[1] in _MATRIX_ENDINGS:
            for i, axis in enumerate(_MATRIX_ENDINGS[array.shape[1]]):
                short = name in ('xy', 'xyz', 'values')
                columns[axis if short else f'{name}_{axis}'] = array[:, i]

    def read(indices: list[int]) -> list[np.ndarray]:
        values = list(columns.items())
        return [_as_numbers(*values[i]) for i in indices]

    return Table(list(columns), read, scalars=scalars, arrays=arrays)


RATES = (
    'rate_hz', 'rate', 'fs', 'fs_hz', 'sr', 'sample_rate', 'sample_rate_hz', 'sampling_rate',
    'sampling_rate_hz', 'sampling_frequency', 'samplerate', 'fps', 'hz')


def _as_numbers(name: str, array: np.ndarray) -> np.ndarray:
    if array.dtype.kind == 'M':
        return array.astype('datetime64[ns]').astype(np.int64) * 1e-9
    if array.dtype.kind in 'OSU':
        return np.array([_cell(v, name, i + 1) for i, v in enumerate(array.tolist())])
    if array.dtype.kind not in 'biuf':
        raise InputError(f'column {name} is of type {array.dtype}: give numbers')
    return np.asarray(array, dtype=np.float64)


def _of_json_lines(path: Path) -> Table:
    rows: list[dict[str, Any]] = []
    names: dict[str, None] = {}
    with open_text(path) as stream:
        for number, line in enumerate(stream, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError as error:
                raise InputError(f'line {number} is no JSON ({error})') from error
            if not isinstance(row, dict):
                raise InputError(f'line {number} is no JSON object')
            flat: dict[str, Any] = {}
            for key, value in row.items():
                # What lies in an object (weights, action units) is found by its own name.
                flat |= value if isinstance(value, dict) else {key: value}
            names |= dict.fromkeys(flat)
            rows.append(flat)
    if not rows:
        raise InputError('it holds no line')
    order = list(names)
    return Table(order, lambda indices: [
        np.array([_cell(row.get(order[i]), order[i], k + 1) for k, row in enumerate(rows)])
        for i in indices])


def _of_text(path: Path) -> Table:
    with open_text(path) as stream:
        head = [line for line in (stream.readline() for _ in range(64)) if line]
    skipped = 0
    while skipped < len(head) and (
            not head[skipped].strip() or head[skipped].lstrip().startswith('#')):
        skipped += 1
    if skipped >= len(head):
        raise InputError('it holds no row')
    if '\x00' in head[skipped]:
        raise InputError('no text: is it of another kind than its name says?')
    delimiter = _delimiter(head[skipped])
    header = next(_rows([head[skipped].lstrip('#')], delimiter))
    # "# t, x, y" before the numbers is a header all the same.
    if skipped and _is_numbers(header) and head[skipped - 1].lstrip().startswith('#'):
        above = next(_rows([head[skipped - 1].lstrip().lstrip('# ')], delimiter))
        if len(above) == len(header) and not _is_numbers(above):
            header, skipped = above, skipped - 1
    is_headed = not _is_numbers(header)
    if not is_headed:
        header = [str(i + 1) for i in range(len(header))]
    first = skipped + is_headed
    decimal = ',' if delimiter == ';' and any(',' in line for line in head[first:]) else '.'

    def read(indices: list[int]) -> list[np.ndarray]:
        fast = _read_fast(path, delimiter, first, indices) if decimal == '.' else None
        return fast if fast is not None else _read_cells(
            path, delimiter, first, indices, header, decimal)

    return Table(header, read)


def _read_fast(
        path: Path, delimiter: str, first: int, indices: list[int]) -> list[np.ndarray] | None:
    """Return columns by numpy's own reader; None where a cell is not plainly a number."""
    try:
        with open_text(path) as stream, warnings.catch_warnings():
            warnings.simplefilter('ignore', UserWarning)  # no row: whoever asked says so
            values = np.loadtxt(
                stream, delimiter=None if delimiter == ' ' else delimiter, skiprows=first,
                usecols=indices, ndmin=2, comments=None, quotechar='"')
    except (ValueError, IndexError):
        return None
    return [values[:, i] for i in range(len(indices))]


def _read_cells(
        path: Path, delimiter: str, first: int, indices: list[int], header: list[str],
        decimal: str) -> list[np.ndarray]:
    values: list[list[float]] = [[] for _ in indices]
    with open_text(path) as stream:
        for number, row in enumerate(_rows(stream, delimiter), 1):
            if number <= first or not any(cell.strip() for cell in row):
                continue
            if len(row) <= max(indices):
                raise InputError(
                    f'line {number} has {len(row)} cells, the header {len(header)}: give every '
                    'row all cells, empty where nothing is known')
            for column, i in zip(values, indices, strict=True):
                cell = row[i] if decimal == '.' else row[i].replace(',', '.')
                column.append(_cell(cell, header[i], number))
    return [np.array(column) for column in values]


def _rows(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    if delimiter == ' ':
        return (line.split() for line in lines)
    return csv.reader(lines, delimiter=delimiter, skipinitialspace=True)


def _delimiter(line: str) -> str:
    for delimiter in ('\t', ';', ',', '|'):
        if delimiter in line:
            return delimiter
    return ' ' if len(line.split()) > 1 else ','


def _is_numbers(cells: list[str]) -> bool:
    """Tell whether a row is data: every cell a number or empty, and one at least a number."""
    found = False
    for cell in cells:
        try:
            value = _cell(cell, '', 0)
        except InputError:
            return False
        found |= math.isfinite(value)
    return found


def _cell(value: Any, column: str, line: int) -> float:
    if value is None:
        return math.nan
    if isinstance(value, int | float):
        return float(value)
    text = str(value).strip()
    try:
        return float(text)
    except ValueError:
        pass
    if text.lower() in _NOTHING:
        return math.nan
    if text.lower() in ('true', 'false'):
        return float(text.lower() == 'true')
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        raise InputError(
            f"line {line}, column {column}: '{text[:40]}' is no number; leave the cell empty "
            'where nothing is known') from None
