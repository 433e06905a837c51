# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Train the face network on FER2013 and write its weights.

    python -m affect_learning.train_face --epochs 22      # the shipped weights, 18 min of one core
    python -m affect_learning.train_face --epochs 3       # a quick one

Images that also occur in the validation or test split, and repeats within the training split, are
left out of training; both the official test accuracy and the one without the 288 images that the
official training split shares are printed. The temperature is fitted on the validation split.
"""

import argparse
import copy
import json
from pathlib import Path
import time

from affect_encoders.facial_expression.features import standardise
from affect_encoders.facial_expression.model import FaceLikeness
from affect_encoders.facial_expression.model import FaceNetwork
from affect_encoders.facial_expression.model import INPUT_PX
from affect_encoders.facial_expression.model import INPUTS
from affect_encoders.facial_expression.model import LABELS
from affect_encoders.facial_expression.model import MODEL
from affect_encoders.facial_expression.model import named_tensors
from affect_encoders.facial_expression.model import VERSION
from affect_encoders.facial_expression.model import WEIGHTS
from affect_encoders.weights_file import save_weights
from affect_learning.session import fer2013
from affect_learning.session.data_root import find_data_root
from affect_learning.session.data_root import SessionError
import cv2
import numpy as np
import torch
from torch.nn import functional

BATCH = 128
LEARNING_RATE = 0.1  # peak of one cycle (Smith & Topin 2018), SGD with Nesterov momentum 0.9
WEIGHT_DECAY = 5e-4
LABEL_SMOOTHING = 0.1  # FER2013's labels are disputed between people (Barsoum et al. 2016)
AVERAGE_DECAY = 0.998  # per step, of the exponential average of the weights that is shipped
LIKENESS_EPOCHS = 8
BALANCE = 0.75  # in the read-out, classes weigh their count to the power of minus this
ROTATION_RAD = 0.2  # standard deviations of the random view
SCALE = 0.08
SHIFT = 0.06  # of half the image
NOISE = 0.1  # of the image's own standard deviation
ERASED_PX = 12  # side of a grey square: hair, hands, a headset's rim
ERASED_SHARE = 0.5  # of the images


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


def random_view(images: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Return centres [N, 1, 40, 40], turned, scaled, shifted, mirrored and soiled at random."""
    count = len(images)
    normal = torch.randn(4, count, generator=generator)
    angle = ROTATION_RAD * normal[0]
    scale = (INPUT_PX / images.shape[-1]) * torch.exp(SCALE * normal[1])
    mirror = torch.where(torch.rand(count, generator=generator) < 0.5, -1.0, 1.0)
    theta = torch.stack([
        torch.stack([mirror * scale * angle.cos(), -scale * angle.sin(), SHIFT * normal[2]], 1),
        torch.stack([mirror * scale * angle.sin(), scale * angle.cos(), SHIFT * normal[3]], 1),
    ], 1)
    grid = functional.affine_grid(theta, [count, 1, INPUT_PX, INPUT_PX], align_corners=False)
    views = functional.grid_sample(images, grid, align_corners=False, padding_mode='border')
    views = views + NOISE * torch.rand(count, 1, 1, 1, generator=generator) * torch.randn(
        views.shape, generator=generator)
    pixel = torch.arange(INPUT_PX)
    corner = torch.randint(0, INPUT_PX - ERASED_PX, (2, count, 1), generator=generator)
    inside = (pixel >= corner) & (pixel < corner + ERASED_PX)
    erased = (inside[0, :, :, None] & inside[1, :, None, :])
    erased &= (torch.rand(count, 1, 1, generator=generator) < ERASED_SHARE)
    return views.masked_fill(erased[:, None], 0.0)


