# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Face weights from a file."""

import zipfile

from affect_sensors.blendshapes import INDEX
from affect_sensors.blendshapes import NAMES
from affect_sensors.sources.source import SourceError
from affect_sensors.sources.table import existing
from affect_sensors.sources.table import read_table
from affect_sensors.sources.timed_rows import check_times
from affect_sensors.sources.timed_rows import TimedRows
import numpy as np

CONFIDENCES = ('upper_confidence', 'lower_confidence')
WHAT = (
    'a CSV or NPZ file with t_s and columns named as the shapes of ARKit (jawOpen, '
    'mouthSmileLeft, …; JawOpen will do) and perhaps upper_confidence and lower_confidence, or an '
    'NPZ file with t_s and weights [N, 52]')


def open_face_file(path: str, *, loop: bool) -> TimedRows:
    """
    Return a player of rows float64 [54]: the 52 weights of ARKit in order, then CONFIDENCES.

    What the file does not have is NaN. Values are as they are in the file.

    :raises SourceError: no such file, or none of these columns.
    """
    if existing(path, WHAT).suffix == '.npz':
        together = _read_weights(path)
        if together is not None:
            return TimedRows(*together, loop=loop)
    # Recorders spell them with a capital; ARKit does not.
    spelled = {name[0].upper() + name[1:]: name for name in NAMES} | {n: n for n in NAMES}
    table = read_table(path, WHAT, required=('t_s',), optional=(*spelled, *CONFIDENCES))
    times = table.pop('t_s')
    check_times(path, times)
    rows = np.full((len(times), len(NAMES) + len(CONFIDENCES)), np.nan)
    found = 0
    for name, column in table.items():
        if name in spelled:
            rows[:, INDEX[spelled[name]]] = column
            found += 1
        else:
            rows[:, len(NAMES) + CONFIDENCES.index(name)] = column
    if not found:
        raise SourceError(f"parameter 'path': '{path}' has no face shape; give {WHAT}")
    return TimedRows(times, rows, loop=loop)


def _read_weights(path: str) -> tuple[np.ndarray, np.ndarray] | None:
    try:
        with np.load(path, allow_pickle=False) as archive:
            if 'weights' not in archive.files:
                return None
            weights = np.asarray(archive['weights'], dtype=np.float64)
            times = np.asarray(archive['t_s'], dtype=np.float64).ravel()
    except KeyError as error:
        raise SourceError(f"parameter 'path': '{path}' has no t_s; give {WHAT}") from error
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise SourceError(f"parameter 'path': '{path}' cannot be read: {error}") from error
    if weights.shape != (len(times), len(NAMES)):
        raise SourceError(
            f"parameter 'path': weights in '{path}' are {list(weights.shape)} for {len(times)} "
            f'times; give {WHAT}')
    check_times(path, times)
    unknown = np.full((len(times), len(CONFIDENCES)), np.nan)
    return times, np.concatenate([weights, unknown], axis=1)
