# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What a wearer's face looks like at rest, in pictures and in weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from affect_encoders.encoder import Encoding
from affect_encoders.encoder import Estimate
from affect_encoders.facial_expression.actions import SHAPES
from affect_encoders.wearer_neutral import PRIOR_WEIGHT
from affect_encoders.wearer_neutral import WearerNeutral
import numpy as np


@dataclass(frozen=True)
class RestingFace:
    """
    Differences of estimates from anybody's neutral, and resting ``weights`` [52] in [0, 1].

    None, and zeros, where the wearer was not enrolled by that input.
    """

    by_pictures: WearerNeutral | None
    by_weights: WearerNeutral | None
    weights: np.ndarray

    @classmethod
    def of(cls, neutral: Sequence[Encoding], pictures: int) -> RestingFace:
        """
        Return what encodings of a resting face tell; embeddings begin with those of ``pictures``.

        :raises ValueError: none of them has any quality
        """
        usable = [e for e in neutral if e.quality > 0.0]
        if not usable:
            WearerNeutral.of(neutral)  # knows why
        of_pictures = [e for e in usable if e.embedding[:pictures].any()]
        of_weights = [e for e in usable if not e.embedding[:pictures].any()]
        resting = np.zeros(SHAPES)
        if of_weights:
            quality = np.array([e.quality for e in of_weights])
            table = np.array([e.embedding[pictures:] for e in of_weights], dtype=np.float64)
            resting = quality @ table / (quality.sum() + PRIOR_WEIGHT)
        return cls(
            WearerNeutral.of(of_pictures) if of_pictures else None,
            WearerNeutral.of(of_weights) if of_weights else None, resting)

    def of_pictures(self, probabilities: np.ndarray) -> np.ndarray:
        """Return a picture's probabilities [8] less those of the resting face."""
        return _taken_off(self.by_pictures, probabilities)

    def of_weights(self, probabilities: np.ndarray) -> np.ndarray:
        """Return the probabilities [8] of weights of our own tracker less those at rest."""
        return _taken_off(self.by_weights, probabilities)


def _taken_off(neutral: WearerNeutral | None, probabilities: np.ndarray) -> np.ndarray:
    if neutral is None:
        return probabilities
    return neutral.taken_off(Estimate(probabilities=probabilities)).probabilities
