# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
A small network that says where in an eye image a pupil is, lid or not, and whether there is one.

Twenty-four thousand parameters, learned on drawn eyes alone (`training/`), run by numpy in half a
millisecond. It sees the whole image, so that it tells a clump of lashes from a pupil where a rim
alone can't; the rim then says where the pupil is to a fraction of a pixel. It answers with one
of the cells of a grid or with none of them, as CenterNet's heat map does (Zhou et al. 2019).
"""

from dataclasses import dataclass
import functools
import math
from pathlib import Path

import cv2
import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file

COLUMNS = 80
STRIDE = 4
DILATIONS = (1, 2, 4, 1)
WEIGHTS = Path(__file__).parent / 'weights' / 'pupil_net.safetensors'


@dataclass(frozen=True)
class PupilGuess:
    """
    Where the network believes the pupil's centre to be, and how large it is.

    ``x``, ``y`` are fractions of the image's width and height, ``radius`` of its height;
    ``probability`` that there is a pupil at all.
    """

    x: float
    y: float
    radius: float
    probability: float


def normalised(image: np.ndarray) -> np.ndarray:
    """Return a grey image as float32 of mean 0 and deviation about 1, whatever the light."""
    values = image.astype(np.float32)
    values -= values.mean()
    return np.clip(values / (float(values.std()) + 3.0), -4.0, 4.0)


class PupilNet:
    """
    The network with its weights.

    :raises OSError, ValueError, KeyError: no weights, or other ones.
    """

    def __init__(self, path: Path = WEIGHTS) -> None:
        try:
            weights = load_file(path)
        except SafetensorError as error:
            raise ValueError(f'{path}: {error}') from error
        self._stem = [_Layer(weights, f'stem.{k}', 2, 1) for k in range(2)]
        self._body = [_Layer(weights, f'body.{k}', 1, d) for k, d in enumerate(DILATIONS)]
        self._head = weights['head.weight'][:, :, 0, 0].T.copy(), weights['head.bias']
        self._none = weights['none.weight'][0].copy(), float(weights['none.bias'][0])

    def guess(self, image: np.ndarray) -> PupilGuess:
        """Return the best guess for ``image``, uint8 [H, W]; look at its probability."""
        rows, columns = image.shape
        height = min(max(STRIDE * round(COLUMNS * rows / columns / STRIDE), 32), 4 * COLUMNS)
        small = cv2.resize(image, (COLUMNS, height), interpolation=cv2.INTER_AREA)
        x = normalised(small)[:, :, None]
        for layer in self._stem:
            x = layer(x)
        for layer in self._body:
            x = x + layer(x)
        h, w, _ = x.shape
        out = x.reshape(h * w, -1) @ self._head[0] + self._head[1]
        flat = x.reshape(h * w, -1)
        none = float(
            np.concatenate([flat.mean(0), flat.max(0)]) @ self._none[0] + self._none[1])
        logits = out[:, 0]
        top = max(float(logits.max()), none)
        mass = np.exp(logits - top).reshape(h, w)
        whole = float(mass.sum())
        row, column = divmod(int(np.argmax(logits)), w)
        near = np.s_[
            max(row - 1, 0):min(row + 2, h), max(column - 1, 0):min(column + 2, w)]
        share = mass[near] / float(mass[near].sum())
        place = out.reshape(h, w, 4)[near]
        down, right = np.mgrid[near]
        return PupilGuess(
            x=float(np.sum(share * (right + place[..., 1])) + 0.5) / w,
            y=float(np.sum(share * (down + place[..., 2])) + 0.5) / h,
            radius=math.exp(min(float(np.sum(share * place[..., 3])), 4.0)) / h,
            probability=whole / (whole + math.exp(none - top)))


@functools.cache
def shared_pupil_net() -> PupilNet:
    """Return the network that this process uses, read once."""
    return PupilNet()


class _Layer:
    """A convolution by 3 x 3 and a rectifier, on [H, W, C]."""

    def __init__(self, weights: dict[str, np.ndarray], name: str, stride: int, dilation: int):
        kernel = weights[f'{name}.weight']
        self._matrix = np.ascontiguousarray(
            kernel.transpose(2, 3, 1, 0).reshape(-1, kernel.shape[0]), np.float32)
        self._bias = weights[f'{name}.bias'].astype(np.float32)
        self._stride, self._dilation = stride, dilation

    def __call__(self, x: np.ndarray) -> np.ndarray:
        height, width, channels = x.shape
        s, d = self._stride, self._dilation
        h, w = (height - 1) // s + 1, (width - 1) // s + 1
        padded = np.zeros((height + 2 * d, width + 2 * d, channels), np.float32)
        padded[d:d + height, d:d + width] = x
        columns = np.empty((h, w, 9, channels), np.float32)
        for k in range(9):
            top, left = d * (k // 3), d * (k % 3)
            columns[:, :, k] = padded[top:top + height:s, left:left + width:s]
        out = columns.reshape(h * w, -1) @ self._matrix
        out += self._bias
        return np.maximum(out, 0.0, out=out).reshape(h, w, -1)
