# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Everything that the images of one eye tell, from one to the next."""

from dataclasses import dataclass
import math

from affect_trackers.eye_tracker.calibration import GazeCalibration
from affect_trackers.eye_tracker.eyeball import EYE_RADIUS_MM
from affect_trackers.eye_tracker.eyeball import Eyeball
from affect_trackers.eye_tracker.lid_posture import LidPosture
from affect_trackers.eye_tracker.lid_posture import Lids
from affect_trackers.eye_tracker.pupil import EyeOpening
from affect_trackers.eye_tracker.pupil import Pupil
from affect_trackers.eye_tracker.pupil_follower import PupilFollower
from affect_trackers.eye_tracker.straight_ahead import StraightAhead
import numpy as np


@dataclass(frozen=True)
class EyeFinding:
    """One eye at one instant, as in affect_msgs/EyeState; NaN unknown."""

    pupil: Pupil
    lids: Lids
    azimuth_deg: float
    elevation_deg: float
    diameter_mm: float


UNSEEN = EyeFinding(Pupil(EyeOpening.UNKNOWN), Lids(), math.nan, math.nan, math.nan)
"""Nothing is known of the eye, e.g. of a headset that is not worn."""


class OneEye:
    """
    Follows one eye.

    With a ``calibration``, and images of its size, directions come from that; else from the
    scale and from where straight ahead is.

    :param mm_per_px: millimetres for a pixel of an image that is ``width_px`` wide; NaN unknown
    :param width_px: 0: as wide as the first image is
    :param straight_ahead_px: (x, y) of the pupil of an eye that looks straight ahead, the centre
        of the first pixel at (0, 0); NaN: learned as the running median
    """

    def __init__(
        self, *, mm_per_px: float = math.nan, width_px: int = 0,
        radius_mm: float = EYE_RADIUS_MM,
        straight_ahead_px: tuple[float, float] = (math.nan, math.nan),
    ) -> None:
        self.calibration: GazeCalibration | None = None
        self._eyeball = Eyeball(mm_per_px, radius_mm)
        self._width_px = width_px
        self._given_px = straight_ahead_px
        self._size = (0, 0)
        self._follower = PupilFollower()
        self._posture = LidPosture()
        self._straight_ahead = StraightAhead()

    @property
    def is_calibrated(self) -> bool:
        """Whether directions are calibrated, or straight ahead was given, not learned."""
        return self._fits(self._size) or all(math.isfinite(v) for v in self._given_px)

    def _fits(self, shape: tuple[int, int]) -> bool:
        """Return whether the calibration is for images [H, W] of this shape."""
        return self.calibration is not None and self.calibration.image_size == shape[::-1]

    def forget(self) -> None:
        """Begin anew: another wearer, or another time."""
        self._follower.forget()
        self._posture.forget()
        self._straight_ahead.forget()

    def changes_size(self, image: np.ndarray) -> bool:
        """Return whether images had another size until now, and begin anew if so."""
        if image.shape == self._size:
            return False
        is_first = self._size == (0, 0)
        self._size = image.shape
        if is_first:
            self._width_px = self._width_px or image.shape[1]
        self.forget()
        return not is_first

    def find(self, stamp_s: float, image: np.ndarray) -> EyeFinding:
        """
        Return what ``image``, uint8 [H, W], shows.

        Millimetres and degrees are known only of images as wide as the scale is for: whether a
        camera that changes its size crops or scales, nobody says.
        """
        self.changes_size(image)
        rows, columns = image.shape
        pupil = self._follower.find(stamp_s, image)
        lids = self._posture.follow(stamp_s, pupil)
        x, y = pupil.x * columns - 0.5, pupil.y * rows - 0.5
        middle = self._given_px
        if not self.is_calibrated:
            middle = self._straight_ahead.add(stamp_s, x, y)
        azimuth_deg = elevation_deg = diameter_mm = math.nan
        if columns == self._width_px:
            azimuth_deg, elevation_deg = self._eyeball.direction(x - middle[0], y - middle[1])
            diameter_mm = pupil.major * rows * self._eyeball.mm_per_px
        if self.calibration is not None and self._fits(image.shape):
            azimuth_deg, elevation_deg = self.calibration.direction(pupil.x, pupil.y)
        return EyeFinding(pupil, lids, azimuth_deg, elevation_deg, diameter_mm)