@torch.inference_mode()
def predict(network: FaceNetwork, images: torch.Tensor) -> torch.Tensor:
    """Return logits [N, 7] of the centre of each image and of its mirror image, averaged."""
    network.eval()
    margin = (images.shape[-1] - INPUT_PX) // 2
    centre = images[:, :, margin:margin + INPUT_PX, margin:margin + INPUT_PX]
    return torch.cat([(network(batch)[1] + network(batch.flip(3))[1]) / 2
                      for batch in centre.split(256)])


def balance_read_out(
        network: FaceNetwork, images: torch.Tensor, labels: torch.Tensor, seed: int) -> None:
    """
    Train the read-out anew on frozen embeddings with rare classes weighing more.

    Kang et al., "Decoupling representation and classifier for long-tailed recognition", 2020:
    else disgust, 1.5 % of the pictures, is hardly ever answered.
    """
    network.eval()
    margin = (images.shape[-1] - INPUT_PX) // 2
    centre = images[:, :, margin:margin + INPUT_PX, margin:margin + INPUT_PX]
    with torch.no_grad():
        embedding = torch.cat([torch.relu(network(batch)[0]) for batch in centre.split(256)])
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


def not_faces(images: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Return as many pictures [N, 1, 48, 48] that are no upright face, of seven kinds."""
    parts = list(images.chunk(7))
    side = images.shape[-1]
    parts[0] = parts[0].flip(2)
    parts[1] = parts[1].transpose(2, 3)
    parts[2] = parts[2].transpose(2, 3).flip(2)
    # Tiles in another order, a part much enlarged, noise, and smooth blobs.
    tiles = parts[3].unfold(2, 12, 12).unfold(3, 12, 12).reshape(len(parts[3]), 16, 12, 12)
    tiles = tiles[:, torch.randperm(16, generator=generator)].reshape(-1, 1, 4, 4, 12, 12)
    parts[3] = tiles.permute(0, 1, 2, 4, 3, 5).reshape(-1, 1, side, side)
    corner = [int(torch.randint(0, 28, (1,), generator=generator)) for _ in range(2)]
    parts[4] = functional.interpolate(
        parts[4][:, :, corner[0]:corner[0] + 20, corner[1]:corner[1] + 20], size=side,
        mode='bilinear')
    parts[5] = torch.randn(parts[5].shape, generator=generator)
    cells = int(torch.randint(2, 9, (1,), generator=generator))
    parts[6] = functional.interpolate(
        torch.randn(len(parts[6]), 1, cells, cells, generator=generator), size=side,
        mode='bicubic')
    pictures = torch.cat(parts)
    mean = pictures.mean((2, 3), keepdim=True)
    return (pictures - mean) / pictures.std((2, 3), keepdim=True).clamp_min(1e-3)


def train_likeness(
        images: torch.Tensor, validation: torch.Tensor, seed: int
        ) -> tuple[FaceLikeness, dict[str, object]]:
    """Return the network that knows upright faces, and how well it does on other people."""
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    likeness = FaceLikeness()
    optimiser = torch.optim.AdamW(likeness.parameters(), lr=2e-3, weight_decay=0.05)
    for _ in range(LIKENESS_EPOCHS):
        for rows in torch.randperm(len(images), generator=generator).split(2 * BATCH):
            faces = images[rows]
            faces = torch.where(torch.rand(len(rows), 1, 1, 1, generator=generator) < 0.5,
                                faces, faces.flip(3))
            faces = faces + NOISE * torch.randn(faces.shape, generator=generator)
            others = not_faces(images[rows.roll(1)], generator)
            logits = likeness(torch.cat([faces, others]))
            target = (torch.arange(len(logits)) < len(faces)).float()
            loss = functional.binary_cross_entropy_with_logits(logits, target)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
    with torch.inference_mode():
        yes = torch.sigmoid(likeness(validation)).numpy()
        no = [torch.sigmoid(likeness(part)).numpy()
              for part in not_faces(validation, generator).chunk(7)]
    kinds = ('upside_down', 'turned_left', 'turned_right', 'shuffled', 'part', 'noise', 'blobs')
    return likeness, {
        'faces_accepted': round(float(np.mean(yes > 0.5)), 4),
        'median_confidence': round(float(np.median(yes)), 4),
        'others_accepted': {kind: round(float(np.mean(p > 0.5)), 4)
                            for kind, p in zip(kinds, no, strict=True)}}


def save(path: Path, network: FaceNetwork, likeness: FaceLikeness, temperature: float,
         figures: dict[str, object]) -> None:
    """Write the weights file that ``FaceModel`` loads."""
    tensors = {name: tensor.numpy()
               for name, tensor in named_tensors(network, likeness).items()}
    tensors['temperature'] = np.array([temperature], dtype=np.float32)
    save_weights(path, tensors, model=MODEL, version=VERSION, inputs=INPUTS,
                 data='FER2013 training split without duplicates', figures=json.dumps(figures))


def train(root: Path, output: Path, epochs: int, seed: int) -> dict[str, object]:
    """Train, write ``output`` and return its figures."""
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
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

    network = FaceNetwork().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    average = copy.deepcopy(network).requires_grad_(False)
    optimiser = torch.optim.SGD(
        network.parameters(), lr=LEARNING_RATE, momentum=0.9, nesterov=True,
        weight_decay=WEIGHT_DECAY)
    steps = len(images) // BATCH
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, LEARNING_RATE, total_steps=epochs * steps, pct_start=0.25)
    for epoch in range(epochs):
        started = time.monotonic()
        network.train()
        order = torch.randperm(len(images), generator=generator)
        total = 0.0
        for step in range(steps):
            batch = order[step * BATCH:(step + 1) * BATCH]
            _, logits = network(random_view(images[batch], generator))
            loss = functional.cross_entropy(
                logits, labels[batch], label_smoothing=LABEL_SMOOTHING)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item()
            done = epoch * steps + step
            decay = min(AVERAGE_DECAY, (1 + done) / (10 + done))
            with torch.no_grad():
                for mean, value in zip(average.state_dict().values(),
                                       network.state_dict().values(), strict=True):
                    if mean.is_floating_point():
                        mean.lerp_(value, 1.0 - decay)
                    else:
                        mean.copy_(value)
        guess = predict(average, validation).argmax(1).numpy()
        print(f'epoch {epoch + 1}/{epochs} loss {total / steps:.3f} '
              f'validation accuracy {np.mean(guess == validation_labels):.4f} '
              f'{time.monotonic() - started:.0f} s', flush=True)
        torch.save(average.state_dict(), output.with_suffix('.checkpoint'))

    balance_read_out(average, images, labels, seed)
    logits = predict(average, validation)
    temperature = fit_temperature(logits, torch.from_numpy(validation_labels))
    test_logits = predict(average, to_tensor(test_images))
    likeness, likeness_figures = train_likeness(images, validation, seed)
    figures = {
        'epochs': epochs, 'seed': seed, 'training_images': len(images),
        'temperature': round(temperature, 3),
        'validation': report(logits, validation_labels, temperature),
        'test_official': report(test_logits, test_labels, temperature),
        'test_deduplicated': report(test_logits[fresh], test_labels[fresh], temperature),
        'likeness_validation': likeness_figures,
    }
    save(output, average, likeness, temperature, figures)
    output.with_suffix('.checkpoint').unlink()
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[1])
    parser.add_argument('--data', type=Path, help=(
        'folder that holds fer2013/ (default: AFFECT_DATA, else ../shared/data beside the '
        "project's root)"))
    parser.add_argument('--output', type=Path, default=WEIGHTS, help='weights file to write')
    parser.add_argument('--epochs', type=int, default=22)
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument('--threads', type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    cv2.setNumThreads(1)
    try:
        figures = train(
            find_data_root(arguments.data), arguments.output, arguments.epochs, arguments.seed)
    except SessionError as error:
        parser.error(str(error))
    print(json.dumps(figures, indent=1))


if __name__ == '__main__':
    main()
