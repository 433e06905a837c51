# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The learned part of classify_samples: two small networks, one after the other; numpy only."""

from collections.abc import Mapping
import functools
from pathlib import Path

from affect_encoders.eye_movement.sample_features import AHEAD_S
from affect_encoders.eye_movement.sample_features import feature_count
from affect_encoders.eye_movement.sample_features import sample_features
from affect_encoders.eye_movement.sample_features import Surroundings
from affect_encoders.weights_file import load_weights
from affect_encoders.weights_file import WEIGHTS_DIRECTORY
import numpy as np

MODEL = 'eye-movement-samples'
VERSION = '1'
WEIGHTS = WEIGHTS_DIRECTORY / 'eye_movement.safetensors'
CLASSES = 5
"""Columns of probabilities: fixation, saccade, oscillation, pursuit, blink (code less one)."""

HIDDEN = (96, 48)
Z_LIMIT = 6.0
HISTORY_S = 2.1
"""How far back of a sample the second network looks at what the first said."""

_HISTORY = (
    (-0.030, 0.000), (-0.060, -0.030), (-0.120, -0.060), (-0.250, -0.120), (-0.500, -0.250),
    (-1.000, -0.500), (-2.000, -1.000))
_EDGE_S = 0.0004
_LEAST = 1e-4
_BLOCK = 4096

VARIANTS = {
    'image_confidence_40ms': (True, True), 'image_confidence_0ms': (False, True),
    'image_40ms': (True, False), 'image_0ms': (False, False),
    'deg_40ms': (True, False), 'deg_0ms': (False, False)}
"""What each set of networks is for, and whether it looks ahead and reads confidence."""

MARGIN = 0.5
PURSUIT_MARGIN = 1.25
"""
By how much (natural log) another class must be likelier than the present one to replace it, and
pursuit than fixation or the other way round.

Without it codes flicker between events where a coder sees one; with more of it they change late.
Chosen on all people of oemc_hmr by networks that had not met them, among twenty pairs: with 1.0
and 3.0, event F1 rises by .02 to .06 and sample F1 falls by .01.
"""


def variant(units: str, confidence: bool, lookahead_s: float) -> str:
    """Return the name of the networks for an input: those that look as far ahead as they may."""
    ahead = '40ms' if lookahead_s >= AHEAD_S else '0ms'
    return f'{units}_confidence_{ahead}' if confidence and units == 'image' else f'{units}_{ahead}'


def history_count() -> int:
    """Return how many inputs the second network has beside the features."""
    return CLASSES * (1 + 2 * len(_HISTORY))


def shapes(names=tuple(VARIANTS)) -> dict[str, tuple[int, ...]]:
    """Return the shapes of all tensors of the named variants."""
    out: dict[str, tuple[int, ...]] = {}
    for name in names:
        count = feature_count(*VARIANTS[name])
        for stage, inputs in (('first', count), ('second', count + history_count())):
            sizes = (inputs, *HIDDEN, CLASSES)
            out[f'{name}/{stage}/mean'] = out[f'{name}/{stage}/scale'] = (inputs,)
            for layer in range(len(sizes) - 1):
                out[f'{name}/{stage}/weight{layer}'] = (sizes[layer], sizes[layer + 1])
                out[f'{name}/{stage}/bias{layer}'] = (sizes[layer + 1],)
    return out


