# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Train the voice network on RAVDESS and write its weights.

    python -m affect_learning.train_voice               # the shipped weights, 10 min of one core

Features come from the very class that runs live, ``VoiceAnalyser``, at several ticks of every
clip, clean and as other people in other rooms by other microphones. One network is taught both
ways: without a wearer enrolled, and with the mean of two neutral clips of one statement, by the
same voice and microphone, as their neutral (those clips are then neither taught nor judged). The
report is by folds of four actors (4k+1 ... 4k+4), one decision per clip at its end; nothing of a
fold's actors touches its training, normalisation or number of epochs. Actors 23 and 24 stay out
of the shipped weights and of their temperature.
"""

import argparse
from dataclasses import dataclass
from fractions import Fraction
import json
from pathlib import Path
import time

from affect_encoders.encoder import CATEGORIES
from affect_encoders.voice.analyser import VoiceAnalyser
from affect_encoders.voice.features import FEATURES
from affect_encoders.voice.model import INPUTS
from affect_encoders.voice.model import inputs_of
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
from scipy.signal import fftconvolve
from scipy.signal import resample_poly
from scipy.signal import sosfilt
import soundfile
import torch
from torch.nn import functional

FOLD_ACTORS = 4
TICK_S = 0.5  # spacing of the moments in a clip at which training looks
LEAST_VOICED = 0.4  # s of voiced speech before a moment counts
VIEWS = 3  # the clean clip and two other people, rooms and microphones
EPOCHS = 25
BATCH = 512
LEARNING_RATE = 2e-3
WEIGHT_DECAY = 0.05
LABEL_SMOOTHING = 0.1
FEATURE_NOISE = 0.1  # standard deviations
MIXUP = 0.3
ENROLLED_STATEMENT = 1


@dataclass(frozen=True)
class Room:
    """What stands between a mouth and the encoder, and whose mouth: one per actor and view."""

    band_hz: tuple[float, float]
    gain_db: float
    noise_db: float
    noise_colour: float
    speed: Fraction
    echo_s: float
    echo_db: float

    @classmethod
    def drawn(cls, generator: np.random.Generator) -> 'Room':
        """Return a random one."""
        return cls(
            band_hz=(generator.uniform(40.0, 250.0),
                     float(generator.choice([3400.0, 5500.0, 7500.0]))),
            gain_db=generator.normal(0.0, 5.0),
            noise_db=generator.uniform(10.0, 40.0),
            noise_colour=generator.uniform(0.0, 0.98),
            speed=Fraction(int(generator.integers(36, 45)), 40),
            echo_s=generator.uniform(0.1, 0.6),
            echo_db=generator.uniform(0.0, 25.0))

    def heard(self, samples: np.ndarray, rate_hz: int,
              generator: np.random.Generator) -> np.ndarray:
        """Return a clip by another person (10 % faster or slower), in a room, by a microphone."""
        heard = resample_poly(samples, self.speed.denominator, self.speed.numerator)
        time_s = np.arange(int(self.echo_s * rate_hz)) / rate_hz
        # Noise that falls by 60 dB in the room's reverberation time (Polack 1988).
        echo = generator.standard_normal(len(time_s)) * 10.0 ** (-3.0 * time_s / self.echo_s)
        echo *= 10.0 ** (-self.echo_db / 20.0) / np.sqrt(np.sum(echo ** 2))
        echo[0] += 1.0
        heard = fftconvolve(heard, echo)[:len(heard)]
        sections = butter(2, self.band_hz, 'bandpass', fs=rate_hz, output='sos')
        heard = sosfilt(sections, heard)
        white = generator.standard_normal(len(heard))
        noise = sosfilt(np.array([[1.0, 0.0, 0.0, 1.0, -self.noise_colour, 0.0]]), white)
        speech_power = np.mean(np.sort(heard ** 2)[-len(heard) // 3:])
        noise *= np.sqrt(speech_power / np.mean(noise ** 2)) * 10.0 ** (-self.noise_db / 20.0)
        gain = 10.0 ** (self.gain_db / 20.0)
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
    return np.stack(rows) if rows else np.full((1, len(FEATURES)), np.nan, dtype=np.float32)


def extract(root: Path, seed: int) -> dict[str, np.ndarray]:
    """Return features [N, F] with category, actor, clip, view and whether at the clip's end."""
    generator = np.random.default_rng(seed)
    columns: dict[str, list[np.ndarray]] = {name: [] for name in (
        'features', 'category', 'actor', 'clip', 'view', 'end', 'statement')}
    rooms: dict[tuple[int, int], Room] = {}
    files = sorted(need(root, 'ravdess/speech').glob('actor_*/*.flac'))
    started = time.monotonic()
    for clip, path in enumerate(files):
        fields = path.stem.split('-')
        samples, rate_hz = soundfile.read(path, dtype='float32')
        for view in range(VIEWS):
            heard = samples
            if view > 0:
                room = rooms.setdefault((int(fields[6]), view), Room.drawn(generator))
                heard = room.heard(samples, rate_hz, generator)
            rows = moments(heard, rate_hz)
            columns['features'].append(rows)
            for name, value in (('category', int(fields[2]) - 1), ('actor', int(fields[6])),
                                ('clip', clip), ('view', view), ('statement', int(fields[4]))):
                columns[name].append(np.full(len(rows), value))
            columns['end'].append(np.arange(len(rows)) == len(rows) - 1)
        if clip % 240 == 239:
            print(f'{clip + 1} of {len(files)} clips, {time.monotonic() - started:.0f} s',
                  flush=True)
    return {name: np.concatenate(values) for name, values in columns.items()}


