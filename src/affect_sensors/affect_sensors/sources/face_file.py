# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Face weights from a file."""

import csv
from pathlib import Path
import re
import zlib

from affect_sensors.blendshapes import NAMES
from affect_sensors.face_shapes import SHAPE_SETS
from affect_sensors.face_shapes import ShapeSet
from affect_sensors.sources.arrays import load_npz
from affect_sensors.sources.source import SourceError
from affect_sensors.sources.table import existing
from affect_sensors.sources.table import open_text
from affect_sensors.sources.table import read_table
from affect_sensors.sources.timed_rows import check_times
from affect_sensors.sources.timed_rows import TimedRows
import numpy as np

CONFIDENCES = ('upper_confidence', 'lower_confidence')
WHAT = (
    'a CSV or NPZ file with t_s and columns named as the shapes of ARKit (jawOpen, '
    'mouthSmileLeft, …; JawOpen will do), of Magic Leap or Meta (JAW_DROP, LIP_PRESSOR_L, …) '
    'or Unified Expressions (MouthCornerPullLeft, …) and perhaps upper_confidence and '
    'lower_confidence, a CSV file of Live Link Face, or an NPZ file with t_s and weights [N, 52]')
_TIMECODE = re.compile(r'(\d+):(\d+):(\d+):(\d+)(?:\.(\d+))?')
_FRAME_RATES = (24, 25, 30, 60, 120)
_USUAL_FRAME_RATE = 60
_SLACK = 0.02
"""As in the node: trackers overshoot a little."""


class FaceRows(TimedRows):
    """
    Plays rows float64 [54 + N]: ARKit's 52 weights, CONFIDENCES, the device's own N shapes.

    ``native_schema`` names the device's set of shapes; empty, and N 0, when it is ARKit's.
    """

    def __init__(
        self, t_s: np.ndarray, rows: np.ndarray, *, loop: bool, native_schema: str = '',
    ) -> None:
        super().__init__(t_s, rows, loop=loop)
        self.native_schema = native_schema


def open_face_file(path: str, *, loop: bool) -> FaceRows:
    """
    Return a player of face weights.

    What the file does not have is NaN. ARKit's weights are as they are in the file, in range or
    not; those of another set of shapes must be weights.

    :raises SourceError: no such file, or none of these columns.
    """
    file = existing(path, WHAT)
    if file.suffix == '.npz':
        together = _read_weights(path)
        if together is not None:
            return FaceRows(*together, loop=loop)
    spelled = {shapes.name: _spellings(shapes) for shapes in SHAPE_SETS.values()}
    timecodes = None if file.suffix == '.npz' else _read_timecodes(path, file)
    table = read_table(
        path, WHAT, required=() if timecodes is not None else ('t_s',),
        optional=(*(name for names in spelled.values() for name in names), *CONFIDENCES))
    times = timecodes if timecodes is not None else table.pop('t_s')
    # The set that explains the most columns; ARKit is first, and wins when it explains as many.
    schema, names = max(spelled.items(), key=lambda item: len(item[1].keys() & table.keys()))
    if not names.keys() & table.keys():
        raise SourceError(f"parameter 'path': '{path}' has no face shape; give {WHAT}")
    shapes = SHAPE_SETS[schema]
    native = np.full((len(times), len(shapes)), np.nan)
    for name in names.keys() & table.keys():
        native[:, shapes.index[names[name]]] = table[name]
    confidences = np.stack(
        [table.get(name, np.full(len(times), np.nan)) for name in CONFIDENCES], axis=-1)
    if schema == 'ARKit':
        rows, schema = np.concatenate([native, confidences], axis=1), ''
    else:
        _check_weights(path, shapes, native)
        rows = np.concatenate([shapes.to_arkit(native), confidences, native], axis=1)
    if timecodes is not None and len(times):
        # Frames that the telephone was late with have the time of their neighbour.
        rises = np.append(True, np.diff(np.maximum.accumulate(times)) > 0.0)
        times, rows = times[rises], rows[rises]
    check_times(path, times)
    return FaceRows(times, rows, loop=loop, native_schema=schema)


