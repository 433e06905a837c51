# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Filling the length of a session from recordings that may be shorter."""

from collections.abc import Iterable
from collections.abc import Iterator
from typing import NamedTuple
from typing import TypeVar

import numpy as np

Recording = TypeVar('Recording')


class Span(NamedTuple):
    """Samples ``start:stop`` of a recording, which begin at sample ``at`` of the session."""

    at: int
    start: int
    stop: int


def fill(
    needed: int, recordings: Iterable[tuple[Recording, int]], rng: np.random.Generator,
) -> Iterator[tuple[Recording, Span]]:
    """
    Yield spans of recordings, one after the other, until ``needed`` samples are there.

    The first one starts at a random place that still leaves enough, the others at their
    beginning. ``recordings`` yields (recording, its length in samples) and may be endless.

    :raises ValueError: the recordings ended too early.
    """
    at = 0
    for recording, length in recordings:
        start = 0
        if at == 0 and length > needed:
            start = int(rng.integers(0, length - needed + 1))
        stop = min(length, start + needed - at)
        if stop > start:
            yield recording, Span(at, start, stop)
            at += stop - start
        if at >= needed:
            return
    raise ValueError(f'the recordings hold {at} of {needed} samples')
