# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Tiny synthetic data sets in the formats of the real ones, and the real ones where they are."""

import gzip

from affect_learning.session.data_root import find_data_root
from affect_learning.session.data_root import SessionError
import cv2
import numpy as np
import pytest
import soundfile

EXPRESSIONS = ('neutral', 'happy', 'sad', 'angry', 'fear', 'disgust', 'surprise')


def write_ravdess(root, actor=23, clip_s=0.6):
    """Two clips per emotion; the sine's frequency is 100 Hz times the emotion's number."""
    folder = root / 'ravdess' / 'speech' / f'actor_{actor:02d}'
    folder.mkdir(parents=True)
    t = np.arange(int(clip_s * 16000)) / 16000
    for emotion in range(1, 9):
        for repetition in (1, 2):
            samples = 0.5 * np.sin(2 * np.pi * 100 * emotion * t)
            name = f'03-01-{emotion:02d}-01-01-{repetition:02d}-{actor:02d}.flac'
            soundfile.write(folder / name, samples, 16000, subtype='PCM_16')


def write_fer2013(root, rng):
    """Each split has three faces per expression; the first test face repeats a training face."""
    folder = root / 'fer2013'
    folder.mkdir()
    twin = rng.integers(0, 256, (48, 48), np.uint8)
    for split in ('train', 'validation', 'test'):
        blobs, labels, names = [], [], []
        for expression in EXPRESSIONS:
            for i in range(3):
                image = rng.integers(0, 256, (48, 48), np.uint8)
                if i == 0 and expression == 'neutral' and split in ('train', 'test'):
                    image = twin
                blobs.append(cv2.imencode('.jpg', image)[1].reshape(-1))
                labels.append(expression)
                names.append(f'{split}_{expression}_{i}.jpg')
        offset = np.concatenate([[0], np.cumsum([len(blob) for blob in blobs])])
        np.savez(
            folder / f'fer2013_{split}.npz', jpeg=np.concatenate(blobs), offset=offset,
            label=np.array(labels), name=np.array(names))


def write_oemc(root, rng, seconds=8):
    """Two people; each second ends in 0.1 s without a pupil."""
    folder = root / 'oemc_hmr'
    folder.mkdir()
    n = seconds * 200
    for user in (1, 2):
        for eye in (0, 1):
            confidence = np.where(np.arange(n) % 200 < 180, 0.9, 0.0).astype(np.float32)
            xy = rng.uniform(0.2, 0.4, (n, 2)).astype(np.float32)
            xy[confidence == 0] = 0.5
            label = np.where(confidence > 0, 'F', 'B')
            np.savez(folder / f'user_{user}_eye_{eye}.npz', xy=xy, confidence=confidence,
                     label=label)


def write_ceap(root, seconds=5):
    """One person, two films; the diameter is 3 mm plus the time in the film."""
    folder = root / 'ceap360vr'
    folder.mkdir()
    arrays = {
        'participant': np.array([1, 1]), 'video': np.array([1, 2]), 'fps': np.array([25, 30])}
    for trial, fps in enumerate((25, 30)):
        t = (np.arange(1, seconds * fps + 1) / fps).astype(np.float32)
        arrays.update({
            f't_{trial}': t, f'lpd_{trial}': 3 + t, f'rpd_{trial}': 3 + t,
            f'valence_{trial}': np.full(len(t), 9.0, np.float32),
            f'arousal_{trial}': np.full(len(t), 3.0, np.float32)})
    np.savez(folder / 'trials.npz', **arrays)


def write_watch(root, rng, seconds=10):
    """One person, three walks; the gyroscope turns at 90 deg/s about z."""
    folder = root / 'watch_emotion'
    folder.mkdir()
    n = seconds * 24
    np.savez(
        folder / 'mo_ew10_accdata_30_1_108-1033.npz',
        emotion=np.repeat(np.array([1, 0, -1], np.int8), n),
        acc=rng.standard_normal((3 * n, 3)).astype(np.float32),
        gyro=np.tile(np.array([0, 0, 90], np.float32), (3 * n, 1)),
        hr=np.full(3 * n, 90, np.float32))


def write_stress(root, seconds=60, start=1_644_000_000):
    """One person; sample i of a channel is i, gravity lies along x; stroop begins at 20 s."""
    raw = root / 'stress_predict' / 'raw' / 'S02'
    raw.mkdir(parents=True)
    for name, rate in (('BVP', 64), ('EDA', 4), ('TEMP', 4)):
        lines = [f'{start}.000000', f'{rate}.000000', *(str(i) for i in range(seconds * rate))]
        text = '\n'.join(lines) + '\n'
        if name == 'BVP':
            (raw / 'BVP.csv.gz').write_bytes(gzip.compress(text.encode()))
        else:
            (raw / f'{name}.csv').write_text(text)
    lines = [', '.join([f'{start}.000000'] * 3), '32.000000, 32.000000, 32.000000']
    lines += ['64,0,-64'] * (seconds * 32)
    (raw / 'ACC.csv.gz').write_bytes(gzip.compress(('\n'.join(lines) + '\n').encode()))
    processed = root / 'stress_predict' / 'processed'
    processed.mkdir()
    rows = ['Participant,HR,respr,Time(sec),Label']
    rows += [f'2,80,15,{start + i},{int(20 <= i < 40)}' for i in range(seconds)]
    (processed / 'Improved_All_Combined_hr_rsp_binary.csv').write_text('\n'.join(rows) + '\n')


@pytest.fixture
def recordings(tmp_path):
    """Return the root of tiny data sets of every kind."""
    root = tmp_path / 'data'
    root.mkdir()
    rng = np.random.default_rng(1)
    write_ravdess(root)
    write_ravdess(root, actor=5)
    write_fer2013(root, rng)
    write_oemc(root, rng)
    write_ceap(root)
    write_watch(root, rng)
    write_stress(root)
    return root


@pytest.fixture
def real_recordings():
    """Return the root of the real data, or skip."""
    try:
        return find_data_root()
    except SessionError as error:
        pytest.skip(str(error))
