# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Three axes of a sensor of Linux' Industrial I/O subsystem (IIO), read through sysfs."""

import os
from pathlib import Path

import numpy as np

_AXES = 'xyz'
_IDENTITY = np.eye(3)


def has_triad(folder: Path, kind: str) -> bool:
    """Return whether a device has x, y and z of ``kind`` (accel, anglvel)."""
    return all((folder / f'in_{kind}_{axis}_raw').exists() for axis in _AXES)


class IioTriad:
    """
    Reads x, y and z of one kind in SI units: m/s^2 for accel, rad/s for anglvel.

    (raw + offset) * scale is the unit, and the device's mount matrix turns it into the frame of
    the computer that carries it (Documentation/ABI/testing/sysfs-bus-iio of Linux).

    :raises OSError: a file is absent or can't be read.
    :raises ValueError: what a file says is no number; the text names the file.
    """

    def __init__(self, folder: Path, kind: str) -> None:
        self.folder = folder
        self.kind = kind
        self._scale = np.array([self._constant(axis, 'scale', None) for axis in _AXES])
        self._offset = np.array([self._constant(axis, 'offset', 0.0) for axis in _AXES])
        self._mount = self._mount_matrix()
        self.rate_hz = self._rate()
        self._files = [os.open(self._path(axis, 'raw'), os.O_RDONLY) for axis in _AXES]

    def read(self) -> np.ndarray:
        """Return the three values, float64 [3], as they are now."""
        raw = []
        for axis, file in zip(_AXES, self._files, strict=True):
            text = os.pread(file, 64, 0)
            try:
                raw.append(float(text))
            except ValueError:
                raise ValueError(f"'{self._path(axis, 'raw')}' says {text[:20]!r}") from None
        return self._mount @ ((np.array(raw) + self._offset) * self._scale)

    def ask_rate(self, rate_hz: float) -> bool:
        """Ask the device for a rate; return whether it took it (that may need the right to)."""
        for name in self._rate_names():
            try:
                (self.folder / name).write_text(f'{rate_hz:g}\n')
            except OSError:
                continue
            self.rate_hz = self._rate()
            return True
        return False

    def close(self) -> None:
        """Close the files."""
        for file in self._files:
            os.close(file)
        self._files = []

    def _path(self, axis: str, what: str) -> Path:
        return self.folder / f'in_{self.kind}_{axis}_{what}'

    def _constant(self, axis: str, what: str, default: float | None) -> float:
        """Return the constant of an axis, or the one that all axes share."""
        for file in (self._path(axis, what), self.folder / f'in_{self.kind}_{what}'):
            if file.exists():
                return _number(file)
        if default is None:
            raise ValueError(f"'{file}' is missing: the unit of its counts is unknown")
        return default

    def _rate_names(self) -> list[str]:
        names = (f'in_{self.kind}_sampling_frequency', 'sampling_frequency')
        return [name for name in names if (self.folder / name).exists()]

    def _rate(self) -> float | None:
        """Return the device's own rate; None when it tells none."""
        for name in self._rate_names():
            rate_hz = _number(self.folder / name)
            if rate_hz > 0.0:
                return rate_hz
        return None

    def _mount_matrix(self) -> np.ndarray:
        names = (f'in_{self.kind}_mount_matrix', 'in_mount_matrix', 'mount_matrix')
        for file in (self.folder / name for name in names):
            if file.exists():
                text = file.read_text()
                try:
                    matrix = np.array([
                        [float(cell) for cell in row.split(',')] for row in text.split(';')])
                except ValueError:
                    matrix = np.empty(0)
                if matrix.shape != (3, 3) or not np.isfinite(matrix).all():
                    raise ValueError(f"'{file}' is no matrix of 3 x 3: {text.strip()[:80]}")
                return matrix
        return _IDENTITY


def _number(file: Path) -> float:
    text = file.read_text()
    try:
        value = float(text)
    except ValueError:
        value = float('nan')
    if not np.isfinite(value):
        raise ValueError(f"'{file}' says {text.strip()[:20]!r} instead of a number")
    return value