class SampleClassifier:
    """Probabilities of the five classes at each sample."""

    def __init__(self, tensors: Mapping[str, np.ndarray]) -> None:
        self._tensors = {
            name: np.ascontiguousarray(tensor, dtype=np.float32)
            for name, tensor in tensors.items()}

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> 'SampleClassifier':
        """
        Return the shipped classifier.

        :raises WeightsError: the file is missing, or not the one for this code
        """
        expected = shapes()
        tensors, _ = load_weights(
            path, model=MODEL, version=VERSION, inputs=sorted(expected), shapes=expected)
        return cls(tensors)

    def first(self, name: str, t: np.ndarray, x: np.ndarray, seen: np.ndarray,
              confidence: np.ndarray | None, about: Surroundings, start: int, stop: int
              ) -> tuple[np.ndarray, np.ndarray]:
        """Return features [M, F] of samples start..stop-1 and the first network's word [M, 5]."""
        ahead, reads_confidence = VARIANTS[name]
        rows = sample_features(
            t, x, seen, confidence if reads_confidence else None, about, start, stop, ahead)
        return rows, self.forward(f'{name}/first', rows)

    def second(self, name: str, t: np.ndarray, said: np.ndarray, rows: np.ndarray, start: int
               ) -> np.ndarray:
        """
        Return probabilities [M, 5] of the samples from ``start`` on.

        :param t: stamps [N], with the HISTORY_S before ``start``
        :param said: what the first network said [N, 5]
        :param rows: features [N - start, F]
        """
        return self.forward(
            f'{name}/second', np.concatenate([history(t, said, start), rows], axis=1))

    def __call__(self, name: str, t: np.ndarray, x: np.ndarray, seen: np.ndarray,
                 confidence: np.ndarray | None, about: Surroundings) -> np.ndarray:
        """Return probabilities [N, 5] of all samples; arguments as for ``first``."""
        said = np.empty((t.size, CLASSES), dtype=np.float32)
        out = np.empty((t.size, CLASSES), dtype=np.float32)
        for start in range(0, t.size, _BLOCK):
            stop = min(start + _BLOCK, t.size)
            rows, said[start:stop] = self.first(
                name, t, x, seen, confidence, about, start, stop)
            base = int(t.searchsorted(t[start] - HISTORY_S))
            out[start:stop] = self.second(name, t[base:stop], said[base:stop], rows, start - base)
        return out

    def forward(self, prefix: str, rows: np.ndarray) -> np.ndarray:
        """Return what one network (variant/first or variant/second) says of rows [M, 5]."""
        held = self._tensors
        z = (rows - held[f'{prefix}/mean']) * held[f'{prefix}/scale']
        np.clip(z, -Z_LIMIT, Z_LIMIT, out=z)
        for layer in range(len(HIDDEN) + 1):
            z = z @ held[f'{prefix}/weight{layer}'] + held[f'{prefix}/bias{layer}']
            if layer < len(HIDDEN):
                np.maximum(z, 0.0, out=z)
        z = np.exp(z - z.max(axis=1, keepdims=True))
        return z / z.sum(axis=1, keepdims=True)


@functools.lru_cache(maxsize=1)
def shipped() -> SampleClassifier:
    """Return the shipped classifier, read once per process."""
    return SampleClassifier.load()


def history(t: np.ndarray, said: np.ndarray, start: int) -> np.ndarray:
    """Return what the first network said at and before the samples from ``start`` on."""
    logs = np.log(said + _LEAST)
    sums = np.zeros((len(said) + 1, 2 * CLASSES))
    np.cumsum(np.concatenate([said, logs], axis=1), axis=0, out=sums[1:], dtype=np.float64)
    at = t[start:, None]
    edges = np.asarray(_HISTORY)
    low = t.searchsorted(at + (edges[:, 0] - _EDGE_S))
    high = t.searchsorted(at + (edges[:, 1] + _EDGE_S), side='right')
    # Of a slow tracker, or before the first sample: what was said nearest to the window.
    low = np.where(high > low, low, np.maximum(high - 1, 0))
    high = np.maximum(high, low + 1)
    means = (sums[high] - sums[low]) / (high - low)[..., None]
    return np.concatenate(
        [logs[start:], means.reshape(len(at), -1)], axis=1).astype(np.float32)


_MARGINS = np.full((CLASSES, CLASSES), MARGIN, dtype=np.float32)
_MARGINS[0, 3] = _MARGINS[3, 0] = PURSUIT_MARGIN


def steady(probabilities: np.ndarray, present: int = -1) -> np.ndarray:
    """
    Return the class [N] that holds at each sample: another one must be likelier by MARGIN.

    :param present: the class before the first sample, -1 if none
    """
    size = len(probabilities)
    out = np.empty(size, dtype=np.int8)
    if not size:
        return out
    logs = np.log(probabilities + _LEAST)
    best = logs.argmax(axis=1)
    leads = logs.max(axis=1)[:, None] - logs > _MARGINS[best]
    # For each class, where it would next be replaced.
    index = np.where(leads, np.arange(size)[:, None], size)
    following = np.minimum.accumulate(index[::-1], axis=0)[::-1]
    now = int(best[0]) if present < 0 else present
    at = 0
    while at < size:
        until = int(following[at, now])
        out[at:until] = now
        if until < size:
            now = int(best[until])
            out[until] = now
        at = until + 1
    return out
