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
