# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Teach the networks that classify gaze samples.

    python -m affect_learning.train_eye_movement            # the shipped file, some 10 min
    python -m affect_learning.train_eye_movement --folds    # five, each without a fifth of people

Uncalibrated positions: oemc_hmr, at its own 200 Hz and resampled to 60 to 500 Hz, with other
scales and more noise. Both eyes of a person carry the labels of one, and those of blinks follow
that eye's confidence: eye 1 is taught where its own confidence agrees. Degrees: simulated gaze
with exact truth (gaze_simulation), and what people's fixations and pursuit look like from
oemc_hmr, away from its saccades, whose coders marked them two to three times as long as they last.
"""

import argparse
from dataclasses import dataclass
import itertools
import json

from affect_encoders.eye_movement import events as ev
from affect_encoders.eye_movement import sample_classifier as sc
from affect_encoders.eye_movement import threshold_rule
from affect_encoders.eye_movement.surroundings import surroundings
from affect_encoders.weights_file import save_weights
from affect_learning import affect_data
from affect_learning.gaze_simulation import simulated_gaze
import numpy as np
import torch

EPOCHS = 4
BATCH = 1024
LEARNING_RATE = 2e-3
FOLDS = 5
FOLD_WEIGHTS = sc.WEIGHTS.with_name('eye_movement_folds.safetensors')
FOLD_VARIANTS = ('image_confidence_40ms', 'image_confidence_0ms', 'image_40ms')
OEMC_CODES = {'F': ev.FIXATION, 'S': ev.SACCADE, 'P': ev.PURSUIT, 'B': ev.BLINK}
SIMULATED_RATES_HZ = (60, 90, 120, 150, 200, 250, 300, 500, 1000)
SIMULATED_STREAMS = 240
SIMULATED_S = 25.0
ROWS_HZ = 70.0
SACCADE_SKIRT_S = 0.12


@dataclass
class Stream:
    """One recording as the classifier meets it; ``taught`` marks samples with a label to trust."""

    t: np.ndarray
    x: np.ndarray
    seen: np.ndarray
    confidence: np.ndarray | None
    code: np.ndarray
    taught: np.ndarray


def people() -> list[str]:
    """Return the people of oemc_hmr in their order."""
    names = {person for person, _ in affect_data.oemc_recordings()}
    return sorted(names, key=lambda name: int(name.split('_')[1]))


def fold_of(person: str) -> int:
    """Return the fold, 0 to 4, in which a person of oemc_hmr is tested."""
    return people_order(person) % FOLDS


def people_order(person: str) -> int:
    """Return the number in a person's name less one."""
    return int(person.split('_')[1]) - 1


def oemc_streams(without_fold: int | None, confidence: bool, rng: np.random.Generator, *,
                 saccades: bool) -> list[Stream]:
    """Return each eye as recorded and once changed, without the people of a fold."""
    out = []
    eye = dict.fromkeys((person for person, _ in affect_data.oemc_recordings()), -1)
    for person, arrays in affect_data.oemc_recordings():
        eye[person] += 1
        if without_fold is not None and fold_of(person) == without_fold:
            continue
        code = np.array([OEMC_CODES[letter] for letter in arrays['label']], dtype=np.int8)
        c = arrays['confidence'].astype(np.float64)
        x = arrays['xy'].astype(np.float64) * ev.IMAGE_WIDTH_DEG
        every = taught = np.ones(code.size, dtype=bool)
        if eye[person]:
            sums = np.convolve(c, np.ones(25) / 25.0, 'same')
            taught = (code == ev.BLINK) == (sums < 0.6)
        if not saccades:
            # Nor near what moves like one: coders left many catch-up saccades in pursuit.
            fast = threshold_rule.label(
                arrays['t_s'], x, every, every, ~every, 'deg', 0.04) == ev.SACCADE
            width = int(SACCADE_SKIRT_S * 200.0)
            near = np.convolve(fast | (code == ev.SACCADE), np.ones(2 * width + 1), 'same') > 0.5
            taught = taught & ~near & ((code == ev.BLINK) == (c < 0.6))
        whole = (arrays['t_s'], x, c, code, taught)
        for changed in (False, True):
            t, p, q, labels, use = _changed(*whole, rng) if changed else whole
            out.append(Stream(
                t, p, np.ones(t.size, dtype=bool), q if confidence else None, labels, use))
    return out


def _changed(t, x, c, code, taught, rng):
    """Return a recording at another rate, of another scale, with more noise."""
    rate_hz = rng.choice([60.0, 66.7, 90.0, 100.0, 120.0, 150.0, 300.0, 500.0])
    at = np.arange(t[0] + rng.uniform(0.0, 0.01), t[-1], 1.0 / rate_hz)
    nearest = np.clip(np.round(at * 200.0).astype(int), 0, t.size - 1)
    moved = np.stack([np.interp(at, t, x[:, axis]) for axis in (0, 1)], axis=1)
    noise = np.exp(rng.uniform(np.log(0.01), np.log(0.25)))
    moved = (moved + rng.normal(0.0, noise, moved.shape)) * rng.uniform(0.6, 1.7)
    return at, moved, np.interp(at, t, c), code[nearest], taught[nearest]


def simulated_streams(rng: np.random.Generator, count: int) -> list[Stream]:
    """Return simulated gaze at all rates."""
    out = []
    for k in range(count):
        rate_hz = float(SIMULATED_RATES_HZ[k % len(SIMULATED_RATES_HZ)])
        gaze = simulated_gaze(rng, SIMULATED_S, rate_hz)
        seen = np.isfinite(gaze.gaze).all(axis=1)
        out.append(Stream(gaze.t_s, gaze.gaze, seen, None, gaze.codes, seen))
    return out