@dataclass(frozen=True)
class Trained:
    """A network with mean, scale and scale against the own neutral of its inputs [F]."""

    network: VoiceNetwork
    mean: np.ndarray
    scale: np.ndarray
    own_scale: np.ndarray

    @torch.inference_mode()
    def logits(self, features: np.ndarray, neutral: np.ndarray | None = None) -> np.ndarray:
        """Return logits [N, 8] of functionals [N, F], with or without the own neutral [N, F]."""
        scores = standardise(features, self.mean, self.scale, self.own_scale, neutral)
        return self.network(torch.from_numpy(scores))[1].numpy()


def own_neutral(data: dict[str, np.ndarray], statement: int) -> np.ndarray:
    """
    Return each row's neutral [N, F]: that of its actor and view, of two clips of one statement.

    As enrolment has it: the mean over the clips' ends. NaN where there is none.
    """
    neutral = np.full_like(data['features'], np.nan)
    told = is_enrolment(data, statement) & data['end']
    for actor in np.unique(data['actor']):
        for view in range(VIEWS):
            same = (data['actor'] == actor) & (data['view'] == view)
            if np.any(same & told):
                neutral[same] = np.nanmean(data['features'][same & told], axis=0)
    return neutral


def is_enrolment(data: dict[str, np.ndarray], statement: int) -> np.ndarray:
    """Return which rows [N] belong to the clips that are enrolled on."""
    return (data['category'] == 0) & (data['statement'] == statement)


