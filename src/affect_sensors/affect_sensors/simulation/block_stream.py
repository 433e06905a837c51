# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A stream that is computed in whole blocks, so that any chunking gives the same samples."""

from collections import OrderedDict
from collections.abc import Callable
import math

import numpy as np

_SLACK = 1e-3
"""Of a sample: a time that is a sample's own may be off by its last bits."""


class BlockStream:
    """
    Samples ``k`` of a stream at ``rate_hz``, made by ``make_block(b)`` for ``block_s`` at a time.

    Sample ``k`` is at ``k / rate_hz`` seconds of the wearer's time. ``make_block`` must be a pure
    function of the block's number and return ``rate_hz * block_s`` rows. Floating point sums
    differ in the last bit when they are grouped otherwise; whole blocks keep them the same.
    """

    def __init__(
        self, rate_hz: int, block_s: int, make_block: Callable[[int], np.ndarray], *,
        keep: int = 3,
    ) -> None:
        self.rate_hz = rate_hz
        self.block_s = block_s
        self._length = rate_hz * block_s
        self._make_block = make_block
        self._keep = keep
        self._blocks: OrderedDict[int, np.ndarray] = OrderedDict()

    def block(self, number: int) -> np.ndarray:
        """Return one whole block; treat it as read-only."""
        if number in self._blocks:
            self._blocks.move_to_end(number)
            return self._blocks[number]
        made = self._make_block(number)
        self._blocks[number] = made
        while len(self._blocks) > self._keep:
            self._blocks.popitem(last=False)
        return made

    def samples(self, first: int, last: int) -> np.ndarray:
        """Return samples ``first`` (included) to ``last`` (excluded), a row each."""
        if last <= first:
            return self.block(first // self._length)[:0]
        parts = []
        for number in range(first // self._length, (last - 1) // self._length + 1):
            start = number * self._length
            parts.append(self.block(number)[max(first - start, 0):last - start])
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def at(self, t_s: float) -> np.ndarray:
        """Return the row of one time, between two samples a mixture of both."""
        first = math.floor(t_s * self.rate_hz + _SLACK)
        part = t_s * self.rate_hz - first
        if part < _SLACK:
            return self.samples(first, first + 1)[0]
        before, after = self.samples(first, first + 2)
        return before + part * (after - before)
