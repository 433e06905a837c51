# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A small network from voice functionals to an embedding and calibrated categories."""

from pathlib import Path

from affect_encoders.circumplex import estimate_of
from affect_encoders.encoder import CATEGORIES
from affect_encoders.encoder import Estimate
from affect_encoders.voice.features import FEATURES
from affect_encoders.weights_file import load_weights
from affect_encoders.weights_file import WEIGHTS_DIRECTORY
import numpy as np
import torch
from torch import nn

MODEL = 'voice_functionals'
VERSION = '1'
INPUTS = tuple(feature.name for feature in FEATURES)
EMBEDDING_DIMENSION = 32
HIDDEN = 96
LIMIT = 3.5  # standard deviations: what lies further out is an accident, not an emotion
WEIGHTS = WEIGHTS_DIRECTORY / 'voice.safetensors'


class VoiceNetwork(nn.Module):
    """
    One hidden layer, a 32-dimensional embedding in [-1, 1] and a linear read-out.

    Input float32 [N, F], standardised and limited by ``standardise``. Returns embedding [N, 32]
    and logits [N, 8] in the order of CATEGORIES.
    """

    def __init__(self) -> None:
        super().__init__()
        self.hidden = nn.Sequential(
            nn.Dropout(0.2), nn.Linear(len(INPUTS), HIDDEN), nn.ReLU(), nn.Dropout(0.4))
        self.embedding = nn.Linear(HIDDEN, EMBEDDING_DIMENSION)
        self.read_out = nn.Linear(EMBEDDING_DIMENSION, len(CATEGORIES))

    def forward(self, inputs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        embedding = torch.tanh(self.embedding(self.hidden(inputs)))
        return embedding, self.read_out(embedding)


def standardise(features: np.ndarray, mean: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Return features [..., F] as standard scores within ``LIMIT``; unknown ones as the mean."""
    scores = np.nan_to_num((features - mean) / scale, nan=0.0)
    return np.clip(scores, -LIMIT, LIMIT).astype(np.float32)


def tensor_shapes() -> dict[str, tuple[int, ...]]:
    """Return name and shape of every tensor that a weights file must hold."""
    shapes = {name: tuple(tensor.shape) for name, tensor in VoiceNetwork().state_dict().items()}
    return {**shapes, 'mean': (len(INPUTS),), 'scale': (len(INPUTS),), 'temperature': (1,)}


class VoiceModel:
    """The trained network with its calibration: functionals in, embedding and estimate out."""

    def __init__(self, path: Path = WEIGHTS) -> None:
        """Load ``path``; raises WeightsError with what is wrong and what to do."""
        tensors, self.metadata = load_weights(
            path, model=MODEL, version=VERSION, inputs=INPUTS, shapes=tensor_shapes())
        self._mean, self._scale = tensors.pop('mean'), tensors.pop('scale')
        self._temperature = float(tensors.pop('temperature')[0])
        self._tensors = tensors

    @property
    def model_id(self) -> str:
        return f'{MODEL}-{VERSION}-{self.metadata["sha256"][:8]}'

    def __call__(self, features: np.ndarray) -> tuple[np.ndarray, Estimate]:
        """Return the embedding [32] and the estimate of functionals [F] (NaN: unknown)."""
        # In numpy: for one row, torch's bookkeeping takes ten times as long as the sums.
        layer = self._layer
        scores = standardise(features, self._mean, self._scale)
        hidden = np.maximum(layer('hidden.1', scores), np.float32(0.0))
        embedding = np.tanh(layer('embedding', hidden))
        values = layer('read_out', embedding) / self._temperature
        probabilities = np.exp(values - values.max())
        return embedding, estimate_of(probabilities / probabilities.sum())

    def _layer(self, name: str, values: np.ndarray) -> np.ndarray:
        return self._tensors[f'{name}.weight'] @ values + self._tensors[f'{name}.bias']
