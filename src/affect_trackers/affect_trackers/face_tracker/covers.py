# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Things drawn over faces, to train and to measure how covered faces are told from bare ones."""

import math

import cv2
import numpy as np

TRAINED = ('plain', 'gradient', 'cloth', 'shapes', 'lines')
"""What ``train_half_judge`` covers faces with."""

UNSEEN = ('text', 'stripes', 'headset', 'glossy')
"""What no weight has seen: for measurements."""

KINDS = TRAINED + UNSEEN
_LETTERS = tuple('ABCDEHKMNORSVX')


def texture(kind: str, height: int, width: int, rng: np.random.Generator) -> np.ndarray:
    """
    Return a surface float32 [height, width] in [0, 255], as random as its kind allows.

    :raises ValueError: there is no such kind
    """
    if kind not in KINDS:
        raise ValueError(f"cover '{kind}': not one of {', '.join(KINDS)}")
    draw = {'plain': _plain, 'gradient': _gradient, 'cloth': _cloth, 'shapes': _shapes,
            'lines': _lines, 'text': _text, 'stripes': _stripes, 'headset': _headset,
            'glossy': _glossy}[kind]
    drawn: np.ndarray = np.clip(draw(height, width, rng), 0.0, 255.0).astype(np.float32)
    return drawn


def cover(
    image: np.ndarray, mesh: np.ndarray, rows: tuple[float, float], half_width: float,
    kind: str, rng: np.random.Generator,
) -> np.ndarray:
    """
    Return a grey picture uint8 [H, W] with something drawn over a part of the face.

    ``mesh`` [478, 3] tells where the face is; ``rows`` (from, to) and ``half_width`` are in
    outer-eye-corner distances from the middle of the eyes, downwards and to each side.
    """
    right, left = mesh[[33, 263], :2]
    across = left - right
    eyes, down = 0.5 * (right + left), np.array([-across[1], across[0]])
    scale = float(np.linalg.norm(across))
    height = max(8, round((rows[1] - rows[0]) * scale))
    width = max(8, round(2.0 * half_width * scale))
    surface = texture(kind, height, width, rng)
    corners = np.array([
        eyes + side * half_width * across + row * down
        for side, row in ((-1.0, rows[0]), (1.0, rows[0]), (-1.0, rows[1]))], np.float32)
    where = cv2.getAffineTransform(
        np.array([[0, 0], [width, 0], [0, height]], np.float32), corners)
    size = (image.shape[1], image.shape[0])
    share = cv2.warpAffine(np.ones_like(surface), where, size)
    return np.clip(
        image * (1.0 - share) + cv2.warpAffine(surface, where, size), 0.0, 255.0).astype(np.uint8)


def _plain(height: int, width: int, rng: np.random.Generator) -> np.ndarray:
    level, grain = rng.uniform(0.0, 255.0), rng.uniform(0.0, 6.0)
    return rng.normal(level, grain, (height, width))


def _gradient(height: int, width: int, rng: np.random.Generator) -> np.ndarray:
    angle = rng.uniform(0.0, 2.0 * math.pi)
    y, x = np.mgrid[:height, :width]
    along = math.cos(angle) * x / width + math.sin(angle) * y / height
    slope = rng.uniform(20.0, 200.0) + rng.uniform(20.0, 150.0) * along
    return slope + rng.normal(0.0, 4.0, (height, width))


def _cloth(height: int, width: int, rng: np.random.Generator) -> np.ndarray:
    grain = cv2.GaussianBlur(rng.normal(0.0, 1.0, (height, width)), (0, 0), rng.uniform(0.7, 6.0))
    return rng.uniform(60.0, 180.0) + grain / max(grain.std(), 1e-6) * rng.uniform(15.0, 70.0)


