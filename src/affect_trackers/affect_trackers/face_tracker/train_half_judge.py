# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Fit what tells brows and eyes, and a mouth, from whatever covers them.

    python -m affect_trackers.face_tracker.train_half_judge --data ../shared/data     # 5 min

Faces are those of FER2013 in which the network finds a mesh, in other light and with meshes a
little beside. Halves that don't count: drawn over (``covers.TRAINED``), a mesh that lies
elsewhere, of another size, on its side or upside down, and no face at all. Measured on other
faces (the validation split), covered by what training has not seen.
"""

import argparse
import json
from pathlib import Path
import sys

from affect_trackers.face_tracker import covers
from affect_trackers.face_tracker.face_follower import FaceFollower
from affect_trackers.face_tracker.face_mesh import FaceMesh
from affect_trackers.face_tracker.half_judge import WEIGHTS
from affect_trackers.face_tracker.half_patch import describe
from affect_trackers.face_tracker.half_patch import half_patches
from affect_trackers.face_tracker.head_frame import head_frame
from affect_trackers.face_tracker.track_files import with_margin
import cv2
import numpy as np
from scipy.optimize import minimize

FACES = {'train': 4500, 'validation': 1200}
VIEWS = {'train': 6000, 'validation': 1500}
RIDGE = 1e-4  # weight of the squared weights beside the mean loss
HALVES = ('upper', 'lower')

CARD = """# Which half of a face is to be seen

`half_judge.json`, version 1.

**What it is.** Two logistic regressions on oriented gradients of small patches (brows and eyes
16 x 32, mouth 20 x 24 pixels), taken where the landmarks of `face_tracker` say. They tell a bare
half from one under a headset, a mask or a hand, and from landmarks that lie beside the face. They
know no person and no expression; `visibility.py` makes confidences of them.

**Data.** FER2013 (Goodfellow et al. 2013; Kaggle challenge, **licence unclear: images from the
web, research use**): {train} faces of the training split, drawn over with {trained}. No picture
of a person with a real headset or mask was seen.

**Measured** on {validation} faces of the validation split, covered with {unseen}, which training
has not seen, or with landmarks misplaced (AUC: area under the receiver operating curve; recall:
bare halves accepted at probability 0.65, where confidence passes 0.5; false: others accepted).

| half | AUC | recall | false |
|---|---|---|---|
{table}

**Limits.** Glasses count as bare, sunglasses partly. Beards were few. Pictures were 48 pixels
wide: what only finer detail shows is not used. Drawn covers are not real ones.

**Rebuild**: `python -m affect_trackers.face_tracker.train_half_judge --data FOLDER`.
"""


def read(root: Path, split: str, count: int) -> list[np.ndarray]:
    """Return pictures uint8 [288, 288] of one split of FER2013, each once, at random."""
    with np.load(root / 'fer2013' / f'fer2013_{split}.npz') as file:
        data, offset = file['jpeg'], file['offset']
    chosen = np.random.default_rng(0).permutation(len(offset) - 1)[:count]
    images = (
        cv2.imdecode(data[offset[i]:offset[i + 1]], cv2.IMREAD_GRAYSCALE) for i in chosen)
    return [with_margin(image) for image in images if image is not None]


def with_meshes(images: list[np.ndarray], mesher: FaceMesh) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return those pictures in which a frontal face is found, each with its landmarks."""
    found = []
    for image in images:
        mesh = FaceFollower(mesher).follow(cv2.cvtColor(image, cv2.COLOR_GRAY2RGB), 0.0).mesh
        frame = None if mesh is None else head_frame(mesh)
        if mesh is not None and frame is not None and frame.misfit < 0.06 and (
                max(abs(frame.yaw_deg), abs(frame.pitch_deg), abs(frame.roll_deg)) < 35.0):
            found.append((image, mesh))
    return found


def moved(mesh: np.ndarray, x: float, y: float, scale: float, turn_rad: float) -> np.ndarray:
    """Return landmarks shifted (in eye distances), scaled and turned about their middle."""
    middle = mesh[:, :2].mean(axis=0)
    distance = np.linalg.norm(mesh[263] - mesh[33])
    cos, sin = np.cos(turn_rad), np.sin(turn_rad)
    other = mesh.copy()
    other[:, :2] = (mesh[:, :2] - middle) @ np.array([[cos, sin], [-sin, cos]]) * scale + (
        middle + np.array([x, y]) * distance)
    return other


