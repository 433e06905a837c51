# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Gaze from a file."""

from affect_sensors.sources.arrays import load_npz
from affect_sensors.sources.gaze_row import empty_rows
from affect_sensors.sources.gaze_row import FIELDS
from affect_sensors.sources.source import SourceError
from affect_sensors.sources.table import existing
from affect_sensors.sources.table import read_table
from affect_sensors.sources.timed_rows import check_times
from affect_sensors.sources.timed_rows import TimedRows
import numpy as np

WHAT = (
    'a CSV or NPZ file with t_s and columns named as the fields of GazeSample (azimuth_deg, '
    'left_pupil_x, right_openness, …), or an NPZ file with xy [N, 2] and confidence [N]')


def open_gaze_file(path: str, *, loop: bool, rate_hz: float, eye: str) -> TimedRows:
    """
    Return a player of rows of type GAZE_ROW.

    ``rate_hz`` and ``eye`` (``left`` or ``right``) are for the form with ``xy``, pupil centres as
    fractions of one eye camera's image, which has no times.
    """
    if existing(path, WHAT).suffix == '.npz':
        one_eye = _read_one_eye(path, rate_hz, eye)
        if one_eye is not None:
            return TimedRows(*one_eye, loop=loop)
    table = read_table(path, WHAT, required=('t_s',), optional=FIELDS)
    times = table.pop('t_s')
    check_times(path, times)
    if not table:
        raise SourceError(f"parameter 'path': '{path}' has no gaze column; give {WHAT}")
    rows = empty_rows(len(times))
    for name, column in table.items():
        rows[name] = column
    return TimedRows(times, rows, loop=loop)


def _read_one_eye(path: str, rate_hz: float, eye: str) -> tuple[np.ndarray, np.ndarray] | None:
    try:
        arrays = load_npz(existing(path, WHAT), ('xy', 'confidence'))
        if 'xy' not in arrays:
            return None
        xy = np.atleast_1d(np.asarray(arrays['xy'], dtype=np.float64))
        confidence = np.asarray(
            arrays.get('confidence', np.full(len(xy), np.nan)), dtype=np.float64)
    except (ValueError, TypeError) as error:
        raise SourceError(f"parameter 'path': '{path}' cannot be read: {error}") from error
    if xy.ndim != 2 or xy.shape[1] != 2 or len(xy) == 0 or confidence.shape != (len(xy),):
        raise SourceError(f"parameter 'path': xy in '{path}' is {xy.shape}; give {WHAT}")
    rows = empty_rows(len(xy))
    seen = ~(confidence == 0.0)
    rows[eye + '_pupil_x'] = np.where(seen, xy[:, 0], np.nan)
    rows[eye + '_pupil_y'] = np.where(seen, xy[:, 1], np.nan)
    rows[eye + '_confidence'] = confidence
    return np.arange(len(xy)) / rate_hz, rows
