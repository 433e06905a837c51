# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Fit the read-out of facial expression from what our own face tracker gives, on FER2013.

    python -m affect_learning.train_face_weights --most 9000     # the shipped file, 4 min

The pictures go through the tracker's own command, so training sees what live use sees. There is
one read-out for a whole face, one for a lower face below a headset and one for an upper face
alone. Splits are those of ``train_face``: no training picture is also a validation or test
picture. Temperatures are fitted on the validation split.
"""

import argparse
import json
from pathlib import Path
import subprocess
import sys
import tempfile

from affect_encoders.facial_expression.actions import SHAPES
from affect_encoders.facial_expression.actions import UPPER
from affect_encoders.facial_expression.weights_head import HEAD
from affect_encoders.facial_expression.weights_head import PARTS
from affect_encoders.facial_expression.weights_head import Z_LIMIT
from affect_learning.session.data_root import find_data_root
from affect_learning.session.data_root import SessionError
from affect_learning.train_face import BALANCE
from affect_learning.train_face import fit_temperature
from affect_learning.train_face import LABELS
from affect_learning.train_face import read_split
from affect_learning.train_face import report
from affect_learning.train_face import unseen_rows
import numpy as np
import torch
from torch.nn import functional

STEPS = 600
LEARNING_RATE = 0.05
WEIGHT_DECAY = 1e-4
LEAST_SD = 0.03  # of a weight: rarer shapes are not blown up
MIRROR = np.arange(SHAPES)
"""Where a weight goes in the mirror image."""
for _left, _right in (
        *((i, i + 7) for i in range(7)), (15, 16), (21, 22), (23, 24), (25, 26), (27, 28),
        (29, 30), (35, 36), (37, 38), (39, 40), (41, 42), (44, 45), (47, 48), (49, 50)):
    MIRROR[[_left, _right]] = _right, _left

CARD = """# Facial expression: weights of our face tracker to affect

`facial_expression_weights_head.json`, version 1.

**What it is.** Three multinomial logistic regressions on the ARKit weights that `face_tracker`
measures in camera images: for a whole face, for a lower face (below a headset that covers brows
and eyes) and for an upper face. *Calm* was never taught and is NaN. Left and right count alike.
Weights of other devices go through the rules of `actions.py` instead: their ranges differ.

**Data.** FER2013 (Goodfellow et al. 2013; Kaggle challenge, **licence unclear: images from the
web, research use**), {most} pictures of the training split without duplicates, enlarged and sent
through the tracker with the resting face of people at large. Temperatures fitted on the
validation split.

**Measured** on the test split less the images that the training split contains; faces that the
tracker found and saw whole ({found:.1%} of the pictures). Majority class: {majority:.3f}.

| part | weights | n | UAR | accuracy | calibration error |
|---|---|---|---|---|---|
{table}

Recall:

| part | {labels} |
{rule}
{recall}

The image network does better on the same pictures (see `facial_expression.md`): it is gone by
where an image shows a usable face.

**Limits.** The pictures are 48 pixels wide and cropped at the chin, so the jaw and fine shapes
are measured poorly; the lower part is the lower half of bare faces, no face below a real headset
was seen. In live use the wearer's own resting face is subtracted, which these pictures do not
allow. Labels are what somebody saw in a web image, not what the person felt. Not for judging
people.

**Rebuild**, with `AFFECT_DATA` set:
`python -m affect_learning.train_face_weights --most {most}`.
"""


def track(images: np.ndarray) -> np.ndarray:
    """Return the tracker's weights [N, 52] of face crops uint8 [N, 48, 48]; NaN: not observed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / 'crops.npy'
        np.save(path, images)
        done = subprocess.run(
            [sys.executable, '-m', 'affect_trackers.affect_track', 'face', '--stills', '--crops',
             '--json', str(path)], stdout=subprocess.PIPE, text=True, check=True)
    rows = [list(json.loads(line)['weights'].values()) for line in done.stdout.splitlines()]
    return np.array(rows, dtype=np.float64)