def fit(data: dict[str, np.ndarray], chosen: np.ndarray, seed: int) -> Trained:
    """Return the network trained on the chosen rows, each with and without enrolment."""
    torch.manual_seed(seed)
    generator = np.random.default_rng(seed)
    features, category = data['features'][chosen], data['category'][chosen]
    inputs = inputs_of(features)
    mean = np.nanmean(inputs, axis=0).astype(np.float32)
    scale = np.maximum(np.nanstd(inputs, axis=0), 1e-6).astype(np.float32)
    enrolled, own = [], []
    for statement in (1, 2):
        # Nobody is judged by the clip that they are compared with.
        free = chosen & ~is_enrolment(data, statement)
        enrolled.append(free)
        own.append(own_neutral(data, statement)[free])
    differences = np.concatenate([
        inputs_of(data['features'][free]) - inputs_of(neutral)
        for free, neutral in zip(enrolled, own, strict=True)])
    own_scale = np.maximum(np.nanstd(differences, axis=0), 1e-6).astype(np.float32)
    sets = [standardise(features, mean, scale, own_scale)]
    labels = [category]
    for free, neutral in zip(enrolled, own, strict=True):
        sets.append(standardise(data['features'][free], mean, scale, own_scale, neutral))
        labels.append(data['category'][free])
    counts = np.bincount(category, minlength=len(CATEGORIES))
    weight = torch.from_numpy((counts.mean() / np.maximum(counts, 1)).astype(np.float32))
    rows, answers = torch.from_numpy(np.concatenate(sets)), torch.from_numpy(
        np.concatenate(labels))
    alone, pairs = len(sets[0]), len(rows) - len(sets[0])
    network = VoiceNetwork()
    optimiser = torch.optim.AdamW(
        network.parameters(), lr=LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    steps = -(-2 * alone // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, LEARNING_RATE, total_steps=EPOCHS * steps)
    network.train()
    for _ in range(EPOCHS):
        # As many with enrolment as without.
        order = np.concatenate([
            np.arange(alone), alone + generator.integers(0, pairs, alone)])
        for batch in torch.from_numpy(generator.permutation(order)).split(BATCH):
            view, answer = rows[batch], functional.one_hot(answers[batch], len(CATEGORIES)).float()
            view = view + FEATURE_NOISE * torch.randn(view.shape) * (view != 0)
            share = float(generator.beta(MIXUP, MIXUP))
            other = torch.randperm(len(batch))
            # Mixed within their kind: half an enrolment is none (Zhang et al. 2018, mixup).
            other = torch.where(view[other, -1] == view[:, -1], other, torch.arange(len(batch)))
            view = share * view + (1.0 - share) * view[other]
            answer = share * answer + (1.0 - share) * answer[other]
            loss = functional.cross_entropy(
                network(view)[1], answer, weight=weight, label_smoothing=LABEL_SMOOTHING)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            schedule.step()
    network.eval()
    return Trained(network, mean, scale, own_scale)


def out_of_fold(
        data: dict[str, np.ndarray], chosen: np.ndarray, seed: int,
        ) -> tuple[np.ndarray, np.ndarray]:
    """
    Return logits [N, 8] and enrolled logits [N, 8] from networks that never met the actor.

    The latter are of those who are enrolled on statement 1, NaN for the enrolment itself.
    """
    alone = np.full((len(chosen), len(CATEGORIES)), np.nan, dtype=np.float32)
    enrolled = alone.copy()
    fold = (data['actor'] - 1) // FOLD_ACTORS
    neutral = own_neutral(data, ENROLLED_STATEMENT)
    for k in np.unique(fold[chosen]):
        test = chosen & (fold == k)
        model = fit(data, chosen & (fold != k), seed)
        alone[test] = model.logits(data['features'][test])
        later = test & ~is_enrolment(data, ENROLLED_STATEMENT)
        enrolled[later] = model.logits(data['features'][later], neutral[later])
    return alone, enrolled


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
    labels, actors = data['category'], data['actor']
    clean_end = data['end'] & (data['view'] == 0)
    other_end = data['end'] & (data['view'] > 0)
    rest = ~is_enrolment(data, ENROLLED_STATEMENT)
    alone, enrolled = out_of_fold(data, everyone, seed)
    inner, inner_enrolled = out_of_fold(data, shipped, seed)
    # Live, every moment counts, not only the end of a clip, and microphones differ.
    temperature = fit_temperature(inner[shipped], labels[shipped])
    temperature_enrolled = fit_temperature(
        inner_enrolled[shipped & rest], labels[shipped & rest])
    model = fit(data, shipped, seed)
    held_out = clean_end & ~shipped
    neutral = own_neutral(data, ENROLLED_STATEMENT)
    held_rest = held_out & rest
    figures: dict[str, object] = {
        'seed': seed, 'temperature': round(temperature, 3),
        'temperature_enrolled': round(temperature_enrolled, 3), 'rows': int(shipped.sum()),
        'folds_clip_end_clean': report(alone[clean_end], labels[clean_end], temperature),
        'folds_clip_end_clean_uar_95': actor_interval(
            alone[clean_end], labels[clean_end], actors[clean_end]),
        'folds_same_clips_as_enrolled': report(
            alone[clean_end & rest], labels[clean_end & rest], temperature),
        'folds_enrolled': report(
            enrolled[clean_end & rest], labels[clean_end & rest], temperature_enrolled),
        'folds_enrolled_uar_95': actor_interval(
            enrolled[clean_end & rest], labels[clean_end & rest], actors[clean_end & rest]),
        'folds_other_rooms': report(alone[other_end], labels[other_end], temperature),
        'folds_other_rooms_enrolled': report(
            enrolled[other_end & rest], labels[other_end & rest], temperature_enrolled),
        'folds_every_half_second': report(alone, labels, temperature),
        'actors_23_24_clip_end_clean': report(
            model.logits(data['features'][held_out]), labels[held_out], temperature),
        'actors_23_24_enrolled': report(
            model.logits(data['features'][held_rest], neutral[held_rest]), labels[held_rest],
            temperature_enrolled),
        'chance_uar': 1.0 / len(CATEGORIES),
    }
    tensors = {name: tensor.numpy() for name, tensor in model.network.state_dict().items()}
    at_ease = shipped & (labels == 0) & (data['view'] == 0)
    tensors |= {
        'mean': model.mean, 'scale': model.scale, 'own_scale': model.own_scale,
        'neutral': np.nanmean(data['features'][at_ease], axis=0).astype(np.float32),
        'temperature': np.array([temperature, temperature_enrolled], np.float32)}
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
