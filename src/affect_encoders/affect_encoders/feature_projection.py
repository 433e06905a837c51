# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""From named features to an embedding: standardise, impute the mean, project."""

from dataclasses import dataclass
import json
import math
from pathlib import Path

import numpy as np

WEIGHTS_FOLDER = Path(__file__).parent / 'weights'

Z_LIMIT = 5.0
"""Standardised features are cut here: one broken sensor must not drown the other features."""


@dataclass(frozen=True)
class FeatureProjection:
    """
    A fixed linear map, fitted offline by ``affect_learning.fit_feature_projection``.

    ``mean``, ``std`` [F] of each feature over the people in ``training_data``; ``matrix`` [D, F]
    orthonormal rows: principal axes of the standardised features that the data know, and one
    axis for each feature that it does not (those have an assumed mean and std).
    """

    names: tuple[str, ...]
    mean: np.ndarray
    std: np.ndarray
    matrix: np.ndarray
    training_data: str

    @classmethod
    def load(cls, modality: str, names: tuple[str, ...]) -> 'FeatureProjection':
        """
        Read ``weights/<modality>_projection.json``.

        :raises ValueError: the file was fitted to other features than ``names``
        """
        path = WEIGHTS_FOLDER / f'{modality}_projection.json'
        content = json.loads(path.read_text(encoding='utf-8'))
        if tuple(content['names']) != tuple(names):
            raise ValueError(
                f'{path.name} was fitted to other features than this encoder computes; '
                f'run python -m affect_learning.fit_feature_projection {modality}')
        return cls(
            names=tuple(names),
            mean=np.asarray(content['mean'], dtype=np.float64),
            std=np.asarray(content['std'], dtype=np.float64),
            matrix=np.asarray(content['matrix'], dtype=np.float64),
            training_data=content['training_data'])

    @classmethod
    def plain(cls, names: tuple[str, ...]) -> 'FeatureProjection':
        """Return the identity: features as they are, for computing what a fit needs."""
        size = len(names)
        return cls(tuple(names), np.zeros(size), np.ones(size), np.eye(size), 'rule')

    @property
    def dimension(self) -> int:
        return self.matrix.shape[0]

    def standardise(self, features: np.ndarray) -> np.ndarray:
        """Return features [F] as z-scores, NaN where unknown, cut to +-5."""
        return np.clip((np.asarray(features) - self.mean) / self.std, -Z_LIMIT, Z_LIMIT)

    def log_z(self, name: str, value: float) -> float:
        """
        Return the z-score of the logarithm of a feature that is positive and skewed (a speed).

        Against the log-normal distribution that has the feature's mean and standard deviation.
        """
        index = self.names.index(name)
        mean, std = float(self.mean[index]), float(self.std[index])
        log_variance = math.log1p((std / mean) ** 2)
        log_mean = math.log(mean) - 0.5 * log_variance
        return (math.log(max(value, 1e-3)) - log_mean) / math.sqrt(log_variance)

    def embed(self, features: np.ndarray) -> np.ndarray:
        """Return the embedding float32 [D]; unknown features stand at their mean (z = 0)."""
        z = np.nan_to_num(self.standardise(features), nan=0.0)
        return (self.matrix @ z).astype(np.float32)
