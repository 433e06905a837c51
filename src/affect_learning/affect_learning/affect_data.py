# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The recordings that the signal encoders learn from, person by person."""

from collections.abc import Iterator
import json

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


def ceap_recordings() -> Iterator[tuple[str, dict[str, np.ndarray]]]:
    """
    Yield (person, arrays) of ceap360vr: a person's eight films one after the other, 10 s apart.

    ``t_s``, ``pupil_mm`` (both eyes have one value there), ``arousal`` in [-1, 1] as felt, and
    ``film`` [N]; ``pd_luminance`` the data set's own estimate of what light made of the pupil:
    for each person a line in the grey level, fitted on these very films; ``light_t_s``,
    ``luminance`` [M] the film's mean in linear light, relative to white: the files have mean grey
    levels of the whole panorama, made linear here by 2.2.
    """
    folder = need(find_data_root(), 'ceap360vr')
    videos = json.loads((folder / 'video_luminance.json').read_text())['Video_InfoData']
    grey = {int(video['VideoID'][1:]): np.array(video['V']) for video in videos}
    with np.load(folder / 'trials.npz') as content:
        trials = {key: content[key] for key in content.files}
    for person in np.unique(trials['participant']):
        columns: dict[str, list[np.ndarray]] = {
            name: [] for name in (
                't_s', 'pupil_mm', 'arousal', 'film', 'pd_luminance', 'light_t_s', 'luminance')}
        start_s = 0.0
        for i in np.flatnonzero(trials['participant'] == person):
            t, film = trials[f't_{i}'].astype(np.float64), int(trials['video'][i])
            columns['t_s'].append(start_s + t)
            columns['pupil_mm'].append(trials[f'lpd_{i}'].astype(np.float64))
            columns['arousal'].append((trials[f'arousal_{i}'] - 5.0) / 4.0)
            columns['film'].append(np.full(t.size, film))
            columns['pd_luminance'].append(trials[f'pd_luminance_{i}'].astype(np.float64))
            light_t = np.arange(grey[film].size) / trials['fps'][i]
            columns['light_t_s'].append(start_s + light_t)
            columns['luminance'].append((grey[film] / 255.0) ** 2.2)
            start_s += float(t[-1]) + 10.0
        yield f'P{person}', {name: np.concatenate(parts) for name, parts in columns.items()}
