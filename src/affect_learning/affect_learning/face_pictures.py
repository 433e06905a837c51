# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Faces as cameras may show them, with half of them covered, and pictures that are no faces."""

import itertools

import cv2
import numpy as np
import torch
from torch.nn import functional

ROTATION_RAD = 0.2  # standard deviations of the random view
SCALE = 0.09
SHIFT = 0.06  # of half the image
NOISE = 0.1  # of the image's own standard deviation
GAMMA = 0.4  # standard deviation of its logarithm, of two fifths of the pictures
LIT_SHARE = 0.3  # of the pictures have light from a side
ERASED_PX = 12  # side of a grey square: hair, hands, a microphone
ERASED_SHARE = 0.4
UPPER_HIDDEN_SHARE = 0.2
LOWER_HIDDEN_SHARE = 0.08
EMPTIED_SHARE = 0.6  # of the covered halves are emptied as the encoder does; the rest is painted

OTHERS = {
    'upside_down': 0.22, 'turned_left': 0.12, 'turned_right': 0.12, 'shuffled': 0.06,
    'part': 0.12, 'noise': 0.03, 'blobs': 0.05, 'shapes': 0.1, 'two_faces': 0.09,
    'half_beside': 0.09}
"""Kinds of pictures that ``not_faces`` makes, in this order, and their shares: hard ones more."""


def standardised(images: torch.Tensor, seen: torch.Tensor | None = None) -> torch.Tensor:
    """Return images [N, 1, H, W] of mean 0 and deviation 1, by what is ``seen`` (1; else 0)."""
    weight = torch.ones_like(images) if seen is None else seen
    count = weight.sum((2, 3), keepdim=True).clamp_min(1.0)
    mean = (images * weight).sum((2, 3), keepdim=True) / count
    variance = ((images - mean) ** 2 * weight).sum((2, 3), keepdim=True) / count
    return (images - mean) / variance.sqrt().clamp_min(1e-2)


def moved(images: torch.Tensor, side: int, generator: torch.Generator) -> torch.Tensor:
    """Return middles [N, 1, side, side] turned, scaled, shifted and mirrored at random."""
    count = len(images)
    normal = torch.randn(4, count, generator=generator)
    angle = ROTATION_RAD * normal[0]
    scale = (side / images.shape[-1]) * torch.exp(SCALE * normal[1])
    mirror = torch.where(torch.rand(count, generator=generator) < 0.5, -1.0, 1.0)
    theta = torch.stack([
        torch.stack([mirror * scale * angle.cos(), -scale * angle.sin(), SHIFT * normal[2]], 1),
        torch.stack([mirror * scale * angle.sin(), scale * angle.cos(), SHIFT * normal[3]], 1),
    ], 1)
    grid = functional.affine_grid(theta, [count, 1, side, side], align_corners=False)
    return functional.grid_sample(images, grid, align_corners=False, padding_mode='border')


