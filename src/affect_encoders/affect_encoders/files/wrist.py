# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Physiology: tables, Empatica E4 folders, and single files as the E4 writes them."""

from collections.abc import Iterator
from itertools import pairwise
import math
from pathlib import Path
import re
from typing import Any

from affect_encoders.files.columns import find
from affect_encoders.files.columns import Found
from affect_encoders.files.columns import median_step
from affect_encoders.files.columns import missing
from affect_encoders.files.columns import seconds
from affect_encoders.files.columns import TIME_NAMES
from affect_encoders.files.columns import TIME_UNITS
from affect_encoders.files.columns import triad
from affect_encoders.files.inertia import force_unit
from affect_encoders.files.inertia import G_M_S2
from affect_encoders.files.input_error import InputError
from affect_encoders.files.options import Options
from affect_encoders.files.recording import Recording
from affect_encoders.files.recording import Samples
from affect_encoders.files.recording import Stream
from affect_encoders.files.table import open_table
from affect_encoders.files.table import open_text
from affect_encoders.files.table import RATES
from affect_encoders.files.table import Table
import numpy as np

SUFFIXES = ('.csv', '.tsv', '.txt', '.csv.gz', '.tsv.gz', '.jsonl', '.npz')
WHAT = (
    'physiology: CSV, TSV, NPZ or JSON lines with t_s and some of bvp, eda (uS), temp (C), '
    'heart_rate, ibi, respiration, acc_x/y/z; an Empatica E4 folder, or one of its files')
_NAMES = {
    'bvp': ('bvp', 'ppg', 'pleth', 'pulse', 'blood_volume_pulse', 'ppg_green', 'ppg_ir', 'pox'),
    'eda': ('eda', 'gsr', 'skin_conductance', 'sc', 'scl', 'electrodermal_activity',
            'conductance', 'eda_raw'),
    'skin_temperature': (
        'skin_temperature', 'skin_temp', 'temp', 'temperature', 'st', 'wrist_temperature'),
    'respiration': ('respiration', 'resp', 'rsp', 'breathing', 'respiratory'),
    'heart_rate': ('heart_rate', 'hr', 'heartrate', 'pulse_rate'),
    'interbeat_interval': (
        'interbeat_interval', 'ibi', 'rr', 'rri', 'rr_interval', 'nn', 'ppi', 'nn_interval'),
}
_UNITS = {
    'bvp': {'au': 1.0, 'raw': 1.0, 'nw': 1.0, 'v': 1.0, 'mv': 1.0},
    'eda': {**dict.fromkeys(
        ('us', 'usiemens', 'microsiemens', 'micro_s', 'micros', 'umho'), 1.0), 's': 1e6},
    'skin_temperature': dict.fromkeys(('c', 'degc', 'deg_c', 'celsius'), 1.0),
    'respiration': {'au': 1.0, 'raw': 1.0, 'v': 1.0, 'mv': 1.0},
    'heart_rate': dict.fromkeys(('bpm', 'per_min', '1_min', 'beats_per_min'), 1.0),
    'interbeat_interval': {'s': 1.0, 'sec': 1.0, 'ms': 1e-3},
}
_ACCELERATION = ('acc', 'accel', 'acceleration', 'accelerometer', 'wrist_acc')
_E4 = {
    'BVP': ('bvp',), 'EDA': ('eda',), 'TEMP': ('skin_temperature',), 'HR': ('heart_rate',),
    'ACC': ('acceleration_x', 'acceleration_y', 'acceleration_z'),
    'IBI': ('interbeat_interval',)}
_E4_FILE = re.compile(r'(?:.*[_\- ])?(BVP|EDA|TEMP|HR|ACC|IBI)(?:[_\- ].*)?$', re.IGNORECASE)
_LEAST_UNIX_S = 1e8
_SLOWEST_STEP_S = 1.5
_GAP_STEPS = 1.5


