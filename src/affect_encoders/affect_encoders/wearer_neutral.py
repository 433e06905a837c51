# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What a wearer's neutral differs from the neutral that an encoder expects of anybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from affect_encoders.encoder import Encoding
    from affect_encoders.encoder import Estimate

EXPECTED_NEUTRAL = 0.5
"""
Probability of `neutral` that anybody's neutral should get; the other categories share the rest.
A convention: valence and arousal of neutral are 0, the origin of the circumplex.
"""

PRIOR_WEIGHT = 1.0
"""
Evidence, in encodings of quality 1, at which half of the difference is taken off: one second-rate
recording must not decide what neutral is.
"""

MOST_LOG_ODDS = 2.0
LEAST_PROBABILITY = 1e-3


@dataclass(frozen=True)
class WearerNeutral:
    """Differences in log probabilities [8] (0 where unknown) and in valence and arousal."""

    log_odds: np.ndarray
    valence: float
    arousal: float

    @classmethod
    def of(cls, neutral: Sequence[Encoding]) -> WearerNeutral:
        """
        Return what encodings of a wearer who felt nothing in particular tell, by their quality.

        :raises ValueError: none of them has any quality
        """
        usable = [e for e in neutral if e.quality > 0.0]
        if not usable:
            reasons = sorted({e.reason for e in neutral if e.reason})
            raise ValueError(
                'nothing to learn a neutral from: every encoding has quality 0'
                + (f' ({"; ".join(reasons)})' if reasons else ''))
        quality = np.array([e.quality for e in usable])
        weight = quality / quality.sum()
        share = quality.sum() / (quality.sum() + PRIOR_WEIGHT)
        table = np.array([e.estimate.probabilities for e in usable], dtype=np.float64)
        log_odds = np.zeros(table.shape[1])
        known: np.ndarray = np.asarray(np.isfinite(table).all(axis=0))
        if known.any():
            logs = np.log(np.maximum(table[:, known], LEAST_PROBABILITY))
            is_neutral = np.flatnonzero(known) == 0
            expected = np.where(
                is_neutral, EXPECTED_NEUTRAL,
                (1.0 - EXPECTED_NEUTRAL) / max(int(np.count_nonzero(~is_neutral)), 1))
            difference = weight @ logs - np.log(expected)
            log_odds[known] = share * np.clip(
                difference - difference.mean(), -MOST_LOG_ODDS, MOST_LOG_ODDS)
        return cls(
            log_odds=log_odds,
            valence=share * _mean([e.estimate.valence for e in usable], quality),
            arousal=share * _mean([e.estimate.arousal for e in usable], quality))

    def taken_off(self, estimate: Estimate) -> Estimate:
        """Return an estimate less the difference; what is unknown stays unknown."""
        probabilities = np.asarray(estimate.probabilities, dtype=np.float64)
        known = np.isfinite(probabilities)
        if probabilities[known].sum() > 0.0:
            total = probabilities[known].sum()
            # What is impossible stays so: the difference is that of what was seen.
            odds = probabilities[known] * np.exp(-self.log_odds[known])
            probabilities = probabilities.copy()
            probabilities[known] = total * odds / odds.sum()
        return replace(
            estimate, probabilities=probabilities.astype(np.float32),
            valence=float(np.clip(estimate.valence - self.valence, -1.0, 1.0)),
            arousal=float(np.clip(estimate.arousal - self.arousal, -1.0, 1.0)))


def _mean(values: list[float], weights: np.ndarray) -> float:
    """Return the weighted mean of the finite ones, 0 when there is none."""
    array = np.array(values)
    known = np.isfinite(array)
    if not known.any():
        return 0.0
    return float(array[known] @ weights[known] / weights[known].sum())
