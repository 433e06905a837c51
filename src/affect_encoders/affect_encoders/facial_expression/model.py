# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Two small networks on a 48 x 48 grey crop: is it an upright face, and what does it express."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from affect_encoders.encoder import CATEGORIES
from affect_encoders.facial_expression.features import standardise
from affect_encoders.weights_file import load_weights
from affect_encoders.weights_file import WEIGHTS_DIRECTORY
import numpy as np
import torch
from torch import nn
from torch.nn import functional

MODEL = 'facial_expression_cnn'
VERSION = '1'
INPUTS = ('grey_48x48_standardised',)
EMBEDDING_DIMENSION = 64
INPUT_PX = 40
"""Side of the centre of the 48 x 48 crop that the network looks at; training crops at random."""

LABELS = ('angry', 'disgust', 'fear', 'happy', 'neutral', 'sad', 'surprise')
"""Order of the network's outputs, in the words of FER2013. Calm is not among them."""

CATEGORY_OF_LABEL = tuple(CATEGORIES.index(name) for name in (
    'angry', 'disgusted', 'fearful', 'happy', 'neutral', 'sad', 'surprised'))

WEIGHTS = WEIGHTS_DIRECTORY / 'facial_expression.safetensors'


def _block(inputs: int, outputs: int, *, pool: bool) -> list[nn.Module]:
    """Pool before normalising: a quarter of the values to normalise, and no loss in accuracy."""
    layers: list[nn.Module] = [nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)]
    if pool:
        layers.append(nn.MaxPool2d(2))
    return [*layers, nn.BatchNorm2d(outputs), nn.ReLU()]


