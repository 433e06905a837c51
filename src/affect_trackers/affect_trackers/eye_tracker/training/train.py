# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Trains the pupil network on drawn eyes; about a quarter of an hour on one core.

    python -m affect_trackers.eye_tracker.training.train --out pupil_net.safetensors

Prints loss and, on eyes kept apart, how many are right. Needs torch, which the tracker does not.
"""

import argparse
from pathlib import Path
import sys
import time

from affect_trackers.eye_tracker.pupil_net import COLUMNS
from affect_trackers.eye_tracker.pupil_net import DILATIONS
from affect_trackers.eye_tracker.pupil_net import normalised
from affect_trackers.eye_tracker.pupil_net import STRIDE
from affect_trackers.eye_tracker.training.random_eye import draw_random_eye
import cv2
import numpy as np
from safetensors.torch import load_file
from safetensors.torch import save_file
import torch
from torch import nn
from torch.nn import functional

ROWS = 3 * COLUMNS // 4
WIDE, NARROW = 24, 12
BATCH = 64
RATE = 3e-3


class PupilNetwork(nn.Module):
    """Images [B, 1, H, W] to logits of cells and of none [B, cells + 1], places [B, 3, h, w]."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.ModuleList([
            nn.Conv2d(1, NARROW, 3, stride=2, padding=1),
            nn.Conv2d(NARROW, WIDE, 3, stride=2, padding=1)])
        self.body = nn.ModuleList([
            nn.Conv2d(WIDE, WIDE, 3, padding=d, dilation=d) for d in DILATIONS])
        self.head = nn.Conv2d(WIDE, 4, 1)
        self.none = nn.Linear(2 * WIDE, 1)

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return logits and places: right and down of the cell's centre in cells, log radius."""
        x = image
        for layer in self.stem:
            x = torch.relu(layer(x))
        for layer in self.body:
            x = x + torch.relu(layer(x))
        out = self.head(x)
        pooled = torch.cat([x.mean((2, 3)), x.amax((2, 3))], dim=1)
        logits = torch.cat([out[:, 0].flatten(1), self.none(pooled)], dim=1)
        return logits, out[:, 1:]


def draw(seed: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return images uint8 [N, H, W], and x, y, radius (pixels of them), NaN without a pupil."""
    rng = np.random.default_rng(seed)
    images = np.empty((count, ROWS, COLUMNS), np.uint8)
    truth = np.full((count, 3), np.nan, np.float32)
    for k in range(count):
        eye = draw_random_eye(rng, 2 * COLUMNS, 2 * ROWS)
        images[k] = cv2.resize(eye.image, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA)
        if eye.cover < 1.0:
            truth[k] = (
                0.5 * eye.x - 0.25, 0.5 * eye.y - 0.25,
                0.25 * np.sqrt(eye.major * eye.minor))
    return images, truth


def loss_of(
    network: PupilNetwork, images: np.ndarray, truth: np.ndarray,
) -> tuple[torch.Tensor, np.ndarray]:
    """Return the loss, and which are right: none where there is none, else within 2 pixels."""
    logits, places = network(torch.from_numpy(
        np.stack([normalised(image) for image in images])[:, None]))
    h, w = places.shape[2:]
    cells = (truth[:, :2] + 0.5) / STRIDE - 0.5
    column = np.clip(np.round(cells[:, 0]), 0, w - 1)
    row = np.clip(np.round(cells[:, 1]), 0, h - 1)
    is_open = np.isfinite(truth[:, 0])
    target = np.where(is_open, row * w + column, h * w)
    loss = functional.cross_entropy(
        logits, torch.from_numpy(target.astype(np.int64)), label_smoothing=0.01)
    away = []
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            c, r = column + right, row + down
            use = is_open & (c >= 0) & (c < w) & (r >= 0) & (r < h)
            picked = places[
                np.flatnonzero(use), :, r[use].astype(int), c[use].astype(int)]
            wanted = np.stack([
                cells[use, 0] - c[use], cells[use, 1] - r[use],
                np.log(truth[use, 2] / STRIDE)], axis=1).astype(np.float32)
            away.append((picked - torch.from_numpy(wanted)).abs().mean(0))
    loss = loss + torch.stack(away).mean(0) @ torch.tensor([1.0, 1.0, 1.5])
    best = logits.argmax(1).numpy()
    at = np.minimum(best, h * w - 1)
    found = places.detach().flatten(2).numpy()[np.arange(len(at)), :2, at] + np.stack(
        [at % w, at // w], axis=1)
    near = np.hypot(*(found - cells).T) * STRIDE < 2.0
    return loss, np.where(is_open, (best < h * w) & near, best == h * w)


def main(args: list[str] | None = None) -> int:
    """Train and write."""
    parser = argparse.ArgumentParser(description='Train the pupil network on drawn eyes.')
    parser.add_argument('--out', type=Path, required=True)
    parser.add_argument('--eyes', type=int, default=40000)
    parser.add_argument('--epochs', type=int, default=10)
    parser.add_argument('--start', type=Path, help='weights to go on from, at a third of the rate')
    parser.add_argument('--seed', type=int, default=1, help='of the drawn eyes')
    given = parser.parse_args(args)
    torch.set_num_threads(1)
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    began_s = time.perf_counter()
    images, truth = draw(given.seed, given.eyes)
    apart_images, apart_truth = draw(0, 1500)
    print(f'drawn in {time.perf_counter() - began_s:.0f} s', flush=True)
    network, rate = PupilNetwork(), RATE
    if given.start is not None:
        network.load_state_dict(load_file(given.start))
        rate /= 3.0
    optimizer = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=1e-3)
    steps = given.epochs * (given.eyes // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps)
    for epoch in range(given.epochs):
        order, total = rng.permutation(given.eyes), 0.0
        for k in range(given.eyes // BATCH):
            use = order[k * BATCH:(k + 1) * BATCH]
            batch, wanted = images[use], truth[use].copy()
            if rng.random() < 0.5:
                batch = np.ascontiguousarray(batch[:, :, ::-1])
                wanted[:, 0] = COLUMNS - 1 - wanted[:, 0]
            loss, _ = loss_of(network, batch, wanted)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item()
        with torch.no_grad():
            _, right = loss_of(network, apart_images, apart_truth)
        is_open = np.isfinite(apart_truth[:, 0])
        print(
            f'epoch {epoch + 1}: loss {total / (given.eyes // BATCH):.3f}, right '
            f'{np.mean(right[is_open]):.3f} of open, {np.mean(right[~is_open]):.3f} of shut, '
            f'{time.perf_counter() - began_s:.0f} s', flush=True)
        save_file(network.state_dict(), given.out)
    return 0


if __name__ == '__main__':
    sys.exit(main())
