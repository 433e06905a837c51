# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Near-infrared eyes drawn at random, to learn from.

Far wider than any one headset (domain randomisation: Tobin et al., IROS 2017): near and far, seen
from below or the side, dark and light skin, with and without lashes, mascara, brows, glints,
glasses, shadows, noise and motion, plain as a drawing or rough as a photograph. It shares no code
with the simulated wearer, on whom the tracker is judged.
"""

from dataclasses import dataclass
import math

import cv2
import numpy as np

_SHIFT = 4
_X = np.linspace(-1.0, 1.0, 33)


@dataclass(frozen=True)
class DrawnEye:
    """
    An image uint8 [H, W] and its truth.

    ``x``, ``y`` are the pupil's centre in pixels, the centre of the first pixel at (0, 0), lid or
    not; ``major``, ``minor`` its axes; ``cover`` the share of its height that lids hide, 1 when
    the eye is shut, NaN when no eye was drawn.
    """

    image: np.ndarray
    x: float
    y: float
    major: float
    minor: float
    cover: float


def draw_random_eye(
    rng: np.random.Generator, width: int, height: int, cover: float | None = None,
) -> DrawnEye:
    """Return an eye; ``cover`` None: one third of them free, half-hidden, or shut."""
    scale = width / 320.0
    if cover is None:
        kind = rng.random()
        if kind < 0.04:
            return _no_eye(rng, width, height)
        cover = 0.0 if kind < 0.32 else float(rng.uniform(0.0, 0.6)) if kind < 0.7 else 1.0
    iris = scale * math.exp(rng.uniform(math.log(24.0), math.log(125.0)))
    radius = max(iris * rng.uniform(0.2, 0.62), 8.0 * scale)
    iris = max(iris, 1.5 * radius)
    flat, tilt = rng.uniform(0.62, 1.0) ** 0.6, rng.uniform(0.0, math.pi)
    x = 0.5 * width + rng.uniform(-0.28, 0.28) * width
    y = 0.5 * height + rng.uniform(-0.22, 0.26) * height
    greys = _greys(rng)
    image = np.full((height, width), greys['sclera'], np.float32)
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    away = np.hypot(across - x, down - y) / iris
    image *= 1.0 - rng.uniform(0.0, 0.3) * np.clip(away / 2.5, 0.0, 1.0) ** 2
    _iris(rng, image, greys, (x, y), (iris, iris * flat), tilt, away, scale)
    middle = (x + rng.uniform(-0.04, 0.04) * iris, y + rng.uniform(-0.04, 0.04) * iris)
    image += _disc((height, width), middle, (radius, radius * flat), tilt) * (
        greys['pupil'] + _cloud(rng, height, width, 5.0 * scale, 1.0) - image)
    _glints(rng, image, (x, y), radius, iris)
    half = math.hypot(radius * math.sin(tilt), radius * flat * math.cos(tilt))
    edges = _edges(rng, middle, half, cover, iris, (height, width))
    _lids(rng, image, greys, edges, iris, scale, shut=cover >= 1.0)
    _clutter(rng, image, scale)
    image = _camera(rng, image, across, down, scale)
    return DrawnEye(
        image, middle[0], middle[1], 2.0 * radius, 2.0 * radius * flat, cover)


def _greys(rng: np.random.Generator) -> dict[str, float]:
    sclera = rng.uniform(110.0, 240.0)
    iris = rng.uniform(55.0, min(sclera, 175.0))
    return {
        'sclera': sclera, 'iris': iris, 'skin': rng.uniform(60.0, 220.0),
        'pupil': rng.uniform(2.0, iris - rng.uniform(22.0, 50.0)),
        'lash': rng.uniform(5.0, 95.0)}


def _no_eye(rng: np.random.Generator, width: int, height: int) -> DrawnEye:
    image = rng.uniform(20.0, 220.0) + _cloud(
        rng, height, width, rng.uniform(2.0, 0.2 * width), rng.uniform(2.0, 50.0))
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    _clutter(rng, image, width / 320.0)
    nan = math.nan
    return DrawnEye(_camera(rng, image, across, down, width / 320.0), nan, nan, nan, nan, nan)


def _cloud(
    rng: np.random.Generator, height: int, width: int, size: float, depth: float,
) -> np.ndarray:
    """Return smooth noise float32 [H, W] with a deviation of ``depth``."""
    shrink = max(1, int(0.5 * size))
    small = rng.standard_normal(
        (height // shrink + 3, width // shrink + 3), dtype=np.float32)
    soft = cv2.GaussianBlur(small, (0, 0), max(size / shrink, 0.4))
    soft = soft * np.float32(depth / (float(soft.std()) + 1e-6))
    return cv2.resize(soft, (width, height), interpolation=cv2.INTER_CUBIC)


def _disc(
    shape: tuple[int, int], centre: tuple[float, float], axes: tuple[float, float],
    tilt: float, soft: float = 1.0,
) -> np.ndarray:
    """Return how much of each pixel an ellipse covers, float32 [H, W]."""
    down, across = np.mgrid[0:shape[0], 0:shape[1]].astype(np.float32)
    c, s = math.cos(tilt), math.sin(tilt)
    dx, dy = across - np.float32(centre[0]), down - np.float32(centre[1])
    away = np.hypot((dx * c + dy * s) / axes[0], (dy * c - dx * s) / axes[1])
    return np.clip(0.5 + (1.0 - away) * min(axes) / soft, 0.0, 1.0)


def _iris(
    rng: np.random.Generator, image: np.ndarray, greys: dict[str, float],
    centre: tuple[float, float], axes: tuple[float, float], tilt: float, away: np.ndarray,
    scale: float,
) -> None:
    height, width = image.shape
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    angle = np.arctan2(down - centre[1], across - centre[0])
    texture = np.zeros_like(image)
    if rng.random() < 0.7:
        for _ in range(4):
            texture += np.sin(
                int(rng.integers(5, 60)) * angle + rng.uniform(0.0, 6.0)
                + rng.uniform(0.0, 12.0) * away)
    grey = (
        greys['iris'] + rng.uniform(0.0, 7.0) * texture
        - rng.uniform(0.0, 35.0) * np.clip(4.0 * away - 3.0, 0.0, 1.0)
        + rng.uniform(-15.0, 15.0) * (1.0 - away))
    soft = rng.choice([1.0, 0.15 * axes[0], 0.4 * axes[0]])
    image += _disc(image.shape, centre, axes, tilt, max(soft, scale)) * (grey - image)


def _glints(
    rng: np.random.Generator, image: np.ndarray, centre: tuple[float, float], radius: float,
    iris: float,
) -> None:
    count = int(rng.choice([0, 1, 1, 2, 2, 4, 6, 8]))
    around = rng.choice([radius, rng.uniform(0.2, 0.9) * iris])
    turn, size = rng.uniform(0.0, 6.3), rng.uniform(0.02, 0.09) * iris
    x, y = rng.normal(centre, 0.12 * iris)
    for k in range(count):
        angle = turn + 2.0 * math.pi * k / count
        cv2.circle(
            image, _fixed((x + around * math.cos(angle), y + around * math.sin(angle))),
            max(round(size * rng.uniform(0.7, 1.3) * 2 ** _SHIFT), 8), rng.uniform(170.0, 255.0),
            -1, cv2.LINE_AA, _SHIFT)


def _edges(
    rng: np.random.Generator, pupil: tuple[float, float], half: float, cover: float,
    iris: float, shape: tuple[int, int],
) -> np.ndarray:
    """Return the upper and the lower lid's edge, [2, 33, 2]."""
    x = pupil[0] + rng.uniform(-0.5, 0.5) * iris + rng.uniform(1.6, 2.8) * iris * _X
    arch = 1.0 - np.abs(_X) ** rng.uniform(1.6, 3.0)
    slant = rng.uniform(-0.35, 0.35) * iris * _X
    at = int(np.argmin(np.abs(x - pupil[0])))
    low = pupil[1] + max(half * 1.02, rng.uniform(0.45, 1.3) * iris)
    from_below = rng.random() < 0.15
    if cover >= 1.0:
        high = pupil[1] + rng.uniform(0.3, 1.2) * iris
        low = high = min(high, shape[0] * rng.uniform(0.75, 0.99))
    elif from_below:
        low = pupil[1] + half - 2.0 * half * cover
        high = pupil[1] - half - rng.uniform(0.0, 0.6) * iris
    else:
        open_gap = rng.uniform(0.02, 0.9) * iris if cover == 0.0 else 0.0
        high = pupil[1] - half + 2.0 * half * cover - open_gap
    up, down = rng.uniform(0.0, 1.1) * iris, rng.uniform(-0.2, 0.7) * iris
    if cover >= 1.0:
        up = down = rng.uniform(-0.3, 0.8) * iris
        upper = lower = high + slant - slant[at] + (down * (arch - arch[at]))
    else:
        upper = high + slant - slant[at] - up * (arch - arch[at])
        lower = np.maximum(low + slant - slant[at] + down * (arch - arch[at]), upper)
    return np.stack([np.stack([x, upper], axis=1), np.stack([x, lower], axis=1)])


