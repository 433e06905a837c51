# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Random numbers that depend on a place in time alone, not on what was drawn before."""

import zlib

import numpy as np

_MASK = (1 << 64) - 1


def hash_uniform(seed: int, stream: str, index: np.ndarray | int) -> np.ndarray:
    """
    Return one number in [0, 1) per integer of ``index`` (any shape), independent of all others.

    The finaliser of SplitMix64 (Steele, Lea & Flood, OOPSLA 2014) over a counter.
    """
    start = (zlib.crc32(stream.encode()) << 32 ^ seed * 0xD1342543DE82EF95) & _MASK
    with np.errstate(over='ignore'):
        z = np.asarray(index).astype(np.int64).astype(np.uint64)
        z = z * np.uint64(0x9E3779B97F4A7C15) + np.uint64(start)
        for _ in range(2):
            z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(11)).astype(np.float64) * 2.0 ** -53


def block_rng(seed: int, stream: str, block: int) -> np.random.Generator:
    """Return the generator of one block of a stream (PCG64, the same on every machine)."""
    return np.random.Generator(np.random.PCG64(
        [seed & _MASK, zlib.crc32(stream.encode()), block & _MASK]))
