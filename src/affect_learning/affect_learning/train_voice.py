# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Train the voice network on RAVDESS and write its weights.

    python -m affect_learning.train_voice               # the shipped weights, 10 min of one core

Features come from the very class that runs live, ``VoiceAnalyser``, at several ticks of every
clip, clean and through random microphones. The report is by folds of four actors (4k+1 ... 4k+4),
one decision per clip at its end; nothing of a fold's actors touches its training, normalisation
or number of epochs. Actors 23 and 24 stay out of the shipped weights and of their temperature.
"""

import argparse
import json
from pathlib import Path
import time

from affect_encoders.encoder import CATEGORIES
from affect_encoders.voice.analyser import VoiceAnalyser
from affect_encoders.voice.model import INPUTS
from affect_encoders.voice.model import MODEL
from affect_encoders.voice.model import standardise
from affect_encoders.voice.model import VERSION
from affect_encoders.voice.model import VoiceNetwork
from affect_encoders.voice.model import WEIGHTS
from affect_encoders.weights_file import save_weights
from affect_learning.session.data_root import find_data_root
from affect_learning.session.data_root import need
from affect_learning.session.data_root import SessionError
from affect_learning.session.ravdess import HELD_OUT_ACTORS
import numpy as np
from scipy.signal import butter
from scipy.signal import sosfilt
import soundfile
import torch
from torch.nn import functional

FOLD_ACTORS = 4
TICK_S = 0.5  # spacing of the moments in a clip at which training looks
LEAST_VOICED = 0.4  # s of voiced speech before a moment counts
VIEWS = 4  # the clean clip and three random microphones
EPOCHS = 40
BATCH = 256
LEARNING_RATE = 2e-3
WEIGHT_DECAY = 0.05
LABEL_SMOOTHING = 0.1
FEATURE_NOISE = 0.1  # standard deviations


def through_microphone(
        samples: np.ndarray, rate_hz: int, generator: np.random.Generator) -> np.ndarray:
    """Return the clip with another gain (sd 5 dB), pass band and noise (10 to 40 dB below)."""
    low_hz = generator.uniform(40.0, 250.0)
    high_hz = generator.choice([3400.0, 5500.0, 7500.0])
    sections = butter(2, [low_hz, high_hz], 'bandpass', fs=rate_hz, output='sos')
    heard = sosfilt(sections, samples)
    white = generator.standard_normal(len(samples))
    colour = generator.uniform(0.0, 0.98)
    noise = sosfilt(np.array([[1.0, 0.0, 0.0, 1.0, -colour, 0.0]]), white)
    speech_power = np.mean(np.sort(heard ** 2)[-len(heard) // 3:])
    noise *= np.sqrt(speech_power / np.mean(noise ** 2) * 10.0 ** (
        -generator.uniform(10.0, 40.0) / 10.0))
    gain = 10.0 ** (generator.normal(0.0, 5.0) / 20.0)
    return np.clip(gain * (heard + noise), -1.0, 1.0).astype(np.float32)


def moments(samples: np.ndarray, rate_hz: int) -> np.ndarray:
    """Return functionals [ticks, F] at the ticks of a clip, the last row at its end."""
    analyser = VoiceAnalyser()
    analyser.push(samples, rate_hz, 0.0)
    rows: list[np.ndarray] = []
    last = None
    for tick in [*np.arange(TICK_S, len(samples) / rate_hz, TICK_S), len(samples) / rate_hz + 0.1]:
        last = analyser.advance(float(tick)) or last
        if last is not None and last.factors['little voiced speech'] >= LEAST_VOICED and (
                not rows or last.functionals is not rows[-1]):
            rows.append(last.functionals)
    if not rows and last is not None:
        rows.append(last.functionals)
    return np.stack(rows) if rows else np.full((1, len(INPUTS)), np.nan, dtype=np.float32)


def extract(root: Path, seed: int) -> dict[str, np.ndarray]:
    """Return features [N, F] with category, actor, clip, view and whether at the clip's end."""
    generator = np.random.default_rng(seed)
    columns: dict[str, list[np.ndarray]] = {
        name: [] for name in ('features', 'category', 'actor', 'clip', 'view', 'end')}
    files = sorted(need(root, 'ravdess/speech').glob('actor_*/*.flac'))
    started = time.monotonic()
    for clip, path in enumerate(files):
        fields = path.stem.split('-')
        samples, rate_hz = soundfile.read(path, dtype='float32')
        for view in range(VIEWS):
            heard = samples if view == 0 else through_microphone(samples, rate_hz, generator)
            rows = moments(heard, rate_hz)
            columns['features'].append(rows)
            for name, value in (('category', int(fields[2]) - 1), ('actor', int(fields[6])),
                                ('clip', clip), ('view', view)):
                columns[name].append(np.full(len(rows), value))
            columns['end'].append(np.arange(len(rows)) == len(rows) - 1)
        if clip % 240 == 239:
            print(f'{clip + 1} of {len(files)} clips, {time.monotonic() - started:.0f} s',
                  flush=True)
    return {name: np.concatenate(values) for name, values in columns.items()}


