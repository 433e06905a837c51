# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The network of ``speech/network.py`` in torch, and how it is trained."""

from collections import Counter
from collections.abc import Sequence
import time

from affect_encoders.speech.goemotions import LABELS
from affect_encoders.speech.network import BEGINNINGS
from affect_encoders.speech.network import DIMENSION
from affect_encoders.speech.network import ENDINGS
from affect_encoders.speech.network import KNOWN_WORDS
from affect_encoders.speech.network import MEANINGS
from affect_encoders.speech.network import SPACINGS
from affect_encoders.speech.network import token_rows
from affect_encoders.speech.text import number_of
from affect_encoders.speech.text import Words
import numpy as np
import torch
from torch import nn
from torch.nn import functional

EPOCHS = 8
BATCH = 128
LEARNING_RATE = 4e-3
WEIGHT_DECAY = 0.02
DROPOUT = 0.3
DROPPED_WORDS = 0.1  # that count as unknown ones
DROPPED_MEANINGS = 0.3  # of utterances: what is denied must be found without the rule as well
LEAST_TEXTS = 3  # that a word must occur in
START_LOGIT = -3.5

Batch = tuple[torch.Tensor, torch.Tensor]


def words_of(texts: Sequence[Words]) -> np.ndarray:
    """Return the numbers uint32 [KNOWN_WORDS], sorted, of the words of the most texts."""
    counts = Counter(token for words in texts for token in set(words.tokens))
    chosen = [token for token, count in counts.most_common(KNOWN_WORDS) if count >= LEAST_TEXTS]
    numbers = np.unique(np.array([number_of(f'w {token}') for token in chosen], dtype=np.uint32))
    spare = np.setdiff1d(np.arange(2 * KNOWN_WORDS, dtype=np.uint32), numbers)
    return np.sort(np.concatenate([numbers, spare[:KNOWN_WORDS - len(numbers)]]))


class TorchSpeechNetwork(nn.Module):
    """The network, to be trained. Returns logits [N, 28]."""

    def __init__(self) -> None:
        super().__init__()
        # The last row is that of unknown words.
        self.known = nn.Embedding(KNOWN_WORDS + 1, DIMENSION)
        self.beginning = nn.Embedding(BEGINNINGS, DIMENSION)
        self.ending = nn.Embedding(ENDINGS, DIMENSION)
        self.meant = nn.Embedding(MEANINGS, DIMENSION)
        for table in (self.known, self.beginning, self.ending, self.meant):
            nn.init.normal_(table.weight, 0.0, 0.1)
        self.layers = nn.ModuleList([
            nn.Conv1d(DIMENSION, 2 * DIMENSION, 3, padding=spacing, dilation=spacing)
            for spacing in SPACINGS])
        self.score = nn.Linear(DIMENSION, len(LABELS), bias=False)
        self.value = nn.Linear(DIMENSION, len(LABELS), bias=False)
        self.bias = nn.Parameter(torch.full((len(LABELS),), START_LOGIT))
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, batch: Batch) -> torch.Tensor:
        rows, mask = batch
        if self.training:
            dropped = torch.rand(rows.shape[1:]) < DROPPED_WORDS
            no_rule = torch.rand(rows.shape[1], 1) < DROPPED_MEANINGS
            rows = torch.stack([
                rows[0].masked_fill(dropped, -1), rows[1], rows[2],
                rows[3].masked_fill(no_rule, 0)])
        x = (self.known(rows[0] % (KNOWN_WORDS + 1)) + self.beginning(rows[1])
             + self.ending(rows[2]) + self.meant(rows[3]))
        x = self.dropout(x) * mask[..., None]
        for layer in self.layers:
            mixed, gate = layer(x.transpose(1, 2)).transpose(1, 2).chunk(2, -1)
            x = (x + self.dropout(torch.tanh(mixed) * torch.sigmoid(gate))) * mask[..., None]
        x = self.dropout(x)
        # Not minus infinity: a text without words has nothing to attend to, and no NaN.
        score = self.score(x).masked_fill(mask[..., None] == 0.0, -1e9)
        return (torch.softmax(score, 1) * self.value(x)).sum(1) + self.bias

    def tensors(self) -> dict[str, np.ndarray]:
        """Return the weights as ``speech/network.py`` takes them; tables are float32."""
        found = {'known': self.known.weight, 'beginning': self.beginning.weight,
                 'ending': self.ending.weight, 'meant': self.meant.weight,
                 'score': self.score.weight.T, 'value': self.value.weight.T,
                 'network_bias': self.bias}
        for i, layer in enumerate(self.layers):
            assert isinstance(layer, nn.Conv1d) and layer.bias is not None
            found[f'kernel_{i}'] = layer.weight.permute(2, 1, 0).reshape(3 * DIMENSION, -1)
            found[f'shift_{i}'] = layer.bias
        return {name: np.ascontiguousarray(value.detach().numpy())
                for name, value in found.items()}


def collate(rows: Sequence[np.ndarray]) -> Batch:
    """Return rows int64 [4, N, T] and what is there float32 [N, T] of token rows [4, T_i]."""
    longest = max(1, *(each.shape[1] for each in rows))
    padded = np.zeros((4, len(rows), longest), dtype=np.int64)
    mask = np.zeros((len(rows), longest), dtype=np.float32)
    for i, each in enumerate(rows):
        padded[:, i, :each.shape[1]] = each
        mask[i, :each.shape[1]] = 1.0
    return torch.from_numpy(padded), torch.from_numpy(mask)


def fit_network(
        variants: Sequence[Sequence[Words]], made: Sequence[Words], target: np.ndarray,
        known: np.ndarray, seed: int) -> TorchSpeechNetwork:
    """
    Return the network trained on comments, each shown now as one variant and now as another.

    ``target`` [N + M, 28] are the labels of N comments, then those of M made sentences.
    """
    torch.manual_seed(seed)
    generator = np.random.default_rng(seed)
    rows = [[token_rows(words, known) for words in variant] for variant in variants]
    made_rows = [token_rows(words, known) for words in made]
    count = len(rows[0])
    network = TorchSpeechNetwork()
    optimiser = torch.optim.AdamW(
        network.parameters(), lr=LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    steps = -(-len(target) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, LEARNING_RATE, total_steps=EPOCHS * steps, pct_start=0.15)
    labels = torch.from_numpy(target)
    for epoch in range(EPOCHS):
        started, total = time.monotonic(), 0.0
        kind = generator.integers(len(rows), size=count)
        for batch in np.array_split(generator.permutation(len(target)), steps):
            logits = network(collate([
                rows[kind[i]][i] if i < count else made_rows[i - count] for i in batch]))
            loss = len(LABELS) * functional.binary_cross_entropy_with_logits(logits, labels[batch])
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item() * len(batch)
        print(f'network, epoch {epoch + 1} of {EPOCHS}: loss {total / len(target):.3f}, '
              f'{time.monotonic() - started:.0f} s', flush=True)
    return network.eval()
