# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Eyes of the simulated wearer as a near-infrared eye camera sees them.

The dark pupil of an eye lit off the camera's axis, a mid-grey iris (melanin hardly absorbs in the
near infrared), a sclera not much brighter, and the first Purkinje images of two light sources,
which move about half as far as the pupil since the cornea's centre of curvature lies nearer to
the eye's centre of rotation (Guestrin & Eizenman, IEEE TBME 2006). Lids are those of
``eye_lids``. Skin, iris, lashes and light depend on the seed. ``geometry`` says what a pixel
means, ``eye_truth`` what is true of an image.
"""

import math

from affect_sensors.simulation.eye_lids import ALONG
from affect_sensors.simulation.eye_lids import ARCH
from affect_sensors.simulation.eye_lids import HALF_FISSURE_MM
from affect_sensors.simulation.eye_lids import lid_edges
from affect_sensors.simulation.eye_lids import LID_MARGIN_MM
from affect_sensors.simulation.eye_look import EyeLook
from affect_sensors.simulation.geometry import EYE_MM_PER_PX
from affect_sensors.simulation.geometry import eye_mm_per_px
from affect_sensors.simulation.geometry import EYE_SIZE
from affect_sensors.simulation.geometry import eye_straight_ahead_px
from affect_sensors.simulation.geometry import pupil_px
import cv2
import numpy as np

WIDTH, HEIGHT = EYE_SIZE
_SHIFT = 4
"""Sub-pixel bits of OpenCV's drawing functions."""
_MARGIN_MM = 7.2
"""How far the painted eyeball goes beyond the image, so that it can turn."""
_IRIS_MM = 5.9
_GLINT_FOLLOWS = 5.7 / 10.45
"""Cornea's centre of curvature 7.8 mm behind its front, 5.7 before the centre of rotation."""
_GLINTS_MM = ((-1.7, 1.4), (1.7, 1.4))
_GLINT_MM = 0.32
_GRAINS = 16
"""Pictures of noise: one that is shifted from frame to frame would pass for motion."""