def fit(weights: np.ndarray, labels: np.ndarray, seed: int) -> tuple[np.ndarray, ...]:
    """Return mean, deviation [F] and read-out [7, F], bias [7] of a logistic regression."""
    mean = np.nanmean(weights, axis=0)
    deviation = np.maximum(np.nanstd(weights, axis=0), LEAST_SD)
    z = torch.from_numpy(standardised(weights, mean, deviation)).float()
    y = torch.from_numpy(labels)
    counts = torch.bincount(y, minlength=len(LABELS)).float()
    balance = (counts.mean() / counts) ** BALANCE
    torch.manual_seed(seed)
    read_out = torch.nn.Linear(z.shape[1], len(LABELS))
    optimiser = torch.optim.AdamW(
        read_out.parameters(), lr=LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    for _ in range(STEPS):
        loss = functional.cross_entropy(read_out(z), y, weight=balance)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
    return (mean, deviation, read_out.weight.detach().numpy().astype(np.float64),
            read_out.bias.detach().numpy().astype(np.float64))


def standardised(weights: np.ndarray, mean: np.ndarray, deviation: np.ndarray) -> np.ndarray:
    """Return weights [N, F] as scores within +-Z_LIMIT; what is not observed is the mean, 0."""
    return np.clip(np.nan_to_num((weights - mean) / deviation), -Z_LIMIT, Z_LIMIT)


def model_card(content: dict) -> str:
    """Return the card of a fitted file."""
    whole = content['parts']['whole']['test_deduplicated']
    table = '\n'.join(
        f'| {part} | {len(fitted["shapes"])} | {figures["n"]} | {figures["uar"]:.3f} | '
        f'{figures["accuracy"]:.3f} | {figures["ece"]:.3f} |'
        for part, fitted in content['parts'].items()
        for figures in [fitted['test_deduplicated']])
    recall = '\n'.join(
        f'| {part} | ' + ' | '.join(
            f'{fitted["test_deduplicated"]["recall"][name]:.2f}' for name in LABELS) + ' |'
        for part, fitted in content['parts'].items())
    return CARD.format(
        table=table, recall=recall, labels=' | '.join(LABELS),
        rule='|---' * (len(LABELS) + 1) + '|', found=whole['found'], majority=whole['majority'],
        most=content['training_pictures'])


def main(args: list[str] | None = None) -> int:
    """Track, fit, measure, write."""
    parser = argparse.ArgumentParser(description='Fit the read-out of tracked face weights.')
    parser.add_argument('--data', type=Path, default=None, help='folder with fer2013/')
    parser.add_argument('--out', type=Path, default=HEAD)
    parser.add_argument(
        '--most', type=int, default=0, help='training pictures to use, at random; 0: all')
    parser.add_argument('--seed', type=int, default=0)
    given = parser.parse_args(args)
    torch.set_num_threads(1)
    try:
        root = given.data or find_data_root()
        splits = {name: read_split(root, name) for name in ('train', 'validation', 'test')}
    except SessionError as error:
        print(error, file=sys.stderr)
        return 1
    images = {name: split[0] for name, split in splits.items()}
    rows = {
        'train': unseen_rows(images['train'], images['validation'], images['test']),
        'validation': np.arange(len(images['validation'])),
        'test': unseen_rows(images['test'], images['train'])}
    if given.most:
        drawn = np.random.default_rng(given.seed).permutation(rows['train'])
        rows['train'] = np.sort(drawn[:given.most])
    tracked = {name: track(images[name][chosen]) for name, chosen in rows.items()}
    labels = {name: splits[name][1][chosen] for name, chosen in rows.items()}
    shapes = np.flatnonzero(np.isfinite(tracked['train']).any(axis=0))
    content: dict = {
        'model': 'facial_expression_weights_head', 'version': '1', 'labels': list(LABELS),
        'training_data': 'FER2013 (Kaggle challenge; licence unclear) through face_tracker',
        'training_pictures': len(rows['train']),
        'parts': {}}
    for part in PARTS:
        halves = {'whole': (True, True), 'lower': (False, True), 'upper': (True, False)}[part]
        chosen = shapes[np.where(UPPER[shapes], *halves)]
        # A row counts where both halves were seen: a part is then a true part of a known whole.
        seen = {name: np.isfinite(w[:, UPPER]).any(axis=1) & np.isfinite(w[:, ~UPPER]).any(axis=1)
                for name, w in tracked.items()}
        data = {name: w[seen[name]] for name, w in tracked.items()}
        truth = {name: labels[name][seen[name]] for name in tracked}
        both = np.concatenate([data['train'], data['train'][:, MIRROR]])[:, chosen]
        mean, deviation, read_out, bias = fit(both, np.tile(truth['train'], 2), given.seed)

        def logits(
            name: str, chosen: np.ndarray = chosen, mean: np.ndarray = mean,
            deviation: np.ndarray = deviation, read_out: np.ndarray = read_out,
            bias: np.ndarray = bias, data: dict = data,
        ) -> torch.Tensor:
            z = standardised(data[name][:, chosen], mean, deviation)
            return torch.from_numpy(z @ read_out.T + bias)
        temperature = fit_temperature(
            logits('validation'), torch.from_numpy(truth['validation']))
        figures = report(logits('test'), truth['test'], temperature)
        figures['found'] = round(float(seen['test'].mean()), 4)
        content['parts'][part] = {
            'shapes': chosen.tolist(), 'temperature': round(temperature, 4),
            'mean': np.round(mean, 5).tolist(), 'deviation': np.round(deviation, 5).tolist(),
            'read_out': np.round(read_out, 5).tolist(), 'bias': np.round(bias, 5).tolist(),
            'test_deduplicated': figures}
        print(part, json.dumps(figures))
    given.out.write_text(json.dumps(content) + '\n', encoding='utf-8')
    given.out.with_suffix('.md').write_text(model_card(content), encoding='utf-8')
    return 0


if __name__ == '__main__':
    sys.exit(main())
