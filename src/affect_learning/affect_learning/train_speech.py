# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Train the speech model on GoEmotions and write its weights and its card.

    python -m affect_learning.train_speech            # the shipped weights, 10 min of one core

The official splits are used as they are: training comments give the n-grams and the weights,
development comments how the two models are mixed and the thresholds, test comments the report
alone. A live recogniser gives neither case nor punctuation nor emoji and mistakes words, so every
epoch shows a comment as written, as spoken or as misheard, at random, and every figure is given
for all three. Sentences made by rule (``speech_sentences``) teach what denies, strengthens and
mixes.
"""

import argparse
from collections.abc import Callable
import csv
import json
from pathlib import Path
import time
from typing import Any

from affect_encoders.encoder import CATEGORIES
from affect_encoders.speech.goemotions import AROUSAL
from affect_encoders.speech.goemotions import estimate_of
from affect_encoders.speech.goemotions import LABELS
from affect_encoders.speech.goemotions import VALENCE
from affect_encoders.speech.minimal_pairs import judged
from affect_encoders.speech.model import CHARACTER_NGRAMS
from affect_encoders.speech.model import EMBEDDING_DIMENSION
from affect_encoders.speech.model import LEXICON
from affect_encoders.speech.model import Lexicon
from affect_encoders.speech.model import manner
from affect_encoders.speech.model import MODEL
from affect_encoders.speech.model import SpeechModel
from affect_encoders.speech.model import VERSION
from affect_encoders.speech.model import weigh_utterance
from affect_encoders.speech.model import WeightedNgrams
from affect_encoders.speech.model import WEIGHTS
from affect_encoders.speech.model import WORD_NGRAMS
from affect_encoders.speech.network import TABLES
from affect_encoders.speech.network import token_rows
from affect_encoders.speech.text import character_ngrams
from affect_encoders.speech.text import read
from affect_encoders.speech.text import spoken
from affect_encoders.speech.text import word_ngrams
from affect_encoders.speech.text import word_numbers
from affect_encoders.speech.text import Words
from affect_encoders.weights_file import save_weights
from affect_learning.misheard import misheard
from affect_learning.misheard import pool_of
from affect_learning.misheard import with_mistakes
from affect_learning.session.data_root import find_data_root
from affect_learning.session.data_root import need
from affect_learning.session.data_root import SessionError
from affect_learning.speech_sentences import SentenceMaker
from affect_learning.train_speech_network import collate as collate_rows
from affect_learning.train_speech_network import fit_network
from affect_learning.train_speech_network import TorchSpeechNetwork
from affect_learning.train_speech_network import words_of
import numpy as np
from scipy.stats import rankdata
from scipy.stats import spearmanr
import torch
from torch import nn
from torch.nn import functional

LEAST_COMMENTS = 4  # that an n-gram must occur in: two comments as written and as spoken
EPOCHS = 8
BATCH = 256
LEARNING_RATE = 0.02  # of the n-grams' weights
DENSE_LEARNING_RATE = 0.01  # of the negation
WEIGHT_PENALTY = 1.5e-5  # L2 of the n-grams' weights, per comment
NEGATION_PENALTY = 1e-4
DROPPED_NGRAMS = 0.2
SENTENCES = 12000  # made by rule, a fifth of all
NETWORK_SHARE = 0.6  # of the mixed logits; development comments like 0.35 to 0.65 alike
COMMON = 4  # comments that hold a word that is not rare
LEAST_SCALE = 0.05  # of the embedding: all words of training comments are known, live ones not
START_LOGIT = -3.5  # a label is true of 1 in 25 comments

ISEAR = {'joy': 'happy', 'fear': 'fearful', 'anger': 'angry', 'sadness': 'sad',
         'disgust': 'disgusted'}
"""Emotions that people were asked about and the categories they are here."""

Split = tuple[list[str], np.ndarray]

CARD = """\
# Speech: words to affect

`speech.safetensors`, model `{model}` version {version}, tensors sha256 `{sha256}`.