def nearly(mesh: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return landmarks as another look might place them."""
    return moved(
        mesh, rng.normal(0.0, 0.03), rng.normal(0.0, 0.03), np.exp(rng.normal(0.0, 0.04)),
        rng.normal(0.0, 0.06))


def misplaced(mesh: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return landmarks that don't fit the face."""
    kind, (x, y) = rng.integers(4), rng.normal(0.0, 0.1, 2)
    if kind == 0:
        angle, far = rng.uniform(0.0, 2.0 * np.pi), rng.uniform(0.25, 0.7)
        return moved(mesh, far * np.cos(angle), far * np.sin(angle),
                     np.exp(rng.normal(0.0, 0.15)), rng.normal(0.0, 0.15))
    if kind == 1:
        return moved(mesh, 0.0, rng.choice([-1, 1]) * rng.uniform(0.22, 0.6), 1.0, 0.0)
    if kind == 2:
        scale = rng.choice([rng.uniform(0.35, 0.62), rng.uniform(1.6, 2.4)])
        return moved(mesh, x, y, scale, rng.normal(0.0, 0.1))
    return moved(mesh, x, y, 1.0, rng.choice([np.pi, 0.5 * np.pi, -0.5 * np.pi]))


def in_other_light(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return a picture with another exposure, side light, focus and noise."""
    light = 255.0 * (image / 255.0) ** np.exp(rng.normal(0.0, 0.3))
    light = light * rng.uniform(0.4, 1.1) + rng.uniform(-10.0, 30.0)
    if rng.random() < 0.5:
        light = light * (1.0 + rng.uniform(-0.4, 0.4) * np.linspace(-1.0, 1.0, image.shape[1]))
    if rng.random() < 0.3:
        light = cv2.GaussianBlur(light, (0, 0), rng.uniform(0.5, 2.5))
    noisy = light + rng.normal(0.0, rng.uniform(0.0, 4.0), image.shape)
    return np.clip(noisy, 0.0, 255.0).astype(np.uint8)


def views(
    faces: list[tuple[np.ndarray, np.ndarray]], count: int, kinds: tuple[str, ...],
    rng: np.random.Generator,
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return descriptions [N, F] of each half and whether it is bare, bool [N]."""
    described: dict[str, list[np.ndarray]] = {half: [] for half in HALVES}
    bare: dict[str, list[bool]] = {half: [] for half in HALVES}

    def add(image: np.ndarray, mesh: np.ndarray, upper: bool, lower: bool) -> None:
        for half, patch, is_bare in zip(
                HALVES, half_patches(image, mesh), (upper, lower), strict=True):
            described[half].append(describe(patch))
            bare[half].append(is_bare)

    for _ in range(count):
        image, mesh = faces[rng.integers(len(faces))]
        image = in_other_light(image, rng)
        add(image, nearly(mesh, rng), True, True)
        visor = covers.cover(
            image, mesh, (rng.uniform(-0.6, -0.3), rng.uniform(0.22, 0.42)),
            rng.uniform(0.65, 1.0), str(rng.choice(kinds)), rng)
        add(visor, nearly(mesh, rng), False, True)
        mask = covers.cover(
            image, mesh, (rng.uniform(0.3, 0.55), rng.uniform(1.0, 1.4)),
            rng.uniform(0.4, 0.8), str(rng.choice(kinds)), rng)
        add(mask, nearly(mesh, rng), True, False)
        add(image, misplaced(mesh, rng), False, False)
        if rng.random() < 0.5:
            nobody = covers.texture(
                str(rng.choice(kinds)), image.shape[0], image.shape[1], rng)
            add(nobody.astype(np.uint8), nearly(mesh, rng), False, False)
    return {half: (np.array(described[half]), np.array(bare[half])) for half in HALVES}


def fit(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, float]:
    """Return weights [F] and bias of a ridge logistic regression, both classes alike."""
    sign = np.where(y, 1.0, -1.0)
    weight = np.where(y, 0.5 / y.sum(), 0.5 / (~y).sum())

    def loss(p: np.ndarray) -> tuple[float, np.ndarray]:
        margin = sign * (x @ p[:-1] + p[-1])
        slope = -weight * sign / (1.0 + np.exp(np.clip(margin, -50.0, 50.0)))
        value = weight @ np.logaddexp(0.0, -margin) + RIDGE * float(p[:-1] @ p[:-1])
        return value, np.append(x.T @ slope + 2.0 * RIDGE * p[:-1], slope.sum())

    best = minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method='L-BFGS-B').x
    return best[:-1], float(best[-1])


def area_under_curve(score: np.ndarray, y: np.ndarray) -> float:
    """Return the chance that a true one scores above a false one (Mann & Whitney, 1947)."""
    order = np.argsort(np.argsort(score))
    positives = int(y.sum())
    return float((order[y].sum() - positives * (positives - 1) / 2) / positives / (~y).sum())


def main(args: list[str] | None = None) -> int:
    """Track, fit, measure, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--data', type=Path, required=True, help='folder with fer2013/')
    parser.add_argument('--out', type=Path, default=WEIGHTS)
    given = parser.parse_args(args)
    mesher = FaceMesh()
    try:
        faces = {
            split: with_meshes(read(given.data, split, count), mesher)
            for split, count in FACES.items()}
    except OSError as error:
        print(f'{given.data}: {error}', file=sys.stderr)
        return 1
    finally:
        mesher.close()
    rng = np.random.default_rng(0)
    train = views(faces['train'], VIEWS['train'], covers.TRAINED, rng)
    other = views(faces['validation'], VIEWS['validation'], covers.UNSEEN, rng)
    parts, table = {}, []
    for half in HALVES:
        weights, bias = fit(*train[half])
        weights = np.round(weights, 4)
        x, y = other[half]
        score = x @ weights + bias
        accepted = score > np.log(0.65 / 0.35)
        figures = {
            'auc': round(area_under_curve(score, y), 4), 'recall': round(accepted[y].mean(), 3),
            'false': round(accepted[~y].mean(), 3)}
        parts[half] = {'weights': weights.tolist(), 'bias': round(bias, 4), **figures}
        table.append('| {} | {auc:.3f} | {recall:.2f} | {false:.2f} |'.format(half, **figures))
        print(table[-1])
    counts = {split: len(found) for split, found in faces.items()}
    given.out.write_text(json.dumps({
        'model': 'half_judge', 'version': '1', 'training_data': 'FER2013 (licence unclear)',
        'faces': counts, 'parts': parts}) + '\n', encoding='utf-8')
    given.out.with_suffix('.md').write_text(CARD.format(
        table='\n'.join(table), trained=', '.join(covers.TRAINED),
        unseen=', '.join(covers.UNSEEN), **counts), encoding='utf-8')
    return 0


if __name__ == '__main__':
    sys.exit(main())
