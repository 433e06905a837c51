# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Pictures of a textured plane ahead, as a camera that turns and moves in a known way sees it."""

import functools

import cv2
import numpy as np

WIDTH, HEIGHT = 320, 240
FOV_DEG = 80.0
FOCAL_PX = 0.5 * WIDTH / np.tan(np.radians(0.5 * FOV_DEG))


@functools.cache
def texture(seed: int = 0) -> np.ndarray:
    """Return uint8 [1200, 1600, 3] with detail at all scales, as natural scenes have it."""
    rng = np.random.default_rng(seed)
    octaves = (
        2.0 ** k * cv2.resize(
            cv2.GaussianBlur(rng.normal(size=(1200 >> k, 1600 >> k, 3)), (0, 0), 2.0),
            (1600, 1200), interpolation=cv2.INTER_CUBIC)
        for k in range(6))
    return cv2.normalize(sum(octaves), None, 20, 235, cv2.NORM_MINMAX).astype(np.uint8)


def view(
        *, yaw_rad: float = 0.0, pitch_rad: float = 0.0, growth: float = 1.0,
        shift_px: float = 0.0, noise: float = 1.0, seed: int = 0) -> np.ndarray:
    """
    Return uint8 [240, 320, 3] (BGR) of the plane.

    The camera is turned left by yaw and down by pitch (REP-103), things look ``growth`` times as
    large as from where it began, and the plane has gone left by ``shift_px``.
    """
    camera = np.array([[FOCAL_PX, 0.0, 0.5 * (WIDTH - 1)], [0.0, FOCAL_PX, 0.5 * (HEIGHT - 1)],
                       [0.0, 0.0, 1.0]])
    # Optical axes: x right, y down. Left is a turn about -y, down one about -x.
    turned = (cv2.Rodrigues(np.array([0.0, -yaw_rad, 0.0]))[0]
              @ cv2.Rodrigues(np.array([-pitch_rad, 0.0, 0.0]))[0])
    plane = np.array([[FOCAL_PX / growth, 0.0, 799.5 + shift_px],
                      [0.0, FOCAL_PX / growth, 599.5], [0.0, 0.0, 1.0]])
    picture = cv2.warpPerspective(
        texture(), plane @ turned @ np.linalg.inv(camera), (WIDTH, HEIGHT),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REFLECT)
    rng = np.random.default_rng(seed)
    return np.clip(picture + rng.normal(0.0, noise, picture.shape), 0, 255).astype(np.uint8)
