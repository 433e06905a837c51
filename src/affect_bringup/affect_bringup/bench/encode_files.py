# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""How fast affect-encode goes through files, and what it costs to start it."""

from collections.abc import Callable
from itertools import cycle
from itertools import islice
import os
from pathlib import Path
import subprocess
import sys
import tempfile
import time

from affect_bringup.bench.bench_row import BenchRow
import affect_encoders
import numpy as np

CLIPS, PICTURES, SENTENCES, DRAWN = 100, 1000, 1000, 200
RECORDING_S = 600.0
STARTS = 3
_WORDS = ('i', 'am', 'so', 'happy', 'that', 'you', 'came', 'and', 'not', 'afraid', 'of', 'it')


def rows() -> list[BenchRow]:
    """Return all rows of this part; about half a minute on one core."""
    # This process must not be faster than the command: it uses one thread, too.
    import cv2
    import torch
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        return [*start_rows(place), clip_row(), picture_row(place), sentence_row(place),
                *drawn_rows(place), *recording_rows(place)]


def data() -> Path:
    """Return where the recordings are."""
    return Path(os.environ.get('AFFECT_DATA', '../shared/data'))


def start_rows(place: Path) -> list[BenchRow]:
    """Return what the command takes with one small input: what a process per file would cost."""
    picture = place / 'one.npy'
    np.save(picture, np.zeros((48, 48), np.uint8))
    sound = place / 'one.npz'
    np.savez(sound, samples=np.zeros(1600, np.float32), rate_hz=16000)
    found = []
    for modality, words in (
            ('speech', ['--text', 'fine']), ('voice', [str(sound)]),
            ('facial_expression', [str(picture)])):
        command = [sys.executable, '-m', 'affect_encoders.affect_encode', modality, *words]
        took = []
        for _ in range(STARTS):
            began = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            took.append(time.perf_counter() - began)
        found.append(BenchRow(
            f'encode_files/start_s/{modality}', round(min(took), 2), 's',
            f'affect-encode {modality} with one small input, best of {STARTS} starts'))
    return found


def clip_row(count: int = CLIPS) -> BenchRow:
    """Return clips a second, of RAVDESS."""
    name, unit = 'encode_files/voice', 'clips/s'
    clips = sorted((data() / 'ravdess' / 'speech').glob('actor_*/*.flac'))[::14][:count]
    if not clips:
        return BenchRow(name, None, unit, _absent('ravdess/speech'))
    import soundfile
    seconds = sum(soundfile.info(str(clip)).duration for clip in clips)
    encoder = affect_encoders.load('voice')
    took, results = _timed(lambda: list(encoder.encode_each(clips)))
    known = sum(result.quality > 0.0 for result in results)
    return BenchRow(
        name, round(len(clips) / took, 1), unit,
        f'{len(clips)} clips of RAVDESS (FLAC, {seconds:.0f} s of sound), '
        f'{seconds / took:.0f} times as fast as they last; {known} with evidence')


