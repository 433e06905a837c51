# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Ask whether the indices of the wearer's condition tell a task from the rest beside it.

    python -m affect_learning.check_condition

stress_predict: 34 people with a wrist band, so stress from heart rate and skin responses and
cognitive load from heart rate variability; there are no eyes and no voice. Everybody had the same
tasks in the same order, so that time alone tells task from rest: an index that only drifts looks
right where a task begins and wrong where it ends. So each task is held against the two minutes
before it (the index should rise) and the two after (it should fall), and the share that counts is
the mean of both; for elapsed time it is a half. Nothing is fitted. People are the unit: intervals
are bootstrapped over them. Hyperventilation is breathing on purpose and stands apart.
"""

from affect_encoders.physiology import PhysiologyEncoder
from affect_fusion.condition import wearer_condition
from affect_learning import affect_data
from affect_learning.fit_feature_projection import ticks
from affect_learning.session.data_root import find_data_root
from affect_learning.session.stress_predict import read_tasks
import numpy as np

HOP_S = 20.0
SPAN_S = 120.0
SETTLING_S = 40.0
INDICES = ('stress', 'cognitive_load')
TASKS = ('stroop', 'interview', 'hyperventilation')
RESAMPLINGS = 2000


def indices_over_time(channels: dict) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return ticks [N] in unix seconds and each index [N] of an E4 recording."""
    encoder = PhysiologyEncoder()
    stamps: list[float] = []
    values: dict[str, list[float]] = {name: [] for name in INDICES}
    for tick_s, encoding in ticks(encoder, channels, HOP_S):
        named = dict(zip(encoder.info.feature_names, encoding.features, strict=True))
        found = wearer_condition({'physiology': named}, {'physiology': encoding.quality})
        stamps.append(tick_s)
        for name in INDICES:
            values[name].append(found[name].value)
    return np.array(stamps), {name: np.array(column) for name, column in values.items()}


def difference(t: np.ndarray, x: np.ndarray, edge_s: float, *, into_task: bool) -> float:
    """
    Return task less rest around ``edge_s``, NaN where either is unknown.

    Means over two minutes; windows look back, so that those after the edge begin 40 s after it.
    """
    before = x[(t > edge_s - SPAN_S) & (t <= edge_s)]
    after = x[(t > edge_s + SETTLING_S) & (t <= edge_s + SETTLING_S + SPAN_S)]
    before, after = before[np.isfinite(before)], after[np.isfinite(after)]
    if not before.size or not after.size:
        return float('nan')
    step = float(after.mean() - before.mean())
    return step if into_task else -step


def differences() -> dict[tuple[str, str, bool], dict[str, float]]:
    """Return (index or 'elapsed time', task, into the task) -> person -> task less rest."""
    tasks = read_tasks(find_data_root())
    out: dict[tuple[str, str, bool], dict[str, float]] = {}
    for person, channels in affect_data.e4_recordings():
        if person not in tasks:
            continue
        t, columns = indices_over_time(channels)
        columns['elapsed time'] = t - t[0]
        starts = tasks[person]
        for i, (start_s, name) in enumerate(starts):
            if name not in TASKS:
                continue
            edges = [(start_s, True)]
            if i + 1 < len(starts):
                edges.append((starts[i + 1][0], False))
            for edge_s, into_task in edges:
                for index, x in columns.items():
                    out.setdefault((index, name, into_task), {})[person] = difference(
                        t, x, edge_s, into_task=into_task)
    return out


def share_right(found: dict[str, float]) -> dict[str, float]:
    """Return for each person whether the index was higher in the task; a tie is a half."""
    return {person: 0.5 * (1.0 + float(np.sign(d)))
            for person, d in found.items() if np.isfinite(d)}


def interval(shares: np.ndarray) -> tuple[float, float]:
    """Return the 95 % interval of the mean, bootstrapped over people."""
    rng = np.random.default_rng(0)
    means = shares[rng.integers(0, shares.size, (RESAMPLINGS, shares.size))].mean(axis=1)
    low, high = np.percentile(means, (2.5, 97.5))
    return float(low), float(high)


def main() -> None:
    found = differences()
    print('share of people in whom the index is higher in the task than in the rest beside it')
    print(f'{"index":16}{"task":18}{"begins":>8}{"ends":>8}{"both":>8}  95 % interval   people')
    for index in ('elapsed time', *INDICES):
        for task in TASKS:
            begins, ends = (
                share_right(found.get((index, task, into), {})) for into in (True, False))
            people = sorted(set(begins) & set(ends))
            if not people:
                print(f'{index:16}{task:18} unknown in everybody')
                continue
            both = np.array([0.5 * (begins[p] + ends[p]) for p in people])
            low, high = interval(both)
            print(f'{index:16}{task:18}'
                  f'{np.mean([begins[p] for p in people]):8.2f}'
                  f'{np.mean([ends[p] for p in people]):8.2f}{both.mean():8.2f}'
                  f'  {low:.2f} to {high:.2f}    {len(people)}')


if __name__ == '__main__':
    main()