def soiled(views: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Return views through poorer optics, other tones, light from a side, and noise."""
    count, side = len(views), views.shape[-1]

    def uniform() -> torch.Tensor:
        return torch.rand(count, 1, 1, 1, generator=generator)

    def normal() -> torch.Tensor:
        return torch.randn(count, 1, 1, 1, generator=generator)
    views = views.clone()
    rows = torch.randperm(count, generator=generator)[:count // 5]
    fewer = int(torch.randint(side * 9 // 20, side * 9 // 10, (1,), generator=generator))
    if len(rows):
        views[rows] = functional.interpolate(
            functional.interpolate(views[rows], size=fewer, mode='area'), size=side,
            mode='bilinear')
    low, high = views.amin((2, 3), keepdim=True), views.amax((2, 3), keepdim=True)
    exponent = torch.where(uniform() < 0.4, torch.exp(GAMMA * normal()), torch.ones(()))
    views = standardised(((views - low) / (high - low).clamp_min(1e-3)) ** exponent)
    lit = 0.5 * (uniform() < LIT_SHARE)
    return views + lit * _slope(count, side, generator) + NOISE * uniform() * torch.randn(
        views.shape, generator=generator)


def half_hidden(views: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Return views, of some of which the upper or the lower half is out of sight."""
    count, side = len(views), views.shape[-1]
    kind = torch.rand(count, 1, 1, 1, generator=generator)
    upper = kind < UPPER_HIDDEN_SHARE
    lower = ~upper & (kind < UPPER_HIDDEN_SHARE + LOWER_HIDDEN_SHARE)
    row = torch.arange(side).view(1, 1, side, 1)
    chance = torch.rand(3, count, 1, 1, 1, generator=generator)
    hidden = ((upper & (row < side * (0.38 + 0.24 * chance[0])))
              | (lower & (row >= side * (0.48 + 0.16 * chance[1])))).expand_as(views)
    emptied = standardised(views, (~hidden).float()).masked_fill(hidden, 0.0)
    painted = standardised(torch.where(hidden, paint(count, side, generator), views))
    return torch.where(chance[2] < EMPTIED_SHARE, emptied, painted)


def erased(views: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Return views, some of them with a grey square anywhere."""
    count, side = len(views), views.shape[-1]
    pixel = torch.arange(side)
    corner = torch.randint(0, side - ERASED_PX, (2, count, 1), generator=generator)
    inside = (pixel >= corner) & (pixel < corner + ERASED_PX)
    square = inside[0, :, :, None] & inside[1, :, None, :]
    square &= torch.rand(count, 1, 1, generator=generator) < ERASED_SHARE
    return views.masked_fill(square[:, None], 0.0)


def random_view(images: torch.Tensor, side: int, generator: torch.Generator) -> torch.Tensor:
    """Return what the expression network is taught with, [N, 1, side, side]."""
    return erased(half_hidden(soiled(moved(images, side, generator), generator), generator),
                  generator)


def paint(count: int, side: int, generator: torch.Generator) -> torch.Tensor:
    """Return plain, shaded or grained surfaces [N, 1, side, side]: cloth, plastic, lenses."""
    level = 1.5 * torch.randn(count, 1, 1, 1, generator=generator)
    grain = 0.3 * torch.rand(count, 1, 1, 1, generator=generator)
    return (level + 0.5 * _slope(count, side, generator)
            + grain * torch.randn(count, 1, side, side, generator=generator))


def with_visor(views: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """
    Return faces [N, 1, H, W] below drawn headsets or goggles, and cut out at the nose.

    From the top or the forehead down to between 42 and 62 % of the height, with the corners
    rounded downwards and room for the nose; some have lenses or cameras.
    """
    count, side = len(views), views.shape[-1]

    def uniform(low: float, high: float) -> torch.Tensor:
        return low + (high - low) * torch.rand(count, 1, 1, 1, generator=generator)
    row = (torch.arange(side).view(1, 1, side, 1) + 0.5) / side
    column = (torch.arange(side).view(1, 1, 1, side) + 0.5) / side
    from_middle = (column - 0.5).abs() * 2.0
    top = torch.where(uniform(0, 1) < 0.5, 0.0, uniform(0.02, 0.25))
    bottom = uniform(0.42, 0.62) - uniform(-0.03, 0.12) * from_middle ** 2
    bottom = bottom - uniform(0.0, 0.08) * (from_middle < uniform(0.1, 0.3))
    half_width = torch.where(uniform(0, 1) < 0.7, 1.0, uniform(0.75, 1.0))
    covered = (row >= top) & (row < bottom) & (from_middle <= half_width)
    surface = paint(count, side, generator)
    lens = (uniform(0.05, 0.18) ** 2) * (uniform(0, 1) < 0.3)
    for place in (uniform(0.2, 0.4), uniform(0.6, 0.8)):
        inside = (row - (top + bottom) / 2.0) ** 2 + (column - place) ** 2 < lens
        surface = torch.where(inside, -surface, surface)
    return standardised(torch.where(covered, surface, views))


def with_mask(views: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Return faces [N, 1, H, W] above drawn masks, scarves or microphones before the mouth."""
    count, side = len(views), views.shape[-1]
    row = (torch.arange(side).view(1, 1, side, 1) + 0.5) / side
    column = (torch.arange(side).view(1, 1, 1, side) + 0.5) / side
    chance = torch.rand(3, count, 1, 1, 1, generator=generator)
    top = 0.48 + 0.16 * chance[0] + 0.12 * chance[1] * ((column - 0.5) * 2.0) ** 2
    bottom = torch.where(chance[2] < 0.6, 1.0, 0.8 + 0.2 * chance[1])
    return standardised(torch.where(
        (row >= top) & (row < bottom), paint(count, side, generator), views))


def other_rows(count: int) -> dict[str, slice]:
    """Return which of ``count`` pictures of ``not_faces`` are of which kind."""
    ends = [0, *(round(count * share) for share in itertools.accumulate(OTHERS.values()))]
    return {kind: slice(*rows) for kind, rows in zip(
        OTHERS, itertools.pairwise(ends), strict=True)}


def not_faces(images: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Return as many pictures [N, 1, 48, 48] that are no upright face, of the kinds ``OTHERS``."""
    parts = [images[rows] for rows in other_rows(len(images)).values()]
    side = images.shape[-1]
    parts[0] = parts[0].flip(2)
    parts[1] = parts[1].transpose(2, 3)
    parts[2] = parts[2].transpose(2, 3).flip(2)
    parts[3] = _shuffled(parts[3], generator)
    corner = [int(torch.randint(0, 28, (1,), generator=generator)) for _ in range(2)]
    parts[4] = functional.interpolate(
        parts[4][:, :, corner[0]:corner[0] + 20, corner[1]:corner[1] + 20], size=side,
        mode='bilinear')
    parts[5] = torch.randn(parts[5].shape, generator=generator)
    cells = int(torch.randint(2, 9, (1,), generator=generator))
    parts[6] = functional.interpolate(
        torch.randn(len(parts[6]), 1, cells, cells, generator=generator), size=side,
        mode='bicubic')
    parts[7] = _shapes(len(parts[7]), side, generator)
    # Two people squeezed into one picture, and half of one beside half of another.
    narrow = functional.interpolate(parts[8], size=(side, side // 2), mode='area')
    parts[8] = torch.cat([narrow, narrow.roll(1, 0)], 3)
    half = side // 2
    parts[9] = torch.cat([parts[9][..., half:], parts[9].roll(1, 0)[..., :half]], 3)
    return standardised(torch.cat(parts))


def _slope(count: int, side: int, generator: torch.Generator) -> torch.Tensor:
    """Return planes [N, 1, side, side] that rise in random directions."""
    line = torch.linspace(-1.0, 1.0, side)
    steep = torch.randn(2, count, 1, 1, 1, generator=generator)
    return steep[0] * line.view(1, 1, 1, side) + steep[1] * line.view(1, 1, side, 1)


def _shuffled(images: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Return images 48 pixels wide whose 16 tiles are in another order."""
    tiles = images.unfold(2, 12, 12).unfold(3, 12, 12).reshape(len(images), 16, 12, 12)
    tiles = tiles[:, torch.randperm(16, generator=generator)].reshape(-1, 1, 4, 4, 12, 12)
    return tiles.permute(0, 1, 2, 4, 3, 5).reshape(images.shape)


def _shapes(count: int, side: int, generator: torch.Generator) -> torch.Tensor:
    """Return drawn rectangles, ellipses, lines and letters [N, 1, side, side]."""
    rng = np.random.default_rng(int(torch.randint(0, 2 ** 31, (1,), generator=generator)))
    pictures = np.empty((count, side, side), dtype=np.uint8)
    for picture in pictures:
        picture[:] = rng.integers(0, 256)
        for kind in rng.integers(0, 4, rng.integers(1, 9)):
            a, b = (tuple(int(v) for v in rng.integers(0, side, 2)) for _ in range(2))
            shade, thick = int(rng.integers(0, 256)), int(rng.integers(1, 6))
            if kind == 0:
                cv2.rectangle(picture, a, b, shade, -1)
            elif kind == 1:
                size = tuple(int(v) for v in rng.integers(2, side // 2, 2))
                cv2.ellipse(picture, a, size, float(rng.uniform(0, 180)), 0, 360, shade, -1)
            elif kind == 2:
                cv2.line(picture, a, b, shade, thick)
            else:
                cv2.putText(picture, chr(int(rng.integers(65, 123))), a, 0,
                            float(rng.uniform(0.5, 2.0)), shade, thick)
    return standardised(torch.from_numpy(pictures.astype(np.float32))[:, None])
