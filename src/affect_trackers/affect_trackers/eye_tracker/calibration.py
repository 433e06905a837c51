# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The gaze calibration of one eye of one wearer: fitted to targets, or refused with the reason."""

from dataclasses import dataclass
from dataclasses import replace

from affect_trackers.eye_tracker.eyeball import FURTHEST_DEG
from affect_trackers.eye_tracker.gaze_model import direction_deg
from affect_trackers.eye_tracker.gaze_model import fit_model
from affect_trackers.eye_tracker.gaze_model import KINDS
from affect_trackers.eye_tracker.gaze_model import LEAST_TARGETS
import numpy as np

LEAST_SAMPLES = 8
LEAST_SHARE = 0.5
LEAST_SPAN_DEG = (10.0, 6.0)
"""From the leftmost to the rightmost target and from the lowest to the highest."""
MOST_ERROR_DEG = 3.0
OUTLIER_DEG = 3.0
MOST_DRIFT_DEG = 20.0
_SAME_DEG = 0.25


class CalibrationError(ValueError):
    """Data from which no calibration can be had: what is wrong and what to do."""


@dataclass(frozen=True)
class GazeCalibration:
    """
    What turns pupils of images of ``image_size`` (width, height) into degrees.

    ``median_deg`` and ``p95_deg`` are the errors of single samples, ``unseen_deg`` the median
    error of targets that were left out of the fit in turn: what to expect elsewhere.
    ``shift`` is a later correction of drift, fractions of the width.
    """

    kind: str
    numbers: tuple[float, ...]
    image_size: tuple[int, int]
    median_deg: float
    p95_deg: float
    unseen_deg: float
    targets: int
    shift: tuple[float, float] = (0.0, 0.0)

    def direction(self, x: float, y: float) -> tuple[float, float]:
        """Return azimuth and elevation for a pupil at fractions of width and height, or NaN."""
        place = _from_middle(np.array([[x, y]]), self.image_size) + self.shift
        found = direction_deg(self.kind, np.array(self.numbers), place)[0]
        if not np.all(np.abs(found) <= FURTHEST_DEG):
            return float('nan'), float('nan')
        return float(found[0]), float(found[1])

    def recentred(
        self, pupil: np.ndarray, target_deg: tuple[float, float],
    ) -> 'GazeCalibration':
        """
        Return a calibration that is right for one target: the headset slipped, the eye did not.

        :param pupil: [N, 2], fractions of width and height while the target was looked at
        :raises CalibrationError: too few pupils, or further off than a headset slips.
        """
        known = pupil[np.all(np.isfinite(pupil), axis=1)]
        if len(known) < max(LEAST_SAMPLES, LEAST_SHARE * len(pupil)):
            raise CalibrationError(
                f'the pupil was seen in {len(known)} of {len(pupil)} images of the target: look '
                'at it with open eyes and try again')
        place = np.median(_from_middle(known, self.image_size), axis=0)
        numbers, wanted = np.array(self.numbers), np.array(target_deg)
        before = direction_deg(self.kind, numbers, (place + self.shift)[None])[0]
        if not np.linalg.norm(before - wanted) <= MOST_DRIFT_DEG:
            raise CalibrationError(
                f'gaze is {np.linalg.norm(before - wanted):.0f} degrees beside the target: no '
                f'headset slips by more than {MOST_DRIFT_DEG:g}; calibrate anew')
        at, step = place + self.shift, 1e-4
        for _ in range(20):
            rows = direction_deg(
                self.kind, numbers, at + step * np.array([(0, 0), (1, 0), (0, 1)]))
            slope = (rows[1:] - rows[0]).T / step
            if not np.all(np.isfinite(rows)) or abs(np.linalg.det(slope)) < 1.0:
                raise CalibrationError(
                    'the target is beyond what was calibrated; show it further in the middle')
            at = at + np.clip(np.linalg.solve(slope, wanted - rows[0]), -0.05, 0.05)
        return replace(self, shift=(float(at[0] - place[0]), float(at[1] - place[1])))


