# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Arrays out of files of numpy that may be damaged."""

from collections.abc import Container
from pathlib import Path

import numpy as np


def load_npz(file: Path, names: Container[str]) -> dict[str, np.ndarray]:
    """
    Return those of the named arrays that an NPZ file has.

    :raises ValueError: it can't be read.
    """
    try:
        with np.load(file, allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files if name in names}
    # numpy, zipfile, zlib and tokenize each have errors of their own for a damaged file.
    except Exception as error:
        raise ValueError(_reason(error)) from error


def load_npy(file: Path, *, in_memory: bool = True) -> np.ndarray:
    """
    Return the array of an NPY file; what is not ``in_memory`` is read when it is asked for.

    :raises ValueError: it can't be read, or is something else.
    """
    try:
        array = np.load(file, mmap_mode=None if in_memory else 'r', allow_pickle=False)
    except Exception as error:
        raise ValueError(_reason(error)) from error
    if not isinstance(array, np.ndarray):
        raise ValueError('it is an NPZ file')
    return array


def _reason(error: Exception) -> str:
    return f'it is damaged, or no file of numpy ({type(error).__name__}: {error})'