def _lids(
    rng: np.random.Generator, image: np.ndarray, greys: dict[str, float], edges: np.ndarray,
    iris: float, scale: float, *, shut: bool,
) -> None:
    height, width = image.shape
    skin = (
        greys['skin'] + _cloud(rng, height, width, 35.0 * scale, rng.uniform(0.0, 20.0))
        + _cloud(rng, height, width, 4.0 * scale, rng.uniform(0.0, 7.0)))
    mask = np.zeros((height, width), np.uint8)
    upper, lower = edges
    if not shut:
        bounds = np.concatenate([upper, lower[::-1]])
        if rng.random() < 0.2:  # a plain drawing: nothing but the upper lid hides anything
            bounds = np.concatenate([upper, [[2.0 * width, height], [-width, height]]])
        cv2.fillPoly(mask, [_line(bounds)], 255, cv2.LINE_AA, _SHIFT)
        if rng.random() < 0.6:
            down = np.arange(height, dtype=np.float32)[:, None]
            edge = np.interp(np.arange(width), upper[:, 0], upper[:, 1])[None, :]
            deep = rng.uniform(0.05, 0.5) * iris
            image *= 1.0 - rng.uniform(0.0, 0.5) * np.clip(1.0 - (down - edge) / deep, 0.0, 1.0)
    image += (1.0 - mask.astype(np.float32) / 255.0) * (skin - image)
    if rng.random() < 0.85:
        rough = greys['skin'] * rng.uniform(0.5, 0.95)
        _draw(image, [lower], rough, rng.uniform(1.0, 4.0) * scale)
        crease = upper - np.stack(
            [np.zeros_like(_X), rng.uniform(0.2, 0.9) * iris * (1.0 - 0.6 * _X * _X)], axis=1)
        _draw(image, [crease], rough, rng.uniform(1.0, 5.0) * scale)
        _draw(image, [upper], greys['lash'] if rng.random() < 0.8 else rough,
              rng.uniform(1.0, rng.choice([3.0, 9.0])) * scale)
    _lashes(rng, image, greys['lash'], edges, iris, scale, shut=shut)