**What it is.** The mean of two models that give 28 logits each: a sum over the n-grams of an
utterance ({words} of words, {characters} of characters, int8), with a matrix that turns what
negated words say, and a small convolutional network over the words in their order (int8 vectors of
64). The 28 probabilities become eight categories by the grouping of the data's authors, and
valence and arousal by the labels' places in the literature (`speech/goemotions.py`); *calm* was
never taught and is NaN. Numpy only.

**Data.** GoEmotions (Demszky et al., ACL 2020): {comments} English Reddit comments of its
training split, each labelled by strangers who read it (CC BY 4.0 / Apache-2.0), shown as written,
as a recogniser would give them (no case, no signs) and as misheard, in thirds; and {sentences}
sentences made by rule from words and frames written for this project
(`affect_learning/speech_sentences.py`), which teach denial, degree and mixed feelings. Development
comments gave the mix of both models and, for the F1 below, the thresholds; test comments nothing.
{epochs} epochs, seed {seed}.

**Measured** on the {n:.0f} test comments, as shipped. *As spoken*: words only. *As misheard*: one
word in eight lost or replaced. A category is right by the share of the comment's labels in it; r
is the correlation with the places of the labels that the readers gave.

{table}

Logistic regression on word and character n-grams reaches macro .459, micro .534 as written; BERT
macro .46 (Demszky et al. 2020).

F1 of each label as written: {labels}.

Other texts:
{others}

ISEAR, EEVR and CMU-MOSI taught nothing, but their figures were looked at between tries.

Minimal pairs (`speech/minimal_pairs.py`: denial, idioms, degree, mixed feelings, irony; written by
the author of the made sentences before this model was trained): {right} of {pairs} as meant.
**Known failures:** {wrong}.

**Limits.** English only. What somebody reads into a Reddit comment is not what its writer felt,
and nobody there wears a headset. No irony, no context beyond one utterance. Rare labels (relief,
nervousness, disappointment) are often missed. Plain words that stand in sad events mislead: 'the
train leaves at seven' is heard as a little sad, with great uncertainty (version 1: neutral).
Arousal is hardly to be had from words (EEVR above). A rule stretches the valence of strengthened
words beside what was learned
(`speech/goemotions.py`). Not for judging people.

**Rebuild**, with `AFFECT_DATA` set: `python -m affect_learning.train_speech`.
"""


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

    Those of the most comments, up to the sizes of the model; among rare ones words come first.
    (To choose by how much labels differ picks n-grams that fit training comments by chance.)
    """

    def __init__(self, comments: list[Words], spoken_comments: list[Words]) -> None:
        self.word_numbers, word_idf = _choose(
            [word_ngrams(words).numbers for words in comments], WORD_NGRAMS,
            np.concatenate([word_numbers(words) for words in comments]))
        self.character_numbers, character_idf = _choose(
            [character_ngrams(words).numbers for words in comments], CHARACTER_NGRAMS)
        numbers = [word_numbers(words) for words in spoken_comments]
        known, _ = _choose(numbers, LEXICON, least=1)
        found, counts = np.unique(
            np.concatenate([np.unique(each) for each in numbers]), return_counts=True)
        self.lexicon = Lexicon(known, np.isin(known, found[counts >= COMMON]).astype(np.uint8))
        self.idf = np.concatenate([word_idf, character_idf]).astype(np.float16)

    def __call__(self, words: Words) -> WeightedNgrams:
        """Return the known n-grams of an utterance, weighted."""
        return weigh_utterance(
            words, self.word_numbers, self.character_numbers, self.idf.astype(np.float32))


