# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Eyes of the simulated wearer as a near-infrared eye camera sees them.

The dark pupil of an eye lit off the camera's axis, a mid-grey iris (melanin hardly absorbs in the
near infrared), a sclera not much brighter, and the first Purkinje images of two light sources,
which move about half as far as the pupil since the cornea's centre of curvature lies nearer to
the eye's centre of rotation (Guestrin & Eizenman, IEEE TBME 2006). The lids follow vertical gaze
(Becker & Fuchs, Vision Res. 1988), the upper one does the blinking. Skin, iris, lashes and light
depend on the seed. ``geometry`` says what a pixel means.
"""

from dataclasses import dataclass
import math

from affect_sensors.simulation.geometry import EYE_MM_PER_PX
from affect_sensors.simulation.geometry import EYE_SIZE
from affect_sensors.simulation.geometry import EYE_STRAIGHT_AHEAD_PX
from affect_sensors.simulation.geometry import pupil_px
import cv2
import numpy as np

WIDTH, HEIGHT = EYE_SIZE
APERTURE_MM = 10.0
"""Distance of the lids over the pupil at an openness of 1 (Fox, 1966: 9 to 11 mm)."""

_SHIFT = 4
"""Sub-pixel bits of OpenCV's drawing functions."""
_MARGIN = 48
_IRIS_MM = 5.9
_LOWER_LID_MM = 5.5
_SQUINT_LIFT_MM = 2.0
_BLINK_LIFT_MM = 1.5
"""A shutting lower lid comes up a little; so a pupil of 4 mm is covered at an openness of 0.2."""
_HALF_FISSURE_MM = 14.0
_LID_FOLLOWS = 0.5
_GLINT_FOLLOWS = 5.7 / 10.45
"""Cornea's centre of curvature 7.8 mm behind its front, 5.7 before the centre of rotation."""
_GLINTS_MM = ((-1.7, 1.4), (1.7, 1.4))
_GLINT_MM = 0.32
_GRAINS = 16
"""Pictures of noise: one that is shifted from frame to frame would pass for motion."""
_X = np.linspace(-1.0, 1.0, 17)
_ARCH = 1.0 - _X * _X


@dataclass(frozen=True)
class EyeLook:
    """What moves in an eye image: angles as in EyeState, pupil diameter, lids."""

    azimuth_deg: float = 0.0
    elevation_deg: float = 0.0
    pupil_mm: float = 3.6
    openness: float = 1.0
    squint: float = 0.0


