# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Data compressed as LibLZF does it, which the Point Cloud Library uses."""


def decompress(packed: bytes, size: int) -> bytes:
    """
    Return the ``size`` bytes that were packed.

    A byte below 32 announces so many + 1 bytes as they are. Any other one is a repetition: its
    upper three bits are the length - 2 (7: a byte that adds to it follows), its lower five and
    the next byte how far back it begins, - 1.

    :raises ValueError: it is damaged.
    """
    out = bytearray()
    at = 0
    try:
        while at < len(packed) and len(out) <= size:
            control = packed[at]
            at += 1
            if control < 32:
                run = packed[at:at + control + 1]
                if len(run) <= control:
                    raise ValueError('the compressed data end early')
                out += run
                at += control + 1
                continue
            length = control >> 5
            if length == 7:
                length += packed[at]
                at += 1
            length += 2
            begin = len(out) - ((control & 31) << 8) - packed[at] - 1
            at += 1
            if begin < 0:
                raise ValueError('the compressed data repeat what is not there')
            piece = out[begin:begin + length]
            # A repetition may reach into itself: then it goes round.
            out += (piece * (length // len(piece) + 1))[:length]
    except IndexError:
        raise ValueError('the compressed data end early') from None
    if len(out) != size:
        raise ValueError(f'the compressed data make {len(out)} bytes instead of {size}')
    return bytes(out)