def _choose(comments: list[np.ndarray], size: int, first: np.ndarray | tuple[()] = (), *,
            least: int = LEAST_COMMENTS) -> tuple[np.ndarray, np.ndarray]:
    """Return ``size`` numbers uint32, sorted, and their idf; filled up with unused numbers."""
    known, frequency = np.unique(
        np.concatenate([np.unique(numbers) for numbers in comments]), return_counts=True)
    # Half a comment more than their equals have.
    rank = frequency + 0.5 * np.isin(known, first)
    chosen = np.argsort(-rank, kind='stable')[:size]
    chosen = chosen[frequency[chosen] >= least]
    spare = np.setdiff1d(np.arange(len(known) + size, dtype=np.uint32), known)
    numbers = np.concatenate([known[chosen], spare[:size - len(chosen)]])
    idf = np.ones(size)
    idf[:len(chosen)] += np.log((1 + len(comments)) / (1 + frequency[chosen]))
    order = np.argsort(numbers)
    return numbers[order], idf[order]


class NgramSums(nn.Module):
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


def fit(variants: list[list[WeightedNgrams]], made: list[WeightedNgrams], target: np.ndarray,
        seed: int) -> NgramSums:
    """Return the sums trained on comments, each as one of its variants, and made sentences."""
    torch.manual_seed(seed)
    generator = np.random.default_rng(seed)
    count = len(variants[0])
    network = NgramSums()
    groups: list[dict[str, Any]] = [
        {'params': [network.weights.weight], 'weight_decay': WEIGHT_PENALTY},
        {'params': [network.negation], 'weight_decay': NEGATION_PENALTY,
         'lr': DENSE_LEARNING_RATE},
        {'params': [network.bias]}]
    optimiser = torch.optim.Adam(groups, lr=LEARNING_RATE)
    steps = -(-len(target) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [LEARNING_RATE, DENSE_LEARNING_RATE, LEARNING_RATE],
        total_steps=EPOCHS * steps, pct_start=0.1)
    labels = torch.from_numpy(target)
    for epoch in range(EPOCHS):
        started, total = time.monotonic(), 0.0
        kind = generator.integers(len(variants), size=count)
        for batch in np.array_split(generator.permutation(len(target)), steps):
            logits = network(collate(
                [variants[kind[i]][i] if i < count else made[i - count] for i in batch],
                generator))
            # A sum over labels: the penalty weighs against comments, not against cells.
            loss = len(LABELS) * functional.binary_cross_entropy_with_logits(logits, labels[batch])
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item() * len(batch)
        print(f'n-grams, epoch {epoch + 1} of {EPOCHS}: loss {total / len(target):.3f}, '
              f'{time.monotonic() - started:.0f} s', flush=True)
    return network


@torch.inference_mode()
def predict(network: NgramSums, utterances: list[WeightedNgrams]) -> np.ndarray:
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


@torch.inference_mode()
def predict_network(network: TorchSpeechNetwork, texts: list[Words], known: np.ndarray
                    ) -> np.ndarray:
    """Return logits float32 [N, 28]."""
    rows = [token_rows(words, known) for words in texts]
    return np.concatenate([
        network(collate_rows(rows[i:i + 256])).numpy() for i in range(0, len(rows), 256)])


