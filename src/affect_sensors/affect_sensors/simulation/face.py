# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Face of the simulated wearer: a plain grey drawing whose features move as action units do.

Lip corners rise with valence (AU 12) and fall without (AU 15), brows rise with arousal (AU 1+2)
and lower when it is unpleasant (AU 4), lids open with arousal (AU 5) (Ekman & Friesen, FACS 1978;
mapping to valence and arousal after Russell 1980). It is a drawing, not a person.
"""

from dataclasses import dataclass

import cv2
import numpy as np

WIDTH, HEIGHT = 320, 240
_CENTRE = np.array([160.0, 124.0])
_SHIFT = 4
"""Sub-pixel bits of OpenCV's drawing functions."""


@dataclass(frozen=True)
class FaceShape:
    """What moves in a face; [0, 1] unless said otherwise."""

    smile: float = 0.0
    """[-1, 1]: lip corners down to up."""
    brow_raise: float = 0.0
    brow_lower: float = 0.0
    openness: float = 1.0
    jaw_open: float = 0.0
    azimuth_deg: float = 0.0
    elevation_deg: float = 0.0


def face_shape(
    valence: float, arousal: float, *, openness: float = 1.0, speaking: float = 0.0,
    azimuth_deg: float = 0.0, elevation_deg: float = 0.0,
) -> FaceShape:
    """Return the face that shows an affect."""
    displeased = max(-valence, 0.0)
    return FaceShape(
        smile=float(np.clip(valence, -1.0, 1.0)),
        brow_raise=float(np.clip(arousal, 0.0, 1.0) * (1.0 - 0.5 * displeased)),
        brow_lower=float(np.clip(displeased * (0.5 + 0.5 * max(arousal, 0.0)), 0.0, 1.0)),
        openness=openness,
        jaw_open=float(np.clip(0.6 * speaking + 0.25 * max(arousal, 0.0), 0.0, 1.0)),
        azimuth_deg=azimuth_deg, elevation_deg=elevation_deg)


