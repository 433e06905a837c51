# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Where the recordings are, and how the ones that the signal encoders learn from are read."""

from collections.abc import Iterator
import gzip
import os
from pathlib import Path

import numpy as np


def data_folder() -> Path:
    """Return AFFECT_DATA, by default ../shared/data beside the project's root."""
    given = os.environ.get('AFFECT_DATA')
    if given:
        return Path(given)
    return Path(__file__).resolve().parents[3].parent / 'shared' / 'data'


def oemc_recordings() -> Iterator[tuple[str, dict[str, np.ndarray]]]:
    """Yield (person, arrays t_s, xy, confidence, label) of each eye of oemc_hmr, 200 Hz."""
    for path in sorted((data_folder() / 'oemc_hmr').glob('user_*_eye_*.npz')):
        with np.load(path) as content:
            arrays = {key: content[key] for key in content.files}
        arrays['t_s'] = np.arange(arrays['label'].size) / 200.0
        yield '_'.join(path.stem.split('_')[:2]), arrays


def watch_recordings() -> Iterator[tuple[str, dict[str, np.ndarray]]]:
    """Yield (person, arrays t_s, rad_s, m_s2, emotion) of watch_emotion, 24 Hz."""
    for path in sorted((data_folder() / 'watch_emotion').glob('*_accdata_*.npz')):
        with np.load(path) as content:
            arrays = {key: content[key] for key in content.files}
        yield path.stem.split('_accdata')[0], {
            't_s': np.arange(arrays['emotion'].size) / 24.0,
            'rad_s': np.radians(arrays['gyro'].astype(np.float64)),
            'm_s2': arrays['acc'].astype(np.float64),
            'emotion': arrays['emotion']}


def read_e4(path: Path) -> tuple[float, float, np.ndarray]:
    """Return start (unix seconds), rate (Hz) and samples [N, C] of an Empatica E4 CSV file."""
    opener = gzip.open if path.suffix == '.gz' else open
    with opener(path, 'rt', encoding='ascii') as stream:
        start = float(stream.readline().split(',')[0])
        rate = float(stream.readline().split(',')[0])
        samples = np.loadtxt(stream, delimiter=',', ndmin=2)
    return start, rate, samples


def e4_recordings() -> Iterator[tuple[str, dict[str, tuple[float, float, np.ndarray]]]]:
    """Yield (person, channel name: (start, rate, samples)) of stress_predict."""
    for folder in sorted((data_folder() / 'stress_predict' / 'raw').iterdir()):
        files = {path.name.split('.')[0]: path for path in folder.iterdir()}
        wanted = [n for n in ('BVP', 'EDA', 'TEMP', 'HR', 'ACC') if n in files]
        yield folder.name, {name: read_e4(files[name]) for name in wanted}
