# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the header of a WAV file promises; libsndfile tells only what the file holds."""

import struct

_UNTOLD = (0, 0xFFFFFFFF)  # written while recording, and left there by who writes to a pipe


def promised_wav_s(path: str) -> float:
    """
    Return how many seconds of sound the header of a RIFF WAVE file promises.

    0 where it promises nothing, or where the file is no RIFF WAVE (IBM and Microsoft, Multimedia
    Programming Interface and Data Specifications 1.0, 1991).

    :raises OSError: the file can't be opened.
    """
    with open(path, 'rb') as file:
        riff = file.read(12)
        if riff[:4] != b'RIFF' or riff[8:] != b'WAVE':
            return 0.0
        bytes_per_s = 0
        while len(head := file.read(8)) == 8:
            name, size = struct.unpack('<4sI', head)
            if name == b'data':
                return size / bytes_per_s if bytes_per_s and size not in _UNTOLD else 0.0
            if name == b'fmt ' and size >= 16:
                bytes_per_s = struct.unpack('<I', file.read(12)[8:].ljust(4, b'\0'))[0]
                size -= 12
            # Chunks begin at even places.
            file.seek(size + size % 2, 1)
    return 0.0
