# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Whether two runs of the graph on one recording said the same, tick by tick."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field

import numpy as np

MEMORY_S = 2.0
"""Fusion smooths over 0.2 s: what was ten time constants ago no longer shows (5e-5)."""


@dataclass
class Run:
    """
    What one run said: ``inputs`` and ``states`` by tick (ns).

    ``inputs[tick][stream]`` are the bytes of an embedding or estimate; ``states[tick]`` is
    float [12]: eight probabilities, valence, arousal and their variances, NaN unknown.
    """

    inputs: dict[int, dict[str, bytes]] = field(default_factory=dict)
    states: dict[int, np.ndarray] = field(default_factory=dict)


@dataclass(frozen=True)
class RunComparison:
    """How two runs differ; ``largest_difference`` is over ticks with equal inputs (NaN: none)."""

    common_ticks: int
    equal_input_ticks: int
    equal_input_share: float
    equal_input_share_by_stream: Mapping[str, float]
    largest_difference: float
    largest_difference_of_all: float


def compare(first: Run, second: Run, memory_s: float = MEMORY_S) -> RunComparison:
    """
    Compare two runs on the ticks that both have a state for.

    A tick has equal inputs when, in both runs, every stream has the same bytes at it and at all
    ticks of ``memory_s`` before it; the first ``memory_s`` of a run count as unequal, since what
    came before is not known. Two NaN are equal, NaN and a number differ by infinity.
    """
    common = sorted(set(first.states) & set(second.states))
    last_unequal_ns = None
    equal_counts: dict[str, int] = {}
    differences, equal_differences = [], []
    begin_ns = common[0] if common else 0
    for tick in common:
        ours, theirs = first.inputs.get(tick, {}), second.inputs.get(tick, {})
        is_equal = bool(ours) and ours == theirs
        for stream in set(ours) | set(theirs):
            equal_counts[stream] = equal_counts.get(stream, 0) + (
                ours.get(stream) == theirs.get(stream))
        if not is_equal:
            last_unequal_ns = tick
        difference = _difference(first.states[tick], second.states[tick])
        differences.append(difference)
        since_ns = begin_ns if last_unequal_ns is None else last_unequal_ns
        if is_equal and tick - since_ns >= memory_s * 1e9:
            equal_differences.append(difference)
    n = len(common)
    return RunComparison(
        common_ticks=n,
        equal_input_ticks=len(equal_differences),
        equal_input_share=len(equal_differences) / n if n else float('nan'),
        equal_input_share_by_stream={
            stream: count / n for stream, count in sorted(equal_counts.items())},
        largest_difference=max(equal_differences, default=float('nan')),
        largest_difference_of_all=max(differences, default=float('nan')))


def _difference(ours: np.ndarray, theirs: np.ndarray) -> float:
    unknown = np.isnan(ours)
    if not np.array_equal(unknown, np.isnan(theirs)):
        return float('inf')
    return float(np.max(np.abs(ours - theirs)[~unknown], initial=0.0))
