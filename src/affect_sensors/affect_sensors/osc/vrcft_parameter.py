# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What one parameter of VRCFaceTracking says about the shapes of Unified Expressions."""

from dataclasses import dataclass


@dataclass(frozen=True)
class VrcftParameter:
    """
    A parameter and the slots that it tells, indices of ``vrcft_parameters.SLOTS``.

    VRCFaceTracking blends shapes for avatars that have few: a mean of shapes says that each of
    them is about that; a difference, that either these or those are. ``plus`` are the slots of
    positive values, ``minus`` those of negative ones, of which there are none when it is empty.
    """

    plus: tuple[int, ...]
    minus: tuple[int, ...] = ()
    kind: str = 'weight'
    """weight; open (1 is open); lid (0 closed, ``wide_from`` open, 1 wide); gaze; pupil."""
    wide_from: float = 1.0
    pupil_unit_mm: float = 1.0
    """Millimetres that a value of 1 stands for."""
    rank: int = 0
    """The less slots a parameter is of, the more it says about each: lower ranks are believed."""
