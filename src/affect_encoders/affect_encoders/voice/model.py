# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A small network from voice functionals to an embedding and calibrated categories."""

from pathlib import Path

from affect_encoders.circumplex import estimate_of
from affect_encoders.encoder import CATEGORIES
from affect_encoders.encoder import Estimate
from affect_encoders.voice.features import FEATURES
from affect_encoders.voice.features import SLOPE_OF_LEVEL
from affect_encoders.weights_file import load_weights
from affect_encoders.weights_file import WEIGHTS_DIRECTORY
import numpy as np
import torch
from torch import nn

MODEL = 'voice_functionals'
VERSION = '2'
EMBEDDING_DIMENSION = 32
HIDDEN = 128
LIMIT = 3.5  # standard deviations: what lies further out is an accident, not an emotion
LEVEL_DB = -30.0
"""Of full scale: every voice is brought to it, since how loud it arrives is the microphone's."""
WEIGHTS = WEIGHTS_DIRECTORY / 'voice.safetensors'

_NAMES = [feature.name for feature in FEATURES]
_LEVEL = _NAMES.index('equivalentSoundLevel_dBp')
_LOUD = [i for i, name in enumerate(_NAMES)
         if name.startswith('loudness_') and not name.endswith('stddevNorm')]
_FLUX = [i for i, name in enumerate(_NAMES)
         if name.startswith('spectralFlux') and name.endswith('amean')]
_SLOPES = [(i, SLOPE_OF_LEVEL['0-500' if '0-500' in name and '1500' not in name else '500-1500'])
           for i, name in enumerate(_NAMES) if name.startswith('slope') and name.endswith('amean')]
_TEAGER = [i for i, name in enumerate(_NAMES)
           if name.startswith('teagerEnergy') and name.endswith('amean')]
# Where the mean may be zero, the deviation over it is no number to learn from.
_SIGNED = [i for i, name in enumerate(_NAMES) if name.endswith('stddevNorm') and name.startswith((
    'mfcc', 'alphaRatio', 'hammarberg', 'slope', 'logRel', 'HNR', 'harmonics', 'teagerEnergy',
    'F1amplitude', 'F2amplitude', 'F3amplitude'))]
INPUTS = tuple(f'{name} (of a voice at {LEVEL_DB:g} dB)' for name in _NAMES)
"""The functionals without the level, but for the last that tell it; see ``inputs_of``."""


def inputs_of(features: np.ndarray) -> np.ndarray:
    """
    Return what the network looks at float32 [..., F], of functionals [..., F].

    All are those that the voice would have at ``LEVEL_DB``; the level itself stays in its place.
    Relative deviations of what may be zero become deviations, loudness and flux logarithms.
    """
    inputs = np.array(features, dtype=np.float32)
    excess_db = inputs[..., _LEVEL:_LEVEL + 1] - np.float32(LEVEL_DB)
    before = inputs[..., [i - 1 for i in _SIGNED]]
    inputs[..., _SIGNED] = np.abs(inputs[..., _SIGNED] * before)
    # Loudness is a power to the 0.33, flux an amplitude.
    inputs[..., _LOUD] *= 10.0 ** (-0.033 * excess_db)
    inputs[..., _FLUX] *= 10.0 ** (-0.05 * excess_db)
    for column, slope in _SLOPES:
        inputs[..., column] -= slope * excess_db[..., 0]
    inputs[..., _TEAGER] -= excess_db
    positive = [*_LOUD, *_FLUX]
    inputs[..., positive] = np.log(np.maximum(inputs[..., positive], np.float32(1e-3)))
    return inputs


