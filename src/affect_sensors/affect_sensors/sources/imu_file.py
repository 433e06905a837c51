# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Inertial measurements from a file."""

from affect_sensors.sources.table import read_table
from affect_sensors.sources.timed_rows import check_times
from affect_sensors.sources.timed_rows import TimedRows
import numpy as np

COLUMNS = (
    'gyro_x_rad_s', 'gyro_y_rad_s', 'gyro_z_rad_s',
    'accel_x_m_s2', 'accel_y_m_s2', 'accel_z_m_s2')
WHAT = f"a CSV or NPZ file with the columns t_s, {', '.join(COLUMNS)}"


def open_imu_file(path: str, *, loop: bool) -> TimedRows:
    """Return a player of rows float64 [6] (COLUMNS); raise SourceError when there is none."""
    table = read_table(path, WHAT, required=('t_s', *COLUMNS))
    check_times(path, table['t_s'])
    rows = np.stack([table[name] for name in COLUMNS], axis=-1)
    return TimedRows(table['t_s'], rows, loop=loop)
