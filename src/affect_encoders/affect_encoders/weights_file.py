# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Shipped weights: a safetensors file whose metadata say what it is, checked before use."""

from collections.abc import Mapping
from collections.abc import Sequence
import hashlib
from pathlib import Path

import numpy as np
from safetensors import safe_open
from safetensors import SafetensorError
from safetensors.numpy import save_file

WEIGHTS_DIRECTORY = Path(__file__).resolve().parent / 'weights'


class WeightsError(ValueError):
    """A weights file that must not be used; the text names the file, the fault and the remedy."""


def feature_hash(names: Sequence[str]) -> str:
    """Return the digest of an ordered list of input names: other inputs, other digest."""
    return hashlib.sha256('\n'.join(names).encode()).hexdigest()[:16]


def tensor_hash(tensors: Mapping[str, np.ndarray]) -> str:
    """Return the SHA-256 over names, shapes, types and bytes of all tensors."""
    digest = hashlib.sha256()
    for name in sorted(tensors):
        tensor = np.ascontiguousarray(tensors[name])
        digest.update(f'{name} {tensor.shape} {tensor.dtype}\n'.encode())
        digest.update(tensor.tobytes())
    return digest.hexdigest()


def save_weights(
        path: Path, tensors: Mapping[str, np.ndarray], *, model: str, version: str,
        inputs: Sequence[str], **metadata: str) -> None:
    """Write ``tensors`` with the metadata that ``load_weights`` checks."""
    arrays = {name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}
    save_file(arrays, str(path), metadata={
        'model': model, 'version': version, 'inputs': feature_hash(inputs),
        'sha256': tensor_hash(arrays), **metadata})


def load_weights(
        path: Path, *, model: str, version: str, inputs: Sequence[str],
        shapes: Mapping[str, tuple[int, ...]]) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """
    Return the tensors and the metadata of a weights file made for exactly this code.

    Raises :class:`WeightsError` when the file is missing or unreadable, belongs to another model,
    version or list of inputs, lacks or adds a tensor, has one of another shape, holds values that
    are not finite, or is not what its digest says.
    """
    path = Path(path)
    if not path.is_file():
        raise WeightsError(f'{path}: no such weights file; reinstall affect_encoders or train it')
    try:
        with safe_open(str(path), framework='numpy') as file:
            metadata = dict(file.metadata() or {})
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError, ValueError) as error:
        raise WeightsError(
            f'{path}: not a readable safetensors file ({error}); fetch it again') from error
    expected = {'model': model, 'version': version, 'inputs': feature_hash(inputs)}
    for key, value in expected.items():
        if metadata.get(key) != value:
            raise WeightsError(
                f'{path}: {key} is {metadata.get(key)!r}, this code needs {value!r}; '
                'use the weights of the same release or train again')
    if set(tensors) != set(shapes):
        missing = sorted(set(shapes) - set(tensors))
        surplus = sorted(set(tensors) - set(shapes))
        raise WeightsError(f'{path}: missing tensors {missing}, unknown tensors {surplus}')
    for name, shape in shapes.items():
        if tuple(tensors[name].shape) != tuple(shape):
            raise WeightsError(
                f'{path}: tensor {name} has shape {tuple(tensors[name].shape)}, '
                f'this code needs {tuple(shape)}')
        if not np.all(np.isfinite(tensors[name])):
            raise WeightsError(f'{path}: tensor {name} holds values that are not finite')
    if tensor_hash(tensors) != metadata.get('sha256'):
        raise WeightsError(f'{path}: the tensors do not match their sha256; the file was altered')
    return tensors, metadata
