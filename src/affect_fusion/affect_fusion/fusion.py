# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Fusion of any non-empty subset of modalities, with no more certainty than they support.

Modalities of one person are correlated to an unknown degree, so their agreement must not be
counted as independent confirmation. Both pools here are safe against that: weights sum to one,
the way covariance intersection treats Gaussians and the logarithmic pool treats categories.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
import importlib.resources
import json
import math
from types import MappingProxyType

import numpy as np

N_CATEGORIES = 8
MODEL_ID = 'fusion-log-pool/0.1.0'
OUTPUTS = ('categories', 'valence', 'arousal')

_FLOOR = 1e-4
"""Least probability believed: one modality's 0 must not forbid a category to all others."""

_LEAST_INFORMATION = 1e-3
"""Keeps the weights defined when every modality says "all categories alike"."""

NO_CLUSTER = -1
"""There is no cluster model yet, and "none" is what that comes to."""


def _unknown() -> np.ndarray:
    return np.full(N_CATEGORIES, np.nan)


@dataclass(frozen=True)
class ModalityEstimate:
    """
    What one modality says about affect at one tick. Unknown is NaN.

    ``probabilities`` [8] in the order of affect_msgs/AffectEstimate, NaN for a category that the
    model was never taught; valence and arousal in [-1, 1] with variances; quality in [0, 1].
    """

    quality: float
    probabilities: np.ndarray = field(default_factory=_unknown)
    valence: float = math.nan
    valence_variance: float = math.nan
    arousal: float = math.nan
    arousal_variance: float = math.nan


@dataclass(frozen=True)
class FusedEstimate:
    """The fused estimate; ``contributions`` has a share per modality, sum 1 or all 0."""

    quality: float
    contributions: Mapping[str, float]
    probabilities: np.ndarray = field(default_factory=_unknown)
    valence: float = math.nan
    valence_variance: float = math.nan
    arousal: float = math.nan
    arousal_variance: float = math.nan
    cluster_id: int = NO_CLUSTER
    cluster_probability: float = math.nan

    @property
    def is_known(self) -> bool:
        """Whether there is anything to go by."""
        return any(weight > 0.0 for weight in self.contributions.values())


class Reliabilities:
    """How far to trust each modality in each output, >= 0; 1 unless the table says otherwise."""

    def __init__(self, table: Mapping[str, Mapping[str, float]] = MappingProxyType({})) -> None:
        """
        Take a table: output (categories, valence, arousal) to modality to weight.

        :raises ValueError: an unknown output, or a weight that is negative or not finite.
        """
        for output, weights in table.items():
            if output not in OUTPUTS:
                raise ValueError(f"reliability of '{output}': outputs are {', '.join(OUTPUTS)}")
            for modality, weight in weights.items():
                if not (math.isfinite(weight) and weight >= 0.0):
                    raise ValueError(
                        f'reliability of {modality} in {output} must be 0 or more, got {weight}')
        self._table = {output: dict(table.get(output, {})) for output in OUTPUTS}

    @classmethod
    def of_package(cls) -> 'Reliabilities':
        """Return the table that comes with the package; its `origin` says where it is from."""
        text = importlib.resources.files('affect_fusion').joinpath('reliability.json').read_text()
        return cls(json.loads(text)['reliability'])

    def of(self, output: str, modality: str) -> float:
        """Return the weight of a modality in an output."""
        return self._table[output].get(modality, 1.0)


