# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Faces for the facial expression encoder: pictures, videos, tables of ARKit weights or units."""

from collections.abc import Iterator
from pathlib import Path
import re
from typing import Any

from affect_encoders.encoder import Encoding
from affect_encoders.facial_expression.actions import UNITS
from affect_encoders.files import pictures
from affect_encoders.files.arkit import NAMES
from affect_encoders.files.columns import seconds
from affect_encoders.files.input_error import InputError
from affect_encoders.files.options import Options
from affect_encoders.files.recording import Frames
from affect_encoders.files.recording import Recording
from affect_encoders.files.recording import Samples
from affect_encoders.files.recording import Still
from affect_encoders.files.table import open_table
from affect_encoders.files.table import plain_name
from affect_encoders.files.table import Table
import numpy as np

SUFFIXES = (
    *pictures.PICTURES, *pictures.VIDEOS, '.npy', '.npz', '.csv', '.tsv', '.csv.gz', '.jsonl')
WHAT = (
    'faces: pictures (a face crop of up to 96 pixels, or a picture with a face in it), videos, '
    'NPY of pictures uint8 [N, H, W], CSV, NPZ or JSON lines with t_s and the weights of ARKit '
    '(jawOpen, mouthSmileLeft, ...; as affect-track face prints) or action units (AU12, ... in '
    '[0, 1]; AU12_r, ... of OpenFace), or NPZ with t_s and weights [N, 52]')
_TABLES = ('.csv', '.tsv', '.csv.gz', '.tsv.gz', '.jsonl', '.ndjson', '.npz')
_SLOWEST_STEP_S = 1.5
_LETTERS = re.compile(r'[^a-z]')
_UNIT = re.compile(r'au_?0*(\d+)(?:_r|_intensity)?')
_MOST_INTENSE = 5.05


def items(source: Any, name: str, options: Options) -> Iterator[Recording | Still]:
    """
    Yield stills of pictures, and recordings of videos, sequences and weights.

    :raises InputError: what can't be read
    """
    if isinstance(source, list):
        yield _video(name, pictures.frames_of_files(source, options))
    elif isinstance(source, dict):
        yield _weights(open_table(source), name, options)
    elif not isinstance(source, Path):
        yield from _stack(np.asarray(source), name, options)
    elif source.name.lower().endswith(pictures.PICTURES):
        yield _still(name, pictures.read_picture(source))
    elif source.name.lower().endswith('.npy'):
        yield from _stack(source, name, options)
    elif source.name.lower().endswith(_TABLES):
        stack = pictures.stack_of(source) if source.suffix.lower() == '.npz' else None
        if stack is not None:
            yield from _stack(stack, name, options)
        else:
            yield _weights(open_table(source), name, options)
    else:
        yield _video(name, pictures.frames_of_video(source))


def _stack(source: Any, name: str, options: Options) -> Iterator[Recording | Still]:
    if not isinstance(source, Path) and source.ndim in (1, 2) and source.dtype.kind == 'f' and (
            source.shape[-1] == len(NAMES)):
        yield _weights(open_table({'weights': np.atleast_2d(source)}), name, options)
        return
    stack = pictures.stack_of(source)
    if stack is None:
        raise InputError(f'no pictures in it: give {WHAT}')
    if options.is_sequence:
        yield _video(name, pictures.frames_of_stack(stack, options))
        return
    for k in range(len(stack)):
        yield _still(f'{name}#{k}' if len(stack) > 1 else name, pictures.as_picture(stack[k]))


def _still(name: str, picture: np.ndarray) -> Still:
    def encode(encoder: Any) -> Encoding:
        encoder.push_image(picture, 0.0)
        return encoder.encode(0.0)

    return Still(name, encode, picture=picture)


def _video(name: str, frames: Iterator[tuple[float, np.ndarray]]) -> Recording:
    return Recording(name, [
        Frames(frames, lambda encoder, image, t_s: encoder.push_image(image, t_s))])


