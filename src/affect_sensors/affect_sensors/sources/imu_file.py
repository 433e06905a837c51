# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Inertial measurements from a file."""

import math

from affect_sensors.sources.source import SourceError
from affect_sensors.sources.table import read_table
from affect_sensors.sources.timed_rows import check_times
from affect_sensors.sources.timed_rows import TimedRows
import numpy as np

COLUMNS = (
    'gyro_x_rad_s', 'gyro_y_rad_s', 'gyro_z_rad_s',
    'accel_x_m_s2', 'accel_y_m_s2', 'accel_z_m_s2')
STANDARD_GRAVITY_M_S2 = 9.80665
_OTHER_UNITS = {
    'rad_s': {'rad_s': 1.0, 'deg_s': math.radians(1.0)},
    'm_s2': {'m_s2': 1.0, 'g': STANDARD_GRAVITY_M_S2}}
WHAT = (
    f"a CSV or NPZ file with the columns t_s, {', '.join(COLUMNS)} (or gyro_x_deg_s ..., or "
    'accel_x_g ...: the name says the unit; a sensor that was not there may be left out)')


def open_imu_file(path: str, *, loop: bool) -> TimedRows:
    """
    Return a player of rows float64 [6] (COLUMNS); a sensor without columns is NaN.

    :raises SourceError: no such file, a column missing or double, times that do not rise.
    """
    units = {column: _in_other_units(column) for column in COLUMNS}
    table = read_table(
        path, WHAT, required=('t_s',),
        optional=[name for names in units.values() for name in names])
    check_times(path, table['t_s'])
    rows = np.full((len(table['t_s']), len(COLUMNS)), np.nan)
    found = []
    for i, (column, names) in enumerate(units.items()):
        present = [name for name in names if name in table]
        if len(present) > 1:
            raise SourceError(
                f"parameter 'path': '{path}' has {' and '.join(present)}, which are one quantity "
                'in two units; keep one of them')
        for name in present:
            rows[:, i] = table[name] * names[name]
            found.append(column)
    missing = [
        column for triad in (COLUMNS[:3], COLUMNS[3:]) for column in triad
        if column not in found and (not found or set(found) & set(triad))]
    if missing:
        raise SourceError(
            f"parameter 'path': '{path}' has no column {', '.join(missing)}; give {WHAT}")
    return TimedRows(table['t_s'], rows, loop=loop)


def _in_other_units(column: str) -> dict[str, float]:
    """Return the names of a column in every unit, with the factor to the one of COLUMNS."""
    stem, unit = next(
        (column.removesuffix('_' + unit), unit) for unit in _OTHER_UNITS
        if column.endswith('_' + unit))
    return {f'{stem}_{other}': factor for other, factor in _OTHER_UNITS[unit].items()}
