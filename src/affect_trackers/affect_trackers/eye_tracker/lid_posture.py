# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Openness, squint and widening of one eye, against what is usual for it."""

from dataclasses import dataclass
import math

from affect_trackers.eye_tracker.pupil import EyeOpening
from affect_trackers.eye_tracker.pupil import Pupil
from affect_trackers.eye_tracker.usual_lid import UsualLid
from affect_trackers.eye_tracker.usual_opening import UsualOpening


@dataclass(frozen=True)
class Lids:
    """As in affect_msgs/EyeState; NaN unknown."""

    openness: float = math.nan
    squint: float = math.nan
    widening: float = math.nan


class LidPosture:
    """
    Follows the lids of one eye.

    A covered pupil is a shut eye: openness 0 (the P80 of Wierwille & Ellsworth 1994 is of the
    pupil's cover). Squint is how far the lower lid is above, widening how far the upper lid is
    above where they usually are for that gaze; ``FULL`` of the usual opening is 1, some 2 mm, the
    most that faces do (action units 7 and 5). What lasts for minutes becomes usual.
    """

    FULL = 0.2
    BLINK_OPENNESS = 0.7

    def __init__(self) -> None:
        self._opening = UsualOpening()
        self._upper, self._lower = UsualLid(), UsualLid()

    def forget(self) -> None:
        """Begin anew: another wearer, camera or time."""
        for part in (self._opening, self._upper, self._lower):
            part.forget()

    def follow(self, stamp_s: float, pupil: Pupil) -> Lids:
        """Return what the lids do at ``stamp_s``."""
        if pupil.opening is EyeOpening.CLOSED:
            return Lids(openness=0.0)
        openness = self._opening.openness(stamp_s, pupil.aperture)
        # A lid on its way down does not squint.
        if not openness > self.BLINK_OPENNESS:
            return Lids(openness=openness)
        full = self.FULL * pupil.aperture / openness
        raised = []
        for usual, row in (
                (self._lower, pupil.y + pupil.lower), (self._upper, pupil.y - pupil.upper)):
            above = (usual.expected(pupil.y) - row) / full
            raised.append(min(max(above, 0.0), 1.0) if math.isfinite(above) else math.nan)
            usual.learn(stamp_s, pupil.y, row)
        return Lids(openness, squint=raised[0], widening=raised[1])