class FaceRenderer:
    """Draws grey faces of 240 x 320; skin, hair and light depend on the seed."""

    def __init__(self, seed: int) -> None:
        rng = np.random.Generator(np.random.PCG64([seed & (1 << 64) - 1, 7]))
        self._skin = float(rng.uniform(165.0, 195.0))
        self._canvas = self._still_parts(rng)
        self._grain = rng.normal(0.0, 2.0, (HEIGHT + 64, WIDTH + 64)).astype(np.int8)

    def draw(self, shape: FaceShape, frame: int = 0) -> np.ndarray:
        """Return the image, uint8 [240, 320]; ``frame`` picks the sensor noise."""
        image = self._canvas.copy()
        for side in (-1, 1):
            self._eye(image, side, shape)
            self._brow(image, side, shape)
        self._mouth(image, shape)
        image = cv2.GaussianBlur(image, (0, 0), 0.9)
        dy, dx = frame * 37 % 64, frame * 23 % 64
        return cv2.add(
            image, self._grain[dy:dy + HEIGHT, dx:dx + WIDTH], dtype=cv2.CV_8U)

    def _still_parts(self, rng: np.random.Generator) -> np.ndarray:
        y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
        image = np.full((HEIGHT, WIDTH), 70.0, np.float32) + 0.12 * x
        image += cv2.GaussianBlur(
            rng.normal(0.0, 60.0, (HEIGHT, WIDTH)).astype(np.float32), (0, 0), 6.0)
        cx, cy = _CENTRE

        def oval(ox, oy, ax, ay):
            return ((x - ox) / ax) ** 2 + ((y - oy) / ay) ** 2

        neck = (np.abs(x - cx) < 34.0) & (y > cy + 60.0)
        image[neck] = 0.72 * self._skin
        image[oval(cx, cy - 22.0, 82.0, 94.0) < 1.0] = 45.0
        for side in (-1.0, 1.0):
            image[oval(cx + side * 72.0, cy + 2.0, 10.0, 20.0) < 1.0] = 0.8 * self._skin
        head = oval(cx, cy + 4.0, 72.0, 98.0)
        light = 1.08 - 0.28 * head - 0.0008 * (x - cx)
        skin = self._skin * light
        for side in (-1.0, 1.0):
            # The sockets lie in shadow, the cheeks in light.
            skin *= 1.0 - 0.30 * np.exp(-oval(cx + side * 30.0, cy - 20.0, 23.0, 13.0))
            skin *= 1.0 + 0.10 * np.exp(-oval(cx + side * 34.0, cy + 24.0, 20.0, 16.0))
            skin *= 1.0 - 0.14 * np.exp(-oval(cx + side * 11.0, cy + 8.0, 5.0, 26.0))
            skin *= 1.0 - 0.45 * np.exp(-oval(cx + side * 8.0, cy + 31.0, 4.5, 3.0))
        skin *= 1.0 + 0.10 * np.exp(-oval(cx, cy + 8.0, 5.0, 30.0))
        skin *= 1.0 - 0.22 * np.exp(-oval(cx, cy + 37.0, 14.0, 4.0))
        skin *= 1.0 - 0.20 * np.exp(-oval(cx, cy + 72.0, 22.0, 5.0))
        inside = (head < 1.0) & ((y > cy - 68.0) | (head > 9.0))
        image[inside] = skin[inside]
        return np.clip(cv2.GaussianBlur(image, (0, 0), 1.2), 0.0, 255.0).astype(np.uint8)

    def _eye(self, image: np.ndarray, side: int, shape: FaceShape) -> None:
        centre = _CENTRE + np.array([side * 30.0, -18.0])
        half_width, opening = 15.0, 7.0 * float(np.clip(shape.openness, 0.0, 1.3))
        x = np.linspace(-1.0, 1.0, 17)
        arch = 1.0 - x ** 2
        upper = centre + np.stack([half_width * x, -opening * arch], axis=-1)
        lower = centre + np.stack([half_width * x, 0.55 * opening * arch], axis=-1)
        outline = np.concatenate([upper, lower[::-1]])
        if opening > 0.8:
            x0, y0 = (int(v) for v in centre - (20, 14))
            patch = image[y0:y0 + 28, x0:x0 + 40]
            opened = patch.copy()
            self._fill(opened, outline - (x0, y0), 205)
            # Seen from the front: the wearer's left is the image's right.
            pupil = centre - (x0, y0) + (
                0.22 * shape.azimuth_deg, -0.18 * shape.elevation_deg - 0.5)
            self._disc(opened, pupil, 6.3, 62)
            self._disc(opened, pupil, 3.0, 15)
            self._disc(opened, pupil + np.array([1.8, -1.8]), 1.1, 250)
            mask = np.zeros(patch.shape, np.uint8)
            self._fill(mask, outline - (x0, y0), 255)
            cv2.copyTo(opened, mask, patch)
        self._line(image, upper, 40, 2)
        self._line(image, lower, 110, 1)

    def _brow(self, image: np.ndarray, side: int, shape: FaceShape) -> None:
        x = np.linspace(0.0, 1.0, 9)
        lift = -38.0 - 7.0 * shape.brow_raise + 4.0 * shape.brow_lower
        inner = 6.0 * shape.brow_lower * (1.0 - x)
        line = _CENTRE + np.stack([
            side * (13.0 - 3.0 * shape.brow_lower + 34.0 * x),
            lift + inner - 5.0 * np.sin(np.pi * (0.15 + 0.7 * x)) + 3.0 * x], axis=-1)
        self._line(image, line, 50, 5)

    def _mouth(self, image: np.ndarray, shape: FaceShape) -> None:
        x = np.linspace(-1.0, 1.0, 17)
        half = 24.0 + 5.0 * max(shape.smile, 0.0) - 4.0 * shape.jaw_open
        corners = -8.0 * shape.smile * np.abs(x) ** 1.8 + 3.0 * shape.smile
        centre = _CENTRE + np.array([0.0, 56.0])
        arch = 1.0 - x ** 2
        gap = 11.0 * shape.jaw_open
        top = centre + np.stack([half * x, corners - (4.5 + 0.3 * gap) * arch], axis=-1)
        bottom = centre + np.stack([half * x, corners + (5.5 + 1.2 * gap) * arch], axis=-1)
        self._fill(image, np.concatenate([top, bottom[::-1]]), int(0.58 * self._skin))
        inner_top = centre + np.stack([0.9 * half * x, corners - 0.3 * gap * arch], axis=-1)
        inner_bottom = centre + np.stack([0.9 * half * x, corners + gap * arch], axis=-1)
        if gap > 1.0:
            self._fill(image, np.concatenate([inner_top, inner_bottom[::-1]]), 35)
        self._line(image, inner_top, 45, 2)

    @staticmethod
    def _fill(image: np.ndarray, points: np.ndarray, grey: int) -> None:
        cv2.fillPoly(
            image, [np.round(points * 2 ** _SHIFT).astype(np.int32)], grey, cv2.LINE_AA, _SHIFT)

    @staticmethod
    def _line(image: np.ndarray, points: np.ndarray, grey: int, thickness: int) -> None:
        cv2.polylines(
            image, [np.round(points * 2 ** _SHIFT).astype(np.int32)], False, grey, thickness,
            cv2.LINE_AA, _SHIFT)

    @staticmethod
    def _disc(image: np.ndarray, centre: np.ndarray, radius: float, grey: int) -> None:
        x, y = (round(float(v) * 2 ** _SHIFT) for v in centre)
        cv2.circle(
            image, (x, y), round(radius * 2 ** _SHIFT), grey, -1, cv2.LINE_AA, _SHIFT)
