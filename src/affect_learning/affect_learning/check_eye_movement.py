# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Measure gaze sample codes on people, and in degrees on simulated gaze, that taught nothing.

    python -m affect_learning.check_eye_movement

Prints one JSON object per row. People: oemc_hmr, five folds by person, both eyes of a person in
one fold; the networks of each fold (weights/eye_movement_folds.safetensors) were taught without
its people. The labels of both eyes were made on eye 0, blinks after its confidence: rows are of
eye 0, and one of both eyes. Oscillation counts as saccade there, unknown as blink. Events: F1 of
events of one kind matched one to one by intersection over union of at least 0.5, and by any
overlap. The margins of ``steady`` were chosen on these people, by these networks, among twenty.
"""

from collections.abc import Callable
import json

from affect_encoders.eye_movement import events as ev
from affect_encoders.eye_movement import sample_classifier as sc
from affect_encoders.eye_movement import threshold_rule
from affect_learning import affect_data
from affect_learning.gaze_simulation import simulated_gaze
from affect_learning.train_eye_movement import fold_of
from affect_learning.train_eye_movement import FOLD_WEIGHTS
from affect_learning.train_eye_movement import FOLDS
from affect_learning.train_eye_movement import OEMC_CODES
import numpy as np
from safetensors.numpy import load_file

NAMES = {
    'fixation': ev.FIXATION, 'saccade': ev.SACCADE, 'pursuit': ev.PURSUIT, 'blink': ev.BLINK,
    'oscillation': ev.PSO}
Classify = Callable[..., np.ndarray]


def sample_f1(truth: np.ndarray, codes: np.ndarray, names: tuple[str, ...]) -> dict[str, float]:
    """Return F1 of the named codes over samples [N], and their mean."""
    scores = {}
    for name in names:
        is_true, is_found = truth == NAMES[name], codes == NAMES[name]
        total = int(is_true.sum() + is_found.sum())
        scores[name] = 2.0 * int((is_true & is_found).sum()) / max(total, 1)
    scores['macro'] = float(np.mean(list(scores.values())))
    return scores


def event_counts(truth: np.ndarray, codes: np.ndarray, code: int, least: float
                 ) -> tuple[int, int, int]:
    """
    Return how many events of a code match, are true, and are found, in samples [N].

    A true event takes the found one with the largest intersection over union, once each, if that
    is at least ``least`` (Startsev, Agtzidis & Dorr 2019, Behavior Research Methods 51:556).
    """
    true, found = _spans(truth == code), _spans(codes == code)
    taken = np.zeros(len(found), dtype=bool)
    hits = 0
    for a, b in true:
        k = int(np.searchsorted(found[:, 1], a, side='right')) if len(found) else 0
        best, score = -1, 0.0
        while k < len(found) and found[k, 0] < b:
            common = min(b, found[k, 1]) - max(a, found[k, 0])
            ratio = common / (max(b, found[k, 1]) - min(a, found[k, 0]))
            if ratio > score and not taken[k]:
                best, score = k, ratio
            k += 1
        if best >= 0 and score >= least:
            taken[best] = True
            hits += 1
    return hits, len(true), len(found)


def _spans(mask: np.ndarray) -> np.ndarray:
    starts, stops = threshold_rule.runs(mask)
    return np.stack([starts, stops], axis=1)


def fold_classifiers() -> list[sc.SampleClassifier]:
    """Return the classifier of each fold."""
    tensors = load_file(str(FOLD_WEIGHTS))
    return [
        sc.SampleClassifier({
            name.split('/', 1)[1]: tensor for name, tensor in tensors.items()
            if name.startswith(f'{fold}/')})
        for fold in range(FOLDS)]


def by_rule(t, gaze, confidence=None, units='deg', lookahead_s=0.04) -> np.ndarray:
    """Return codes by thresholds alone, which classify_samples used to be."""
    t, x, known, c = ev.checked(t, gaze, confidence, units)
    good, seen = threshold_rule.usable(t, known, c, lookahead_s)
    return threshold_rule.label(
        t, x, good, seen, np.zeros(t.size, dtype=bool), units, lookahead_s)


def people_rows(*, rate_hz: float = 200.0, lookahead_s: float = 0.04, use_confidence: bool = True,
                eyes: tuple[int, ...] = (0,), rule: bool = False,
                folds: tuple[int, ...] = tuple(range(FOLDS))) -> dict[str, float]:
    """Return sample F1 per class, their mean, and event F1 of both kinds, on oemc_hmr."""
    classifiers = fold_classifiers()
    truths, found = [], []
    counts = {(name, least): np.zeros(3) for name in list(NAMES)[:4] for least in (0.5, 1e-9)}
    count: dict[str, int] = {}
    for person, arrays in affect_data.oemc_recordings():
        eye = count.get(person, 0)
        count[person] = eye + 1
        if eye not in eyes or fold_of(person) not in folds:
            continue
        size = arrays['t_s'].size
        index = np.unique(np.round(np.arange(0.0, size - 1, 200.0 / rate_hz)).astype(int))
        truth = np.array([OEMC_CODES[letter] for letter in arrays['label'][index]])
        how = {} if rule else {'classifier': classifiers[fold_of(person)]}
        classify: Classify = by_rule if rule else ev.classify_samples
        codes = classify(
            arrays['t_s'][index], arrays['xy'][index].astype(np.float64),
            arrays['confidence'][index].astype(np.float64) if use_confidence else None,
            units='image', lookahead_s=lookahead_s, **how)
        codes = np.where(codes == ev.PSO, ev.SACCADE, codes)
        codes = np.where(codes == ev.UNKNOWN, ev.BLINK, codes)
        for (name, least), total in counts.items():
            total += event_counts(truth, codes, NAMES[name], least)
        truths.append(truth)
        found.append(codes)
    out = sample_f1(np.concatenate(truths), np.concatenate(found), tuple(NAMES)[:4])
    for (name, least), (hits, true, mine) in counts.items():
        how_matched = 'iou' if least == 0.5 else 'overlap'
        out[f'event_{name}_{how_matched}'] = float(2.0 * hits / max(true + mine, 1))
    return out


def simulated_rows(rate_hz: float, noise_deg: float, *, lookahead_s: float = 0.04,
                   rule: bool = False, streams: int = 4, seconds: float = 20.0
                   ) -> dict[str, float]:
    """Return sample F1 per class on simulated gaze in degrees that taught nothing (own seeds)."""
    truths, found = [], []
    for seed in range(streams):
        gaze = simulated_gaze(
            np.random.default_rng(10_000 + seed), seconds, rate_hz, noise_deg=noise_deg)
        classify: Classify = by_rule if rule else ev.classify_samples
        found.append(classify(gaze.t_s, gaze.gaze, lookahead_s=lookahead_s))
        truths.append(gaze.codes)
    return sample_f1(np.concatenate(truths), np.concatenate(found), tuple(NAMES))


CONDITIONS: dict[str, dict] = {
    'lookahead_40_ms': {},
    'no_lookahead': {'lookahead_s': 0.0},
    'no_confidence': {'use_confidence': False},
    '120_hz': {'rate_hz': 120.0},
    '90_hz': {'rate_hz': 90.0},
    '60_hz': {'rate_hz': 60.0},
    'both_eyes': {'eyes': (0, 1)},
    'rule': {'rule': True}}


def main() -> None:
    for name, options in CONDITIONS.items():
        print(json.dumps({name: _short(people_rows(**options))}), flush=True)
    for rate_hz in (100.0, 250.0, 500.0, 1000.0):
        for noise_deg in (0.01, 0.1, 0.3):
            print(json.dumps({f'simulated_{rate_hz:.0f}_hz_{noise_deg:g}_deg': {
                'learned': _short(simulated_rows(rate_hz, noise_deg)),
                'rule': _short(simulated_rows(rate_hz, noise_deg, rule=True))}}), flush=True)


def _short(scores: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in scores.items()}


if __name__ == '__main__':
    main()