def _weights(table: Table, name: str, options: Options) -> Recording:
    """
    Return weights [N, 52] as a recording; NaN where a shape is missing or unknown.

    Action units (AU12, AU06_r, ...) stand for the shapes of both sides. Without times and rate
    each row is a frame of 30 a second; a single row needs neither.
    """
    plain = {_LETTERS.sub('', plain_name(arkit)): i for i, arkit in enumerate(NAMES)}
    found = {column: plain[key] for column in table.plain_names()
             if (key := _LETTERS.sub('', column)) in plain}
    confidences = [n for n in ('upper_confidence', 'lower_confidence') if table.has(n)]
    array = next((a for k, a in table.arrays.items() if k.lower() in (
        'weights', 'blendshapes', 'arkit') and a.ndim == 2 and a.shape[1] == len(NAMES)), None)
    rate_hz = options.rate_hz or table.rate_hz or pictures.FALLBACK_HZ
    units = {} if found or array is not None else _unit_columns(table)
    if not found and not units and array is None:
        raise InputError(
            'no face shape of ARKit and no action unit among '
            f'{", ".join(table.names)[:200] or "nothing"}: give {WHAT}')
    if found:
        t, values = seconds(
            table, [*found, *confidences], rate_hz, slowest_step_s=_SLOWEST_STEP_S)
        weights = np.full((len(t), len(NAMES)), np.nan)
        for column, i in found.items():
            weights[:, i] = values[column]
    elif units:
        t, values = seconds(
            table, [*units, *confidences], rate_hz, slowest_step_s=_SLOWEST_STEP_S)
        weights = _weights_of_units({unit: values[column] for column, unit in units.items()})
    else:
        weights = np.asarray(array, dtype=np.float64)
        is_timed = any(table.has(n) for n in ('t_s', 't', 'time', 'time_s', 'timestamp'))
        times: np.ndarray = np.arange(len(weights)) / rate_hz
        if is_timed:
            when = next(n for n in ('t_s', 't', 'time', 'time_s', 'timestamp') if table.has(n))
            times = table.numbers([when])[when]
        if len(times) != len(weights):
            raise InputError(f'{len(times)} times for {len(weights)} rows of weights')
        rises = np.isfinite(times)
        rises[1:] &= np.diff(np.fmax.accumulate(times)) > 0.0
        t, weights, values = times[rises], weights[rises], {}
    known = weights[np.isfinite(weights)]
    if known.size and (known.max() > 1.05 or known.min() < -0.05):
        raise InputError(
            f'weights from {known.min():.4g} to {known.max():.4g}: scale them to [0, 1] (divide '
            'percent by 100)')
    upper, lower = (
        values.get(n, np.full(len(t), np.nan)) for n in ('upper_confidence', 'lower_confidence'))
    from_camera = options.from_camera
    if from_camera is None:
        # Our own face tracker prints how many faces and action units beside the weights.
        from_camera = table.has('faces') and bool(confidences)

    def push(encoder: Any, part: slice) -> None:
        for i in range(part.start, part.stop):
            encoder.push_weights(
                weights[i], np.isfinite(weights[i]), upper[i], lower[i], float(t[i]),
                from_camera=from_camera)

    return Recording(name, [Samples(t, push)])


def _unit_columns(table: Table) -> dict[str, str]:
    """Return the columns of intensities of action units (not of presence: `AU12_c`), by unit."""
    matches = {column: _UNIT.fullmatch(column) for column in table.plain_names()}
    units = {column: f'AU{match[1]}' for column, match in matches.items() if match}
    return {column: unit for column, unit in units.items() if unit in UNITS}


def _weights_of_units(intensities: dict[str, np.ndarray]) -> np.ndarray:
    """
    Return weights [N, 52] of intensities [N] by unit, in [0, 1] or in OpenFace's [0, 5].

    :raises InputError: other intensities
    """
    known = np.concatenate([column[np.isfinite(column)] for column in intensities.values()])
    largest = float(known.max(initial=0.0))
    if largest > _MOST_INTENSE or known.min(initial=0.0) < 0.0:
        raise InputError(
            f'intensities of action units from {known.min():.4g} to {largest:.4g}: scale them to '
            '[0, 1], or give those of OpenFace, 0 to 5')
    weights = np.full((len(next(iter(intensities.values()))), len(NAMES)), np.nan)
    for unit, column in intensities.items():
        weights[:, list(UNITS[unit])] = (column / (5.0 if largest > 1.05 else 1.0))[:, None]
    return weights
