# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What an encoder says of one input."""

import math
from typing import Any

from affect_encoders.encoder import CATEGORIES
from affect_encoders.encoder import EncoderInfo
from affect_encoders.encoder import Encoding
from affect_encoders.encoder import Estimate
import numpy as np


class Result(dict[str, Any]):
    """
    The JSON object of an input: plain numbers, None where unknown (never NaN).

    The same as attributes for computing: ``encoding`` with its arrays, in which unknown is NaN,
    and ``estimate``, ``embedding``, ``features`` and ``quality`` of it. ``error`` is the text of
    what made the input unusable, empty if nothing did.
    """

    encoding: Encoding
    error: str

    def __init__(
            self, name: str, info: EncoderInfo, encoding: Encoding, *, text: str | None = None,
            t_s: float | None = None, error: str = '') -> None:
        estimate = encoding.estimate
        super().__init__({
            'input': name,
            **({} if text is None else {'text': text}),
            **({} if t_s is None else {'t_s': round(t_s, 6)}),
            'modality': info.modality,
            'quality': _number(encoding.quality),
            'reason': encoding.reason,
            'estimate': {
                'probabilities': dict(zip(
                    CATEGORIES, _numbers(estimate.probabilities), strict=True)),
                'valence': _number(estimate.valence),
                'arousal': _number(estimate.arousal),
                'valence_variance': _number(estimate.valence_variance),
                'arousal_variance': _number(estimate.arousal_variance),
            },
            'features': dict(zip(
                info.feature_names, _numbers(encoding.features), strict=True)),
            'embedding': _numbers(encoding.embedding),
        })
        if error:
            self['error'] = error
        self.encoding = encoding
        self.error = error

    @property
    def quality(self) -> float:
        return self.encoding.quality

    @property
    def estimate(self) -> Estimate:
        return self.encoding.estimate

    @property
    def embedding(self) -> np.ndarray:
        return self.encoding.embedding

    @property
    def features(self) -> np.ndarray:
        return self.encoding.features


def _numbers(values: np.ndarray) -> list[float | None]:
    return [_number(value) for value in np.asarray(values, dtype=np.float64).tolist()]


def _number(value: float) -> float | None:
    """Return six significant digits, which every float32 has; None for what is no number."""
    return float(f'{value:.6g}') if math.isfinite(value) else None
