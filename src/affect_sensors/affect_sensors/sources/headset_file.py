# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Fit and calibration of the headset from a file."""

import zlib

from affect_sensors.sources.source import SourceError
from affect_sensors.sources.table import existing
from affect_sensors.sources.table import open_text
from affect_sensors.sources.timed_rows import check_times
from affect_sensors.sources.timed_rows import TimedRows
import numpy as np

FITS = ('unknown', 'not_worn', 'good', 'bad')
CALIBRATIONS = ('unknown', 'none', 'coarse', 'fine')
WHAT = (
    f"a CSV file with the columns t_s, fit ({', '.join(FITS)}) and eye_calibration "
    f"({', '.join(CALIBRATIONS)}); a row holds until the next one")


def open_headset_file(path: str, *, loop: bool) -> TimedRows:
    """Return a player of rows ``(fit, eye_calibration)``, indices of FITS and CALIBRATIONS."""
    file = existing(path, WHAT)
    times, rows = [], []
    try:
        with open_text(file) as stream:
            header = [cell.strip() for cell in stream.readline().split(',')]
            at, fit, calibration = (
                header.index(name) for name in ('t_s', 'fit', 'eye_calibration'))
            for line in stream:
                if line.strip():
                    cells = [cell.strip() for cell in line.split(',')]
                    times.append(float(cells[at]))
                    rows.append((
                        _index(FITS, cells[fit]), _index(CALIBRATIONS, cells[calibration])))
    except (OSError, EOFError, ValueError, IndexError, zlib.error) as error:
        raise SourceError(
            f"parameter 'path': '{path}' does not fit ({error}); give {WHAT}") from error
    check_times(path, np.array(times))
    return TimedRows(np.array(times), rows, loop=loop)


def _index(words: tuple[str, ...], word: str) -> int:
    if word not in words:
        raise ValueError(f"nobody knows '{word}'")
    return words.index(word)