class FaceNetwork(nn.Module):
    """
    Five convolutions, average pooling, a 64-dimensional embedding and a linear read-out.

    Input float32 [N, 1, 40, 40] (or larger), standardised per image. Returns embedding [N, 64]
    and logits [N, 7] in the order of ``LABELS``.
    """

    def __init__(self) -> None:
        super().__init__()
        self.trunk = nn.Sequential(
            *_block(1, 32, pool=True), *_block(32, 64, pool=True), *_block(64, 128, pool=True),
            *_block(128, 128, pool=False), *_block(128, 256, pool=False),
            nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.dropout = nn.Dropout(0.3)
        self.embedding = nn.Linear(256, EMBEDDING_DIMENSION)
        self.normalisation = nn.LayerNorm(EMBEDDING_DIMENSION)
        self.read_out = nn.Linear(EMBEDDING_DIMENSION, len(LABELS))

    def forward(self, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        embedding = self.normalisation(self.embedding(self.dropout(self.trunk(images))))
        return embedding, self.read_out(torch.relu(embedding))


class FastFaceNetwork:
    """
    What ``FaceNetwork`` in evaluation mode computes, to 1e-6, in half of the time.

    Channels lie innermost, which is what convolutions and poolings of few pixels want; a batch
    normalisation is one multiplication and addition after the pooling, and pooling is the maximum
    of slices: torch's own kernel took a third of the time.
    """

    def __init__(self, network: FaceNetwork) -> None:
        self._network = network
        self._blocks: list[tuple[torch.Tensor, torch.Tensor, torch.Tensor, bool]] = []
        weight, pooled = torch.empty(0), False
        for layer in network.trunk:
            if isinstance(layer, nn.Conv2d):
                weight, pooled = layer.weight.detach(), False
            elif isinstance(layer, nn.MaxPool2d):
                pooled = True
            elif isinstance(layer, nn.BatchNorm2d):
                known = layer.state_dict()
                scale = known['weight'] / torch.sqrt(known['running_var'] + layer.eps)
                shift = known['bias'] - known['running_mean'] * scale
                self._blocks.append((
                    weight.contiguous(memory_format=torch.channels_last),
                    scale.view(1, -1, 1, 1), shift.view(1, -1, 1, 1), pooled))

    def __call__(self, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return embedding [N, 64] and logits [N, 7] of images float32 [N, 1, 40, 40]."""
        values = images.contiguous(memory_format=torch.channels_last)
        for weight, scale, shift, pooled in self._blocks:
            values = functional.conv2d(values, weight, padding=1)
            if pooled:
                values = _pool(values)
            values = torch.addcmul(shift, values, scale).relu_()
        network = self._network
        embedding = network.normalisation(network.embedding(values.mean((2, 3))))
        return embedding, network.read_out(torch.relu(embedding))


def _pool(values: torch.Tensor) -> torch.Tensor:
    """Return the maxima of squares of two by two; an odd last row or column is left out."""
    height, width = values.shape[2] // 2 * 2, values.shape[3] // 2 * 2
    rows = torch.maximum(values[:, :, 0:height:2], values[:, :, 1:height:2])
    return torch.maximum(rows[:, :, :, 0:width:2], rows[:, :, :, 1:width:2])


class FaceLikeness(nn.Module):
    """
    Tells an upright face from whatever else a face finder or a headset may deliver.

    Input float32 [N, 1, 48, 48], standardised per image. Returns the logit [N].
    """

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 8, 5, stride=2, padding=2), nn.ReLU(),
            nn.Conv2d(8, 16, 3, stride=2, padding=1), nn.ReLU(),
            nn.Conv2d(16, 24, 3, stride=2, padding=1), nn.ReLU(),
            nn.Flatten(), nn.Linear(24 * 6 * 6, 1))

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.layers(images)[:, 0]


def tensor_shapes() -> dict[str, tuple[int, ...]]:
    """Return name and shape of every tensor that a weights file must hold."""
    return {**{name: tuple(tensor.shape) for name, tensor in named_tensors(
        FaceNetwork(), FaceLikeness()).items()}, 'temperature': (1,)}


def named_tensors(network: FaceNetwork, likeness: FaceLikeness) -> dict[str, torch.Tensor]:
    """Return the tensors of both networks under the names that a weights file uses."""
    tensors = {f'expression.{name}': tensor for name, tensor in network.state_dict().items()
               if not name.endswith('num_batches_tracked')}
    return tensors | {f'face.{name}': tensor for name, tensor in likeness.state_dict().items()}


@dataclass(frozen=True)
class FaceReading:
    """
    What the networks say of N crops.

    ``embeddings`` float32 [N, 64], ``probabilities`` float32 [N, 8] (calm NaN: no data taught
    it), ``confidences`` [N] that each is an upright face, ``parts`` [N] of ``PARTS``: what of it
    is in sight.
    """

    embeddings: np.ndarray
    probabilities: np.ndarray
    confidences: np.ndarray
    parts: tuple[str, ...]


class FaceModel:
    """The trained network with its calibration: crops in, embeddings and probabilities out."""

    def __init__(self, path: Path = WEIGHTS) -> None:
        """Load ``path``; raises WeightsError with what is wrong and what to do."""
        tensors, self.metadata = load_weights(
            path, model=MODEL, version=VERSION, inputs=INPUTS, shapes=tensor_shapes())
        self._temperature = float(tensors.pop('temperature')[0])
        network, self._likeness = FaceNetwork(), FaceLikeness()
        for prefix, part in (('expression.', network), ('face.', self._likeness)):
            # Not strict: batch counters are of no use here and were not written.
            part.load_state_dict(
                {name.removeprefix(prefix): torch.from_numpy(tensor)
                 for name, tensor in tensors.items() if name.startswith(prefix)}, strict=False)
            part.eval()
        self._network = FastFaceNetwork(network)

    @property
    def model_id(self) -> str:
        return f'{MODEL}-{VERSION}-{self.metadata["sha256"][:8]}'

    def confidence(self, crops: Sequence[np.ndarray]) -> np.ndarray:
        """Return the confidence [N] that grey crops uint8 [48, 48] show an upright face."""
        with torch.inference_mode():
            return torch.sigmoid(self._likeness(torch.from_numpy(np.stack(
                [standardise(crop) for crop in crops]))[:, None])).numpy()

    def __call__(self, crops: Sequence[np.ndarray]) -> FaceReading:
        """
        Judge grey crops uint8 [48, 48].

        Each face is also shown mirrored and the two answers are averaged, so that left and right
        count alike.
        """
        standard = np.stack([standardise(crop) for crop in crops])
        margin = (standard.shape[-1] - INPUT_PX) // 2
        centre = standard[:, margin:margin + INPUT_PX, margin:margin + INPUT_PX]
        both = np.concatenate([centre, centre[:, :, ::-1]])
        with torch.inference_mode():
            embedding, logits = self._network(torch.from_numpy(both)[:, None])
            likeness = self._likeness(torch.from_numpy(standard)[:, None])
        embeddings = embedding.numpy().reshape(2, len(crops), -1).mean(axis=0)
        scores = logits.numpy().reshape(2, len(crops), -1).mean(axis=0) / self._temperature
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        probabilities = np.full((len(crops), len(CATEGORIES)), np.nan, dtype=np.float32)
        probabilities[:, CATEGORY_OF_LABEL] = scores / scores.sum(axis=1, keepdims=True)
        return FaceReading(embeddings, probabilities, torch.sigmoid(likeness).numpy(),
                           ('whole',) * len(crops))
