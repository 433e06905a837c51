# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Which column of a table is which quantity, and in which unit: by its name."""

from collections.abc import Iterable
from collections.abc import Mapping
import math
from typing import NamedTuple

from affect_encoders.files.input_error import InputError
from affect_encoders.files.table import Table
import numpy as np

TIME_NAMES = (
    't', 'time', 'times', 'timestamp', 'timestamps', 'stamp', 'ts', 'sample_time', 'frame_time',
    'gaze_timestamp', 'pupil_timestamp', 'world_timestamp', 'recording_timestamp',
    'system_timestamp', 'device_timestamp', 'device_time_stamp', 'system_time_stamp',
    'time_stamp', 'unix_timestamp', 'unix_time', 'utc', 'datetime', 'date_time', 'elapsed',
    'elapsed_time', 'timecode', 'start')
TIME_UNITS = {
    's': 1.0, 'sec': 1.0, 'secs': 1.0, 'second': 1.0, 'seconds': 1.0, 'min': 60.0,
    'minutes': 60.0, 'ms': 1e-3, 'msec': 1e-3, 'millis': 1e-3, 'milliseconds': 1e-3, 'us': 1e-6,
    'usec': 1e-6, 'micros': 1e-6, 'microseconds': 1e-6, 'ns': 1e-9, 'nsec': 1e-9, 'nanos': 1e-9,
    'nanoseconds': 1e-9}
_MOST_LATE = 0.05
_EPOCH = ((1e17, 1e-9), (1e14, 1e-6), (1e11, 1e-3))
"""From these sizes on a number is a time since 1970 in nano-, micro- or milliseconds."""


class Found(NamedTuple):
    """The plain name of a column and the unit that its name gives, '' for none."""

    name: str
    unit: str


def find(table: Table, names: Iterable[str], units: Iterable[str] = ()) -> Found | None:
    """Return the first column with one of ``names``, bare or followed by one of ``units``."""
    units = tuple(units)
    for name in names:
        for unit in units:
            if table.has(f'{name}_{unit}'):
                return Found(f'{name}_{unit}', unit)
        if table.has(name):
            return Found(name, '')
    return None


def find_all(
        table: Table, quantities: Mapping[str, Iterable[str]],
        units: Iterable[str] = ()) -> dict[str, Found]:
    """Return the column of each quantity that there is."""
    units = tuple(units)
    found = {name: find(table, aliases, units) for name, aliases in quantities.items()}
    return {name: column for name, column in found.items() if column is not None}


def times_of(table: Table, rate_hz: float | None, *, slowest_step_s: float) -> Found | float:
    """
    Return the column of times, or the rate where there is none.

    :raises InputError: neither, and what would be one
    """
    found = find(table, TIME_NAMES, TIME_UNITS)
    if found is None:
        for unit in TIME_UNITS:
            if table.has(unit) and unit not in ('min', 'us'):
                return Found(unit, unit)
        rate_hz = rate_hz or table.rate_hz
        if rate_hz is None:
            raise InputError(
                f'no column of times among {_some(table.names)}: name one t_s (seconds), or say '
                'the rate with --rate-hz')
        return rate_hz
    return found


def seconds(
        table: Table, columns: Iterable[str], rate_hz: float | None, *,
        slowest_step_s: float) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """
    Return times [N] in seconds that rise, and the columns at those times.

    The unit of times is that in their name. Without one: since 1970 in milli-, micro- or
    nanoseconds by their size; else seconds, unless the step between rows is longer than
    ``slowest_step_s``: then the largest unit in which it is not. Rows whose time is unknown or
    does not rise are left out.

    :raises InputError: no time and no rate, or no row that can be used
    """
    when = times_of(table, rate_hz, slowest_step_s=slowest_step_s)
    if not isinstance(when, Found):
        values = table.numbers(columns)
        count = len(next(iter(values.values()), ()))
        if not count:
            raise InputError('it holds no row')
        return np.arange(count) / when, values
    values = table.numbers([when.name, *columns])
    t = values[when.name] * 1.0
    values = {name: column for name, column in values.items()
              if name != when.name or name in columns}
    usable = np.isfinite(t)
    if not t.size:
        raise InputError('it holds no row')
    if not usable.any():
        raise InputError(f'column {when.name} holds no time')
    t *= TIME_UNITS[when.unit] if when.unit else _unit_s(t[usable], slowest_step_s)
    # Doubled and late rows: the first of them counts, as in the live buffers.
    newest = np.fmax.accumulate(np.where(usable, t, -np.inf))
    rising = usable.copy()
    rising[1:] &= t[1:] > newest[:-1]
    back = np.flatnonzero(usable[1:] & (t[1:] < newest[:-1])) + 1
    if back.size > _MOST_LATE * t.size:
        row = int(back[0])
        raise InputError(
            f'column {when.name} goes back at row {row + 1}, from {newest[row - 1]:.10g} to '
            f'{t[row]:.10g} s, and {back.size} rows are late: give each recording a file of its '
            'own, sorted by time')
    if np.count_nonzero(rising) < 0.5 * np.count_nonzero(usable):
        raise InputError(
            f'column {when.name}: most rows have the time of another row; give each its own, '
            'with enough digits')
    return t[rising], {name: column[rising] for name, column in values.items()}


def _unit_s(t: np.ndarray, slowest_step_s: float) -> float:
    size = float(np.median(np.abs(t)))
    for least, unit_s in _EPOCH:
        if size >= least:
            return unit_s
    steps = np.diff(t)
    steps = steps[steps > 0.0]
    if not steps.size:
        return 1.0
    step = float(np.median(steps))
    for unit_s in (1.0, 1e-3, 1e-6, 1e-9):
        if step * unit_s <= slowest_step_s:
            return unit_s
    return 1.0


def triad(table: Table, stems: Iterable[str], units: Iterable[str]) -> list[Found] | None:
    """Return the columns of x, y and z of a vector quantity; None unless there are all three."""
    units = tuple(units)
    for stem in stems:
        found = []
        for axis in 'xyz':
            # gyro_x_deg_s, gyro_deg_s_x, x_gyro, gx
            names = [f'{stem}_{axis}', f'{axis}_{stem}', f'{stem}{axis}']
            names += [f'{stem}_axis_{axis}']
            column = find(table, names, units)
            if column is None:
                column = next((Found(f'{stem}_{unit}_{axis}', unit) for unit in units
                               if table.has(f'{stem}_{unit}_{axis}')), None)
            if column is None:
                break
            found.append(column)
        if len(found) == 3:
            if len({column.unit for column in found}) > 1:
                raise InputError(
                    f'{", ".join(column.name for column in found)} are in different units')
            return found
    return None


def missing(table: Table, what: str) -> InputError:
    """Return the error of a table that has nothing of what is needed."""
    if table.names and all(name.isdigit() for name in table.names):
        return InputError(f'its first line names no columns; give {what}')
    return InputError(f'nothing that is taken here among {_some(table.names)}; give {what}')


def median_step(t: np.ndarray) -> float:
    """Return the median step between times, NaN below two."""
    return float(np.median(np.diff(t))) if len(t) > 1 else math.nan


def _some(names: Iterable[str]) -> str:
    listed = [str(name) for name in names]
    more = f' and {len(listed) - 12} more' if len(listed) > 12 else ''
    return ', '.join(listed[:12]) + more if listed else 'nothing'