def is_folder(path: Path) -> bool:
    """Return whether a folder is one of an Empatica E4."""
    return any((path / f'{stem}{ending}').is_file()
               for stem in _E4 for ending in ('.csv', '.csv.gz'))


def recordings(source: Any, name: str, options: Options) -> Iterator[Recording]:
    """
    Yield the channels in a table, an E4 folder or one file of such a folder.

    :raises InputError: no channel, no time, or what is no such file
    """
    if isinstance(source, Path) and source.is_dir():
        streams: list[Stream] = []
        for stem in _E4:
            for ending in ('.csv', '.csv.gz'):
                file = source / f'{stem}{ending}'
                if file.is_file():
                    try:
                        streams += _e4_streams(file, stem)
                    except InputError as error:
                        raise InputError(f'{file.name}: {error}') from error
                    break
        if not streams:
            raise InputError('every file of this Empatica E4 folder is empty')
        yield Recording(name, streams)
        return
    if isinstance(source, Path) and (stem := _e4_stem(source)):
        streams = _e4_streams(source, stem)
        if not streams:
            raise InputError('it holds no sample')
        yield Recording(name, streams)
        return
    yield Recording(name, _table_streams(open_table(source), options))


def _e4_stem(path: Path) -> str:
    """Return which file of an E4 this is, '' if none: its name says so, and its first line."""
    match = _E4_FILE.match(path.name.lower().removesuffix('.gz').removesuffix('.csv'))
    if match is None:
        return ''
    with open_text(path) as stream:
        first, second = stream.readline(), stream.readline()
    try:
        start_s = float(first.split(',')[0])
        second_is_row = [float(cell) for cell in second.split(',')]
    except ValueError:
        return ''
    return match[1].upper() if start_s >= _LEAST_UNIX_S and second_is_row else ''


def _e4_streams(path: Path, stem: str) -> list[Stream]:
    try:
        with open_text(path) as stream:
            lines = [line.strip() for line in stream if line.strip()]
        if not lines:
            return []
        start_s = float(lines[0].split(',')[0])
        if stem == 'IBI':
            beats = np.array([[float(c) for c in line.split(',')] for line in lines[1:]])
            if not beats.size:
                return []
            return [_events(start_s + beats[:, 0], beats[:, 1])]
        rate_hz = float(lines[1].split(',')[0])
        values = np.array([[float(c) for c in line.split(',')] for line in lines[2:]])
    except (OSError, EOFError, ValueError, IndexError) as error:
        raise InputError(
            f'not as an Empatica E4 writes it (start, rate, one sample a line): {error}'
        ) from error
    if not values.size:
        return []
    if values.ndim != 2 or values.shape[1] != len(_E4[stem]) or not rate_hz > 0.0:
        raise InputError('not as an Empatica E4 writes it (start, rate, one sample a line)')
    t = start_s + np.arange(len(values)) / rate_hz
    scale = G_M_S2 / 64.0 if stem == 'ACC' else 1.0
    return [_channel(channel, t, scale * values[:, i], rate_hz)
            for i, channel in enumerate(_E4[stem])]