def fit(data: dict[str, np.ndarray], chosen: np.ndarray, seed: int
        ) -> tuple[VoiceNetwork, np.ndarray, np.ndarray]:
    """Return the network trained on the chosen rows, with mean and scale of the features."""
    torch.manual_seed(seed)
    features, category = data['features'][chosen], data['category'][chosen]
    mean = np.nanmean(features, axis=0)
    scale = np.maximum(np.nanstd(features, axis=0), 1e-6)
    inputs = torch.from_numpy(standardise(features, mean, scale))
    labels = torch.from_numpy(category)
    counts = np.bincount(category, minlength=len(CATEGORIES))
    weight = torch.from_numpy((counts.mean() / np.maximum(counts, 1)).astype(np.float32))
    network = VoiceNetwork()
    optimiser = torch.optim.AdamW(
        network.parameters(), lr=LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    steps = -(-len(inputs) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, LEARNING_RATE, total_steps=EPOCHS * steps)
    network.train()
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(inputs)).split(BATCH):
            view = inputs[batch] + FEATURE_NOISE * torch.randn(len(batch), inputs.shape[1])
            loss = functional.cross_entropy(
                network(view)[1], labels[batch], weight=weight, label_smoothing=LABEL_SMOOTHING)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            schedule.step()
    network.eval()
    return network, mean.astype(np.float32), scale.astype(np.float32)


@torch.inference_mode()
def predict(
        model: tuple[VoiceNetwork, np.ndarray, np.ndarray], features: np.ndarray) -> np.ndarray:
    """Return logits [N, 8]."""
    network, mean, scale = model
    return network(torch.from_numpy(standardise(features, mean, scale)))[1].numpy()


def out_of_fold(data: dict[str, np.ndarray], chosen: np.ndarray, seed: int) -> np.ndarray:
    """Return logits [N, 8] of the chosen rows, each from a network that never met its actor."""
    logits = np.full((len(chosen), len(CATEGORIES)), np.nan, dtype=np.float32)
    fold = (data['actor'] - 1) // FOLD_ACTORS
    for k in np.unique(fold[chosen]):
        test = chosen & (fold == k)
        logits[test] = predict(fit(data, chosen & (fold != k), seed), data['features'][test])
    return logits


def fit_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """Return the temperature with the least negative log likelihood (Guo et al. 2017)."""
    grid = np.logspace(-1, 1, 401)
    scores, target = torch.from_numpy(logits), torch.from_numpy(labels)
    losses = [functional.cross_entropy(scores / float(t), target).item() for t in grid]
    return float(grid[int(np.argmin(losses))])


