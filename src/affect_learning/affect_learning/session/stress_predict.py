# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Wrist physiology: Stress-Predict (Iqbal et al. 2022, MIT), Empatica E4.

BVP 64 Hz, EDA 4 Hz (microsiemens), skin temperature 4 Hz (Celsius), acceleration 32 Hz (1/64 g).
A file's first line is the unix time of its first sample, the second line its rate.
"""

import csv
from dataclasses import dataclass
import gzip
from pathlib import Path

from affect_learning.session.data_root import need
from affect_learning.session.data_root import READ_ERRORS
from affect_learning.session.data_root import SessionError
from affect_learning.session.label import Label
from affect_learning.session.label import LabelKind
import numpy as np

DATASET = 'stress_predict'
PROCESSED = 'stress_predict/processed/Improved_All_Combined_hr_rsp_binary.csv'
TASKS = ('stroop', 'interview', 'hyperventilation')  # everybody had them in this order
RATES_HZ = {'BVP': 64.0, 'EDA': 4.0, 'TEMP': 4.0, 'ACC': 32.0}
GRAVITY_M_S2 = 9.80665
ACC_UNIT_M_S2 = GRAVITY_M_S2 / 64.0


@dataclass(frozen=True)
class Physiology:
    """
    Channels of one person over a session.

    ``channels``: BVP float32 [64 N] (arbitrary unit), EDA [4 N] (microsiemens), TEMP [4 N]
    (Celsius), ACC [32 N, 3] (m/s^2, gravity included), N the seconds of the session.
    """

    channels: dict[str, np.ndarray]
    labels: list[Label]
    person: str


def read_e4(path: Path, expected_hz: float | None = None) -> tuple[float, float, np.ndarray]:
    """
    Return start (unix seconds), rate (Hz) and samples float64 [N, C] of an Empatica E4 CSV file.

    :raises SessionError: the file is damaged or has another rate than the expected one.
    """
    opener = gzip.open if path.suffix == '.gz' else open
    try:
        with opener(path, 'rt', encoding='ascii') as file:
            start_s = float(file.readline().split(',')[0])
            rate_hz = float(file.readline().split(',')[0])
            text = file.read()
        columns = text.partition('\n')[0].count(',') + 1
        samples = np.array(text.replace(',', ' ').split(), np.float64).reshape(-1, columns)
    except READ_ERRORS as error:
        raise SessionError(f'{path} cannot be read ({error}); restore the data set') from error
    if expected_hz is not None and rate_hz != expected_hz:
        raise SessionError(f'{path} has {rate_hz:g} Hz instead of {expected_hz:g}')
    return start_s, rate_hz, samples


def read_tasks(root: Path) -> dict[str, list[tuple[float, str]]]:
    """
    Return for each person the unix times at which a task or a rest begins, with its name.

    The data set says only task (1) or not (0) for each second; the tasks' names follow from
    their fixed order.
    """
    tasks: dict[str, list[tuple[float, str]]] = {}
    before: dict[str, str] = {}
    count: dict[str, int] = {}
    try:
        with need(root, PROCESSED).open(newline='') as file:
            for row in csv.DictReader(file):
                person, label = f'S{int(row["Participant"]):02d}', row['Label']
                if label == before.get(person):
                    continue
                before[person] = label
                name = 'rest'
                if label == '1':
                    i = count.get(person, 0)
                    count[person] = i + 1
                    name = TASKS[i] if i < len(TASKS) else 'task'
                tasks.setdefault(person, []).append((float(row['Time(sec)']), name))
    except READ_ERRORS as error:
        raise SessionError(
            f'{root / PROCESSED} cannot be read ({error}); restore the data set') from error
    return tasks


def compose_physiology(root: Path, seconds: float, rng: np.random.Generator) -> Physiology:
    """
    Take one person's stretch around the start of the first task, so that rest and task are in it.

    :raises SessionError: the data set is missing, damaged, or nobody's recording is long enough.
    """
    tasks = read_tasks(root)
    known = [person for person in sorted(tasks) if (root / 'stress_predict/raw' / person).is_dir()]
    if not known:
        need(root, 'stress_predict/raw')
        raise SessionError(
            'stress_predict/raw under AFFECT_DATA holds nobody of '
            'stress_predict/processed; restore the data set')
    for i in rng.permutation(len(known)):
        person = known[i]
        read = {
            name: read_e4(
                need(root, f'stress_predict/raw/{person}/{name}.csv'
                     + ('.gz' if name in ('BVP', 'ACC') else '')), rate_hz)
            for name, rate_hz in RATES_HZ.items()}
        first_s = max(start_s for start_s, _, _ in read.values())
        last_s = min(
            start_s + len(samples) / rate_hz for start_s, rate_hz, samples in read.values())
        if last_s - first_s < seconds:
            continue
        begin_s = next((s for s, name in tasks[person] if name != 'rest'), first_s) - seconds / 2
        begin_s = min(max(begin_s, first_s), last_s - seconds)
        channels = {
            name: _cut(
                samples.astype(np.float32), (begin_s - start_s) * rate_hz, seconds * rate_hz)
            for name, (start_s, rate_hz, samples) in read.items()}
        channels = {
            name: values if name == 'ACC' else values[:, 0] for name, values in channels.items()}
        channels['ACC'] = channels['ACC'] * np.float32(ACC_UNIT_M_S2)
        return Physiology(channels, _labels(tasks[person], person, begin_s, seconds), person)
    raise SessionError(f"nobody's recording in stress_predict lasts {seconds:g} s; ask for less")


def _cut(values: np.ndarray, start: float, length: float) -> np.ndarray:
    length = round(length)
    start = min(max(round(start), 0), len(values) - length)
    return values[start:start + length]


def _labels(
    tasks: list[tuple[float, str]], person: str, begin_s: float, seconds: float,
) -> list[Label]:
    """Return the task that holds at the beginning (if any) and those that follow."""
    labels = []
    for i, (start_s, name) in enumerate(tasks):
        ends_s = tasks[i + 1][0] if i + 1 < len(tasks) else np.inf
        if start_s < begin_s + seconds and ends_s > begin_s:
            labels.append(Label(
                max(start_s - begin_s, 0.0), DATASET, person, LabelKind.PROTOCOL, name,
                stimulus=name))
    return labels