class EyeRenderer:
    """
    Draws images of one eye (``left`` or ``right``), uint8 [height, width].

    ``size`` is (width, height), EYE_SIZE or proportional to it: the same eye in more pixels.

    :raises ValueError: no such side or size.
    """

    def __init__(self, seed: int, side: str, size: tuple[int, int] = EYE_SIZE) -> None:
        if side not in ('left', 'right'):
            raise ValueError(f"an eye is 'left' or 'right', not '{side}'")
        self._is_left = side == 'left'
        self._size = size
        self._mm_per_px = eye_mm_per_px(size)
        self._straight_ahead_px = eye_straight_ahead_px(size)
        self._scale = size[0] / EYE_SIZE[0]
        rng = np.random.Generator(np.random.PCG64([seed & (1 << 64) - 1, 11]))
        self._skin_grey = float(rng.uniform(150.0, 185.0))
        self._iris_grey = float(rng.uniform(88.0, 118.0))
        self._pupil_grey = int(rng.integers(12, 24))
        self._lash_grey = int(rng.integers(45, 75))
        self._lash_mm = float(rng.uniform(2.2, 3.4))
        self._lash_lean = rng.normal(0.0, 0.18, len(ALONG) - 2)
        eye_rng = np.random.Generator(np.random.PCG64([seed & (1 << 64) - 1, 12, self._is_left]))
        self._skin = self._scaled(self._still_skin(eye_rng))
        # Painted once for all sizes, so that they show one eye.
        self._eyeball = self._still_eyeball(eye_rng)
        self._grain = (2.5 * eye_rng.standard_normal(
            (_GRAINS, size[1], size[0]), dtype=np.float32)).astype(np.int8)
        self._mask = np.zeros((size[1], size[0]), np.uint8)

    def draw(self, look: EyeLook, frame: int = 0) -> np.ndarray:
        """Return the image; ``frame`` picks the sensor noise."""
        image = self._skin.copy()
        upper, lower = lid_edges(look, self._is_left, self._size)
        if look.openness > 0.02:
            opened = self._open_eye(look)
            self._mask[:] = 0
            cv2.fillPoly(
                self._mask, [_fixed(np.concatenate([upper, lower[::-1]]))], 255, cv2.LINE_8,
                _SHIFT)
            cv2.copyTo(opened, self._mask, image)
        self._lid_margins(image, look, upper, lower)
        reach = 2 * round(2.0 * self._scale) + 1
        image = cv2.GaussianBlur(image, (reach, reach), 0.8 * self._scale)
        return cv2.add(image, self._grain[frame % _GRAINS], dtype=cv2.CV_8U)

    def _scaled(self, image: np.ndarray) -> np.ndarray:
        """Return an image that was painted in EYE_SIZE in the size of this camera."""
        if self._scale == 1.0:
            return image
        return cv2.warpAffine(
            image, np.diag([1.0, 1.0, 0.0])[:2] / self._scale, self._size,
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE)

    def _open_eye(self, look: EyeLook) -> np.ndarray:
        """Return the eye as it were without lids."""
        x, y = pupil_px(look.azimuth_deg, look.elevation_deg, self._size)
        x0, y0 = self._straight_ahead_px
        dx, dy = x - x0, y - y0
        flat = math.cos(math.radians(look.elevation_deg)) * math.cos(
            math.radians(look.azimuth_deg))
        away = math.hypot(dx, dy)
        ux, uy = (dx / away, dy / away) if away > 1e-6 else (1.0, 0.0)
        # What is turned away from the camera is seen shortened along the way it turned.
        longer = 1.0 / flat - 1.0
        a, b, c = 1.0 + longer * ux * ux, longer * ux * uy, 1.0 + longer * uy * uy
        a, b, c = (v / self._scale for v in (a, b, c))
        centre_y, centre_x = (0.5 * v for v in self._eyeball.shape)
        matrix = np.array([
            [a, b, centre_x - a * x - b * y], [b, c, centre_y - b * x - c * y]])
        image = cv2.warpAffine(
            self._eyeball, matrix, self._size,
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE)
        mm_per_px = self._mm_per_px
        self._pupil(image, (x, y), 0.5 * look.pupil_mm / mm_per_px, flat, (ux, uy))
        for right_mm, down_mm in _GLINTS_MM:
            cv2.circle(
                image, (
                    _sub(x0 + _GLINT_FOLLOWS * dx + right_mm / mm_per_px),
                    _sub(y0 + _GLINT_FOLLOWS * dy + down_mm / mm_per_px)),
                _sub(_GLINT_MM / mm_per_px), 255, -1, cv2.LINE_AA, _SHIFT)
        return image

    def _pupil(
        self, image: np.ndarray, centre: tuple[float, float], radius: float, flat: float,
        way: tuple[float, float],
    ) -> None:
        """Draw an ellipse whose axis along ``way`` is ``flat`` times the other one."""
        # OpenCV's smooth ellipses are a pixel too wide, which would be 0.15 mm.
        reach = math.ceil(radius) + 2
        left, top = (max(math.floor(v) - reach, 0) for v in centre)
        patch = image[top:top + 2 * reach + 2, left:left + 2 * reach + 2]
        x = (np.arange(left, left + patch.shape[1], dtype=np.float32) - centre[0])[None, :]
        y = (np.arange(top, top + patch.shape[0], dtype=np.float32) - centre[1])[:, None]
        along, across = (x * way[0] + y * way[1]) / flat, y * way[0] - x * way[1]
        covered = np.clip(radius + 0.5 - np.sqrt(along * along + across * across), 0.0, 1.0)
        patch[:] = (patch + covered * (self._pupil_grey - patch.astype(np.float32)) + 0.5).astype(
            np.uint8)

    def _lid_margins(
        self, image: np.ndarray, look: EyeLook, upper: np.ndarray, lower: np.ndarray,
    ) -> None:
        shut = 1.0 - min(max(look.openness, 0.0), 1.0)
        mm_per_px, scale = self._mm_per_px, self._scale
        crease = upper.copy()
        crease[:, 1] -= (3.2 + 3.0 * shut) / mm_per_px * ARCH
        # Lashes point up from an open lid and down from a shut one.
        lash = np.stack([
            0.5 * ALONG[1:-1] + self._lash_lean,
            np.full(len(ALONG) - 2, -0.9 + 1.6 * shut)], axis=-1) * (self._lash_mm / mm_per_px)
        lines = np.stack([upper[1:-1], upper[1:-1] + lash], axis=1)
        for edges, grey, width_px in (
                ([_fixed(crease)], 0.82 * self._skin_grey, 3),
                ([_fixed(lower)], 0.72 * self._skin_grey, 2),
                ([_fixed(upper)], self._lash_grey, LID_MARGIN_MM / EYE_MM_PER_PX),
                (list(_fixed(lines)), self._lash_grey, 1)):
            cv2.polylines(
                image, edges, False, grey, max(round(width_px * scale), 1), cv2.LINE_AA, _SHIFT)

    def _still_skin(self, rng: np.random.Generator) -> np.ndarray:
        y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
        x, y = (x - 0.5 * WIDTH) / (0.5 * WIDTH), (y - 0.5 * HEIGHT) / (0.5 * HEIGHT)
        nose = -x if self._is_left else x
        image = self._skin_grey * (1.0 - 0.10 * nose - 0.08 * y * y - 0.06 * x * x)
        image += cv2.GaussianBlur(
            40.0 * rng.standard_normal((HEIGHT, WIDTH), dtype=np.float32), (0, 0), 4.0)
        image += 2.0 * rng.standard_normal((HEIGHT, WIDTH), dtype=np.float32)
        return np.clip(image, 0.0, 255.0).astype(np.uint8)

    def _still_eyeball(self, rng: np.random.Generator) -> np.ndarray:
        """Return sclera and iris around a pupil in the middle, with a margin to turn."""
        margin = round(_MARGIN_MM / EYE_MM_PER_PX)
        rows, columns = HEIGHT + 2 * margin, WIDTH + 2 * margin
        y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
        x, y = (x - 0.5 * columns) * EYE_MM_PER_PX, (y - 0.5 * rows) * EYE_MM_PER_PX
        r, angle = np.hypot(x, y), np.arctan2(y, x)
        veins = cv2.GaussianBlur(
            30.0 * rng.standard_normal((rows, columns), dtype=np.float32), (0, 0), 3.0)
        sclera = (self._skin_grey - 4.0) * (1.0 - 0.22 * (r / HALF_FISSURE_MM) ** 2) + veins
        turns = rng.integers(18, 60, 6)
        phases = rng.uniform(0.0, 2.0 * math.pi, 6)
        fibres = sum(
            np.sin(int(n) * angle + phase + 0.6 * r) for n, phase in zip(
                turns, phases, strict=True))
        iris = self._iris_grey + 3.0 * fibres - 18.0 * np.exp(-((r - _IRIS_MM) / 0.5) ** 2)
        iris += 8.0 * np.exp(-((r - 2.6) / 0.8) ** 2)
        edge = np.clip((r - _IRIS_MM) / 0.5 + 0.5, 0.0, 1.0)
        image = edge * sclera + (1.0 - edge) * iris
        return np.clip(image, 0.0, 255.0).astype(np.uint8)


def _fixed(points: np.ndarray) -> np.ndarray:
    """Return points in OpenCV's fixed-point numbers."""
    return np.round(points * 2 ** _SHIFT).astype(np.int32)


def _sub(value: float) -> int:
    return round(value * 2 ** _SHIFT)
