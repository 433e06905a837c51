# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What is true of a drawn eye, for tests and benchmarks of eye trackers."""

from dataclasses import dataclass
from dataclasses import replace
import math

from affect_sensors.simulation.eye_lids import lid_edges
from affect_sensors.simulation.eye_lids import LID_MARGIN_MM
from affect_sensors.simulation.eye_look import EyeLook
from affect_sensors.simulation.geometry import eye_mm_per_px
from affect_sensors.simulation.geometry import EYE_SIZE
from affect_sensors.simulation.geometry import eye_straight_ahead_px
from affect_sensors.simulation.geometry import pupil_px
import numpy as np

_COLUMNS = 128
_OPENNESS_RANGE = (0.0, 1.6)
_CLEAR = 0.05
"""By how much further than necessary lids that cover nothing are open."""


@dataclass(frozen=True)
class EyeTruth:
    """
    The pupil and the lids of an eye image, in pixels where the first one's centre is (0, 0).

    ``angle_deg`` is how far the longer axis is turned from the image's x axis towards its y axis,
    in (-90, 90]. ``lid_cover`` is the share of the pupil's area that is behind the lids (the dark
    margin of the upper one with them, lashes not), in [0, 1]. ``is_closed``: nothing of the pupil
    is seen (a hundredth of it is nothing).
    """

    centre_px: tuple[float, float]
    longer_axis_px: float
    shorter_axis_px: float
    angle_deg: float
    lid_cover: float
    is_closed: bool
    mm_per_px: float


def eye_truth(look: EyeLook, side: str, size: tuple[int, int] = EYE_SIZE) -> EyeTruth:
    """
    Return what is true of the image that ``EyeRenderer(seed, side, size)`` draws of a look.

    :raises ValueError: no such side or size.
    """
    mm_per_px = eye_mm_per_px(size)
    x, y = pupil_px(look.azimuth_deg, look.elevation_deg, size)
    x0, y0 = eye_straight_ahead_px(size)
    longer = look.pupil_mm / mm_per_px
    shorter = longer * math.cos(math.radians(look.azimuth_deg)) * math.cos(
        math.radians(look.elevation_deg))
    # A disc that is turned away is seen shortened along the way it turned.
    angle_deg = math.degrees(math.atan2(y - y0, x - x0)) + 90.0
    angle_deg = 90.0 - (90.0 - angle_deg) % 180.0
    cover = _lid_cover(look, side, size)
    return EyeTruth((x, y), longer, shorter, angle_deg, cover, cover >= 0.99, mm_per_px)


def with_lid_cover(
    look: EyeLook, cover: float, side: str, size: tuple[int, int] = EYE_SIZE,
) -> EyeLook:
    """
    Return the look with its lids where they cover a share of the pupil, to a thousandth.

    With ``cover`` 0 they stay clear of it, and stay where they are if they are already; with 1
    the eye is shut.

    :raises ValueError: ``cover`` is not in [0, 1], or no such side or size.
    """
    if not 0.0 <= cover <= 1.0:
        raise ValueError(f'lids cover a share in [0, 1] of the pupil, not {cover}')
    if cover == 1.0:
        return replace(look, openness=0.0)
    # Lids that open cover less and less.
    shut, opened = _OPENNESS_RANGE
    for _ in range(24):
        middle = 0.5 * (shut + opened)
        if _lid_cover(replace(look, openness=middle), side, size) > cover:
            shut = middle
        else:
            opened = middle
    if cover == 0.0:
        return replace(look, openness=max(look.openness, opened + _CLEAR))
    return replace(look, openness=opened)


def _lid_cover(look: EyeLook, side: str, size: tuple[int, int]) -> float:
    """Return the share of the pupil behind the lids: sums over columns of the ellipse."""
    if side not in ('left', 'right'):
        raise ValueError(f"an eye is 'left' or 'right', not '{side}'")
    upper, lower = lid_edges(look, side == 'left', size)
    x, y = pupil_px(look.azimuth_deg, look.elevation_deg, size)
    x0, y0 = eye_straight_ahead_px(size)
    radius = 0.5 * look.pupil_mm / eye_mm_per_px(size)
    flat = math.cos(math.radians(look.azimuth_deg)) * math.cos(math.radians(look.elevation_deg))
    away = math.hypot(x - x0, y - y0)
    ux, uy = ((x - x0) / away, (y - y0) / away) if away > 1e-6 else (1.0, 0.0)
    # The ellipse is {p: |p|^2 + (1 / flat^2 - 1) (p . u)^2 <= radius^2}; per column a quadratic.
    more = 1.0 / flat ** 2 - 1.0
    a = 1.0 + more * uy * uy
    reach = radius * math.sqrt(max(a / (a * (1.0 + more * ux * ux) - (more * ux * uy) ** 2), 0.0))
    p = reach * (np.arange(_COLUMNS) + 0.5) * 2.0 / _COLUMNS - reach
    b, c = more * ux * uy * p, (1.0 + more * ux * ux) * p * p - radius ** 2
    half = np.sqrt(np.maximum(b * b - a * c, 0.0)) / a
    top, bottom = y - b / a - half, y - b / a + half
    first, last = (np.interp(x + p, edge[:, 0], edge[:, 1]) for edge in (upper, lower))
    first += 0.5 * LID_MARGIN_MM / eye_mm_per_px(size)
    seen = np.maximum(np.minimum(bottom, last) - np.maximum(top, first), 0.0)
    return float(min(max(1.0 - seen.sum() / (bottom - top).sum(), 0.0), 1.0))