def pool_categories(
    probabilities: np.ndarray, trust: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """
    Pool opinions about categories: a weighted geometric mean (logarithmic opinion pool).

    A category that a modality was never taught is an abstention: its opinion enters as ratios to
    "all that I know are alike", and an abstention is the ratio 1. So knowing fewer categories
    neither favours nor hurts the others. The pool is never more certain than its most certain
    member, however many agree. A weight is trust times information (1 - entropy relative to a
    uniform opinion), so that who says nothing does not dilute who does; compare Niehsen's fast
    covariance intersection, whose weights go with the inverse of uncertainty.

    Genest and Zidek, "Combining probability distributions", Statistical Science, 1986;
    Niehsen, "Information fusion based on fast covariance intersection", FUSION 2002.

    :param probabilities: [M, 8], each row sums to 1 over what is not NaN; a row may be all NaN.
    :param trust: [M], quality times reliability, >= 0.
    :return: pooled probabilities [8] (NaN where nobody knows), weights [M] (sum 1, or all 0).
    """
    known = ~np.isnan(probabilities)
    n_known = known.sum(axis=1)
    believed = np.where(known, np.maximum(probabilities, _FLOOR), np.nan)
    trusted = np.where(n_known > 0, trust, 0.0)
    if not trusted.max() > 0.0:
        return _unknown(), np.zeros(len(trust))
    trusted = trusted / trusted.max()
    believed = believed / np.maximum(np.nansum(believed, axis=1, keepdims=True), _FLOOR)
    entropy = -np.nansum(believed * np.log(np.where(known, believed, 1.0)), axis=1)
    information = 1.0 - entropy / np.log(np.maximum(n_known, 2))
    weights = trusted * (np.maximum(information, 0.0) + _LEAST_INFORMATION)
    weights = weights / weights.sum()
    log_ratio = np.log(np.where(known, believed * n_known[:, None], 1.0))
    pooled = weights @ log_ratio
    somebody_knows = known[weights > 0.0].any(axis=0)
    share = np.exp(pooled - pooled[somebody_knows].max())
    return np.where(somebody_knows, share / share[somebody_knows].sum(), np.nan), weights


def pool_gaussians(
    means: np.ndarray, variances: np.ndarray, trust: np.ndarray,
) -> tuple[float, float, np.ndarray]:
    """
    Pool estimates of one quantity whose errors are correlated to an unknown degree.

    Covariance intersection (Julier and Uhlmann, ACC 1997) with weights that go with trust and
    precision (Niehsen, FUSION 2002): agreement never makes the variance smaller than the smallest
    variance given. The spread of the means is added, so that contradiction widens the interval.

    :param means, variances: [M], NaN unknown; a variance must be above 0 to count.
    :param trust: [M], quality times reliability, >= 0.
    :return: mean, variance (NaN when nobody knows), weights [M] (sum 1, or all 0).
    """
    known = np.isfinite(means) & np.isfinite(variances) & (variances > 0.0) & (trust > 0.0)
    if not known.any():
        return math.nan, math.nan, np.zeros(len(trust))
    precision = np.where(known, 1.0 / np.where(known, variances, 1.0), 0.0)
    trusted = np.where(known, trust, 0.0)
    omega = trusted / trusted.max() * precision
    omega = omega / omega.sum()
    total = float(omega @ precision)
    weights = omega * precision / total
    values = np.where(known, means, 0.0)
    mean = float(weights @ values)
    spread = float(weights @ (values - mean) ** 2)
    return mean, 1.0 / total + spread, weights


def fuse(
    estimates: Mapping[str, ModalityEstimate], reliabilities: Reliabilities | None = None,
) -> FusedEstimate:
    """
    Fuse the modalities that are there; any subset works, the empty one gives UNKNOWN.

    One modality alone comes back as it is. A modality of quality 0 has no part. The contribution
    of a modality is its mean weight over the outputs (categories, valence, arousal) that are
    known; the fused quality is the quality of the modalities by contribution.

    :param estimates: modality to estimate; quality in [0, 1].
    :param reliabilities: weights of the modalities per output; equal when left out.
    """
    if not estimates:
        return FusedEstimate(quality=0.0, contributions={})
    reliabilities = reliabilities or Reliabilities()
    names, given = list(estimates), list(estimates.values())
    quality = np.array([estimate.quality for estimate in given], dtype=np.float64)

    def trust(output: str) -> np.ndarray:
        return quality * [reliabilities.of(output, name) for name in names]

    probabilities, categories_weights = pool_categories(
        np.array([estimate.probabilities for estimate in given], dtype=np.float64),
        trust('categories'))
    valence, valence_variance, valence_weights = pool_gaussians(
        np.array([estimate.valence for estimate in given]),
        np.array([estimate.valence_variance for estimate in given]), trust('valence'))
    arousal, arousal_variance, arousal_weights = pool_gaussians(
        np.array([estimate.arousal for estimate in given]),
        np.array([estimate.arousal_variance for estimate in given]), trust('arousal'))
    weights = np.array([categories_weights, valence_weights, arousal_weights])
    n_known = int((weights.sum(axis=1) > 0.5).sum())
    share = weights.sum(axis=0) / max(n_known, 1)
    return FusedEstimate(
        quality=float(share @ quality),
        contributions=dict(zip(names, share.tolist(), strict=True)),
        probabilities=probabilities, valence=valence, valence_variance=valence_variance,
        arousal=arousal, arousal_variance=arousal_variance)
