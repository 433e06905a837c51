# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Gaze: OEMC-HMR (Elmadjian et al. 2022, MIT), a head-mounted eye camera per eye, 200 Hz.

Pupil positions are image fractions as recorded, without a calibration. Confidence 0 means that no
pupil was seen; the data set then writes (0.5, 0.5), which is not a position.
"""

from dataclasses import dataclass
from pathlib import Path
import re

from affect_learning.session.data_root import need
from affect_learning.session.data_root import READ_ERRORS
from affect_learning.session.data_root import SessionError
from affect_learning.session.label import Label
from affect_learning.session.label import LabelKind
from affect_learning.session.spans import fill
import numpy as np

DATASET = 'oemc_hmr'
RATE_HZ = 200.0


@dataclass(frozen=True)
class Gaze:
    """
    Both eyes of a person: positions float32 [N, 2], confidence float32 [N], N samples at 200 Hz.

    Positions are NaN where confidence is 0.
    """

    left_xy: np.ndarray
    left_confidence: np.ndarray
    right_xy: np.ndarray
    right_confidence: np.ndarray
    labels: list[Label]
    people: list[str]


def list_people(root: Path) -> list[int]:
    """Return the numbers of the people of whom both eyes are there."""
    folder = need(root, 'oemc_hmr')
    eyes: dict[int, set[int]] = {}
    for path in folder.glob('user_*_eye_*.npz'):
        match = re.fullmatch(r'user_(\d+)_eye_([01])', path.stem)
        if match:
            eyes.setdefault(int(match[1]), set()).add(int(match[2]))
    people = sorted(user for user, known in eyes.items() if known == {0, 1})
    if not people:
        raise SessionError(
            f'{folder} (under AFFECT_DATA) holds no user_N_eye_0.npz with its user_N_eye_1.npz')
    return people


def read_eye(root: Path, user: int, eye: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """
    Return positions float32 [N, 2] (NaN where no pupil was seen), confidence and label [N].

    :raises SessionError: the file is missing or damaged.
    """
    path = need(root, f'oemc_hmr/user_{user}_eye_{eye}.npz')
    try:
        with np.load(path) as file:
            xy = file['xy'].astype(np.float32)
            confidence = file['confidence'].astype(np.float32)
            label = file['label']
    except READ_ERRORS as error:
        raise SessionError(f'{path} cannot be read ({error}); restore the data set') from error
    xy[~(confidence > 0.0)] = np.nan
    return xy, confidence, label


def compose_gaze(root: Path, seconds: float, rng: np.random.Generator) -> Gaze:
    """
    Take a stretch of one person's eyes; where that is too short, another person follows.

    Labels are those of eye 0. By Pupil Labs' convention, whose headset the data set used, eye 0
    is the right eye.
    """
    users = list_people(root)
    order = [users[i] for i in rng.permutation(len(users))]

    def recordings():
        while True:
            for user in order:
                eyes = [read_eye(root, user, eye) for eye in (0, 1)]
                yield (user, eyes), min(len(eye[0]) for eye in eyes)

    parts: dict[str, list[np.ndarray]] = {'rx': [], 'rc': [], 'lx': [], 'lc': []}
    labels, people = [], []
    for (user, (right, left)), span in fill(round(seconds * RATE_HZ), recordings(), rng):
        cut = slice(span.start, span.stop)
        for key, values in (
                ('rx', right[0]), ('rc', right[1]), ('lx', left[0]), ('lc', left[1])):
            parts[key].append(values[cut])
        person = f'user_{user}'
        people.append(person)
        events = right[2][cut]
        changes = np.concatenate([[0], np.flatnonzero(events[1:] != events[:-1]) + 1])
        labels += [
            Label((span.at + int(i)) / RATE_HZ, DATASET, person, LabelKind.EVENT, str(events[i]),
                  take='eye_0')
            for i in changes]
    joined = {key: np.concatenate(values) for key, values in parts.items()}
    return Gaze(joined['lx'], joined['lc'], joined['rx'], joined['rc'], labels, people)
