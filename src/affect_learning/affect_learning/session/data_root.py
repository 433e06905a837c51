# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Where the recordings are, and a clear word when they are not."""

import os
from pathlib import Path
import zipfile
import zlib

READ_ERRORS = (
    OSError, EOFError, KeyError, TypeError, ValueError, zipfile.BadZipFile, zlib.error)
"""What reading a missing, truncated or foreign .npz, .csv or .gz file can raise."""


class SessionError(Exception):
    """Recordings are missing or damaged, or asked for wrongly; the text says what to do."""


def find_data_root(given: str | Path | None = None) -> Path:
    """
    Return the folder of the recordings: ``given``, else AFFECT_DATA, else ../shared/data.

    The last is taken beside the project's root, which is the nearest parent of this file or of
    the working directory that holds ``src/affect_msgs``.

    :raises SessionError: there is no such folder.
    """
    if given is None:
        given = os.environ.get('AFFECT_DATA') or None
        origin = 'AFFECT_DATA'
    else:
        origin = '--data'
    if given is not None:
        root = Path(given).expanduser()
        if not root.is_dir():
            raise SessionError(
                f'{origin} is {str(given)!r}, which is not a folder; set AFFECT_DATA to the '
                'folder that holds ravdess, fer2013, oemc_hmr, ...')
        return root
    for place in (*Path(__file__).resolve().parents, Path.cwd(), *Path.cwd().parents):
        if (place / 'src' / 'affect_msgs').is_dir():
            root = place.parent / 'shared' / 'data'
            if root.is_dir():
                return root
    raise SessionError(
        'no recordings found: set AFFECT_DATA to the folder that holds ravdess, fer2013, '
        'oemc_hmr, ... (or give --data)')


def need(root: Path, relative: str) -> Path:
    """
    Return ``root / relative``.

    :raises SessionError: it does not exist; the text names AFFECT_DATA and what is missing.
    """
    path = root / relative
    if not path.exists():
        raise SessionError(
            f'{relative} is missing under AFFECT_DATA ({root}); put the data set there, or point '
            'AFFECT_DATA at the folder that has it')
    return path
