# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""One utterance as a recogniser gives it."""

from dataclasses import dataclass
import math


@dataclass(frozen=True)
class Utterance:
    """
    What was said from ``start_s`` on (seconds of ROS time), for ``duration_s``.

    Partial results repeat ``utterance_id``; the final one ends it. ``confidence`` of the
    recogniser in [0, 1], NaN: unknown. ``language`` is an IETF BCP 47 tag, empty: unknown.
    """

    utterance_id: int
    start_s: float
    duration_s: float
    text: str
    is_final: bool = True
    confidence: float = float('nan')
    language: str = ''

    def __post_init__(self) -> None:
        if not math.isfinite(self.start_s):
            raise ValueError(f'start_s is {self.start_s}, not a time; give seconds')
        if not 0.0 <= self.duration_s < math.inf:
            raise ValueError(f'duration_s is {self.duration_s}; give seconds from 0 on')
        if not (math.isnan(self.confidence) or 0.0 <= self.confidence <= 1.0):
            raise ValueError(f'confidence is {self.confidence}; give [0, 1] or NaN')

    @property
    def end_s(self) -> float:
        """When the speech that ``text`` covers ended."""
        return self.start_s + self.duration_s

    def continues(self, other: 'Utterance') -> bool:
        """Return whether this is a later result for the utterance that ``other`` is one of."""
        # A recogniser that restarts counts from 0 again: the number alone does not tell.
        return self.utterance_id == other.utterance_id and (
            self.start_s <= other.end_s and other.start_s <= self.end_s)
