# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
What the world camera of the simulated wearer sees.

A painted room at infinity, seen by a pinhole that turns with the head, as bright as the scene's
luminance says, and a ball when one comes closer. The room depends on the seed. ``geometry`` says
what a pixel means.
"""

import colorsys
import math

from affect_sensors.simulation.geometry import optical_from_hmd
from affect_sensors.simulation.geometry import WORLD_CENTRE_PX
from affect_sensors.simulation.geometry import WORLD_FOCAL_PX
from affect_sensors.simulation.geometry import WORLD_GAMMA
from affect_sensors.simulation.geometry import WORLD_SIZE
from affect_sensors.simulation.geometry import WORLD_WHITE_CD_M2
from affect_sensors.simulation.scene import LoomingBall
import cv2
import numpy as np

WIDTH, HEIGHT = WORLD_SIZE
MEAN_ALBEDO = 0.3
"""Mean share of light that the room gives back, grey of blue, green and red alike."""

_SHIFT = 4
_GRAINS = 8
"""Pictures of noise: one that is shifted from frame to frame would pass for motion."""
_ROOM_SIZE = (1040, 800)
_ROOM_FOCAL_PX = 200.0
_GREY = np.array([0.114, 0.587, 0.299])
"""Weights of blue, green and red in luma (Rec. 601)."""
_CAMERA = np.array([
    [WORLD_FOCAL_PX, 0.0, WORLD_CENTRE_PX[0]], [0.0, WORLD_FOCAL_PX, WORLD_CENTRE_PX[1]],
    [0.0, 0.0, 1.0]])
_ROOM = np.array([
    [_ROOM_FOCAL_PX, 0.0, 0.5 * (_ROOM_SIZE[0] - 1)],
    [0.0, _ROOM_FOCAL_PX, 0.5 * (_ROOM_SIZE[1] - 1)], [0.0, 0.0, 1.0]])
_CAMERA_INVERSE = np.linalg.inv(_CAMERA)
_OPTICAL = optical_from_hmd()


class WorldRenderer:
    """Draws images of the world camera, uint8 [240, 320, 3] in the order blue, green, red."""

    def __init__(self, seed: int) -> None:
        rng = np.random.Generator(np.random.PCG64([seed & (1 << 64) - 1, 13]))
        self._room = self._paint(rng)
        self._grain = (1.5 * rng.standard_normal(
            (_GRAINS, HEIGHT, WIDTH, 3), dtype=np.float32)).astype(np.int8)

    def draw(
        self, head: np.ndarray, luminance_cd_m2: float, *, colourfulness: float = 1.0,
        ball: LoomingBall | None = None, frame: int = 0,
    ) -> np.ndarray:
        """
        Return the image.

        ``head`` [3, 3] turns directions of ``hmd_link`` to the world; ``frame`` picks the noise.
        """
        turned = _OPTICAL @ head @ _OPTICAL.T
        image = cv2.warpPerspective(
            self._room, _ROOM @ turned @ _CAMERA_INVERSE, (WIDTH, HEIGHT),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REFLECT_101)
        if ball is not None:
            self._ball(image, head, ball)
        exposure = (luminance_cd_m2 / MEAN_ALBEDO / WORLD_WHITE_CD_M2) ** (1.0 / WORLD_GAMMA)
        mixed = exposure * (
            colourfulness * np.eye(3) + (1.0 - colourfulness) * np.tile(_GREY, (3, 1)))
        image = cv2.transform(image, mixed)
        return cv2.add(image, self._grain[frame % _GRAINS], dtype=cv2.CV_8U)

    @staticmethod
    def _ball(image: np.ndarray, head: np.ndarray, ball: LoomingBall) -> None:
        azimuth, elevation = math.radians(ball.azimuth_deg), math.radians(ball.elevation_deg)
        direction = np.array([
            math.cos(elevation) * math.cos(azimuth), math.cos(elevation) * math.sin(azimuth),
            math.sin(elevation)])
        x, y, z = _OPTICAL @ head.T @ direction
        if z < 0.1:
            return
        centre = tuple(
            round((WORLD_FOCAL_PX * v / z + c) * 2 ** _SHIFT)
            for v, c in zip((x, y), WORLD_CENTRE_PX, strict=True))
        radius = WORLD_FOCAL_PX * ball.radius_m / ball.distance_m
        colour = 255.0 * np.array(colorsys.hsv_to_rgb(ball.hue, 0.7, 0.75))[::-1]
        # Rings, so that its growth shows all over it and not at its rim alone.
        for share, brightness in ((1.0, 0.55), (0.75, 1.0), (0.5, 0.6), (0.25, 1.0)):
            cv2.circle(
                image, centre, round(share * radius * 2 ** _SHIFT),
                (brightness * colour).tolist(), -1, cv2.LINE_AA, _SHIFT)

    @staticmethod
    def _paint(rng: np.random.Generator) -> np.ndarray:
        """Return a room: wall, ceiling, floor, and things on the wall."""
        columns, rows = _ROOM_SIZE
        image: np.ndarray = np.empty((rows, columns, 3), np.float32)
        image[:] = rng.uniform(120.0, 170.0, 3)
        image[:rows // 4] = rng.uniform(170.0, 200.0, 3)
        image[-rows // 3:] = rng.uniform(70.0, 120.0, 3)
        for _ in range(90):
            x, y = int(rng.integers(0, columns)), int(rng.integers(0, rows))
            w, h = int(rng.integers(20, 130)), int(rng.integers(20, 110))
            hue, vivid, bright = rng.random(), rng.uniform(0.15, 0.6), rng.uniform(0.25, 0.9)
            colour = 255.0 * np.array(colorsys.hsv_to_rgb(hue, vivid, bright))[::-1]
            if rng.random() < 0.3:
                cv2.circle(image, (x, y), h // 2, colour.tolist(), -1, cv2.LINE_AA)
            else:
                cv2.rectangle(image, (x, y), (x + w, y + h), colour.tolist(), -1)
                cv2.rectangle(image, (x, y), (x + w, y + h), (0.6 * colour).tolist(), 3)
        image *= 1.0 + cv2.GaussianBlur(
            0.4 * rng.standard_normal((rows, columns), dtype=np.float32), (0, 0), 2.0)[:, :, None]
        image = np.clip(cv2.GaussianBlur(image, (3, 3), 0.8), 0.0, 255.0)
        # Brought to the mean albedo: what the camera's pixels say is then the scene's luminance.
        albedo = float(cv2.pow(image / 255.0, WORLD_GAMMA).mean())
        image *= (MEAN_ALBEDO / albedo) ** (1.0 / WORLD_GAMMA)
        return np.clip(image, 0.0, 255.0).astype(np.uint8)
