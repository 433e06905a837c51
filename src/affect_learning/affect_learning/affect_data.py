# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The recordings that the signal encoders learn from, person by person."""

from collections.abc import Iterator

from affect_learning.session.data_root import find_data_root
from affect_learning.session.data_root import need
from affect_learning.session.stress_predict import read_e4
import numpy as np


def oemc_recordings() -> Iterator[tuple[str, dict[str, np.ndarray]]]:
    """Yield (person, arrays t_s, xy, confidence, label) of each eye of oemc_hmr, 200 Hz."""
    for path in sorted(need(find_data_root(), 'oemc_hmr').glob('user_*_eye_*.npz')):
        with np.load(path) as content:
            arrays = {key: content[key] for key in content.files}
        arrays['t_s'] = np.arange(arrays['label'].size) / 200.0
        yield '_'.join(path.stem.split('_')[:2]), arrays


def watch_recordings() -> Iterator[tuple[str, dict[str, np.ndarray]]]:
    """Yield (person, arrays t_s, rad_s, m_s2, emotion) of watch_emotion, 24 Hz."""
    for path in sorted(need(find_data_root(), 'watch_emotion').glob('*_accdata_*.npz')):
        with np.load(path) as content:
            arrays = {key: content[key] for key in content.files}
        yield path.stem.split('_accdata')[0], {
            't_s': np.arange(arrays['emotion'].size) / 24.0,
            'rad_s': np.radians(arrays['gyro'].astype(np.float64)),
            'm_s2': arrays['acc'].astype(np.float64),
            'emotion': arrays['emotion']}


def e4_recordings() -> Iterator[tuple[str, dict[str, tuple[float, float, np.ndarray]]]]:
    """Yield (person, channel name: (start, rate, samples)) of stress_predict."""
    for folder in sorted(need(find_data_root(), 'stress_predict/raw').iterdir()):
        files = {path.name.split('.')[0]: path for path in folder.iterdir()}
        wanted = [n for n in ('BVP', 'EDA', 'TEMP', 'HR', 'ACC') if n in files]
        yield folder.name, {name: read_e4(files[name]) for name in wanted}
