# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Whether patches show brows and eyes, and a mouth."""

from dataclasses import dataclass
import json
import math
from pathlib import Path

from affect_trackers.face_tracker.half_patch import describe
import numpy as np

WEIGHTS = Path(__file__).with_name('weights') / 'half_judge.json'
"""Fitted by ``train_half_judge``; the model card stands beside it."""


@dataclass(frozen=True)
class _Logistic:
    weights: np.ndarray
    bias: float

    def probability(self, patch: np.ndarray) -> float:
        return 1.0 / (1.0 + math.exp(-float(describe(patch) @ self.weights) - self.bias))


@dataclass(frozen=True)
class HalfJudge:
    """Two logistic regressions on oriented gradients, one for each half of a face."""

    upper: _Logistic
    lower: _Logistic

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> 'HalfJudge':
        """
        Read the weights.

        :raises ValueError: the file is not what training writes
        """
        try:
            parts = json.loads(path.read_text(encoding='utf-8'))['parts']
            halves = [
                _Logistic(np.array(parts[half]['weights'], float), float(parts[half]['bias']))
                for half in ('upper', 'lower')]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ValueError(f"'{path}' holds no weights of the face's halves ({error}); "
                             'build the package anew') from error
        return cls(*halves)

    def probabilities(self, upper: np.ndarray, lower: np.ndarray) -> tuple[float, float]:
        """Return those of the patches that ``half_patches`` gives."""
        return self.upper.probability(upper), self.lower.probability(lower)
