# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What crops of a face show, and how far that can be trusted."""

from collections.abc import Sequence
from dataclasses import dataclass

from affect_encoders.facial_expression import features
from affect_encoders.facial_expression.features import FaceCrop
from affect_encoders.facial_expression.model import FaceModel
import numpy as np

QUALITY_MEANING = (
    'confidence that the crop shows an upright face, times factors in [0, 1] for contrast (sd 2 '
    'to 10 % of full scale), sharpness (Laplacian sd 0.1 to 0.3 of the crop sd), saturated pixels '
    '(40 to 90 %), the share of the face in sight, and 0.4 where another face is as large')

REASON_FROM = 0.5
"""A factor below this is told; what is covered is told always."""

_SEVERAL = 0.4
_COVERED = {
    'whole': '', 'lower': 'only the lower face is visible',
    'upper': 'only the upper face is visible'}


@dataclass(frozen=True)
class JudgedCrop:
    """
    One crop's embedding float32 [64], probabilities float32 [8] and features [F].

    ``pattern`` is the standardised crop [48, 48], ``hidden`` the share of the face out of sight.
    """

    embedding: np.ndarray
    probabilities: np.ndarray
    features: dict[str, float]
    quality: float
    reason: str
    hidden: float
    pattern: np.ndarray


class PictureJudge:
    """A model's answers, with the crop's own fitness to be asked."""

    def __init__(self, model: FaceModel) -> None:
        self._model = model

    def __call__(self, crops: Sequence[FaceCrop]) -> list[JudgedCrop]:
        """Judge crops, all in one pass of the networks."""
        reading = self._model([crop.grey for crop in crops])
        return [
            self._judged(crop, *answer) for crop, *answer in zip(
                crops, reading.embeddings, reading.probabilities, reading.confidences,
                reading.parts, strict=True)]

    @staticmethod
    def _judged(
            crop: FaceCrop, embedding: np.ndarray, probabilities: np.ndarray, confidence: float,
            part: str) -> JudgedCrop:
        values = features.picture_features(crop, part)
        values['face_confidence'] = float(confidence)
        factors = {
            'not like an upright face': float(confidence),
            'low contrast': ramp(values['contrast'], 0.02, 0.1),
            'blurred': ramp(values['sharpness'], 0.1, 0.3),
            'too dark or too bright': 1.0 - ramp(values['saturated_share'], 0.4, 0.9),
            'more than one face': _SEVERAL if crop.others else 1.0,
        }
        worst = min(factors, key=lambda name: factors[name])
        return JudgedCrop(
            embedding=embedding, probabilities=probabilities, features=values,
            quality=float(np.prod(list(factors.values()))) * values['visible_share'],
            reason=worst if factors[worst] < REASON_FROM else _COVERED[part],
            hidden=1.0 - values['visible_share'], pattern=features.standardise(crop.grey))


def ramp(value: float, low: float, high: float) -> float:
    """0 up to ``low``, 1 from ``high``, linear between."""
    return min(max((value - low) / (high - low), 0.0), 1.0)