def streams_for(name: str, without_fold: int | None, rng: np.random.Generator) -> list[Stream]:
    """Return what a variant is taught with."""
    if name.startswith('deg'):
        return simulated_streams(rng, SIMULATED_STREAMS) + oemc_streams(
            without_fold, False, rng, saccades=False)[::2]
    return oemc_streams(without_fold, sc.VARIANTS[name][1], rng, saccades=True)


def train_variant(name: str, without_fold: int | None = None, seed: int = 0
                  ) -> dict[str, np.ndarray]:
    """Return the tensors of a variant."""
    rng = np.random.default_rng(seed)
    classifier = sc.SampleClassifier({})
    rows, codes, places = [], [], []
    parts: list[tuple[np.ndarray, np.ndarray]] = []
    ahead, reads = sc.VARIANTS[name]
    for stream in streams_for(name, without_fold, rng):
        about = surroundings(stream.t, stream.x, stream.seen, stream.confidence)
        features = np.concatenate([
            sc.sample_features(
                stream.t, stream.x, stream.seen, stream.confidence if reads else None, about,
                start, min(start + 4096, stream.t.size), ahead)
            for start in range(0, stream.t.size, 4096)])
        stride = max(1, round(1.0 / float(np.median(np.diff(stream.t))) / ROWS_HZ))
        chosen = np.flatnonzero(stream.taught)[int(rng.integers(stride))::stride]
        parts.append((stream.t, features))
        rows.append(features[chosen])
        codes.append(stream.code[chosen].astype(np.int64) - 1)
        places.append(chosen)
    target = np.concatenate(codes)
    first = fit(np.concatenate(rows), target, seed)
    tensors = {f'{name}/first/{key}': value for key, value in first.items()}
    classifier = sc.SampleClassifier(tensors)
    rows = [
        np.concatenate([
            sc.history(t, classifier.forward(f'{name}/first', features), 0)[chosen],
            features[chosen]], axis=1)
        for (t, features), chosen in zip(parts, places, strict=True)]
    parts.clear()
    second = fit(np.concatenate(rows), target, seed + 1)
    return {**tensors, **{f'{name}/second/{key}': value for key, value in second.items()}}


def fit(rows: np.ndarray, target: np.ndarray, seed: int) -> dict[str, np.ndarray]:
    """Return mean, scale, weights and biases of a network fitted to rows [N, F], classes [N]."""
    torch.manual_seed(seed)
    mean = rows.mean(axis=0, dtype=np.float64).astype(np.float32)
    scale = (1.0 / (rows.std(axis=0, dtype=np.float64) + 1e-3)).astype(np.float32)
    sizes = (rows.shape[1], *sc.HIDDEN, sc.CLASSES)
    layers: list[torch.nn.Module] = []
    for a, b in itertools.pairwise(sizes):
        layers += [torch.nn.Linear(a, b), torch.nn.ReLU()]
    net = torch.nn.Sequential(*layers[:-1])
    steps = EPOCHS * (len(rows) // BATCH)
    optimizer = torch.optim.AdamW(net.parameters(), lr=LEARNING_RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, LEARNING_RATE, total_steps=steps, pct_start=0.2)
    data, labels = torch.from_numpy(rows), torch.from_numpy(target)
    centre, width = torch.from_numpy(mean), torch.from_numpy(scale)
    for _ in range(EPOCHS):
        order = torch.randperm(len(rows))
        for k in range(len(rows) // BATCH):
            index = order[k * BATCH:(k + 1) * BATCH]
            z = ((data[index] - centre) * width).clamp(-sc.Z_LIMIT, sc.Z_LIMIT)
            loss = torch.nn.functional.cross_entropy(net(z), labels[index])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    out = {'mean': mean, 'scale': scale}
    linear = [layer for layer in net if isinstance(layer, torch.nn.Linear)]
    for k, layer in enumerate(linear):
        out[f'weight{k}'] = np.ascontiguousarray(layer.weight.detach().numpy().T)
        out[f'bias{k}'] = layer.bias.detach().numpy().copy()
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.strip().split('\n')[0])
    parser.add_argument('--folds', action='store_true', help='those for the bench instead')
    parser.add_argument('--only', nargs='*', help='variants to teach; the others stay as they are')
    parser.add_argument('--threads', type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    names = FOLD_VARIANTS if options.folds else tuple(sc.VARIANTS)
    path = FOLD_WEIGHTS if options.folds else sc.WEIGHTS
    tensors: dict[str, np.ndarray] = {}
    if options.only:
        tensors = dict(kept(path))
        names = tuple(options.only)
    for name in names:
        if options.folds:
            for fold in range(FOLDS):
                part = train_variant(name, fold)
                tensors.update({
                    f'{fold}/{key}': value.astype(np.float16) for key, value in part.items()})
                print(json.dumps({'variant': name, 'fold': fold}), flush=True)
        else:
            tensors.update(train_variant(name))
            print(json.dumps({'variant': name}), flush=True)
        save_weights(
            path, tensors, model=sc.MODEL, version=sc.VERSION, inputs=sorted(tensors),
            data='oemc_hmr (13 people, MIT licence), simulated gaze')


def kept(path) -> dict[str, np.ndarray]:
    """Return the tensors that a file holds, none if there is no file."""
    from safetensors.numpy import load_file
    return load_file(str(path)) if path.is_file() else {}


if __name__ == '__main__':
    main()