def _shapes(height: int, width: int, rng: np.random.Generator) -> np.ndarray:
    drawn = np.full((height, width), rng.uniform(10.0, 200.0))
    for _ in range(rng.integers(1, 7)):
        at = int(rng.uniform(0, width)), int(rng.uniform(0, height))
        level, kind = float(rng.uniform(0.0, 255.0)), rng.integers(3)
        if kind == 0:
            radius = int(rng.uniform(0.04, 0.25) * height) + 1
            cv2.circle(drawn, at, radius, level, -1 if rng.random() < 0.6 else 2)
        elif kind == 1:
            axes = (int(width * rng.uniform(0.04, 0.3)) + 1,
                    int(height * rng.uniform(0.04, 0.3)) + 1)
            cv2.ellipse(drawn, at, axes, rng.uniform(0.0, 180.0), 0, 360, level, -1)
        else:
            to = (int(at[0] + rng.uniform(-0.5, 0.5) * width),
                  int(at[1] + rng.uniform(-0.5, 0.5) * height))
            cv2.rectangle(drawn, at, to, level, -1)
    return cv2.GaussianBlur(drawn, (0, 0), rng.uniform(0.5, 3.0))


def _lines(height: int, width: int, rng: np.random.Generator) -> np.ndarray:
    drawn = np.full((height, width), rng.uniform(10.0, 200.0))
    for _ in range(rng.integers(1, 8)):
        begin, end = (
            (int(rng.uniform(0, width)), int(rng.uniform(0, height))) for _ in range(2))
        cv2.line(drawn, begin, end, float(rng.uniform(0.0, 255.0)), int(rng.integers(1, 8)))
    return cv2.GaussianBlur(drawn, (0, 0), rng.uniform(0.5, 2.0))


def _text(height: int, width: int, rng: np.random.Generator) -> np.ndarray:
    drawn = np.full((height, width), rng.uniform(10.0, 120.0))
    at = int(rng.uniform(0.0, 0.4) * width), int(rng.uniform(0.3, 0.9) * height)
    cv2.putText(
        drawn, ''.join(rng.choice(_LETTERS, rng.integers(3, 9))), at, cv2.FONT_HERSHEY_SIMPLEX,
        height / rng.uniform(40.0, 160.0), float(rng.uniform(120.0, 255.0)),
        int(rng.integers(1, 4)))
    return drawn


def _stripes(height: int, width: int, rng: np.random.Generator) -> np.ndarray:
    y, x = np.mgrid[:height, :width]
    angle = rng.uniform(0.0, math.pi)
    along = (math.cos(angle) * x + math.sin(angle) * y) / rng.uniform(2.0, 20.0)
    bands = np.sign(np.sin(along + rng.uniform(0.0, 6.0)))
    return cv2.GaussianBlur(
        rng.uniform(60.0, 180.0) + rng.uniform(15.0, 80.0) * bands, (0, 0), 1.0)


def _headset(height: int, width: int, rng: np.random.Generator) -> np.ndarray:
    """Draw dark plastic with two cameras, a maker's name and the edge of a strap."""
    drawn = np.linspace(70.0, 30.0, height)[:, None] + np.zeros((1, width))
    for share in (0.2, 0.8):
        at = int(share * width), int(0.7 * height)
        cv2.circle(drawn, at, max(2, height // 8), 5.0, -1)
        cv2.circle(drawn, at, max(1, height // 16), 160.0, -1)
    cv2.putText(
        drawn, 'AFFECT', (int(0.36 * width), int(0.55 * height)), cv2.FONT_HERSHEY_SIMPLEX,
        height / 110.0, 200.0, 1)
    drawn[:max(1, height // 12)] = 90.0
    return drawn + rng.normal(0.0, 2.0, drawn.shape)


def _glossy(height: int, width: int, rng: np.random.Generator) -> np.ndarray:
    """Draw a dark visor in which lamps and windows are reflected."""
    drawn = np.full((height, width), 40.0)
    for _ in range(4):
        at = int(rng.uniform(0, width)), int(rng.uniform(0, height))
        cv2.ellipse(
            drawn, at, (int(0.12 * width) + 1, int(0.15 * height) + 1), rng.uniform(0.0, 180.0),
            0, 360, float(rng.uniform(90.0, 240.0)), -1)
    return cv2.GaussianBlur(drawn, (0, 0), 3.0)
