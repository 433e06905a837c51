# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""From where a pupil is in the image to where the eye looks: a ball turns about its centre."""

from dataclasses import dataclass
import math

EYE_RADIUS_MM = 10.45
"""
From the centre of rotation, 13.5 mm behind the cornea (Fry & Hill 1962, Am. J. Optom. 39:581), to
the entrance pupil, 3.05 mm behind it (Gullstrand's eye).
"""

FURTHEST_DEG = 60.0
"""No eye turns further in its socket: what says so is an error."""

LEAST_VERGENCE_DEG, MOST_VERGENCE_DEG = 0.5, 25.0
"""Beyond 7 m the axes are parallel for all that a tracker can tell; nobody looks at 14 cm."""


@dataclass(frozen=True)
class Eyeball:
    """
    An eye seen from the front by a camera that is far away for the depth of an eye.

    :param mm_per_px: millimetres in the pupil's plane for a pixel; NaN unknown
    :param radius_mm: from the centre of rotation to the pupil's plane
    """

    mm_per_px: float
    radius_mm: float = EYE_RADIUS_MM

    def direction(self, right_px: float, down_px: float) -> tuple[float, float]:
        """
        Return azimuth (positive to the wearer's left) and elevation in degrees, NaN unknown.

        Fick angles, from the pupil's way in the image away from where it is when the eye looks
        straight ahead. The camera faces the wearer: their left is the image's right. The optical
        axis: the visual one is up to 5 degrees beside it, which a straight-ahead place that was
        found by looking at a target takes care of.
        """
        up = -down_px * self.mm_per_px / self.radius_mm
        left = right_px * self.mm_per_px / self.radius_mm
        if not abs(up) < 1.0:
            return math.nan, math.nan
        elevation = math.asin(up)
        sideways = left / math.cos(elevation)
        if not abs(sideways) < 1.0:
            return math.nan, math.nan
        azimuth_deg = math.degrees(math.asin(sideways))
        elevation_deg = math.degrees(elevation)
        if max(abs(azimuth_deg), abs(elevation_deg)) > FURTHEST_DEG:
            return math.nan, math.nan
        return azimuth_deg, elevation_deg


def vergence_distance_m(
    left_azimuth_deg: float, right_azimuth_deg: float, interpupillary_mm: float,
) -> float:
    """Return where the axes of both eyes meet, metres; NaN when that can't be told."""
    # The left eye is on the side of positive azimuth: to converge it turns to the other.
    angle_deg = right_azimuth_deg - left_azimuth_deg
    if not LEAST_VERGENCE_DEG <= angle_deg <= MOST_VERGENCE_DEG:
        return math.nan
    return 0.0005 * interpupillary_mm / math.tan(0.5 * math.radians(angle_deg))
