# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Motion: walking with a smart watch after a film or music (Quiroz et al. 2018, MIT), 24 Hz.

The acceleration was recorded without gravity (its mean over any walk is zero), so no posture
follows from it. It was worn on the wrist and stands in for a head's motion.
"""

from dataclasses import dataclass
from pathlib import Path

from affect_learning.session.data_root import need
from affect_learning.session.data_root import READ_ERRORS
from affect_learning.session.data_root import SessionError
from affect_learning.session.label import Label
from affect_learning.session.label import LabelKind
from affect_learning.session.spans import fill
import numpy as np

DATASET = 'watch_emotion'
RATE_HZ = 24.0
EMOTIONS = {-1: 'sad', 0: 'neutral', 1: 'happy'}


@dataclass(frozen=True)
class Motion:
    """Linear acceleration [N, 3] in m/s^2 and angular velocity [N, 3] in rad/s at 24 Hz."""

    acceleration: np.ndarray
    angular_velocity: np.ndarray
    labels: list[Label]
    people: list[str]


def compose_motion(root: Path, seconds: float, rng: np.random.Generator) -> Motion:
    """
    Take walks of one person, in a random order; where three are too short, another follows.

    :raises SessionError: the data set is missing or damaged.
    """
    paths = sorted(need(root, 'watch_emotion').glob('m?_ew*.npz'))
    if not paths:
        raise SessionError(
            f'{root / "watch_emotion"} (under AFFECT_DATA) holds no m?_ew*.npz; restore it')
    order = [paths[i] for i in rng.permutation(len(paths))]

    def walks():
        while True:
            for path in order:
                acceleration, gyroscope, emotion = _read(path)
                kinds = [value for value in EMOTIONS if (emotion == value).any()]
                for i in rng.permutation(len(kinds)):
                    rows = emotion == kinds[i]
                    walk = acceleration[rows], np.radians(gyroscope[rows])
                    yield (path, kinds[i], walk), len(walk[0])

    parts, labels, people = [], [], []
    for (path, emotion, walk), span in fill(round(seconds * RATE_HZ), walks(), rng):
        parts.append([values[span.start:span.stop] for values in walk])
        group, person = path.stem.split('_')[:2]
        if person not in people:
            people.append(person)
        labels.append(Label(
            span.at / RATE_HZ, DATASET, person, LabelKind.PROTOCOL, EMOTIONS[emotion],
            stimulus=group))
    return Motion(
        np.concatenate([part[0] for part in parts]).astype(np.float64),
        np.concatenate([part[1] for part in parts]).astype(np.float64), labels, people)


def _read(path: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    try:
        with np.load(path) as file:
            return file['acc'], file['gyro'], file['emotion']
    except READ_ERRORS as error:
        raise SessionError(f'{path} cannot be read ({error}); restore the data set') from error
