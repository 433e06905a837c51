# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Train the face networks on FER2013 and write their weights.

    python -m affect_learning.train_face --epochs 60             # two hours of one core
    python -m affect_learning.train_face --epochs 60 --minutes 20  # as far as it gets in 20
    python -m affect_learning.train_face --start OLD.safetensors # go on from weights of before
    python -m affect_learning.train_face --resume                # after an interruption

Images that also occur in the validation or test split, and repeats within the training split, are
left out of training; both the official test accuracy and the one without the 288 images that the
official training split shares are printed. Temperatures are fitted on the validation split.
"""

import argparse
import copy
import json
import math
from pathlib import Path
import time

from affect_encoders.facial_expression.features import standardise
from affect_encoders.facial_expression.model import centre_of
from affect_encoders.facial_expression.model import FaceLikeness
from affect_encoders.facial_expression.model import FaceNetwork
from affect_encoders.facial_expression.model import INPUT_PX
from affect_encoders.facial_expression.model import INPUTS
from affect_encoders.facial_expression.model import LABELS
from affect_encoders.facial_expression.model import LOOKS
from affect_encoders.facial_expression.model import MODEL
from affect_encoders.facial_expression.model import named_tensors
from affect_encoders.facial_expression.model import PARTS
from affect_encoders.facial_expression.model import VERSION
from affect_encoders.facial_expression.model import WEIGHTS
from affect_encoders.weights_file import save_weights
from affect_learning.face_pictures import erased
from affect_learning.face_pictures import moved
from affect_learning.face_pictures import not_faces
from affect_learning.face_pictures import other_rows
from affect_learning.face_pictures import random_view
from affect_learning.face_pictures import soiled
from affect_learning.face_pictures import standardised
from affect_learning.face_pictures import with_mask
from affect_learning.face_pictures import with_visor
from affect_learning.session import fer2013
from affect_learning.session.data_root import find_data_root
from affect_learning.session.data_root import SessionError
import cv2
import numpy as np
from safetensors.numpy import load_file
import torch
from torch import nn
from torch.nn import functional

BATCH = 128
LEARNING_RATE = 0.05  # peak of one cycle (Smith & Topin 2018), SGD with Nesterov momentum 0.9
WARM_UP = 0.08  # share of the cycle
WEIGHT_DECAY = 5e-4
LABEL_SMOOTHING = 0.1  # FER2013's labels are disputed between people (Barsoum et al. 2016)
AVERAGE_DECAY = 0.998  # per step, of the exponential average of the weights that is shipped
LIKENESS_EPOCHS = 8
BALANCE = 0.75  # in the read-out, classes weigh their count to the power of minus this
STEM = 4  # layers of the trunk that stay as they were when training goes on from other weights
LIKENESS_RATE = 3e-3
MERCY = 1.5  # log-odds for a face: half of the taught pictures are none; chosen on validation
COVERED_OTHERS = 0.25  # of what is no face is below a drawn headset as well, half as much masked


def read_split(root: Path, split: str) -> tuple[np.ndarray, np.ndarray]:
    """
    Return images uint8 [N, 48, 48] and label indices [N] of one official split.

    :raises SessionError: the file is missing or damaged.
    """
    read = fer2013.read_split(root, split)
    return read.images, np.array([LABELS.index(name) for name in read.labels])


def unseen_rows(images: np.ndarray, *others: np.ndarray) -> np.ndarray:
    """Return the rows of ``images`` whose pixels occur neither earlier nor in ``others``."""
    seen = {image.tobytes() for split in others for image in split}
    rows = []
    for i, image in enumerate(images):
        key = image.tobytes()
        if key not in seen:
            seen.add(key)
            rows.append(i)
    return np.array(rows)


def seen_by_network(images: np.ndarray, part: str = 'whole') -> torch.Tensor:
    """Return what the network sees of images uint8 [N, 48, 48] with a part in sight."""
    return torch.from_numpy(np.stack([centre_of(image, part) for image in images]))[:, None]


@torch.inference_mode()
def predict(network: FaceNetwork, views: torch.Tensor) -> torch.Tensor:
    """Return logits [N, 7] of each view and of its mirror image, averaged."""
    network.eval()
    return torch.cat([(network(batch)[1] + network(batch.flip(3))[1]) / 2
                      for batch in views.split(256)])


def balance_read_out(
        network: FaceNetwork, views: torch.Tensor, labels: torch.Tensor, seed: int) -> None:
    """
    Train the read-out anew on frozen embeddings with rare classes weighing more.

    Kang et al., "Decoupling representation and classifier for long-tailed recognition", 2020:
    else disgust, 1.5 % of the pictures, is hardly ever answered.
    """
    network.eval()
    with torch.no_grad():
        embedding = torch.cat([torch.relu(network(batch)[0]) for batch in views.split(256)])
    counts = torch.bincount(labels, minlength=len(LABELS)).float()
    weight = (counts.mean() / counts) ** BALANCE
    generator = torch.Generator().manual_seed(seed)
    read_out = network.read_out.requires_grad_(True)
    optimiser = torch.optim.AdamW(read_out.parameters(), lr=3e-3, weight_decay=0.01)
    for _ in range(10):
        for rows in torch.randperm(len(labels), generator=generator).split(512):
            loss = functional.cross_entropy(
                read_out(embedding[rows]), labels[rows], weight=weight,
                label_smoothing=LABEL_SMOOTHING)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
    read_out.requires_grad_(False)


def fit_temperature(logits: torch.Tensor, labels: torch.Tensor) -> float:
    """Return the temperature with the least negative log likelihood (Guo et al. 2017)."""
    grid = torch.logspace(-1, 1, 401, base=10.0)
    losses = [functional.cross_entropy(logits / t, labels).item() for t in grid]
    return float(grid[int(np.argmin(losses))])


def calibration_error(probabilities: np.ndarray, labels: np.ndarray, bins: int = 15) -> float:
    """Return the expected calibration error of the top class (Guo et al. 2017)."""
    confidence = probabilities.max(axis=1)
    correct = probabilities.argmax(axis=1) == labels
    index = np.minimum((confidence * bins).astype(int), bins - 1)
    return float(sum(abs(correct[index == b].mean() - confidence[index == b].mean())
                     * np.mean(index == b) for b in range(bins) if np.any(index == b)))


def report(logits: torch.Tensor, labels: np.ndarray, temperature: float) -> dict[str, object]:
    """Return accuracy, mean recall (UAR), recall per class and calibration error."""
    probabilities = torch.softmax(logits / temperature, 1).numpy()
    guess = probabilities.argmax(axis=1)
    recall = [float(np.mean(guess[labels == i] == i)) for i in range(len(LABELS))]
    return {
        'n': len(labels),
        'accuracy': round(float(np.mean(guess == labels)), 4),
        'uar': round(float(np.mean(recall)), 4),
        'recall': {name: round(r, 3) for name, r in zip(LABELS, recall, strict=True)},
        'ece': round(calibration_error(probabilities, labels), 4),
        'majority': round(float(np.bincount(labels).max() / len(labels)), 4),
    }


def to_tensor(images: np.ndarray) -> torch.Tensor:
    """Return standardised images [N, 1, 48, 48]."""
    return torch.from_numpy(np.stack([standardise(image) for image in images]))[:, None]


def likeness_batch(
        images: torch.Tensor, others: torch.Tensor, generator: torch.Generator
        ) -> tuple[torch.Tensor, torch.Tensor]:
    """Return pictures [2 N, 1, 48, 48] and their index in ``LOOKS``: half are no upright faces."""
    faces = soiled(moved(images, images.shape[-1], generator), generator)
    half, quarter = len(faces) // 2, len(faces) // 4
    no_faces = not_faces(soiled(others, generator), generator)
    order = torch.randperm(len(no_faces), generator=generator)
    count = int(COVERED_OTHERS * len(no_faces))
    below, above = order[:count], order[count:count + count // 2]
    no_faces[below] = with_visor(no_faces[below], generator)
    no_faces[above] = with_mask(no_faces[above], generator)
    by_look = {
        'other': no_faces, 'whole': standardised(erased(faces[:half], generator)),
        'lower': with_visor(faces[half:half + quarter], generator),
        'upper': with_mask(faces[half + quarter:], generator)}
    return torch.cat(list(by_look.values())), torch.cat([
        torch.full((len(pictures),), LOOKS.index(look)) for look, pictures in by_look.items()])


def train_likeness(images: torch.Tensor, seed: int, epochs: int) -> FaceLikeness:
    """Return the network that knows upright faces and what of them is covered."""
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    likeness = FaceLikeness()
    optimiser = torch.optim.AdamW(likeness.parameters(), lr=LIKENESS_RATE, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, LIKENESS_RATE, total_steps=epochs * (len(images) // (2 * BATCH)),
        pct_start=0.1)
    for _ in range(epochs):
        order = torch.randperm(len(images), generator=generator)
        for rows in order.split(2 * BATCH)[:len(images) // (2 * BATCH)]:
            pictures, looks = likeness_batch(images[rows], images[rows.roll(1)], generator)
            loss = functional.cross_entropy(likeness(pictures), looks)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            schedule.step()
    with torch.no_grad():
        dict(likeness.named_parameters())['layers.11.bias'][LOOKS.index('other')] -= MERCY
    return likeness.eval()


@torch.inference_mode()
def likeness_report(likeness: FaceLikeness, faces: torch.Tensor, seed: int) -> dict[str, object]:
    """Return how often faces of other people are accepted, and what else is."""
    generator = torch.Generator().manual_seed(seed)
    views = {'whole': faces, 'lower': with_visor(faces, generator),
             'upper': with_mask(faces, generator)}
    looks = {part: torch.softmax(likeness(view), 1).numpy() for part, view in views.items()}
    others = torch.softmax(likeness(not_faces(faces, generator)), 1).numpy()
    return {
        'accepted': {part: round(float(np.mean(p[:, 0] < 0.5)), 4) for part, p in looks.items()},
        'part_told': {part: round(float(np.mean(p[:, 1:].argmax(1) == PARTS.index(part))), 4)
                      for part, p in looks.items()},
        'median_confidence': round(float(np.median(1.0 - looks['whole'][:, 0])), 4),
        'others_accepted': {
            kind: round(float(np.mean(p[:, 0] < 0.5)), 4)
            for kind, rows in other_rows(len(faces)).items() for p in [others[rows]]}}


def save(path: Path, network: FaceNetwork, likeness: FaceLikeness,
         temperature: dict[str, float], figures: dict[str, object]) -> None:
    """Write the weights file that ``FaceModel`` loads; 16 bits change no answer."""
    tensors = {name: tensor.numpy().astype(np.float16)
               for name, tensor in named_tensors(network, likeness).items()}
    tensors['temperature'] = np.array([temperature[part] for part in PARTS], dtype=np.float32)
    save_weights(path, tensors, model=MODEL, version=VERSION, inputs=INPUTS,
                 data='FER2013 training split without duplicates', figures=json.dumps(figures))


def start_from(network: FaceNetwork, path: Path) -> None:
    """
    Give a network what weights of version 1 or of this one know.

    Version 1 had no bypasses; here they begin as if they were not there.
    """
    known = {name.removeprefix('expression.'): torch.from_numpy(tensor.astype(np.float32))
             for name, tensor in load_file(path).items() if name.startswith('expression.')}
    own = network.state_dict()
    if not set(known) <= set(own):
        places = [_places(known, dimensions) for dimensions in (4, 1)]
        layers = [[i for i, layer in enumerate(network.trunk) if isinstance(layer, kind)]
                  for kind in (nn.Conv2d, nn.BatchNorm2d)]
        moved_to = {f'trunk.{old}.': f'trunk.{new}.' for group, present in zip(
            places, layers, strict=True) for old, new in zip(group, present, strict=True)}
        known = {next((name.replace(old, new, 1) for old, new in moved_to.items()
                       if name.startswith(old)), name): tensor for name, tensor in known.items()}
    network.load_state_dict(own | known)


def _places(tensors: dict[str, torch.Tensor], dimensions: int) -> list[int]:
    """Return at which places of the trunk tensors of so many dimensions are."""
    return sorted({int(name.split('.')[1]) for name, tensor in tensors.items()
                   if name.startswith('trunk.') and tensor.ndim == dimensions})


def learning_rate(progress: float) -> float:
    """Return the rate at a share of the training in [0, 1]: up in a line, down as a cosine."""
    if progress < WARM_UP:
        return LEARNING_RATE * progress / WARM_UP
    return 0.5 * LEARNING_RATE * (
        1.0 + math.cos(math.pi * (progress - WARM_UP) / (1.0 - WARM_UP)))


def train_network(
        images: torch.Tensor, labels: torch.Tensor, validation: tuple[torch.Tensor, np.ndarray],
        arguments: argparse.Namespace) -> FaceNetwork:
    """Return the exponential average of the network; as many epochs as there is time for."""
    torch.manual_seed(arguments.seed)
    generator = torch.Generator().manual_seed(arguments.seed)
    network = FaceNetwork()
    fixed: list[nn.Module] = []
    if arguments.start:
        start_from(network, arguments.start)
        # What edges are does not change, and learning it anew takes a fifth of a step.
        fixed = [layer for i, layer in enumerate(network.trunk) if i < STEM]
    network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    average = copy.deepcopy(network).requires_grad_(False)
    for layer in fixed:
        layer.requires_grad_(False)
    learned = [p for p in network.parameters() if p.requires_grad]
    groups: list[dict] = [
        {'params': [p for p in learned if p.ndim > 1], 'weight_decay': WEIGHT_DECAY},
        {'params': [p for p in learned if p.ndim == 1]}]
    optimiser = torch.optim.SGD(
        groups, lr=LEARNING_RATE, momentum=0.9, nesterov=True)
    pairs = [pair for pair in zip(
        average.state_dict().values(), network.state_dict().values(), strict=True)
        if pair[0].is_floating_point()]
    steps = len(images) // BATCH
    began, done, progress = time.monotonic(), 0, 0.0
    while progress < 1.0 and done < arguments.epochs * steps:
        network.train()
        for layer in fixed:
            layer.eval()
        total = 0.0
        for rows in torch.randperm(len(images), generator=generator).split(BATCH)[:steps]:
            progress = max(done / (arguments.epochs * steps),
                           (time.monotonic() - began) / (60.0 * arguments.minutes))
            if progress >= 1.0:
                break
            for group in optimiser.param_groups:
                group['lr'] = learning_rate(progress)
            _, logits = network(random_view(images[rows], INPUT_PX, generator))
            loss = functional.cross_entropy(
                logits, labels[rows], label_smoothing=LABEL_SMOOTHING)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            decay = min(AVERAGE_DECAY, (1 + done) / (10 + done))
            done += 1
            total += loss.item()
            with torch.no_grad():
                for mean, value in pairs:
                    mean.lerp_(value, 1.0 - decay)
        guess = predict(average, validation[0]).argmax(1).numpy()
        print(f'{done / steps:.1f} epochs, {time.monotonic() - began:.0f} s: loss '
              f'{total / ((done - 1) % steps + 1):.3f}, validation accuracy '
              f'{np.mean(guess == validation[1]):.4f}', flush=True)
        torch.save({'network': average.state_dict(), 'epochs': done / steps,
                    'started_from': arguments.start.name if arguments.start else ''},
                   checkpoint(arguments.output))
    return average


def checkpoint(output: Path) -> Path:
    """Return where an unfinished training is kept."""
    return output.with_suffix('.checkpoint')


def train(root: Path, arguments: argparse.Namespace) -> dict[str, object]:
    """Train, write the weights and return their figures."""
    train_images, train_labels = read_split(root, 'train')
    validation_images, validation_labels = read_split(root, 'validation')
    test_images, test_labels = read_split(root, 'test')
    rows = unseen_rows(train_images, validation_images, test_images)
    official = {image.tobytes() for image in train_images}
    fresh = np.array([image.tobytes() not in official for image in test_images])
    images = to_tensor(train_images[rows])
    labels = torch.from_numpy(train_labels[rows])
    validation = to_tensor(validation_images)
    print(f'{len(images)} training images, {int((~fresh).sum())} of {len(fresh)} test images were '
          'also in the official training split', flush=True)
    if not arguments.resume:
        network = train_network(
            images, labels, (seen_by_network(validation_images), validation_labels), arguments)
        likeness = train_likeness(images, arguments.seed, LIKENESS_EPOCHS)
        kept = torch.load(checkpoint(arguments.output), weights_only=True)
        torch.save(kept | {'likeness': likeness.state_dict()}, checkpoint(arguments.output))
    kept = torch.load(checkpoint(arguments.output), weights_only=True)
    network, likeness = FaceNetwork().requires_grad_(False), FaceLikeness().requires_grad_(False)
    network.load_state_dict(kept['network'])
    likeness.load_state_dict(kept['likeness'])

    balance_read_out(network, seen_by_network(train_images[rows]), labels, arguments.seed)
    figures: dict[str, object] = {
        'epochs': round(kept['epochs'], 1), 'seed': arguments.seed,
        'training_images': len(images), 'started_from': kept.get('started_from', '')}
    temperature = {}
    for part in PARTS:
        logits = predict(network, seen_by_network(validation_images, part))
        temperature[part] = fit_temperature(logits, torch.from_numpy(validation_labels))
        figures[f'validation_{part}'] = report(logits, validation_labels, temperature[part])
        test_logits = predict(network, seen_by_network(test_images, part))
        figures[f'test_official_{part}'] = report(test_logits, test_labels, temperature[part])
        figures[f'test_deduplicated_{part}'] = report(
            test_logits[fresh], test_labels[fresh], temperature[part])
    figures['temperature'] = {part: round(value, 3) for part, value in temperature.items()}
    figures['likeness_validation'] = likeness_report(likeness.eval(), validation, arguments.seed)
    save(arguments.output, network, likeness, temperature, figures)
    checkpoint(arguments.output).unlink()
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[1])
    parser.add_argument('--data', type=Path, help=(
        'folder that holds fer2013/ (default: AFFECT_DATA, else ../shared/data beside the '
        "project's root)"))
    parser.add_argument('--output', type=Path, default=WEIGHTS, help='weights file to write')
    parser.add_argument('--epochs', type=int, default=60)
    parser.add_argument('--minutes', type=float, default=math.inf, help=(
        'end after so long; the learning rate comes down in time'))
    parser.add_argument('--start', type=Path, help='weights of version 1 or 2 to go on from')
    parser.add_argument('--resume', action='store_true', help=(
        'finish what the checkpoint beside the output holds'))
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument('--threads', type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    cv2.setNumThreads(1)
    try:
        figures = train(find_data_root(arguments.data), arguments)
    except (SessionError, OSError) as error:
        parser.error(str(error))
    print(json.dumps(figures, indent=1))


if __name__ == '__main__':
    main()
