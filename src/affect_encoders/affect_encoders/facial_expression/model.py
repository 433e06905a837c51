# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Two networks on a 48 x 48 grey crop: is it an upright face, and what does it express."""

from collections.abc import Callable
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
VERSION = '2'
INPUTS = ('grey_48x48_standardised',)
EMBEDDING_DIMENSION = 64
INPUT_PX = 40
"""Side of the centre of the 48 x 48 crop that the network looks at; training crops at random."""

PARTS = ('whole', 'lower', 'upper')
"""What of a face is in sight."""

LOOKS = ('other', 'whole', 'lower', 'upper')
"""What a crop may show: no upright face, or one of which a part is in sight."""

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


class Residual(nn.Module):
    """
    Two convolutions beside a bypass (He et al., 2016); the bypass alone before any training.

    So a network that was trained without it can go on where it was.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.first_normalisation = nn.BatchNorm2d(channels)
        self.second = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.second_normalisation = nn.BatchNorm2d(channels)
        nn.init.zeros_(self.second_normalisation.weight)

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        change = torch.relu(self.first_normalisation(self.first(values)))
        return torch.relu(values + self.second_normalisation(self.second(change)))


class FaceNetwork(nn.Module):
    """
    Eleven convolutions, average pooling, a 64-dimensional embedding and a linear read-out.

    Input float32 [N, 1, 40, 40] (or larger), standardised per image. Returns embedding [N, 64]
    and logits [N, 7] in the order of ``LABELS``.
    """

    def __init__(self) -> None:
        super().__init__()
        self.trunk = nn.Sequential(
            *_block(1, 32, pool=True), *_block(32, 64, pool=True), Residual(64),
            *_block(64, 128, pool=False), Residual(128), nn.MaxPool2d(2),
            *_block(128, 128, pool=False), *_block(128, 256, pool=False), Residual(256),
            nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.dropout = nn.Dropout(0.3)
        self.embedding = nn.Linear(256, EMBEDDING_DIMENSION)
        self.normalisation = nn.LayerNorm(EMBEDDING_DIMENSION)
        self.read_out = nn.Linear(EMBEDDING_DIMENSION, len(LABELS))

    def forward(self, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        embedding = self.normalisation(self.embedding(self.dropout(self.trunk(images))))
        return embedding, self.read_out(torch.relu(embedding))


_Step = Callable[[torch.Tensor], torch.Tensor]


class FastFaceNetwork:
    """
    What ``FaceNetwork`` in evaluation mode computes, to 1e-5, in half of the time.

    Channels lie innermost, which is what convolutions and poolings of few pixels want; a batch
    normalisation is part of the convolution before it, or one multiplication and addition after a
    pooling, and pooling is the maximum of slices: torch's own kernel took a third of the time.
    """

    def __init__(self, network: FaceNetwork) -> None:
        self._network = network
        self._steps: list[_Step] = []
        layers = list(network.trunk)
        for i, layer in enumerate(layers):
            if isinstance(layer, nn.Conv2d):
                following = layers[i + 1]
                if isinstance(following, nn.BatchNorm2d):
                    self._steps += [_folded(layer, following), torch.relu_]
                else:
                    self._steps += [_plain(layer), _pool, *_normalised(layers[i + 2])]
            elif isinstance(layer, Residual):
                self._steps.append(_bypassed(
                    _folded(layer.first, layer.first_normalisation),
                    _folded(layer.second, layer.second_normalisation)))
            elif isinstance(layer, nn.MaxPool2d) and isinstance(layers[i - 1], Residual):
                self._steps.append(_pool)

    def __call__(self, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return embedding [N, 64] and logits [N, 7] of images float32 [N, 1, 40, 40]."""
        values = images.contiguous(memory_format=torch.channels_last)
        for step in self._steps:
            values = step(values)
        network = self._network
        embedding = network.normalisation(network.embedding(values.mean((2, 3))))
        return embedding, network.read_out(torch.relu(embedding))


def _scale_and_shift(normalisation: nn.Module) -> tuple[torch.Tensor, torch.Tensor]:
    known = normalisation.state_dict()
    scale = known['weight'] / torch.sqrt(known['running_var'] + normalisation.eps)
    return scale, known['bias'] - known['running_mean'] * scale


def _plain(layer: nn.Conv2d) -> _Step:
    weight = layer.weight.detach().contiguous(memory_format=torch.channels_last)
    return lambda values: functional.conv2d(values, weight, padding=1)


def _folded(layer: nn.Conv2d, normalisation: nn.Module) -> _Step:
    """Return a convolution and its normalisation as one convolution."""
    scale, shift = _scale_and_shift(normalisation)
    weight = (layer.weight.detach() * scale.view(-1, 1, 1, 1)).contiguous(
        memory_format=torch.channels_last)
    return lambda values: functional.conv2d(values, weight, shift, padding=1)


