# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the pupils did while targets were shown, until there is enough to calibrate."""

from collections import deque
import math

from affect_trackers.eye_tracker.calibration import calibrate
from affect_trackers.eye_tracker.calibration import CalibrationError
from affect_trackers.eye_tracker.calibration import GazeCalibration
import numpy as np

SETTLE_S = 0.6
"""A saccade to a new target begins within 0.2 s and often needs a second one (Becker 1989)."""
HOLD_S = 0.5
"""A target counts as shown for so long after it was last told."""
MOST_SAMPLES = 40_000

_SAME_M = 0.002


def target_direction_deg(
    point_m: tuple[float, float, float], side: str, interpupillary_mm: float,
) -> tuple[float, float]:
    """
    Return azimuth and elevation at which one eye sees a point.

    :param point_m: x forward, y left, z up of the middle between the eyes' centres of rotation
    :raises CalibrationError: the point is not in front of the eyes.
    """
    x, y, z = point_m
    y -= math.copysign(0.0005 * interpupillary_mm, 1.0 if side == 'left' else -1.0)
    if not (math.isfinite(x + y + z) and x > 0.05):
        raise CalibrationError(
            f'target at ({x:g}, {y:g}, {z:g}) m: it must be in front of the eyes, x forward')
    return math.degrees(math.atan2(y, x)), math.degrees(math.atan2(z, math.hypot(x, y)))


class CalibrationSession:
    """
    Collects pupils of both eyes by target.

    Stamps say which images belong to a target: those from ``SETTLE_S`` after it was first shown
    to ``HOLD_S`` after it was last told; so it has to be told again at least twice a second.
    """

    def __init__(self, interpupillary_mm: float) -> None:
        self.interpupillary_mm = interpupillary_mm
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self._point_m: tuple[float, float, float] | None = None
        self._since_s = self._told_s = -math.inf
        self._rows: dict[str, deque[tuple[float, float, float, float]]] = {
            side: deque(maxlen=MOST_SAMPLES) for side in ('left', 'right')}
        self._image_size: dict[str, tuple[int, int]] = {}

    @property
    def is_empty(self) -> bool:
        """Return whether nothing was collected."""
        return not any(self._rows.values())

    def show(self, stamp_s: float, point_m: tuple[float, float, float]) -> None:
        """
        Take note that a target is shown; the same one again keeps it, NaN ends it.

        :raises CalibrationError: the point is not in front of the eyes.
        """
        if any(math.isnan(v) for v in point_m):
            self._point_m = None
            return
        target_direction_deg(point_m, 'left', self.interpupillary_mm)
        same = self._point_m is not None and math.dist(point_m, self._point_m) < _SAME_M and (
            stamp_s <= self._told_s + HOLD_S)
        if not same:
            self._point_m, self._since_s = point_m, stamp_s
        self._told_s = stamp_s

    def add(
        self, stamp_s: float, side: str, x: float, y: float, image_size: tuple[int, int],
    ) -> None:
        """Take a pupil, fractions of width and height, NaN when it was not seen."""
        if self._point_m is None or not (
                self._since_s + SETTLE_S <= stamp_s <= self._told_s + HOLD_S):
            return
        if self._image_size.setdefault(side, image_size) != image_size:
            self._rows[side].clear()
            self._image_size[side] = image_size
        azimuth_deg, elevation_deg = target_direction_deg(
            self._point_m, side, self.interpupillary_mm)
        self._rows[side].append((x, y, azimuth_deg, elevation_deg))

    def fit(self) -> dict[str, GazeCalibration]:
        """
        Return a calibration for each eye that was seen.

        :raises CalibrationError: no eye can be calibrated; says why for each.
        """
        if self.is_empty:
            raise CalibrationError(
                'no pupils while a target was shown: publish hmd/gaze/calibration_target at '
                f'2 Hz or more, each target for {SETTLE_S + 1.0:g} s or longer')
        found, reasons = {}, []
        for side, rows in self._rows.items():
            if not rows:
                continue
            table = np.array(rows)
            try:
                found[side] = calibrate(table[:, :2], table[:, 2:], self._image_size[side])
            except CalibrationError as error:
                reasons.append(f'{side} eye: {error}')
        if not found:
            raise CalibrationError('; '.join(reasons))
        return found

    def recentre(self, calibrations: dict[str, GazeCalibration]) -> dict[str, GazeCalibration]:
        """
        Return calibrations that are right for the target that was collected last.

        :raises CalibrationError: no target, or it does not fit; says why.
        """
        found, reasons = {}, []
        for side, calibration in calibrations.items():
            rows = np.array(self._rows[side]).reshape(-1, 4)
            if not len(rows):
                reasons.append(f'{side} eye: no pupils while a target was shown')
                continue
            rows = rows[np.all(rows[:, 2:] == rows[-1, 2:], axis=1)][-120:]
            try:
                found[side] = calibration.recentred(
                    rows[:, :2], (float(rows[-1, 2]), float(rows[-1, 3])))
            except CalibrationError as error:
                reasons.append(f'{side} eye: {error}')
        if not found:
            raise CalibrationError('; '.join(reasons) or 'there is no calibration to correct')
        return found