class EyeRenderer:
    """Draws images of one eye (``left`` or ``right``), uint8 [144, 192]."""

    def __init__(self, seed: int, side: str) -> None:
        if side not in ('left', 'right'):
            raise ValueError(f"an eye is 'left' or 'right', not '{side}'")
        self._is_left = side == 'left'
        rng = np.random.Generator(np.random.PCG64([seed & (1 << 64) - 1, 11]))
        self._skin_grey = float(rng.uniform(150.0, 185.0))
        self._iris_grey = float(rng.uniform(88.0, 118.0))
        self._pupil_grey = int(rng.integers(12, 24))
        self._lash_grey = int(rng.integers(45, 75))
        self._lash_mm = float(rng.uniform(2.2, 3.4))
        self._lash_lean = rng.normal(0.0, 0.18, len(_X) - 2)
        eye_rng = np.random.Generator(np.random.PCG64([seed & (1 << 64) - 1, 12, self._is_left]))
        self._skin = self._still_skin(eye_rng)
        self._eyeball = self._still_eyeball(eye_rng)
        self._grain = (2.5 * eye_rng.standard_normal(
            (_GRAINS, HEIGHT, WIDTH), dtype=np.float32)).astype(np.int8)
        self._mask = np.zeros((HEIGHT, WIDTH), np.uint8)

    def draw(self, look: EyeLook, frame: int = 0) -> np.ndarray:
        """Return the image; ``frame`` picks the sensor noise."""
        image = self._skin.copy()
        upper, lower = self._lids(look)
        if look.openness > 0.02:
            opened = self._open_eye(look)
            self._mask[:] = 0
            cv2.fillPoly(
                self._mask, [_fixed(np.concatenate([upper, lower[::-1]]))], 255, cv2.LINE_8,
                _SHIFT)
            cv2.copyTo(opened, self._mask, image)
        self._lid_margins(image, look, upper, lower)
        image = cv2.GaussianBlur(image, (5, 5), 0.8)
        return cv2.add(image, self._grain[frame % _GRAINS], dtype=cv2.CV_8U)

    def _open_eye(self, look: EyeLook) -> np.ndarray:
        """Return the eye as it were without lids."""
        x, y = pupil_px(look.azimuth_deg, look.elevation_deg)
        dx, dy = x - EYE_STRAIGHT_AHEAD_PX[0], y - EYE_STRAIGHT_AHEAD_PX[1]
        flat = math.cos(math.radians(look.elevation_deg)) * math.cos(
            math.radians(look.azimuth_deg))
        away = math.hypot(dx, dy)
        ux, uy = (dx / away, dy / away) if away > 1e-6 else (1.0, 0.0)
        # What is turned away from the camera is seen shortened along the way it turned.
        longer = 1.0 / flat - 1.0
        a, b, c = 1.0 + longer * ux * ux, longer * ux * uy, 1.0 + longer * uy * uy
        centre_x, centre_y = 0.5 * WIDTH + _MARGIN, 0.5 * HEIGHT + _MARGIN
        matrix = np.array([
            [a, b, centre_x - a * x - b * y], [b, c, centre_y - b * x - c * y]])
        image = cv2.warpAffine(
            self._eyeball, matrix, (WIDTH, HEIGHT),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE)
        self._pupil(image, (x, y), 0.5 * look.pupil_mm / EYE_MM_PER_PX, flat, (ux, uy))
        for right_mm, down_mm in _GLINTS_MM:
            cv2.circle(
                image, (
                    _sub(EYE_STRAIGHT_AHEAD_PX[0] + _GLINT_FOLLOWS * dx
                         + right_mm / EYE_MM_PER_PX),
                    _sub(EYE_STRAIGHT_AHEAD_PX[1] + _GLINT_FOLLOWS * dy
                         + down_mm / EYE_MM_PER_PX)),
                _sub(_GLINT_MM / EYE_MM_PER_PX), 255, -1, cv2.LINE_AA, _SHIFT)
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

    def _lids(self, look: EyeLook) -> tuple[np.ndarray, np.ndarray]:
        """Return the edges of upper and lower lid from left to right, pixels [17, 2]."""
        _, y = pupil_px(0.0, look.elevation_deg)
        y0 = EYE_STRAIGHT_AHEAD_PX[1] + _LID_FOLLOWS * (y - EYE_STRAIGHT_AHEAD_PX[1])
        shut = 1.0 - min(max(look.openness, 0.0), 1.0)
        lower_mm = _LOWER_LID_MM - _SQUINT_LIFT_MM * look.squint - _BLINK_LIFT_MM * shut
        upper_mm = APERTURE_MM * max(look.openness, 0.0) - lower_mm
        # The inner corner is lower than the outer one; the nose of the left eye is at the left.
        corner = y0 + 2.0 / EYE_MM_PER_PX + (-5.0 if self._is_left else 5.0) * _X
        x = EYE_STRAIGHT_AHEAD_PX[0] + _HALF_FISSURE_MM / EYE_MM_PER_PX * _X
        middle = float(corner[len(corner) // 2])
        edges = [
            np.stack([x, corner + (y0 + mm / EYE_MM_PER_PX - middle) * _ARCH], axis=-1)
            for mm in (-upper_mm, lower_mm)]
        return edges[0], edges[1]

    def _lid_margins(
        self, image: np.ndarray, look: EyeLook, upper: np.ndarray, lower: np.ndarray,
    ) -> None:
        shut = 1.0 - min(max(look.openness, 0.0), 1.0)
        crease = upper.copy()
        crease[:, 1] -= (3.2 + 3.0 * shut) / EYE_MM_PER_PX * _ARCH
        cv2.polylines(
            image, [_fixed(crease)], False, 0.82 * self._skin_grey, 3, cv2.LINE_AA, _SHIFT)
        cv2.polylines(
            image, [_fixed(lower)], False, 0.72 * self._skin_grey, 2, cv2.LINE_AA, _SHIFT)
        cv2.polylines(image, [_fixed(upper)], False, self._lash_grey, 3, cv2.LINE_AA, _SHIFT)
        # Lashes point up from an open lid and down from a shut one.
        lash = np.stack([
            0.5 * _X[1:-1] + self._lash_lean,
            np.full(len(_X) - 2, -0.9 + 1.6 * shut)], axis=-1) * (self._lash_mm / EYE_MM_PER_PX)
        lines = np.stack([upper[1:-1], upper[1:-1] + lash], axis=1)
        cv2.polylines(
            image, list(_fixed(lines)), False, self._lash_grey, 1, cv2.LINE_AA, _SHIFT)

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
        rows, columns = HEIGHT + 2 * _MARGIN, WIDTH + 2 * _MARGIN
        y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
        x, y = (x - 0.5 * columns) * EYE_MM_PER_PX, (y - 0.5 * rows) * EYE_MM_PER_PX
        r, angle = np.hypot(x, y), np.arctan2(y, x)
        veins = cv2.GaussianBlur(
            30.0 * rng.standard_normal((rows, columns), dtype=np.float32), (0, 0), 3.0)
        sclera = (self._skin_grey - 4.0) * (1.0 - 0.22 * (r / _HALF_FISSURE_MM) ** 2) + veins
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
