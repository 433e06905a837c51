# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A folder as the Empatica E4 wrist-band's software writes it."""

from pathlib import Path
import zlib

from affect_sensors.sources.physio_channel import Channel
from affect_sensors.sources.source import SourceError
from affect_sensors.sources.table import open_text
import numpy as np

_STANDARD_GRAVITY_M_S2 = 9.80665
_COLUMNS = {
    'BVP': (('bvp', 1.0),),
    'EDA': (('eda', 1.0),),
    'TEMP': (('skin_temperature', 1.0),),
    'HR': (('heart_rate', 1.0),),
    # The E4 counts 1/64 g.
    'ACC': tuple((f'acceleration_{axis}', _STANDARD_GRAVITY_M_S2 / 64.0) for axis in 'xyz'),
}
"""The channels in each file, with what 1 is in the unit of affect_msgs/PhysioChunk."""


def read_e4(folder: Path) -> list[Channel]:
    """
    Return the channels of a folder: BVP, EDA, TEMP, HR, ACC and IBI, also gzipped.

    The first line of a file says when it began (Unix time), the second its rate. IBI says when
    each beat was (after its beginning) and how long after the one before. Files that are absent
    or empty are left out (IBI is empty when the band sat loosely); tags are no channel.

    :raises SourceError: a file is not so, or there is none.
    """
    found = []
    for stem, columns in _COLUMNS.items():
        rows = _rows(folder, stem)
        if rows is None:
            continue
        file, (start, rate, *values) = rows
        samples = np.array(values, dtype=np.float64)
        if samples.ndim != 2 or samples.shape[1] != len(columns) or not (
                rate[0] > 0.0 and np.isfinite([start[0], rate[0]]).all()):
            raise SourceError(
                f"parameter 'path': '{file}' has no valid start time, rate and samples")
        found += [
            Channel(name, rate[0], start[0], scale * samples[:, i])
            for i, (name, scale) in enumerate(columns)]
    beats = _beats(folder)
    if beats is not None:
        found.append(beats)
    if not found:
        raise SourceError(
            f"parameter 'path': '{folder}' has none of the files of an Empatica E4 "
            f"({', '.join(f'{stem}.csv' for stem in (*_COLUMNS, 'IBI'))}, also .csv.gz)")
    begin_s = min(c.offset_s for c in found)
    return [
        Channel(c.name, c.rate_hz, c.offset_s - begin_s, c.samples, c.times_s) for c in found]


def _beats(folder: Path) -> Channel | None:
    rows = _rows(folder, 'IBI')
    if rows is None or len(rows[1]) < 2:
        return None
    file, ((start_s, *_), *values) = rows
    beats = np.array(values, dtype=np.float64)
    if beats.ndim != 2 or beats.shape[1] != 2 or not np.isfinite(start_s) or (
            not np.isfinite(beats).all() or np.any(np.diff(beats[:, 0]) <= 0.0)):
        raise SourceError(
            f"parameter 'path': '{file}' has no valid start time, rising times and intervals")
    return Channel(
        'interbeat_interval', float('nan'), start_s, beats[:, 1], times_s=beats[:, 0])


def _rows(folder: Path, stem: str) -> tuple[Path, list[list[float]]] | None:
    """Return a file and its lines of numbers; None when it is absent or empty."""
    for file in (folder / f'{stem}.csv', folder / f'{stem}.csv.gz'):
        if not file.exists():
            continue
        try:
            with open_text(file) as stream:
                lines = [line for line in stream if line.strip()]
            if not lines:
                return None
            # The heading of the second column of IBI.csv stands beside the start time.
            lines[0] = lines[0].replace('IBI', '').rstrip(', \r\n')
            rows = [[float(cell) for cell in line.split(',')] for line in lines]
            if len({len(row) for row in rows[1:]}) > 1:
                raise ValueError('its lines differ in length')
        except (OSError, EOFError, ValueError, zlib.error) as error:
            raise SourceError(
                f"parameter 'path': '{file}' is not as the E4 writes it (start time, rate, "
                f'one sample a line): {error}') from error
        if len(rows) < 3 and stem != 'IBI':
            raise SourceError(
                f"parameter 'path': '{file}' has no valid start time, rate and samples")
        return file, rows
    return None
