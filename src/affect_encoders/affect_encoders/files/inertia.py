# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Inertial samples of the head: tables with a gyroscope and perhaps an accelerometer."""

from collections.abc import Iterator
import math
from pathlib import Path
from typing import Any

from affect_encoders.files.columns import Found
from affect_encoders.files.columns import missing
from affect_encoders.files.columns import seconds
from affect_encoders.files.columns import triad
from affect_encoders.files.input_error import InputError
from affect_encoders.files.options import Options
from affect_encoders.files.recording import Recording
from affect_encoders.files.recording import Samples
from affect_encoders.files.table import open_table
import numpy as np

SUFFIXES = ('.csv', '.tsv', '.txt', '.csv.gz', '.tsv.gz', '.jsonl', '.npz')
WHAT = (
    'inertial samples: CSV, TSV, NPZ or JSON lines with t_s, gyro_x_rad_s, gyro_y_rad_s, '
    'gyro_z_rad_s (or ..._deg_s) and accel_x_m_s2, ... (or ..._g), x forward, y left, z up')
G_M_S2 = 9.80665
_SLOWEST_STEP_S = 0.5
_GYRO = (
    'gyro', 'gyr', 'gyroscope', 'angular_velocity', 'angular_rate', 'ang_vel', 'rotation_rate',
    'rot_rate', 'omega', 'w', 'g')
_ACCEL = (
    'accel', 'acc', 'accelerometer', 'acceleration', 'linear_acceleration', 'specific_force',
    'lin_acc', 'a')
_TURNS = {
    **dict.fromkeys(('rad_s', 'rads', 'rad_per_s', 'radps', 'rad_sec', 'rps', 'rad'), 1.0),
    **dict.fromkeys(
        ('deg_s', 'degs', 'deg_per_s', 'degps', 'deg_sec', 'dps', 'deg'), math.radians(1.0))}
_FORCES = {
    **dict.fromkeys(('m_s2', 'ms2', 'm_s_2', 'mps2', 'm_per_s2', 'm_s'), 1.0),
    'g': G_M_S2, 'mg': 1e-3 * G_M_S2}
_FASTEST_HEAD_RAD_S = 12.0


def recordings(source: Any, name: str, options: Options) -> Iterator[Recording]:
    """
    Yield the samples in a table, for the head motion encoder.

    :raises InputError: no gyroscope, or no time
    """
    t, turning, force = read(source, options.rate_hz)
    yield Recording(name, [Samples(
        t, lambda encoder, part: encoder.push(t[part], turning[part], force[part]))])


def beside(path: str) -> Samples:
    """
    Return the samples in a file for an encoder of frames of the same time.

    :raises InputError: as ``recordings``, with the name of the file
    """
    try:
        t, turning, force = read(Path(path), None)
    except InputError as error:
        raise InputError(f'--imu {path}: {error}') from error
    rows = np.concatenate([turning, force], axis=1)
    return Samples(t, lambda encoder, part: encoder.push_imu(t[part], rows[part]))


def read(source: Any, rate_hz: float | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """
    Return times [N], angular velocity in rad/s [N, 3] and specific force in m/s^2 [N, 3].

    Units are those in the columns' names. Without one: turns are rad/s, but deg/s where one in a
    hundred is above 12; forces by what gravity is (about 9.8, 1 or 1000).

    :raises InputError: no gyroscope, or no time
    """
    table = open_table(source)
    gyro = triad(table, _GYRO, _TURNS)
    accel = triad(table, _ACCEL, _FORCES)
    if gyro is None:
        raise missing(table, WHAT)
    columns = [column.name for column in (*gyro, *(accel or ()))]
    t, values = seconds(table, columns, rate_hz, slowest_step_s=_SLOWEST_STEP_S)
    turning = np.stack([values[column.name] for column in gyro], axis=1)
    turning *= _TURNS[gyro[0].unit] if gyro[0].unit else _turn_unit(turning)
    force = np.full((len(t), 3), np.nan)
    if accel is not None:
        force = np.stack([values[column.name] for column in accel], axis=1)
        force *= force_unit(force, accel)
    return t, turning, force


def _turn_unit(turning: np.ndarray) -> float:
    size = np.abs(turning[np.isfinite(turning)])
    if size.size and np.percentile(size, 99.0) > _FASTEST_HEAD_RAD_S:
        return math.radians(1.0)
    return 1.0


def force_unit(force: np.ndarray, columns: list[Found]) -> float:
    """Return what 1 is in m/s^2: by the columns' names, else by what gravity must be."""
    if columns[0].unit in _FORCES:
        return _FORCES[columns[0].unit]
    norm = np.linalg.norm(force[np.isfinite(force).all(axis=1)], axis=1)
    usual = float(np.median(norm)) if norm.size else math.nan
    # 1/64 g is what an Empatica E4 counts.
    for unit in (G_M_S2, G_M_S2 / 64.0, 1e-3 * G_M_S2):
        if 0.5 < usual * unit / G_M_S2 < 2.0:
            return unit
    return 1.0
