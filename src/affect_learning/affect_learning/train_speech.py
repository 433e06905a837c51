# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Train the speech model on GoEmotions and write its weights and its card.

    python -m affect_learning.train_speech            # the shipped weights, 3 min of one core

The official splits are used as they are: training comments give the n-grams and the weights,
development comments the temperature and the thresholds, test comments the report alone. A live
recogniser gives neither case nor punctuation nor emoji and mistakes words, so every epoch shows a
comment as written or as spoken, at random, with some n-grams dropped, and every figure is given
both ways.
"""

import argparse
from collections import Counter
from collections.abc import Callable
import json
from pathlib import Path
import time

from affect_encoders.speech.goemotions import AROUSAL
from affect_encoders.speech.goemotions import estimate_of
from affect_encoders.speech.goemotions import LABELS
from affect_encoders.speech.goemotions import VALENCE
from affect_encoders.speech.model import CHARACTER_NGRAMS
from affect_encoders.speech.model import EMBEDDING_DIMENSION
from affect_encoders.speech.model import manner
from affect_encoders.speech.model import MODEL
from affect_encoders.speech.model import rows_of
from affect_encoders.speech.model import SpeechModel
from affect_encoders.speech.model import VERSION
from affect_encoders.speech.model import weigh_utterance
from affect_encoders.speech.model import WeightedNgrams
from affect_encoders.speech.model import WEIGHTS
from affect_encoders.speech.model import WORD_NGRAMS
from affect_encoders.speech.text import character_ngrams
from affect_encoders.speech.text import read
from affect_encoders.speech.text import spoken
from affect_encoders.speech.text import word_ngrams
from affect_encoders.speech.text import word_numbers
from affect_encoders.speech.text import Words
from affect_encoders.weights_file import save_weights
from affect_learning.session.data_root import find_data_root
from affect_learning.session.data_root import need
from affect_learning.session.data_root import SessionError
import numpy as np
import torch
from torch import nn
from torch.nn import functional

LEAST_COMMENTS = 2  # comments that an n-gram must occur in
EPOCHS = 6
BATCH = 256
LEARNING_RATE = 0.02  # of the n-grams' weights
DENSE_LEARNING_RATE = 0.01  # of the negation
WEIGHT_PENALTY = 3e-6  # L2, per comment
DROPPED_NGRAMS = 0.3
SPOKEN_SHARE = 0.5
START_LOGIT = -3.5  # a label is true of 1 in 25 comments

Split = tuple[list[str], np.ndarray]


def read_split(root: Path, name: str) -> Split:
    """Return the comments of a split and their labels float32 [N, 28]."""
    path = need(root, f'goemotions/goemotions/{name}.tsv')
    texts: list[str] = []
    numbers: list[list[int]] = []
    for line in path.read_text(encoding='utf-8').splitlines()[1:]:
        text, labels, _ = line.split('\t')
        texts.append(text)
        numbers.append([int(number) for number in labels.split(',')])
    target = np.zeros((len(texts), len(LABELS)), dtype=np.float32)
    for row, labels_of_row in enumerate(numbers):
        target[row, labels_of_row] = 1.0
    return texts, target


class Vocabulary:
    """
    The n-grams that count, sorted by number, and their inverse document frequencies.

    All words of at least ``LEAST_COMMENTS`` comments are in, then the n-grams whose labels differ
    most from everybody's (largest cell of chi square), up to the sizes of the model.
    """

    def __init__(self, comments: list[Words], target: np.ndarray) -> None:
        self.word_numbers, word_idf = _choose(
            [word_ngrams(words).numbers for words in comments], target, WORD_NGRAMS,
            always={int(n) for words in comments for n in word_numbers(words)})
        self.character_numbers, character_idf = _choose(
            [character_ngrams(words).numbers for words in comments], target, CHARACTER_NGRAMS)
        self.idf = np.concatenate([word_idf, character_idf]).astype(np.float16)

    def __call__(self, words: Words) -> WeightedNgrams:
        return weigh_utterance(
            words, self.word_numbers, self.character_numbers, self.idf.astype(np.float32))

    def known_share(self, words: Words) -> float:
        """Return the share of the words of an utterance that are known; 0 without words."""
        numbers = word_numbers(words)
        if not len(numbers):
            return 0.0
        return float(np.mean(rows_of(numbers, self.word_numbers) >= 0))


def _choose(comments: list[np.ndarray], target: np.ndarray, size: int,
            always: set[int] | frozenset[int] = frozenset()) -> tuple[np.ndarray, np.ndarray]:
    """Return ``size`` numbers uint32, sorted, and their idf; filled up with unused numbers."""
    present = [np.unique(numbers) for numbers in comments]
    known, columns = np.unique(np.concatenate(present), return_inverse=True)
    rows = np.repeat(np.arange(len(comments)), [len(numbers) for numbers in present])
    frequency = np.bincount(columns, minlength=len(known))
    surprise = np.zeros(len(known))
    for label in target.T:
        expected = frequency * label.mean() + 1e-9
        observed = np.bincount(columns, weights=label[rows], minlength=len(known))
        surprise = np.maximum(surprise, (observed - expected) ** 2 / expected)
    surprise[[int(number) in always for number in known]] = np.inf
    surprise[frequency < LEAST_COMMENTS] = -1.0
    chosen = np.argsort(-surprise, kind='stable')[:size]
    chosen = chosen[surprise[chosen] >= 0.0]
    idf = dict(zip(known[chosen].tolist(),
                   np.log((1 + len(comments)) / (1 + frequency[chosen])) + 1.0, strict=True))
    taken = set(known.tolist())
    spare = (number for number in range(2 ** 32) if number not in taken)
    while len(idf) < size:
        idf[next(spare)] = 1.0
    numbers = np.array(sorted(idf), dtype=np.uint32)
    return numbers, np.array([idf[number] for number in numbers.tolist()])


class SpeechNetwork(nn.Module):
    """The sums of ``speech/model.py``, to be trained. Returns logits [N, 28]."""

    def __init__(self) -> None:
        super().__init__()
        self.weights = nn.EmbeddingBag(WORD_NGRAMS + CHARACTER_NGRAMS, len(LABELS), mode='sum')
        nn.init.zeros_(self.weights.weight)
        # Half-way between 'a negation changes nothing' and 'it takes everything back'.
        self.negation = nn.Parameter(0.5 * torch.eye(len(LABELS)))
        self.bias = nn.Parameter(torch.full((len(LABELS),), START_LOGIT))

    def forward(self, batch: tuple[torch.Tensor, torch.Tensor, torch.Tensor]) -> torch.Tensor:
        rows, starts, weights = batch
        said = self.weights(rows, starts, per_sample_weights=weights)
        said = said.view(-1, 2, len(LABELS))
        return said[:, 0] + said[:, 1] @ self.negation.T + self.bias


def collate(utterances: list[WeightedNgrams], generator: np.random.Generator | None = None
            ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return rows [M], starts [2 N] of what is plain and negated, weights [M]; some dropped."""
    rows, weights, lengths = [], [], []
    for utterance in utterances:
        order = np.argsort(utterance.negated, kind='stable')
        rows.append(utterance.rows[order])
        weights.append(utterance.weights[order])
        negated = int(utterance.negated.sum())
        lengths += [len(order) - negated, negated]
    values = np.concatenate(weights)
    if generator is not None:
        kept = generator.random(len(values)) >= DROPPED_NGRAMS
        values = values * kept / np.float32(1.0 - DROPPED_NGRAMS)
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    return (torch.from_numpy(np.concatenate(rows)), torch.from_numpy(starts),
            torch.from_numpy(values.astype(np.float32)))