def report(logits: np.ndarray, labels: np.ndarray, temperature: float = 1.0) -> dict[str, object]:
    """Return mean recall (UAR), accuracy, recall per class and expected calibration error."""
    probabilities = torch.softmax(torch.from_numpy(logits) / temperature, 1).numpy()
    guess, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    recall = [float(np.mean(guess[labels == i] == i)) for i in range(len(CATEGORIES))]
    bins = np.minimum((confidence * 10).astype(int), 9)
    error = sum(abs(np.mean(guess[bins == b] == labels[bins == b]) - confidence[bins == b].mean())
                * np.mean(bins == b) for b in np.unique(bins))
    return {
        'n': len(labels), 'uar': round(float(np.mean(recall)), 3),
        'accuracy': round(float(np.mean(guess == labels)), 3), 'ece': round(float(error), 3),
        'recall': {name: round(r, 2) for name, r in zip(CATEGORIES, recall, strict=True)}}


def actor_interval(logits: np.ndarray, labels: np.ndarray, actors: np.ndarray) -> list[float]:
    """Return the 95 % interval of the UAR by bootstrap over actors."""
    generator = np.random.default_rng(0)
    guess = logits.argmax(axis=1)
    names = np.unique(actors)
    tables = np.stack([[[np.sum((labels == c) & (actors == a)),
                         np.sum((labels == c) & (actors == a) & (guess == c))]
                        for c in range(len(CATEGORIES))] for a in names])
    draws = tables[generator.integers(0, len(names), (2000, len(names)))].sum(axis=1)
    values = np.mean(draws[:, :, 1] / draws[:, :, 0], axis=1)
    return [round(float(v), 3) for v in np.percentile(values, [2.5, 97.5])]


def train(data: dict[str, np.ndarray], output: Path, seed: int) -> dict[str, object]:
    """Train, write ``output`` and return its figures."""
    everyone = np.ones(len(data['actor']), dtype=bool)
    shipped = ~np.isin(data['actor'], HELD_OUT_ACTORS)
    clean_end = data['end'] & (data['view'] == 0)
    labels, actors = data['category'], data['actor']
    folds = out_of_fold(data, everyone, seed)
    inner = out_of_fold(data, shipped, seed)
    # Live, every moment counts, not only the end of a clip, and microphones differ.
    temperature = fit_temperature(inner[shipped], labels[shipped])
    model = fit(data, shipped, seed)
    held_out = clean_end & ~shipped
    noisy_end = data['end'] & (data['view'] > 0)
    figures: dict[str, object] = {
        'seed': seed, 'temperature': round(temperature, 3), 'rows': int(shipped.sum()),
        'folds_clip_end_clean': report(folds[clean_end], labels[clean_end], temperature),
        'folds_clip_end_clean_uar_95': actor_interval(
            folds[clean_end], labels[clean_end], actors[clean_end]),
        'folds_clip_end_other_microphones': report(
            folds[noisy_end], labels[noisy_end], temperature),
        'folds_every_half_second': report(folds, labels, temperature),
        'actors_23_24_clip_end_clean': report(
            predict(model, data['features'][held_out]), labels[held_out], temperature),
        'chance_uar': 1.0 / len(CATEGORIES),
    }
    network, mean, scale = model
    tensors = {name: tensor.numpy() for name, tensor in network.state_dict().items()}
    tensors |= {'mean': mean, 'scale': scale, 'temperature': np.array([temperature], np.float32)}
    save_weights(output, tensors, model=MODEL, version=VERSION, inputs=INPUTS,
                 data='RAVDESS speech, actors 1-22', figures=json.dumps(figures))
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[1])
    parser.add_argument('--data', type=Path, help=(
        'folder that holds ravdess/ (default: AFFECT_DATA, else ../shared/data beside the '
        "project's root)"))
    parser.add_argument('--output', type=Path, default=WEIGHTS, help='weights file to write')
    parser.add_argument('--cache', type=Path, help='NPZ file that keeps the features (not shared)')
    parser.add_argument('--seed', type=int, default=0)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    if arguments.cache is not None and arguments.cache.is_file():
        with np.load(arguments.cache) as file:
            data = dict(file)
    else:
        try:
            data = extract(find_data_root(arguments.data), arguments.seed)
        except SessionError as error:
            parser.error(str(error))
        if arguments.cache is not None:
            np.savez(arguments.cache, **data)  # type: ignore[arg-type]
    print(json.dumps(train(data, arguments.output, arguments.seed), indent=1))


if __name__ == '__main__':
    main()