def picture_row(place: Path, count: int = PICTURES) -> BenchRow:
    """Return pictures a second, of FER2013 as PNG files."""
    name, unit = 'encode_files/facial_expression', 'pictures/s'
    source = data() / 'fer2013' / 'fer2013_test.npz'
    if not source.is_file():
        return BenchRow(name, None, unit, _absent('fer2013'))
    with np.load(source) as archive:
        jpeg, offset = archive['jpeg'], archive['offset']
    files = []
    for k in range(min(count, len(offset) - 1)):
        files.append(place / f'{k}.jpg')
        files[-1].write_bytes(jpeg[offset[k]:offset[k + 1]].tobytes())
    encoder = affect_encoders.load('facial_expression')
    took, results = _timed(lambda: list(encoder.encode_each(files)))
    known = sum(result.quality > 0.1 for result in results)
    alone, _ = _timed(lambda: [
        list(encoder.encode_each([file])) for file in files[:len(files) // 10]])
    return BenchRow(
        name, round(len(files) / took, 1), unit,
        f'{len(files)} crops of FER2013 (JPEG, 48 x 48) in batches; one at a time '
        f'{len(files) // 10 / alone:.0f}; {known} of quality above 0.1')


def sentence_row(place: Path, count: int = SENTENCES) -> BenchRow:
    """Return sentences a second, from the lines of a file."""
    source = data() / 'goemotions' / 'goemotions' / 'test.tsv'
    if source.is_file():
        lines = source.read_text(encoding='utf-8').splitlines()[:count]
        sentences, what = [line.split('\t')[0] for line in lines], 'comments of GoEmotions'
    else:
        words = cycle(_WORDS)
        sentences = [' '.join(islice(words, 9)) for _ in range(count)]
        what = 'made-up sentences'
    path = place / 'lines.txt'
    path.write_text('\n'.join(sentences) + '\n', encoding='utf-8')
    encoder = affect_encoders.load('speech')
    took, results = _timed(lambda: list(encoder.encode_each([path])))
    return BenchRow(
        'encode_files/speech', round(len(results) / took, 1), 'sentences/s',
        f'{len(results)} {what}, the lines of one file')


def drawn_rows(place: Path, count: int = DRAWN) -> list[BenchRow]:
    """Return pictures of a scene and clouds a second, each an input of its own."""
    import cv2
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 255, (count, 30, 40, 3), dtype=np.uint8)
    pictures, clouds = [], []
    for k in range(count):
        pictures.append(place / f'scene{k}.png')
        cv2.imwrite(str(pictures[-1]), cv2.resize(coarse[k], (320, 240)))
        clouds.append(place / f'cloud{k}.npy')
        np.save(clouds[-1], rng.uniform(
            (-1.0, -1.0, 0.2), (1.0, 1.0, 2.5), (4000, 3)).astype(np.float32))
    found = []
    for modality, files, unit, what in (
            ('scene', pictures, 'pictures/s', 'drawn pictures (PNG, 320 x 240)'),
            ('body_expression', clouds, 'clouds/s', 'random clouds (NPY, 4000 points)')):
        encoder = affect_encoders.load(modality)
        took, results = _timed(lambda e=encoder, f=files: list(e.encode_each(f)))
        known = sum(result.quality > 0.0 for result in results)
        found.append(BenchRow(
            f'encode_files/{modality}', round(len(files) / took, 1), unit,
            f'{len(files)} {what}, each by itself; {known} with evidence'))
    return found


def recording_rows(place: Path, seconds: float = RECORDING_S) -> list[BenchRow]:
    """Return how many times faster than it lasts a simulated recording of each kind is encoded."""
    rng = np.random.default_rng(0)
    found = []
    for modality, rate_hz, names in (
            ('eye_movement', 120.0, ('azimuth_deg', 'elevation_deg')),
            ('eye_expression', 120.0, ('left_openness', 'left_pupil_diameter_mm')),
            ('head_motion', 200.0, (
                *(f'gyro_{a}_rad_s' for a in 'xyz'), *(f'accel_{a}_m_s2' for a in 'xyz'))),
            ('physiology', 64.0, ('bvp', 'eda'))):
        t = np.arange(round(seconds * rate_hz)) / rate_hz
        path = place / f'{modality}.csv'
        columns = [t, *(
            (0.8 if 'openness' in name else 3.0) + 0.2 * np.sin(2.0 * np.pi * 1.2 * t + k)
            + rng.normal(0.0, 0.02, t.size) for k, name in enumerate(names))]
        np.savetxt(path, np.stack(columns, axis=1), fmt='%.6g', delimiter=',',
                   header=','.join(('t_s', *names)), comments='')
        encoder = affect_encoders.load(modality)
        took, results = _timed(lambda e=encoder, p=path: list(e.encode_each([p])))
        if len(results) != 1 or results[0].error:
            found.append(BenchRow(
                f'encode_files/{modality}', None, 'x real time', results[0].error))
            continue
        found.append(BenchRow(
            f'encode_files/{modality}', round(seconds / took, 1), 'x real time',
            f'a simulated table of {seconds:g} s at {rate_hz:g} Hz, {len(names)} columns, read '
            'and pooled', 20.0, most=False))
    return found


def _timed(work: Callable[[], list]) -> tuple[float, list]:
    began = time.perf_counter()
    done = work()
    return time.perf_counter() - began, done


def _absent(what: str) -> str:
    return f"no {what} in AFFECT_DATA ('{data()}')"
