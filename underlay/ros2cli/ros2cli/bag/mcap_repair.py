# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Gives an MCAP file that ends in mid-write its end."""

from pathlib import Path
import struct

from ros2cli.bag.bag_error import BagError

MAGIC = b'\x89MCAP0\r\n'
RECORD_HEADER = struct.Struct('<BQ')
FOOTER = 0x02
DATA_END = 0x0F


def repair_mcap(path: Path) -> bool:
    """
    Cut the file after its last complete record and close it; return whether that was needed.

    The result has no index: readers scan it, which the format allows (a summary offset of 0).

    Raises:
        BagError: the file does not begin like an MCAP file.

    """
    size = path.stat().st_size
    with path.open('r+b') as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise BagError(f"'{path}' is no MCAP file: it does not begin with MCAP's magic bytes")
        end = file.tell()
        while len(header := file.read(RECORD_HEADER.size)) == RECORD_HEADER.size:
            opcode, length = RECORD_HEADER.unpack(header)
            next_record = end + RECORD_HEADER.size + length
            if opcode == 0 or next_record > size:
                break
            if opcode in (FOOTER, DATA_END):
                file.seek(-len(MAGIC), 2)
                if file.read() == MAGIC:
                    return False
                break
            end = file.seek(next_record)
        file.truncate(end)
        file.seek(end)
        file.write(RECORD_HEADER.pack(DATA_END, 4) + struct.pack('<I', 0))
        file.write(RECORD_HEADER.pack(FOOTER, 20) + struct.pack('<QQI', 0, 0, 0) + MAGIC)
    return True