def _lashes(
    rng: np.random.Generator, image: np.ndarray, grey: float, edges: np.ndarray, iris: float,
    scale: float, *, shut: bool,
) -> None:
    count = int(rng.choice([0, 12, 30, 60, 110]))
    length = rng.uniform(0.25, 0.95) * iris
    down = rng.uniform(0.4, 1.0) if shut else rng.uniform(-0.9, 0.9) * rng.random()
    strands = []
    for at in rng.uniform(-1.0, 1.0, count):
        root = np.array([np.interp(at, _X, edges[0, :, i]) for i in (0, 1)])
        way = length * rng.uniform(0.5, 1.1) * np.array(
            [0.6 * at + rng.normal(0.0, 0.25), down + rng.normal(0.0, 0.15)])
        bend = 0.15 * length * np.array([rng.normal(), 1.0])
        strands.append(np.array([root, root + 0.5 * way + bend, root + way]))
    _draw(image, strands, grey, rng.uniform(0.6, 2.6) * scale)
    if rng.random() < 0.5:
        short = []
        for at in rng.uniform(-1.0, 1.0, count // 3):
            root = np.array([np.interp(at, _X, edges[1, :, i]) for i in (0, 1)])
            short.append(np.array([root, root + 0.4 * length * np.array(
                [0.5 * at + rng.normal(0.0, 0.2), 0.9])]))
        _draw(image, short, min(grey + 25.0, 255.0), rng.uniform(0.6, 1.8) * scale)


def _clutter(rng: np.random.Generator, image: np.ndarray, scale: float) -> None:
    """Draw brows, dark corners, the rims of glasses and lenses, and their reflections."""
    height, width = image.shape
    if rng.random() < 0.2:
        cv2.ellipse(
            image, _fixed((rng.uniform(0.2, 0.8) * width, rng.uniform(-0.02, 0.08) * height)),
            _fixed((rng.uniform(0.2, 0.5) * width, rng.uniform(0.02, 0.1) * height)),
            rng.uniform(-15.0, 15.0), 0.0, 360.0, rng.uniform(5.0, 70.0), -1, cv2.LINE_AA, _SHIFT)
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    if rng.random() < 0.3:
        corner = rng.choice([0, width]), rng.choice([0, height])
        away = np.hypot(across - corner[0], down - corner[1]) / width
        image *= np.clip(away / rng.uniform(0.1, 0.5), 0.03, 1.0)
    if rng.random() < 0.12:
        away = np.hypot(across - 0.5 * width, down - 0.5 * height) / width
        image *= np.clip((rng.uniform(0.42, 0.7) - away) * 20.0, 0.05, 1.0)
    if rng.random() < 0.12:
        for _ in range(int(rng.integers(1, 6))):
            cv2.ellipse(
                image, _fixed(rng.uniform(0.0, 1.0, 2) * (width, height)),
                _fixed(rng.uniform(3.0, 26.0, 2) * scale), rng.uniform(0.0, 180.0), 0.0, 360.0,
                rng.uniform(180.0, 255.0), -1, cv2.LINE_AA, _SHIFT)
    if rng.random() < 0.08:
        cv2.ellipse(
            image, _fixed((0.5 * width, 0.5 * height)),
            _fixed((rng.uniform(0.35, 0.55) * width, rng.uniform(0.35, 0.6) * height)), 0.0, 0.0,
            360.0, rng.uniform(5.0, 60.0), round(rng.uniform(2.0, 14.0) * scale) + 1, cv2.LINE_AA,
            _SHIFT)


def _camera(
    rng: np.random.Generator, image: np.ndarray, across: np.ndarray, down: np.ndarray,
    scale: float,
) -> np.ndarray:
    """Return the picture that a camera takes of it, uint8."""
    height, width = image.shape
    light = 1.0 + rng.uniform(-0.4, 0.4) * (across / width - 0.5) + rng.uniform(-0.4, 0.4) * (
        down / height - 0.5)
    image = image * light
    if rng.random() < 0.9:
        image = cv2.GaussianBlur(image, (0, 0), max(
            scale * math.exp(rng.uniform(math.log(0.4), math.log(4.0))), 0.25))
    if rng.random() < 0.15:
        length = max(int(rng.uniform(4.0, 16.0) * scale), 2)
        kernel = np.zeros((2 * length + 1, 2 * length + 1), np.float32)
        angle = rng.uniform(0.0, math.pi)
        way = 0.5 * length * np.array([math.cos(angle), math.sin(angle)])
        cv2.line(
            kernel, _fixed(length - way), _fixed(length + way), 1.0, 1, cv2.LINE_AA, _SHIFT)
        image = cv2.filter2D(image, -1, kernel / kernel.sum())
    image = 255.0 * np.clip(image / 255.0, 0.0, None) ** math.exp(rng.uniform(-0.35, 0.35))
    image = image * math.exp(rng.uniform(math.log(0.35), math.log(1.25))) + rng.uniform(0.0, 30.0)
    grain = rng.choice([1.0, 3.0, 6.0, 12.0]) * min(2.0 * scale, 1.0)
    image += rng.normal(0.0, grain, image.shape)
    return np.clip(image, 0.0, 255.0).astype(np.uint8)


def _fixed(point: np.ndarray | tuple[float, float]) -> tuple[int, int]:
    """Return a point or a pair of axes in OpenCV's fixed-point numbers."""
    return round(float(point[0]) * 2 ** _SHIFT), round(float(point[1]) * 2 ** _SHIFT)


def _line(points: np.ndarray) -> np.ndarray:
    return np.round(points * 2 ** _SHIFT).astype(np.int32)


def _draw(
    image: np.ndarray, lines: list[np.ndarray], grey: float, thickness: float,
) -> None:
    """Draw open lines; thinner than a pixel is fainter."""
    over = image.copy()
    cv2.polylines(
        over, [_line(line) for line in lines], False, grey, max(round(thickness), 1),
        cv2.LINE_AA, _SHIFT)
    share = min(thickness, 1.0)
    image += share * (over - image)
