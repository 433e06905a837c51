# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Compressed point clouds, as CloudCompare and the Point Cloud Library write them."""

import random
import struct

from affect_sensors.sources.lzf import decompress
from affect_sensors.sources.pcd import read_pcd
import numpy as np
import pytest

HEAD = b"""VERSION 0.7
FIELDS x y z intensity
SIZE 4 4 4 2
TYPE F F F U
COUNT 1 1 1 1
WIDTH 50
HEIGHT 1
POINTS 50
DATA binary_compressed
"""


def compress(data):
    """Pack with literals and, where four bytes came before, with repetitions."""
    out, literals, seen, at = bytearray(), bytearray(), {}, 0

    def flush():
        while literals:
            piece = literals[:32]
            del literals[:32]
            out.append(len(piece) - 1)
            out.extend(piece)
    while at < len(data):
        before = seen.get(data[at:at + 4])
        seen[data[at:at + 4]] = at
        length = 0
        if before is not None and at - before <= 8192:
            while at + length < len(data) and length < 264 and (
                    data[before + length] == data[at + length]):
                length += 1
        if length < 4:
            literals.append(data[at])
            at += 1
            continue
        flush()
        back = at - before - 1
        short = min(length - 2, 7)
        out.append(short << 5 | back >> 8)
        if short == 7:
            out.append(length - 9)
        out.append(back & 255)
        at += length
    flush()
    return bytes(out)


def test_what_is_packed_by_hand_is_unpacked():
    # 'ab', then 5 bytes from 2 back; then 12 bytes from 1 back (a long repetition).
    assert decompress(bytes([1]) + b'ab' + bytes([3 << 5, 1]), 7) == b'abababa'
    assert decompress(bytes([0]) + b'x' + bytes([7 << 5, 3, 0]), 13) == b'x' * 13


@pytest.mark.parametrize('seed', range(20))
def test_what_is_packed_comes_out(seed):
    dice = random.Random(seed)
    words = [bytes(dice.randrange(256) for _ in range(dice.randint(1, 40))) for _ in range(20)]
    data = b''.join(dice.choice(words) for _ in range(300))
    packed = compress(data)
    assert len(packed) < len(data)
    assert decompress(packed, len(data)) == data


@pytest.mark.parametrize('packed, size, words', [
    (b'\x05ab', 6, 'end early'), (b'\x00a\xe0', 20, 'end early'), (b'\x00a\x20', 4, 'end early'),
    (b'\x00a\x20\x05', 4, 'not there'), (b'\x01ab', 9, '2 bytes instead of 9'),
    (b'\x00a' * 99, 3, 'instead of 3')])
def test_damaged_data_are_refused(packed, size, words):
    with pytest.raises(ValueError, match=words):
        decompress(packed, size)


def test_a_compressed_cloud_is_read_as_it_is(tmp_path):
    points = np.linspace(-1, 2, 150, dtype=np.float32).reshape(50, 3)
    points[7] = np.nan
    fields = [*points.T, np.arange(50, dtype='<u2')]
    data = b''.join(field.tobytes() for field in fields)
    packed = compress(data)
    (tmp_path / 'a.pcd').write_bytes(HEAD + struct.pack('<II', len(packed), len(data)) + packed)
    np.testing.assert_array_equal(read_pcd(tmp_path / 'a.pcd'), points)
    whole = (tmp_path / 'a.pcd').read_bytes()
    dice = random.Random(1)
    refused = 0
    for _ in range(300):
        damaged = bytearray(whole)
        damaged[dice.randrange(len(HEAD), len(damaged))] = dice.randrange(256)
        (tmp_path / 'a.pcd').write_bytes(damaged[:dice.randint(len(HEAD), len(damaged))])
        try:
            assert read_pcd(tmp_path / 'a.pcd').shape == (50, 3)
        except ValueError:
            refused += 1
    assert refused > 250