def _normalised(normalisation: nn.Module) -> tuple[_Step, _Step]:
    """Return a normalisation and the rectifier after a pooling."""
    scale, shift = (values.view(1, -1, 1, 1) for values in _scale_and_shift(normalisation))
    return lambda values: torch.addcmul(shift, values, scale), torch.relu_


def _bypassed(first: _Step, second: _Step) -> _Step:
    return lambda values: second(first(values).relu_()).add_(values).relu_()


def _pool(values: torch.Tensor) -> torch.Tensor:
    """Return the maxima of squares of two by two; an odd last row or column is left out."""
    height, width = values.shape[2] // 2 * 2, values.shape[3] // 2 * 2
    rows = torch.maximum(values[:, :, 0:height:2], values[:, :, 1:height:2])
    return torch.maximum(rows[:, :, :, 0:width:2], rows[:, :, :, 1:width:2])


class FaceLikeness(nn.Module):
    """
    Tells upright faces from whatever else a finder or a headset may deliver, and covered ones.

    Input float32 [N, 1, 48, 48], standardised per image. Returns logits [N, 4] in the order of
    ``LOOKS``.
    """

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 16, 5, stride=2, padding=2, bias=False), nn.BatchNorm2d(16), nn.ReLU(),
            nn.Conv2d(16, 32, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(32), nn.ReLU(),
            nn.Conv2d(32, 64, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(64), nn.ReLU(),
            nn.Flatten(), nn.Dropout(0.2), nn.Linear(64 * 6 * 6, len(LOOKS)))

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.layers(images)


def tensor_shapes() -> dict[str, tuple[int, ...]]:
    """Return name and shape of every tensor that a weights file must hold."""
    return {**{name: tuple(tensor.shape) for name, tensor in named_tensors(
        FaceNetwork(), FaceLikeness()).items()}, 'temperature': (len(PARTS),)}


def named_tensors(network: FaceNetwork, likeness: FaceLikeness) -> dict[str, torch.Tensor]:
    """Return the tensors of both networks under the names that a weights file uses."""
    return {f'{prefix}.{name}': tensor
            for prefix, part in (('expression', network), ('face', likeness))
            for name, tensor in part.state_dict().items()
            if not name.endswith('num_batches_tracked')}


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
    """The trained networks with their calibration: crops in, embeddings and probabilities out."""

    def __init__(self, path: Path = WEIGHTS) -> None:
        """Load ``path``; raises WeightsError with what is wrong and what to do."""
        tensors, self.metadata = load_weights(
            path, model=MODEL, version=VERSION, inputs=INPUTS, shapes=tensor_shapes())
        # Written with 16 bits: half of the file, and no answer differs.
        tensors = {name: tensor.astype(np.float32) for name, tensor in tensors.items()}
        self._temperature = dict(zip(PARTS, tensors.pop('temperature').tolist(), strict=True))
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
        return 1.0 - self._looks(crops)[:, 0]

    def __call__(self, crops: Sequence[np.ndarray]) -> FaceReading:
        """
        Judge grey crops uint8 [48, 48].

        What covers half of a face is emptied: it must not matter what it looks like. Each face is
        also shown mirrored and the two answers are averaged, so that left and right count alike.
        """
        looks = self._looks(crops)
        parts = tuple(PARTS[i] for i in looks[:, 1:].argmax(axis=1))
        centre = np.stack([centre_of(crop, part) for crop, part in zip(crops, parts, strict=True)])
        both = np.concatenate([centre, centre[:, :, ::-1]])
        with torch.inference_mode():
            embedding, logits = self._network(torch.from_numpy(both)[:, None])
        embeddings = embedding.numpy().reshape(2, len(crops), -1).mean(axis=0)
        scores = logits.numpy().reshape(2, len(crops), -1).mean(axis=0)
        scores /= np.array([[self._temperature[part]] for part in parts])
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        probabilities = np.full((len(crops), len(CATEGORIES)), np.nan, dtype=np.float32)
        probabilities[:, CATEGORY_OF_LABEL] = scores / scores.sum(axis=1, keepdims=True)
        return FaceReading(embeddings, probabilities, 1.0 - looks[:, 0], parts)

    def _looks(self, crops: Sequence[np.ndarray]) -> np.ndarray:
        """Return the probabilities [N, 4] of ``LOOKS``."""
        standard = np.stack([standardise(crop) for crop in crops])
        with torch.inference_mode():
            return torch.softmax(
                self._likeness(torch.from_numpy(standard)[:, None]), dim=1).numpy()


def centre_of(crop: np.ndarray, part: str = 'whole') -> np.ndarray:
    """Return what the expression network sees of a crop uint8 [48, 48]: float32 [40, 40]."""
    margin = (crop.shape[-1] - INPUT_PX) // 2
    inside = slice(margin, margin + INPUT_PX)
    return np.ascontiguousarray(standardise(crop, part)[inside, inside])
