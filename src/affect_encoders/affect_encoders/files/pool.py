# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""One encoding for a whole recording out of those of its ticks."""

from collections import Counter

from affect_encoders.encoder import CATEGORIES
from affect_encoders.encoder import EncoderInfo
from affect_encoders.encoder import Encoding
from affect_encoders.encoder import Estimate
import numpy as np

LEAST_PROBABILITY = 1e-6
LOW_QUALITY = 0.5
"""Below this a pooled encoding says why, by the reason that the most of its ticks gave."""


class Pool:
    """
    Gathers encodings; each counts by its quality, those of quality 0 not at all.

    Embedding and features are weighted means (a feature over the ticks that know it).
    Probabilities are pooled by their weighted geometric mean (a logarithmic opinion pool with
    weights that sum to one; Genest & Zidek, Statistical Science 1, 1986): ticks overlap, so more
    of them must not make it surer. Valence and arousal are weighted means; their variances are
    those of the mixture, the mean variance plus the variance of the means, since a recording is
    not one state. Quality is the mean quality of that evidence, weighted by itself.
    """

    def __init__(self, info: EncoderInfo) -> None:
        self._info = info
        self._weight = 0.0
        self._square = 0.0
        self._start_s, self._end_s = np.inf, -np.inf
        self._embedding = np.zeros(info.embedding_dimension)
        self._features = _Mean(len(info.features))
        self._logs = _Mean(len(CATEGORIES))
        self._affect = _Mean(4)
        self._squares = _Mean(2)
        self._reasons: Counter[str] = Counter()

    def add(self, encoding: Encoding) -> None:
        """Take an encoding."""
        if encoding.reason:
            # What a reason counts (seconds since, ...) must not make each its own.
            self._reasons[encoding.reason.split(' since ')[0]] += 1
        weight = encoding.quality
        if not weight > 0.0:
            return
        self._weight += weight
        self._square += weight * weight
        self._start_s = min(self._start_s, encoding.window_start_s)
        self._end_s = max(self._end_s, encoding.evidence_end_s)
        self._embedding += weight * np.nan_to_num(encoding.embedding.astype(np.float64))
        self._features.add(encoding.features, weight)
        estimate = encoding.estimate
        probabilities = np.asarray(estimate.probabilities, dtype=np.float64)
        self._logs.add(np.log(np.maximum(probabilities, LEAST_PROBABILITY)), weight)
        means = np.array([estimate.valence, estimate.arousal])
        self._affect.add(np.array([
            *means, estimate.valence_variance, estimate.arousal_variance]), weight)
        self._squares.add(means ** 2, weight)

    def encoding(self) -> Encoding:
        """Return what all encodings amount to; quality 0 when none had any."""
        most = self._reasons.most_common(1)
        reason = most[0][0] if most else ''
        if not self._weight > 0.0:
            unknown = np.full(self._info.embedding_dimension, np.nan, dtype=np.float32)
            return Encoding(
                embedding=unknown, features=self._features.mean().astype(np.float32), quality=0.0,
                reason=reason or 'no evidence', window_start_s=float('nan'),
                evidence_end_s=float('nan'), estimate=Estimate())
        quality = min(1.0, self._square / self._weight)
        valence, arousal, *variances = self._affect.mean()
        spread = np.maximum(self._squares.mean() - np.array([valence, arousal]) ** 2, 0.0)
        valence_variance, arousal_variance = variances + spread
        return Encoding(
            embedding=(self._embedding / self._weight).astype(np.float32),
            features=self._features.mean().astype(np.float32),
            quality=quality,
            reason=reason if quality < LOW_QUALITY else '',
            window_start_s=self._start_s,
            evidence_end_s=self._end_s,
            estimate=Estimate(
                probabilities=_normalised(self._logs.mean()),
                valence=float(valence), arousal=float(arousal),
                valence_variance=float(valence_variance),
                arousal_variance=float(arousal_variance)))


class _Mean:
    """Weighted means over what is known, of each of [N] numbers."""

    def __init__(self, size: int) -> None:
        self._sum = np.zeros(size)
        self._weight = np.zeros(size)

    def add(self, values: np.ndarray, weight: float) -> None:
        known = np.isfinite(values)
        self._sum[known] += weight * np.asarray(values, dtype=np.float64)[known]
        self._weight[known] += weight

    def mean(self) -> np.ndarray:
        with np.errstate(invalid='ignore'):
            return self._sum / np.where(self._weight > 0.0, self._weight, np.nan)


def _normalised(logs: np.ndarray) -> np.ndarray:
    known = np.isfinite(logs)
    result = np.full(len(logs), np.nan)
    if known.any():
        odds = np.exp(logs[known] - logs[known].max())
        result[known] = odds / odds.sum()
    return result.astype(np.float32)