def mixed(sums: np.ndarray, network: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Return what to multiply the logits of both models with, float32 [2]: calibrated mean."""
    shares = np.array([
        (1.0 - NETWORK_SHARE) / fit_temperature(sums, target),
        NETWORK_SHARE / fit_temperature(network, target)])
    return (shares / fit_temperature(
        (shares[0] * sums + shares[1] * network).astype(np.float32), target)).astype(np.float32)


def train(splits: dict[str, Split], root: Path, output: Path, seed: int) -> dict[str, object]:
    """Train, write ``output`` with its card beside it, and return its figures."""
    texts, target = splits['train']
    pool = pool_of(texts)
    generator = np.random.default_rng(seed + 1)
    variants = [[read(t) for t in texts], [read(spoken(t)) for t in texts],
                [read(misheard(t, pool, generator)) for t in texts]]
    sentences, made_target = SentenceMaker(seed).sentences(SENTENCES)
    made = [read(misheard(t, pool, generator) if generator.random() < 0.15 else t)
            for t in sentences]
    every = np.concatenate([target, made_target])
    vocabulary = Vocabulary([*variants[0], *variants[1], *made], variants[1])
    known = words_of([*variants[0], *made])
    print(f'{len(texts)} comments read', flush=True)
    network = fit_network(variants, made, every, known, seed)
    sums = fit([[vocabulary(words) for words in variant] for variant in variants],
               [vocabulary(words) for words in made], every, seed)
    generator = np.random.default_rng(seed + 2)
    development = [read(change(t)) for change in (
        str, spoken, lambda t: misheard(t, pool, generator)) for t in splits['dev'][0]]
    mix = mixed(predict(sums, [vocabulary(words) for words in development]),
                predict_network(network, development, known),
                np.concatenate([splits['dev'][1]] * 3))
    raw = np.concatenate([
        mix[0] * predict(sums, [vocabulary(words) for words in variants[1]])
        + mix[1] * predict_network(network, variants[1], known),
        [manner(words, vocabulary.lexicon.known_share(words)
                if words.read_count else 0.0) for words in variants[1]]], axis=1)
    weights, scales = quantise(sums.weights.weight.detach().numpy())
    tensors = {
        'lexicon': vocabulary.lexicon.numbers, 'lexicon_is_common': vocabulary.lexicon.is_common,
        'word_numbers': vocabulary.word_numbers,
        'character_numbers': vocabulary.character_numbers, 'idf': vocabulary.idf,
        'weights': weights, 'weight_scales': scales,
        'negation': sums.negation.detach().numpy(), 'bias': sums.bias.detach().numpy(),
        'network_words': known, 'mix': mix,
        'mean': raw.mean(axis=0).astype(np.float32),
        'scale': np.maximum(raw.std(axis=0), LEAST_SCALE).astype(np.float32)}
    for name, values in network.tensors().items():
        if name in TABLES:
            tensors[f'{name}_table'], tensors[f'{name}_scales'] = quantise(values)
        else:
            tensors[name] = values.astype(np.float16 if values.ndim == 2 else np.float32)
    assert raw.shape[1] == EMBEDDING_DIMENSION

    def save(figures: dict[str, object]) -> None:
        save_weights(output, tensors, model=MODEL, version=VERSION, inputs=LABELS,
                     data='GoEmotions', figures=json.dumps(figures))

    save({})
    figures: dict[str, object] = {
        'seed': seed, 'comments': len(texts), 'epochs': EPOCHS,
        'sentences': SENTENCES,
        **measure(SpeechModel(output), splits, seed), **elsewhere(SpeechModel(output), root),
        'pairs': pairs(SpeechModel(output))}
    save(figures)
    output.with_suffix('.md').write_text(
        card(figures, SpeechModel(output).metadata), encoding='utf-8')
    return figures


def measure(model: SpeechModel, splits: dict[str, Split], seed: int) -> dict[str, object]:
    """Return the figures of the weights as they are shipped, on the test comments."""
    def probabilities(texts: list[str]) -> np.ndarray:
        return np.stack([model(read(text))[1] for text in texts])

    pool = pool_of(splits['train'][0])
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


def elsewhere(model: SpeechModel, root: Path) -> dict[str, object]:
    """Return figures on texts of other kinds, where there are any; for the report only."""
    figures: dict[str, object] = {}
    path = root / 'isear' / 'isear.csv'
    if path.is_file():
        guesses: dict[str, list[bool]] = {name: [] for name in ISEAR}
        columns = [CATEGORIES.index(category) for category in ISEAR.values()]
        for row in csv.reader(path.open(encoding='latin-1', newline=''), delimiter='|',
                              quoting=csv.QUOTE_NONE):
            # Column 36 is the emotion asked for, 40 what was told of it.
            if row[36] in ISEAR:
                estimate = estimate_of(model(read(row[40].replace('\u00e1 ', '')))[1])
                best = columns[int(np.argmax(estimate.probabilities[columns]))]
                guesses[row[36]].append(CATEGORIES[best] == ISEAR[row[36]])
        figures['isear'] = {
            'n': sum(map(len, guesses.values())), 'chance': 1.0 / len(ISEAR),
            'uar': round(float(np.mean([np.mean(right) for right in guesses.values()])), 3)}
    path = root / 'mosi_features' / 'transcripts.csv'
    if path.is_file():
        with path.open(encoding='utf-8', newline='') as file:
            opinions = [(row[1].lower(), row[3] == '1') for row in csv.reader(file)]
        good = np.array([is_good for _, is_good in opinions])
        ranks = rankdata([estimate_of(model(read(text))[1]).valence for text, _ in opinions])
        area = (ranks[good].sum() - good.sum() * (good.sum() + 1) / 2) / (
            good.sum() * (~good).sum())
        figures['mosi'] = {'n': len(opinions), 'auc': round(float(area), 3)}
    path = root / 'eevr' / 'Textdata.csv'
    if path.is_file():
        with path.open(encoding='utf-8-sig', newline='') as file:
            rows = list(csv.DictReader(file))
        means = [estimate_of(model(read(row['Text Description']))[1]) for row in rows]
        figures['eevr'] = {'n': len(rows), **{
            name: round(float(spearmanr(
                [getattr(mean, name) for mean in means],
                [float(row[name.capitalize()]) for row in rows]).statistic), 3)
            for name in ('valence', 'arousal')}}
    return figures


def pairs(model: SpeechModel) -> dict[str, object]:
    """Return how many hand-written sentences are heard as they are meant, and which are not."""
    def valence(text: str) -> float:
        words = read(text)
        return estimate_of(model(words)[1], words.emphasis).valence

    results = list(judged(valence))
    return {'n': len(results), 'right': sum(is_right for _, is_right in results),
            'wrong': [text for text, is_right in results if not is_right]}


def card(figures: dict[str, Any], metadata: dict[str, str]) -> str:
    """Return the model card; no number in it is typed by hand."""
    rows = ['| test comments | macro-F1 | micro-F1 | log loss | category accuracy '
            '| calibration error | r valence | r arousal |', '|---|---|---|---|---|---|---|---|']
    for name in ('as_written', 'as_spoken', 'as_misheard'):
        row = figures[name]
        rows.append(f'| {name.replace("_", " ")} | ' + ' | '.join(f'{row[key]:.3f}' for key in (
            'macro_f1', 'micro_f1', 'log_loss', 'category_accuracy', 'category_ece', 'valence_r',
            'arousal_r')) + ' |')
    others = []
    if 'isear' in figures:
        others.append(
            '- ISEAR ({n} reports of joy, fear, anger, sadness and disgust; research licence, '
            'evaluation only): mean recall {uar:.3f}, chance {chance:.3f}.'
            .format(**figures['isear']))
    if 'eevr' in figures:
        others.append(
            '- EEVR ({n} descriptions of films in VR): rank correlation with what the people said '
            'they *felt*: valence {valence:.3f}, arousal {arousal:.3f}.'.format(**figures['eevr']))
    if 'mosi' in figures:
        others.append(
            '- CMU-MOSI ({n} spoken opinions on films, typed down; research licence, evaluation '
            'only): area under the curve of valence, praise against blame, {auc:.3f}.'
            .format(**figures['mosi']))
    found = figures['pairs']
    return CARD.format(
        **metadata, sentences=figures['sentences'], pairs=found['n'], right=found['right'],
        wrong='; '.join(f'"{text}"' for text in found['wrong']),
        comments=figures['comments'], epochs=figures['epochs'], seed=figures['seed'],
        n=figures['as_written']['n'], table='\n'.join(rows),
        others='\n'.join(others), words=WORD_NGRAMS, characters=CHARACTER_NGRAMS,
        labels=', '.join(f'{label} {f1:.2f}' for label, f1 in figures['f1'].items()))


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
    print(json.dumps(train(splits, root, arguments.output, arguments.seed), indent=1))


if __name__ == '__main__':
    main()
