# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Drawn near-infrared eyes, for tests."""

import cv2
import numpy as np


def draw_eye(x=160.0, y=120.0, radius=34.0, lid=0.0, seed=0, glint=True):
    """
    Return uint8 [240, 320] with a pupil at (x, y).

    ``lid`` is the share of the pupil's height that the upper lid covers; 1 is a closed eye.
    """
    rng = np.random.default_rng(seed)
    image = np.full((240, 320), 190, np.uint8)
    cv2.circle(image, (round(x), round(y)), round(2.4 * radius), 130, -1, cv2.LINE_AA)
    cv2.ellipse(
        image, ((x, y), (2.0 * radius, 1.84 * radius), 20.0), 28, -1, cv2.LINE_AA)
    if glint:
        cv2.circle(image, (round(x - 0.4 * radius), round(y + 0.3 * radius)), 5, 255, -1)
    if lid > 0.0:
        edge = round(y + radius * (2.0 * lid - 1.0)) if lid < 1.0 else round(
            min(y + 2.5 * radius, 232))
        image[:edge] = 175
        for column in rng.uniform(0, 319, 60):
            cv2.line(
                image, (int(column), edge),
                (int(column + rng.uniform(-8, 8)), edge + int(rng.uniform(3, 9))), 70, 1)
        image[edge - 2:edge + 1] = 95
    image = cv2.GaussianBlur(image, (0, 0), 1.0)
    return np.clip(image + rng.normal(0.0, 5.0, image.shape), 0, 255).astype(np.uint8)


DISTURBANCES = (
    'mascara', 'brow', 'dark corner', 'reflections', 'glint on the rim', 'motion', 'noise', 'dim',
    'glare', 'from the side', 'dark skin')


def disturb(image, x, y, radius, kind, seed=0):
    """Return ``draw_eye``'s image with what makes real ones hard, and the pupil's new centre."""
    rng = np.random.default_rng(seed)
    work = image.astype(np.float32)
    rows, columns = image.shape
    down, across = np.mgrid[0:rows, 0:columns]
    if kind == 'mascara':
        edge = y - rng.uniform(1.2, 1.6) * radius
        for at in rng.uniform(0, columns, 90):
            cv2.line(
                work, (int(at), int(edge)),
                (int(at + rng.normal(0, 10)), int(edge + rng.uniform(-30, 12))), 15, 2)
        cv2.line(work, (0, int(edge)), (columns, int(edge)), 12, 9)
    elif kind == 'brow':
        cv2.ellipse(work, (150, 4), (140, 22), 4.0, 0, 360, 25, -1)
    elif kind == 'dark corner':
        work *= np.clip(np.hypot(across - columns, down) / 150.0, 0.03, 1.0)
    elif kind == 'reflections':
        for _ in range(4):
            at = rng.uniform((0, 0), (columns, rows))
            if np.hypot(*(at - (x, y))) > 1.4 * radius:
                cv2.ellipse(
                    work, tuple(int(v) for v in at), (18, 8), rng.uniform(0, 180), 0, 360, 255,
                    -1)
    elif kind == 'glint on the rim':
        for angle in rng.uniform(0.0, 6.3, 3):
            centre = (round(x + radius * np.cos(angle)), round(y + radius * np.sin(angle)))
            cv2.circle(work, centre, 6, 255, -1)
    elif kind == 'motion':
        work = cv2.blur(work, (11, 1))
    elif kind == 'noise':
        work += rng.normal(0.0, 15.0, work.shape)
    elif kind == 'dim':
        work = 6.0 + 0.25 * work
    elif kind == 'glare':
        work = 1.6 * work + 40.0
    elif kind == 'from the side':
        turn = np.array([[0.75, 0.05, 40.0], [-0.05, 1.0, 8.0]])
        work = cv2.warpAffine(work, turn, (columns, rows), borderMode=cv2.BORDER_REPLICATE)
        x, y = turn @ (x, y, 1.0)
    elif kind == 'dark skin':
        work = np.where(work > 160.0, 0.5 * work, work)
    return np.clip(work, 0, 255).astype(np.uint8), x, y
