# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What moves in an eye image."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EyeLook:
    """What moves in an eye image: angles as in EyeState, pupil diameter, lids."""

    azimuth_deg: float = 0.0
    elevation_deg: float = 0.0
    pupil_mm: float = 3.6
    openness: float = 1.0
    squint: float = 0.0