def fit(written: list[WeightedNgrams], said: list[WeightedNgrams], target: np.ndarray, seed: int
        ) -> SpeechNetwork:
    """Return the network trained on comments as written and as spoken."""
    torch.manual_seed(seed)
    generator = np.random.default_rng(seed)
    network = SpeechNetwork()
    optimiser = torch.optim.Adam([
        {'params': [network.weights.weight], 'weight_decay': WEIGHT_PENALTY},
        {'params': [network.negation, network.bias], 'lr': DENSE_LEARNING_RATE}],
        lr=LEARNING_RATE)
    steps = -(-len(target) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [LEARNING_RATE, DENSE_LEARNING_RATE], total_steps=EPOCHS * steps, pct_start=0.1)
    labels = torch.from_numpy(target)
    for epoch in range(EPOCHS):
        started, total = time.monotonic(), 0.0
        as_spoken = generator.random(len(target)) < SPOKEN_SHARE
        for batch in np.array_split(generator.permutation(len(target)), steps):
            logits = network(collate(
                [(said if as_spoken[i] else written)[i] for i in batch], generator))
            # A sum over labels: the penalty weighs against comments, not against cells.
            loss = len(LABELS) * functional.binary_cross_entropy_with_logits(logits, labels[batch])
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item() * len(batch)
        print(f'epoch {epoch + 1} of {EPOCHS}: loss {total / len(target):.3f}, '
              f'{time.monotonic() - started:.0f} s', flush=True)
    return network