def _table_streams(table: Table, options: Options) -> list[Stream]:
    found: dict[str, Found] = {}
    for channel, names in _NAMES.items():
        column = find(table, names, _UNITS[channel])
        if column is not None:
            found[channel] = column
    accel = triad(table, _ACCELERATION, ('m_s2', 'ms2', 'g', 'mg'))
    if not found:
        if table.names == ['1'] or list(table.names) == ['x']:
            raise InputError(
                f'one column without a name: call it what it is ({", ".join(_NAMES)})')
        raise missing(table, WHAT)
    if find(table, TIME_NAMES, TIME_UNITS) is None and (
            by_rate := _streams_by_rate(table, found, options)):
        return by_rate
    columns = [c.name for c in (*found.values(), *(accel or ()))]
    is_fast = 'bvp' in found or 'respiration' in found
    t, values = seconds(
        table, columns, options.rate_hz,
        slowest_step_s=0.2 if is_fast else _SLOWEST_STEP_S)
    streams: list[Stream] = []
    for channel, column in found.items():
        x = values[column.name]
        known = np.isfinite(x)
        if not known.any():
            continue
        x = x[known] * _UNITS[channel].get(column.unit, 1.0)
        if channel == 'interbeat_interval':
            if not column.unit and np.median(x) > 10.0:
                x = 1e-3 * x
            # A table that holds the last interval until the next beat repeats it.
            fresh = np.append(True, np.diff(x) != 0.0) if x.size > 1 else np.ones(1, bool)
            is_held = median_step(t[known]) < 0.5 * float(np.median(x))
            keep = fresh if is_held else np.ones(x.size, bool)
            streams.append(_events(t[known][keep], x[keep]))
        else:
            streams.append(_channel(channel, t[known], x))
    if accel is not None:
        force = np.stack([values[column.name] for column in accel], axis=1)
        known = np.isfinite(force).all(axis=1)
        if known.any():
            force = force[known] * force_unit(force[known], accel)
            streams += [
                _channel(f'acceleration_{axis}', t[known], force[:, i])
                for i, axis in enumerate('xyz')]
    if not streams:
        raise InputError(f'no number in {", ".join(columns)}')
    return streams


def _streams_by_rate(
        table: Table, found: dict[str, Found], options: Options) -> list[Stream]:
    """
    Return channels of an archive that each have a rate of their own; none where all have one.

    The rate is a number beside the channel (``bvp_rate_hz``, ``eda_fs``); where only one rate is
    known (``rate_hz``, --rate-hz) and lengths differ it is that of the longest channel, and all
    last as long.
    """
    if not table.arrays or 'interbeat_interval' in found:
        return []
    samples = {channel: table.numbers([column.name])[column.name]
               for channel, column in found.items()}
    rates = {
        channel: next((table.scalars[key] for rate in RATES
                       if (key := f'{found[channel].name}_{rate}') in table.scalars), None)
        for channel in found}
    longest = max(len(x) for x in samples.values())
    common = options.rate_hz or table.rate_hz
    if all(rate is None for rate in rates.values()) and (
            common is None or all(len(x) == longest for x in samples.values())):
        return []
    streams: list[Stream] = []
    for channel, x in samples.items():
        rate_hz = rates[channel] or (common * len(x) / longest if common else None)
        if rate_hz is None or not rate_hz > 0.0:
            raise InputError(
                f'{found[channel].name} has no rate: give {found[channel].name}_rate_hz beside it')
        known = np.isfinite(x)
        if known.any():
            x = x[known] * _UNITS[channel].get(found[channel].unit, 1.0)
            streams.append(_channel(channel, np.flatnonzero(known) / rate_hz, x, rate_hz))
    return streams


def _channel(
        channel: str, t: np.ndarray, x: np.ndarray, rate_hz: float | None = None) -> Samples:
    """Return a channel; what is pushed at once is a run without a gap."""
    step_s = 1.0 / rate_hz if rate_hz else median_step(t)
    if not step_s > 0.0:
        step_s = 1.0
    gaps = np.append(True, np.diff(t) > _GAP_STEPS * step_s)
    starts = np.flatnonzero(gaps)

    def push(encoder: Any, part: slice) -> None:
        inside = starts[(starts > part.start) & (starts < part.stop)]
        edges = [part.start, *inside.tolist(), part.stop]
        for first, last in pairwise(edges):
            encoder.push(channel, x[first:last], 1.0 / step_s, float(t[first]))

    return Samples(t, push)


def _events(t: np.ndarray, intervals: np.ndarray) -> Samples:
    def push(encoder: Any, part: slice) -> None:
        for i in range(part.start, part.stop):
            encoder.push('interbeat_interval', intervals[i:i + 1], math.nan, float(t[i]))

    return Samples(t, push)
