# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Pupil diameter in VR: CEAP-360VR (Xue et al. 2021, CC BY-NC 4.0), Vive Pro Eye, mm, 25 or 30 Hz.

Both eyes carry the same number in 99.9 % of the samples.
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

DATASET = 'ceap360vr'
LABEL_EVERY_S = 1.0
MAX_SAMPLE_GAP_S = 0.1


@dataclass(frozen=True)
class Pupil:
    """
    Diameters float32 [N] in mm on the time grid that was asked for, and felt affect at 1 Hz.

    A diameter is the latest recorded one; NaN where that is older than one and a half
    periods of its film.
    """

    left_mm: np.ndarray
    right_mm: np.ndarray
    labels: list[Label]
    people: list[str]


def hold_latest(
    t: np.ndarray, values: np.ndarray, at: np.ndarray, max_age_s: float,
) -> np.ndarray:
    """
    Return for each time of ``at`` the latest value of the series (t, values), float32.

    NaN before the first sample, where the latest is older than ``max_age_s``, and where it is
    not a positive number. No value is made up between samples.
    """
    latest = np.searchsorted(t, at, side='right') - 1
    valid = latest >= 0
    latest = np.maximum(latest, 0)
    valid &= at - t[latest] <= max_age_s
    held = np.where(valid, values[latest], np.nan).astype(np.float32)
    held[~(held > 0.0)] = np.nan
    return held


def compose_pupil(
    root: Path, seconds: float, rng: np.random.Generator, rate_hz: float,
) -> Pupil:
    """
    Play one person's one-minute films after each other, sampled at ``rate_hz``.

    Where eight films are not enough, another person follows.

    :raises SessionError: the file is missing or damaged.
    """
    path = need(root, 'ceap360vr/trials.npz')
    try:
        with np.load(path) as file:
            return _compose(file, seconds, rng, rate_hz)
    except READ_ERRORS as error:
        raise SessionError(f'{path} cannot be read ({error}); restore the data set') from error


def _compose(file, seconds: float, rng: np.random.Generator, rate_hz: float) -> Pupil:
    participant, video, fps = file['participant'], file['video'], file['fps']
    people = rng.permutation(np.unique(participant))

    def recordings():
        while True:
            for person in people:
                for trial in rng.permutation(np.flatnonzero(participant == person)):
                    t = file[f't_{trial}'].astype(np.float64)
                    yield (int(trial), t - t[0]), int((t[-1] - t[0]) * rate_hz)

    left, right, labels, used = [], [], [], []
    for (trial, t), span in fill(round(seconds * rate_hz), recordings(), rng):
        at = np.arange(span.start, span.stop) / rate_hz
        # The recorded times are float32 and jitter; half a period of slack keeps them joined.
        max_age_s = min(1.5 / float(fps[trial]), MAX_SAMPLE_GAP_S)
        left.append(hold_latest(t, file[f'lpd_{trial}'], at, max_age_s))
        right.append(hold_latest(t, file[f'rpd_{trial}'], at, max_age_s))
        person = f'P{participant[trial]}'
        if person not in used:
            used.append(person)
        valence, arousal = file[f'valence_{trial}'], file[f'arousal_{trial}']
        for second in np.arange(0.0, len(at) / rate_hz, LABEL_EVERY_S):
            i = min(int(np.searchsorted(t, at[0] + second)), len(valence) - 1)
            # Self reports run from 1 to 9, 5 being the middle.
            labels.append(Label(
                span.at / rate_hz + float(second), DATASET, person, LabelKind.FELT,
                stimulus=f'V{video[trial]}',
                valence=(float(valence[i]) - 5.0) / 4.0, arousal=(float(arousal[i]) - 5.0) / 4.0))
    return Pupil(np.concatenate(left), np.concatenate(right), labels, used)