@torch.inference_mode()
def predict(network: SpeechNetwork, utterances: list[WeightedNgrams]) -> np.ndarray:
    """Return logits float32 [N, 28]."""
    return np.concatenate([
        network(collate(utterances[i:i + 1024])).numpy() for i in range(0, len(utterances), 1024)])


def fit_temperature(logits: np.ndarray, target: np.ndarray) -> float:
    """Return the temperature with the least negative log likelihood (Guo et al. 2017)."""
    grid = np.logspace(-0.5, 0.5, 101)
    losses = [functional.binary_cross_entropy_with_logits(
        torch.from_numpy(logits / np.float32(t)), torch.from_numpy(target)).item() for t in grid]
    return float(grid[int(np.argmin(losses))])


def quantise(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return weights [N, K] as int8 and a float16 scale [N] for each row."""
    scales = np.maximum(np.abs(weights).max(axis=1) / 127.0, 1e-6).astype(np.float16)
    # A float16 may have been rounded down: no value may leave the range of int8.
    whole = np.rint(weights / scales.astype(np.float32)[:, None])
    return np.clip(whole, -127, 127).astype(np.int8), scales


def tune_thresholds(probabilities: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Return the threshold of each label with the best F1."""
    thresholds = np.full(len(LABELS), 0.5)
    for k in range(len(LABELS)):
        order = np.argsort(-probabilities[:, k], kind='stable')
        hits = np.cumsum(target[order, k])
        f1 = 2.0 * hits / (np.arange(1, len(order) + 1) + target[:, k].sum())
        best = int(np.argmax(f1))
        following = probabilities[order[min(best + 1, len(order) - 1)], k]
        thresholds[k] = (probabilities[order[best], k] + following) / 2.0
    return thresholds


def f1_scores(probabilities: np.ndarray, target: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """Return the F1 of each label [28]."""
    said = probabilities > thresholds
    return 2.0 * (said * target).sum(axis=0) / np.maximum(said.sum(axis=0) + target.sum(axis=0), 1)


def report(probabilities: np.ndarray, target: np.ndarray, thresholds: np.ndarray
           ) -> dict[str, float]:
    """Return macro and micro F1 over 28 labels, log loss, and the eight categories' figures."""
    said = probabilities > thresholds
    clipped = np.clip(probabilities, 1e-7, 1.0 - 1e-7)
    log_loss = -np.mean(np.sum(
        target * np.log(clipped) + (1.0 - target) * np.log(1.0 - clipped), axis=1))
    guess = np.stack([estimate_of(row).probabilities for row in probabilities])
    truth = np.stack([estimate_of(row).probabilities for row in target])
    confidence, first = np.nanmax(guess, axis=1), np.nanargmax(guess, axis=1)
    # A comment with labels in two categories is half right.
    right = truth[np.arange(len(truth)), first]
    bins = np.minimum((confidence * 10).astype(int), 9)
    error = sum(abs(right[bins == b].mean() - confidence[bins == b].mean()) * np.mean(bins == b)
                for b in np.unique(bins))
    shares = target / target.sum(axis=1, keepdims=True)
    mean = np.array([[e.valence, e.arousal] for e in map(estimate_of, probabilities)])
    figures = {
        'n': len(target), 'macro_f1': f1_scores(probabilities, target, thresholds).mean(),
        'micro_f1': 2.0 * (said * target).sum() / (said.sum() + target.sum()),
        'log_loss': log_loss, 'category_accuracy': right.mean(), 'category_ece': error,
        'valence_r': np.corrcoef(mean[:, 0], shares @ VALENCE)[0, 1],
        'arousal_r': np.corrcoef(mean[:, 1], shares @ AROUSAL)[0, 1]}
    return {name: round(float(value), 3) for name, value in figures.items()}


def with_mistakes(text: str, pool: list[str], generator: np.random.Generator) -> str:
    """Return a text as spoken with one word in eight lost or replaced by one of ``pool``."""
    heard = []
    for word in spoken(text).split():
        fate = generator.random()
        if fate >= 1 / 8:
            heard.append(word)
        elif fate >= 1 / 16:
            heard.append(pool[generator.integers(len(pool))])
    return ' '.join(heard)


def train(splits: dict[str, Split], output: Path, seed: int) -> dict[str, object]:
    """Train, write ``output`` and return its figures."""
    texts, target = splits['train']
    written, said = [read(t) for t in texts], [read(spoken(t)) for t in texts]
    vocabulary = Vocabulary([*written, *said], np.concatenate([target, target]))
    inputs = [vocabulary(words) for words in written], [vocabulary(words) for words in said]
    print(f'{len(texts)} comments read', flush=True)
    network = fit(*inputs, target, seed)
    development = [vocabulary(read(change(t))) for change in (str, spoken)
                   for t in splits['dev'][0]]
    temperature = fit_temperature(
        predict(network, development), np.concatenate([splits['dev'][1]] * 2))
    raw = np.concatenate([
        predict(network, inputs[1]) / temperature,
        [manner(words, vocabulary.known_share(words)) for words in said]], axis=1)
    weights, scales = quantise(network.weights.weight.detach().numpy())
    tensors = {
        'word_numbers': vocabulary.word_numbers,
        'character_numbers': vocabulary.character_numbers, 'idf': vocabulary.idf,
        'weights': weights, 'weight_scales': scales,
        'negation': network.negation.detach().numpy(), 'bias': network.bias.detach().numpy(),
        'temperature': np.array([temperature], dtype=np.float32),
        'mean': raw.mean(axis=0).astype(np.float32),
        'scale': np.maximum(raw.std(axis=0), 1e-3).astype(np.float32)}
    assert raw.shape[1] == EMBEDDING_DIMENSION

    def save(figures: dict[str, object]) -> None:
        save_weights(output, tensors, model=MODEL, version=VERSION, inputs=LABELS,
                     data='GoEmotions', figures=json.dumps(figures))

    save({})
    figures: dict[str, object] = {
        'seed': seed, 'comments': len(texts), 'epochs': EPOCHS,
        'temperature': round(temperature, 3),
        **measure(SpeechModel(output), splits, seed)}
    save(figures)
    return figures


def measure(model: SpeechModel, splits: dict[str, Split], seed: int) -> dict[str, object]:
    """Return the figures of the weights as they are shipped, on the test comments."""
    def probabilities(texts: list[str]) -> np.ndarray:
        return np.stack([model(read(text))[1] for text in texts])

    common = Counter(word for text in splits['train'][0] for word in spoken(text).split())
    pool = [word for word, count in common.items() for _ in range(round(count ** 0.5))]
    generator = np.random.default_rng(seed)
    changes: dict[str, Callable[[str], str]] = {
        'as_written': str, 'as_spoken': spoken,
        'as_misheard': lambda text: with_mistakes(text, pool, generator)}
    figures: dict[str, object] = {}
    for name, change in changes.items():
        tuned = tune_thresholds(
            probabilities([change(t) for t in splits['dev'][0]]), splits['dev'][1])
        test = probabilities([change(t) for t in splits['test'][0]])
        figures[name] = report(test, splits['test'][1], tuned)
        if name == 'as_written':
            scores = f1_scores(test, splits['test'][1], tuned)
            figures['f1'] = {label: round(float(f), 3)
                             for label, f in zip(LABELS, scores, strict=True)}
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[1])
    parser.add_argument('--data', type=Path, help=(
        'folder that holds goemotions/ (default: AFFECT_DATA, else ../shared/data beside the '
        "project's root)"))
    parser.add_argument('--output', type=Path, default=WEIGHTS, help='weights file to write')
    parser.add_argument('--seed', type=int, default=0)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    try:
        root = find_data_root(arguments.data)
        splits = {name: read_split(root, name) for name in ('train', 'dev', 'test')}
    except SessionError as error:
        parser.error(str(error))
    print(json.dumps(train(splits, arguments.output, arguments.seed), indent=1))


if __name__ == '__main__':
    main()