def _spellings(shapes: ShapeSet) -> dict[str, str]:
    """Return the names that a column may have for each shape."""
    found = {name: name for name in shapes.names}
    if shapes.name == 'ARKit':
        # Recorders spell them with a capital; ARKit does not.
        found |= {name[0].upper() + name[1:]: name for name in shapes.names}
    elif shapes.name == 'XR_ML_facial_expression':
        found |= {f'XR_FACIAL_BLEND_SHAPE_{name}_ML': name for name in shapes.names}
    elif shapes.name == 'XR_FB_face_tracking2':
        found |= {f'XR_FACE_EXPRESSION2_{name}_FB': name for name in shapes.names}
    return found


def _check_weights(path: str, shapes: ShapeSet, native: np.ndarray) -> None:
    wrong = (native < -_SLACK) | (native > 1.0 + _SLACK)
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        raise SourceError(
            f"parameter 'path': {shapes.names[column]} is {native[row, column]:g} in row "
            f"{row + 1} of '{path}'; weights are in [0, 1] (divide percent by 100)")


def _read_timecodes(path: str, file: Path) -> np.ndarray | None:
    """Return the times of a recording of Live Link Face, seconds; None when it is none."""
    try:
        with open_text(file) as stream:
            reader = csv.reader(stream)
            header = [cell.strip() for cell in next(reader, [])]
            if 'Timecode' not in header or 't_s' in header:
                return None
            at = header.index('Timecode')
            cells = [row[at].strip() if at < len(row) else '' for row in reader if row]
    except (OSError, EOFError, ValueError, csv.Error, zlib.error) as error:
        raise SourceError(f"parameter 'path': '{path}' cannot be read: {error}") from error
    parts = [_TIMECODE.fullmatch(cell) for cell in cells]
    for number, found in enumerate(parts):
        if found is None:
            raise SourceError(
                f"parameter 'path': the Timecode of row {number + 1} of '{path}' is "
                f"'{cells[number]}', not hours:minutes:seconds:frames.fraction")
    numbers = np.array([
        [float(p[1]), float(p[2]), float(p[3]), float(p[4]), float(f'0.{p[5] or 0}')]
        for p in parts if p is not None]).reshape(-1, 5)
    most = numbers[:, 3].max(initial=0.0)
    # A recording of less than a second does not tell the rate.
    is_told = len(np.unique(numbers[:, 2])) > 1
    rate_hz = next(
        (rate for rate in _FRAME_RATES if is_told and most < rate),
        max(_USUAL_FRAME_RATE, int(most) + 1))
    times = numbers @ np.array([3600.0, 60.0, 1.0, 1.0 / rate_hz, 1.0 / rate_hz])
    # Past midnight the hours begin anew.
    return times + 86400.0 * np.cumsum(np.append(0, np.diff(times) < -43200.0))[:len(times)]


def _read_weights(path: str) -> tuple[np.ndarray, np.ndarray] | None:
    try:
        arrays = load_npz(existing(path, WHAT), ('weights', 't_s'))
        if 'weights' not in arrays:
            return None
        weights = np.asarray(arrays['weights'], dtype=np.float64)
        times = np.asarray(arrays['t_s'], dtype=np.float64).ravel()
    except KeyError as error:
        raise SourceError(f"parameter 'path': '{path}' has no t_s; give {WHAT}") from error
    except (ValueError, TypeError) as error:
        raise SourceError(f"parameter 'path': '{path}' cannot be read: {error}") from error
    if weights.shape != (len(times), len(NAMES)):
        raise SourceError(
            f"parameter 'path': weights in '{path}' are {list(weights.shape)} for {len(times)} "
            f'times; give {WHAT}')
    check_times(path, times)
    unknown = np.full((len(times), len(CONFIDENCES)), np.nan)
    return times, np.concatenate([weights, unknown], axis=1)