def calibrate(
    pupil: np.ndarray, target_deg: np.ndarray, image_size: tuple[int, int],
    kind: str = 'auto',
) -> GazeCalibration:
    """
    Fit a model to what the pupil did while targets were looked at.

    :param pupil: [N, 2], fractions of the image's width and height, NaN where it was not seen
    :param target_deg: [N, 2], azimuth and elevation of the target at that time
    :param kind: of ``gaze_model.KINDS``, or ``auto``: what tells left-out targets best
    :raises CalibrationError: too few targets, too close together, too few pupils, bad agreement.
    """
    pupil, target_deg = np.asarray(pupil, float), np.asarray(target_deg, float)
    if pupil.ndim != 2 or pupil.shape[1] != 2 or pupil.shape != target_deg.shape:
        raise CalibrationError(
            f'pupils {pupil.shape} and targets {target_deg.shape} must both be [N, 2]')
    if kind != 'auto' and kind not in KINDS:
        raise CalibrationError(f"no model '{kind}': there are auto, {', '.join(KINDS)}")
    place = _from_middle(pupil, image_size)
    targets, which = _targets(target_deg)
    middles, kept = _middles(place, targets, which)
    _check_targets(targets[kept], len(targets))
    outliers = _outliers(middles, targets[kept])
    use = np.delete(np.arange(len(kept)), outliers)
    middles, wanted = middles[use], targets[kept][use]
    _check_targets(wanted, len(targets))
    tried = [k for k in KINDS if len(use) >= LEAST_TARGETS[k]] if kind == 'auto' else [kind]
    if kind != 'auto' and len(use) < LEAST_TARGETS[kind]:
        raise CalibrationError(
            f'{len(use)} usable targets: the {kind} model needs {LEAST_TARGETS[kind]}')
    unseen = {k: float(np.median(_left_out(k, middles, wanted))) for k in tried}
    best = min(tried, key=lambda k: unseen[k])
    if not unseen[best] <= MOST_ERROR_DEG:
        raise CalibrationError(
            f'targets that were left out are off by {unseen[best]:.1f} degrees in the median: '
            'they were not looked at, or the headset moved; calibrate again')
    numbers = fit_model(best, middles, wanted)
    rows = np.isin(which, kept[use]) & np.all(np.isfinite(place), axis=1)
    errors = error_deg(direction_deg(best, numbers, place[rows]), targets[which[rows]])
    errors = np.where(np.isfinite(errors), errors, 180.0)
    return GazeCalibration(
        best, tuple(float(v) for v in numbers), (int(image_size[0]), int(image_size[1])),
        float(np.median(errors)), float(np.percentile(errors, 95.0)), unseen[best], len(use))


def error_deg(found_deg: np.ndarray, wanted_deg: np.ndarray) -> np.ndarray:
    """Return the angle [N] between directions [N, 2] in Fick angles, degrees."""
    a, b = np.radians(found_deg), np.radians(wanted_deg)
    # Haversine: exact for small angles, too.
    half = np.sin(0.5 * (a[:, 1] - b[:, 1])) ** 2 + np.cos(a[:, 1]) * np.cos(b[:, 1]) * np.sin(
        0.5 * (a[:, 0] - b[:, 0])) ** 2
    return np.degrees(2.0 * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0))))


def _from_middle(pupil: np.ndarray, image_size: tuple[int, int]) -> np.ndarray:
    return (pupil - 0.5) * (1.0, image_size[1] / image_size[0])


def _targets(target_deg: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the distinct targets [T, 2] and which each row is of (-1: none)."""
    known = np.all(np.isfinite(target_deg), axis=1)
    if np.any(np.abs(target_deg[known]) > FURTHEST_DEG):
        raise CalibrationError(
            f'a target is more than {FURTHEST_DEG:g} degrees aside: give degrees from straight '
            'ahead, azimuth positive to the left')
    keys = np.round(target_deg[known] / _SAME_DEG).astype(int)
    distinct, first, inverse = np.unique(
        keys, axis=0, return_index=True, return_inverse=True)
    which = np.full(len(target_deg), -1)
    which[known] = inverse.reshape(-1)
    return target_deg[known][first].reshape(len(distinct), 2), which


def _middles(
    place: np.ndarray, targets: np.ndarray, which: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the pupil's median place [K, 2] for targets that have enough, and which do."""
    middles, kept = [], []
    for k in range(len(targets)):
        rows = place[which == k]
        seen = rows[np.all(np.isfinite(rows), axis=1)]
        if len(seen) >= max(LEAST_SAMPLES, LEAST_SHARE * len(rows)):
            middles.append(np.median(seen, axis=0))
            kept.append(k)
    return np.array(middles).reshape(-1, 2), np.array(kept, int)


def _check_targets(targets: np.ndarray, shown: int) -> None:
    least = min(LEAST_TARGETS.values())
    if len(targets) < least:
        raise CalibrationError(
            f'{len(targets)} of {shown} targets can be used, {least} are needed (9 are better): '
            f'each wants {LEAST_SAMPLES} images, half of them with the pupil in sight')
    span = np.ptp(targets, axis=0)
    if np.any(span < LEAST_SPAN_DEG):
        raise CalibrationError(
            f'targets span {span[0]:.1f} degrees from left to right and {span[1]:.1f} up and '
            f'down: {LEAST_SPAN_DEG[0]:g} and {LEAST_SPAN_DEG[1]:g} are the least')


def _left_out(kind: str, middles: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Return how far off each target is by a model of all others, degrees [K]."""
    found = np.empty_like(wanted)
    for k in range(len(wanted)):
        rest = np.arange(len(wanted)) != k
        numbers = fit_model(kind, middles[rest], wanted[rest])
        found[k] = direction_deg(kind, numbers, middles[k:k + 1])[0]
    errors = error_deg(found, wanted)
    return np.where(np.isfinite(errors), errors, 180.0)


def _outliers(middles: np.ndarray, wanted: np.ndarray) -> list[int]:
    """Return targets that were not looked at, at most a quarter: the stiffest model says so."""
    out: list[int] = []
    for _ in range(len(wanted) // 4):
        use = np.delete(np.arange(len(wanted)), out)
        if len(use) <= min(LEAST_TARGETS.values()):
            break
        errors = _left_out('eyeball', middles[use], wanted[use])
        worst = int(np.argmax(errors))
        # One wrong target spoils the others' errors as well: it is the one without which all fit.
        if errors[worst] < max(OUTLIER_DEG, 2.5 * float(np.median(errors))):
            break
        out.append(int(use[worst]))
    return out
