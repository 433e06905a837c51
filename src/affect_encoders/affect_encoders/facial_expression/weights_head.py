# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What weights of our own face tracker say about the expression: a fitted read-out."""

from dataclasses import dataclass
import json
from pathlib import Path

from affect_encoders.encoder import CATEGORIES
from affect_encoders.facial_expression.actions import SHAPES
from affect_encoders.facial_expression.actions import UPPER
from affect_encoders.weights_file import WEIGHTS_DIRECTORY
import numpy as np

HEAD = WEIGHTS_DIRECTORY / 'facial_expression_weights_head.json'
PARTS = ('whole', 'lower', 'upper')
Z_LIMIT = 4.0
"""Standardised weights are cut here: one shape must not drown the others."""

LEAST_OBSERVED = 0.6
"""Share of a part's weights from which on the part counts as seen."""

_CATEGORY = {
    'angry': 'angry', 'disgust': 'disgusted', 'fear': 'fearful', 'happy': 'happy',
    'neutral': 'neutral', 'sad': 'sad', 'surprise': 'surprised'}


@dataclass(frozen=True)
class _ReadOut:
    """A logistic regression on some of the weights."""

    shapes: np.ndarray
    mean: np.ndarray
    deviation: np.ndarray
    read_out: np.ndarray
    bias: np.ndarray
    temperature: float

    def __call__(self, weights: np.ndarray) -> np.ndarray:
        z = (weights[self.shapes] - self.mean) / self.deviation
        logits = self.read_out @ np.clip(np.nan_to_num(z), -Z_LIMIT, Z_LIMIT) + self.bias
        scores = np.exp((logits - logits.max()) / self.temperature)
        return scores / scores.sum()


class WeightsHead:
    """
    Multinomial logistic regressions for a whole face, a lower and an upper one.

    Fitted by ``affect_learning.train_face_weights`` to FER2013 through ``face_tracker``; the model
    card beside the file says how well. Weights of other devices have other ranges: not for them.
    """

    def __init__(self, path: Path = HEAD) -> None:
        """Read the file; raises ValueError when it is none of these, OSError when missing."""
        try:
            content = json.loads(path.read_text(encoding='utf-8'))
            self._labels = [CATEGORIES.index(_CATEGORY[name]) for name in content['labels']]
            self._parts = {name: _read(content['parts'][name]) for name in PARTS}
            self.model_id = f'{content["model"]}-{content["version"]}'
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(
                f'{path} is no read-out of face weights ({type(error).__name__}: {error}); '
                'run python -m affect_learning.train_face_weights') from error

    def __call__(self, weights: np.ndarray) -> np.ndarray:
        """
        Return probabilities float64 [8] (calm NaN: never taught) of weights [52].

        All NaN when neither half of the face was observed.
        """
        probabilities = np.full(len(CATEGORIES), np.nan)
        part = self.part(weights)
        if part:
            probabilities[self._labels] = self._parts[part](weights)
        return probabilities

    def part(self, weights: np.ndarray) -> str:
        """Return which part of the face the weights [52] show, '' for none."""
        upper, lower = (self._is_seen(weights, name) for name in ('upper', 'lower'))
        if upper and lower:
            return 'whole'
        return 'lower' if lower else 'upper' if upper else ''

    def _is_seen(self, weights: np.ndarray, part: str) -> bool:
        return float(np.mean(np.isfinite(weights[self._parts[part].shapes]))) >= LEAST_OBSERVED


def _read(part: dict) -> _ReadOut:
    shapes = np.array(part['shapes'], dtype=np.intp)
    mean, deviation, read_out, bias = (
        np.array(part[name], dtype=np.float64)
        for name in ('mean', 'deviation', 'read_out', 'bias'))
    fits = (
        shapes.ndim == 1 and shapes.size > 0 and shapes.min() >= 0 and shapes.max() < SHAPES
        and mean.shape == deviation.shape == shapes.shape and (deviation > 0.0).all()
        and read_out.shape == (len(_CATEGORY), len(shapes)) and bias.shape == (len(_CATEGORY),)
        and part['temperature'] > 0.0 and all(
            np.isfinite(table).all() for table in (mean, deviation, read_out, bias)))
    if not fits:
        raise ValueError('its tables do not fit together')
    return _ReadOut(shapes, mean, deviation, read_out, bias, float(part['temperature']))


def hidden_share(part: str) -> float:
    """Return the share of the shapes that are out of sight when a part is seen, [0, 1]."""
    upper = float(np.mean(UPPER))
    return {'whole': 0.0, 'lower': upper, 'upper': 1.0 - upper}.get(part, 1.0)