class VoiceNetwork(nn.Module):
    """
    One hidden layer, a 32-dimensional embedding in [-1, 1] and a linear read-out.

    Input float32 [N, 2 F + 1]: standard scores, those against the wearer's own neutral (0 when
    nobody is enrolled), and whether somebody is. Returns embedding [N, 32] and logits [N, 8] in
    the order of CATEGORIES.
    """

    def __init__(self) -> None:
        super().__init__()
        self.hidden = nn.Sequential(
            nn.Dropout(0.2), nn.Linear(2 * len(INPUTS) + 1, HIDDEN), nn.ReLU(), nn.Dropout(0.4))
        self.embedding = nn.Linear(HIDDEN, EMBEDDING_DIMENSION)
        self.read_out = nn.Linear(EMBEDDING_DIMENSION, len(CATEGORIES))

    def forward(self, inputs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        embedding = torch.tanh(self.embedding(self.hidden(inputs)))
        return embedding, self.read_out(embedding)


def standardise(
        features: np.ndarray, mean: np.ndarray, scale: np.ndarray, own_scale: np.ndarray,
        neutral: np.ndarray | None = None) -> np.ndarray:
    """
    Return the network's input [..., 2 F + 1] of functionals [..., F].

    ``mean``, ``scale`` and ``own_scale`` [F] are of ``inputs_of``; ``neutral`` [..., F] are the
    wearer's functionals at ease, or None. Unknown counts as the mean; scores end at ``LIMIT``.
    """
    inputs = inputs_of(features)
    scores = np.nan_to_num((inputs - mean) / scale, nan=0.0)
    # How loud a voice arrives says something only beside the same voice at the same place.
    scores[..., _LEVEL] = 0.0
    if neutral is None:
        own = np.zeros_like(scores)
    else:
        own = np.nan_to_num((inputs - inputs_of(neutral)) / own_scale, nan=0.0)
    known = np.full((*scores.shape[:-1], 1), 0.0 if neutral is None else 1.0, dtype=np.float32)
    return np.concatenate([
        np.clip(scores, -LIMIT, LIMIT), np.clip(own, -LIMIT, LIMIT), known],
        axis=-1).astype(np.float32)


def tensor_shapes() -> dict[str, tuple[int, ...]]:
    """Return name and shape of every tensor that a weights file must hold."""
    shapes = {name: tuple(tensor.shape) for name, tensor in VoiceNetwork().state_dict().items()}
    count = (len(INPUTS),)
    return {**shapes, 'mean': count, 'scale': count, 'own_scale': count, 'neutral': count,
            'temperature': (2,)}


class VoiceModel:
    """The trained network with its calibration: functionals in, embedding and estimate out."""

    def __init__(self, path: Path = WEIGHTS) -> None:
        """Load ``path``; raises WeightsError with what is wrong and what to do."""
        tensors, self.metadata = load_weights(
            path, model=MODEL, version=VERSION, inputs=INPUTS, shapes=tensor_shapes())
        self._mean, self._scale = tensors.pop('mean'), tensors.pop('scale')
        self._own_scale = tensors.pop('own_scale')
        self._temperature = tensors.pop('temperature')
        self.neutral = tensors.pop('neutral')
        """Mean functionals [F] of the neutral speech it was taught with."""
        self._tensors = tensors

    @property
    def model_id(self) -> str:
        return f'{MODEL}-{VERSION}-{self.metadata["sha256"][:8]}'

    def __call__(
            self, features: np.ndarray,
            neutral: np.ndarray | None = None) -> tuple[np.ndarray, Estimate]:
        """
        Return the embedding [32] and the estimate of functionals [F] (NaN: unknown).

        ``neutral`` [F]: the wearer's functionals at ease, when somebody is enrolled.
        """
        # In numpy: for one row, torch's bookkeeping takes ten times as long as the sums.
        layer = self._layer
        scores = standardise(features, self._mean, self._scale, self._own_scale, neutral)
        hidden = np.maximum(layer('hidden.1', scores), np.float32(0.0))
        embedding = np.tanh(layer('embedding', hidden))
        values = layer('read_out', embedding) / self._temperature[int(neutral is not None)]
        probabilities = np.exp(values - values.max())
        return embedding, estimate_of(probabilities / probabilities.sum())

    def _layer(self, name: str, values: np.ndarray) -> np.ndarray:
        return self._tensors[f'{name}.weight'] @ values + self._tensors[f'{name}.bias']
