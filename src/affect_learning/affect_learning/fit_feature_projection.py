# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Fit the standardisation and projection that turn signal features into an embedding.

    python -m affect_learning.fit_feature_projection eye_movement eye_expression
    python -m affect_learning.fit_feature_projection head_motion physiology

Writes affect_encoders/weights/<modality>_projection.json. No label is read. Each person weighs
the same: means and variances are averages of the persons' own. Principal axes of the correlation
matrix of what the data know; one axis of its own for each feature that they do not.
"""

import argparse
from collections.abc import Iterator
import json
from pathlib import Path

from affect_encoders.encoder import Encoding
from affect_encoders.eye_expression import EyeExpressionEncoder
from affect_encoders.eye_expression import features as lids
from affect_encoders.eye_movement import events as ev
from affect_encoders.eye_movement import features as eye
from affect_encoders.feature_projection import FeatureProjection
from affect_encoders.feature_projection import WEIGHTS_FOLDER
from affect_encoders.feature_projection import Z_LIMIT
from affect_encoders.head_motion import features as head
from affect_encoders.physiology import features as physio
from affect_encoders.physiology import PhysiologyEncoder
from affect_learning import affect_data
from affect_learning.session.data_root import find_data_root
from affect_learning.session.data_root import SessionError
import numpy as np

DIMENSION = 16
LEAST_KNOWN_ROWS = 200

DATA = {
    'eye_expression': 'ceap360vr (32 people, CC BY-NC 4.0; pupils only)',
    'eye_movement': 'oemc_hmr (13 people, MIT licence)',
    'head_motion': 'watch_emotion (44 people, MIT licence; a watch on a walking arm, for scale)',
    'physiology': 'stress_predict (35 people, MIT licence)',
}

ASSUMED = {
    'eye_expression': {
        'openness': (0.95, 0.15),
        'openness_asymmetry': (0.0, 0.08),
        'squint': (0.1, 0.15),
        'widening': (0.05, 0.1),
        # 17 blinks a minute at rest, 4 to 26 from reading to talking (Bentivoglio 1997).
        'blink_rate': (0.28, 0.2),
        # Caffier 2003: 0.2 s awake, 0.26 s drowsy.
        'blink_duration': (0.22, 0.08),
        'longest_closure': (0.2, 0.3),
        'perclos': (0.04, 0.05),
    },
    'eye_movement': {
        # Reading and scene viewing: Rayner 2009; peak velocity by the main sequence at 5 deg.
        'saccade_amplitude': (5.0, 4.0),
        'saccade_amplitude_sd': (4.0, 3.0),
        'saccade_peak_velocity': (200.0, 90.0),
        # By tracker from hardly any to most (Hooge et al. 2015).
        'oscillation_share': (0.4, 0.3),
        'main_sequence_residual': (0.0, 0.3),
        # A rested driver is below 0.08 (Wierwille 1994).
        'perclos': (0.04, 0.05),
        'openness': (0.9, 0.2),
        'gaze_dispersion': (8.0, 5.0),
    },
    'head_motion': {
        # 8-12 Hz tremor of the head is some 0.01 rad/s; no data at hand sample that fast.
        'tremor_power_4_12hz': (0.003, 0.005),
        'tremor_power_8_12hz': (0.0005, 0.001),
        'tremor_frequency': (6.0, 2.0),
        # An upright wearer looking about; the watch gives acceleration without gravity.
        'posture_pitch': (0.1, 0.3),
        'posture_roll': (0.0, 0.15),
        'posture_pitch_sd': (0.1, 0.1),
    },
    'physiology': {},
}


def eye_rows() -> Iterator[tuple[str, np.ndarray]]:
    """Yield (person, features [F]) every 2 s."""
    names = [spec.name for spec in eye.FEATURES]
    for person, arrays in affect_data.oemc_recordings():
        t, xy, confidence = arrays['t_s'], arrays['xy'], arrays['confidence']
        unknown = np.full(t.size, np.nan)
        codes = ev.classify_samples(t, xy, confidence, units='image')
        for tick in np.arange(12.0, t[-1], 2.0):
            a, b = np.searchsorted(t, [tick - 12.0, tick], side='right')
            named = eye.eye_features(
                t[a:b], xy[a:b].astype(np.float64), codes[a:b],
                confidence[a:b] >= ev.CONFIDENCE_LEAST, unknown[a:b], tick, 'image')
            yield person, np.array([named[name] for name in names])


def expression_rows() -> Iterator[tuple[str, np.ndarray]]:
    """Yield (person, features [F]) every 5 s from pupils and films; nothing of lids is known."""
    plain = FeatureProjection.plain(tuple(spec.name for spec in lids.FEATURES))
    for person, arrays in affect_data.ceap_recordings():
        encoder = EyeExpressionEncoder(projection=plain)
        unknown = np.full((arrays['t_s'].size, len(lids.COLUMNS)), np.nan)
        seen = unknown.copy()
        seen[:, lids.PUPIL_MM] = arrays['pupil_mm']
        encoder.push(arrays['t_s'], seen, unknown)
        encoder.push_luminance(arrays['light_t_s'], arrays['luminance'])
        for tick in np.arange(10.0, arrays['t_s'][-1], 5.0):
            encoding = encoder.encode(tick)
            if encoding.quality >= 0.5:
                yield person, encoding.features.astype(np.float64)


def head_rows() -> Iterator[tuple[str, np.ndarray]]:
    """Yield (person, features [F]) every 5 s."""
    names = [spec.name for spec in head.FEATURES]
    for person, arrays in affect_data.watch_recordings():
        t = arrays['t_s']
        for tick in np.arange(10.0, t[-1], 5.0):
            a, b = np.searchsorted(t, [tick - 10.0, tick], side='right')
            named = head.head_features(
                t[a:b], arrays['rad_s'][a:b], arrays['m_s2'][a:b], tick)
            yield person, np.array([named[name] for name in names])


def physiology_rows() -> Iterator[tuple[str, np.ndarray]]:
    """Yield (person, features [F]) every 10 s, where quality is at least a half."""
    plain = FeatureProjection.plain(tuple(spec.name for spec in physio.FEATURES))
    for person, channels in affect_data.e4_recordings():
        encoder = PhysiologyEncoder(projection=plain)
        for _tick, encoding in ticks(encoder, channels, 10.0):
            if encoding.quality >= 0.5:
                yield person, encoding.features.astype(np.float64)


def ticks(encoder: PhysiologyEncoder, channels: dict, hop_s: float
          ) -> Iterator[tuple[float, Encoding]]:
    """Yield (tick, encoding) while the channels of an E4 recording are pushed hop by hop."""
    names = {'BVP': ('bvp',), 'EDA': ('eda',), 'TEMP': ('skin_temperature',),
             'ACC': ('acceleration_x', 'acceleration_y', 'acceleration_z')}
    start, rate, bvp = channels['BVP']
    for k in range(1, int(bvp.shape[0] / rate / hop_s)):
        tick = start + k * hop_s
        for source, targets in names.items():
            if source not in channels:
                continue
            begin, hz, samples = channels[source]
            a = max(0, round((tick - hop_s - begin) * hz))
            b = max(0, round((tick - begin) * hz))
            for column, target in enumerate(targets):
                x = samples[a:b, column]
                if source == 'ACC':
                    x = x / 64.0 * head.GRAVITY_M_S2
                encoder.push(target, x, hz, begin + a / hz)
        yield tick, encoder.encode(tick)


ROWS = {'eye_movement': eye_rows, 'eye_expression': expression_rows, 'head_motion': head_rows,
        'physiology': physiology_rows}
SPECS = {'eye_movement': eye.FEATURES, 'eye_expression': lids.FEATURES,
         'head_motion': head.FEATURES, 'physiology': physio.FEATURES}


def fit(modality: str) -> dict:
    """
    Return the content of the modality's projection file.

    :raises SessionError: its recordings are missing, damaged or too short.
    """
    names = [spec.name for spec in SPECS[modality]]
    by_person: dict[str, list[np.ndarray]] = {}
    for person, row in ROWS[modality]():
        by_person.setdefault(person, []).append(row)
    tables = [np.stack(rows) for rows in by_person.values() if len(rows) >= 10]
    if not tables:
        raise SessionError(
            f'no recordings for {modality} under AFFECT_DATA ({find_data_root()}) are long '
            'enough; restore the data set')
    rows = np.concatenate(tables)
    known = np.isfinite(rows).sum(axis=0) >= LEAST_KNOWN_ROWS
    with np.errstate(invalid='ignore'):
        means = np.stack([_nan_mean(table) for table in tables])
        squares = np.stack([_nan_mean(table ** 2) for table in tables])
    mean = _nan_mean(means)
    std = np.sqrt(np.maximum(_nan_mean(squares) - mean ** 2, 0.0))
    known &= np.isfinite(std) & (std > 1e-9)
    for index, name in enumerate(names):
        if not known[index]:
            mean[index], std[index] = ASSUMED[modality][name]
    z = np.nan_to_num(np.clip((rows - mean) / std, -Z_LIMIT, Z_LIMIT), nan=0.0)[:, known]
    free = min(DIMENSION, len(names)) - int(np.count_nonzero(~known))
    _, values, axes = np.linalg.svd(z - z.mean(axis=0), full_matrices=False)
    # The sign of a principal axis is arbitrary: make its largest weight positive.
    axes = axes * np.sign(axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)])[:, None]
    matrix = np.zeros((free + int(np.count_nonzero(~known)), len(names)))
    matrix[:free, known] = axes[:free]
    matrix[np.arange(free, matrix.shape[0]), np.flatnonzero(~known)] = 1.0
    return {
        'names': names,
        'mean': _rounded(mean),
        'std': _rounded(std),
        'matrix': [_rounded(row) for row in matrix],
        'training_data': DATA[modality],
        'people': len(tables),
        'rows': len(rows),
        'assumed': [name for name, there in zip(names, known, strict=True) if not there],
        'explained_variance': float(
            (values[:free] ** 2).sum() / max((values ** 2).sum(), 1e-12)),
    }


def _nan_mean(table: np.ndarray) -> np.ndarray:
    there = np.isfinite(table)
    total = np.where(there, table, 0.0).sum(axis=0)
    return np.where(there.any(axis=0), total / np.maximum(there.sum(axis=0), 1), np.nan)


def _rounded(row: np.ndarray) -> list[float]:
    return [float(f'{value:.6g}') for value in row]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split('\n\n')[0])
    parser.add_argument('modality', nargs='+', choices=sorted(ROWS))
    parser.add_argument('--out', type=Path, default=None, help='folder of the JSON files')
    arguments = parser.parse_args()
    folder = arguments.out or WEIGHTS_FOLDER
    for modality in arguments.modality:
        try:
            content = fit(modality)
        except SessionError as error:
            parser.error(str(error))
        text = json.dumps(content, indent=1)
        (folder / f'{modality}_projection.json').write_text(text + '\n', encoding='utf-8')
        print(f'{modality}: {content["people"]} people, {content["rows"]} rows, '
              f'{content["explained_variance"]:.3f} of the variance, assumed '
              f'{content["assumed"]}')


if __name__ == '__main__':
    main()
