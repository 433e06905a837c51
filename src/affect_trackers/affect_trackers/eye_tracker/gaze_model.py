# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
From where the pupil is in the image to where the eye looks, with numbers learned from targets.

``eyeball``: a ball that turns before a camera that is far away for the depth of an eye and may
look at it from anywhere (six numbers); ``quadratic`` and ``affine``: polynomials (Stampe 1993,
Behav. Res. Methods 25:137; Cerrolaza, Villanueva & Cabeza 2012, ACM TOCHI 19:10). The ball is
right also beyond the targets, where polynomials are not.

Pupils are [N, 2], fractions of the image's *width*, right and down from the image's middle.
Directions are [N, 2], Fick azimuth (positive to the wearer's left) and elevation in degrees.
"""

from collections.abc import Callable

import numpy as np
from scipy.optimize import least_squares

KINDS = ('eyeball', 'quadratic', 'affine')
LEAST_TARGETS = {'eyeball': 5, 'quadratic': 8, 'affine': 5}
HUBER_DEG = 1.0
_TURN_DEG = 30.0
"""Eye cameras of headsets look from up to so far beside the eye: a weak prior for the ball."""


def direction_deg(kind: str, numbers: np.ndarray, pupil: np.ndarray) -> np.ndarray:
    """Return directions [N, 2] of ``pupil`` [N, 2]; NaN where the model has no answer."""
    if kind == 'eyeball':
        return _ball_direction_deg(numbers, pupil)
    return _terms(kind, pupil) @ np.asarray(numbers, float).reshape(-1, 2)


def fit_model(kind: str, pupil: np.ndarray, wanted_deg: np.ndarray) -> np.ndarray:
    """
    Return the model's numbers for pupils and directions of targets, both [N, 2].

    Huber's loss: one target that was not looked at does not pull all.
    """
    terms = _terms('affine', pupil)
    straight = np.linalg.lstsq(terms, wanted_deg, rcond=None)[0]
    if kind != 'eyeball':
        terms = _terms(kind, pupil)
        start = np.linalg.lstsq(terms, wanted_deg, rcond=None)[0]
        return _solve(
            lambda numbers: (terms @ numbers.reshape(-1, 2) - wanted_deg).ravel(), start.ravel())
    # A frontal camera: the azimuth grows by 1 / radius for every unit to the right.
    radius = np.clip(2.0 / np.radians(
        abs(straight[1, 0]) + abs(straight[2, 1])), 0.02, 2.0)
    place = np.linalg.lstsq(straight[1:].T, -straight[0], rcond=None)[0]
    start = np.array([*place, np.log(radius), 0.0, 0.0, 0.0])

    def misfit(numbers: np.ndarray) -> np.ndarray:
        off = _ball_direction_deg(numbers, pupil, clip=True) - wanted_deg
        return np.concatenate([off.ravel(), numbers[3:] / np.radians(_TURN_DEG)])

    return _solve(misfit, start)


def _solve(misfit: Callable[[np.ndarray], np.ndarray], start: np.ndarray) -> np.ndarray:
    return least_squares(
        misfit, start, loss='huber', f_scale=HUBER_DEG, x_scale='jac', max_nfev=200).x


def _terms(kind: str, pupil: np.ndarray) -> np.ndarray:
    x, y = np.asarray(pupil, float).T
    columns = [np.ones_like(x), x, y]
    if kind == 'quadratic':
        columns += [x * y, x * x, y * y]
    return np.stack(columns, axis=1)


def _ball_direction_deg(
    numbers: np.ndarray, pupil: np.ndarray, *, clip: bool = False,
) -> np.ndarray:
    """Return directions for (place right, down, log radius, three turns of the camera)."""
    radius = np.exp(np.clip(numbers[2], -6.0, 3.0))
    left = (pupil[:, 0] - numbers[0]) / radius
    up = (numbers[1] - pupil[:, 1]) / radius
    square = left * left + up * up
    if clip:  # while it is fitted: a direction that says how far off it is
        shrink = np.minimum(1.0, 0.999 / np.sqrt(np.maximum(square, 1e-12)))
        left, up = left * shrink, up * shrink
        square = left * left + up * up
    with np.errstate(invalid='ignore'):
        forward = np.sqrt(1.0 - square)
    seen = np.stack([forward, left, up], axis=1)
    x, y, z = (seen @ _rotation(*numbers[3:])).T
    return np.degrees(np.stack([np.arctan2(y, x), np.arcsin(np.clip(z, -1.0, 1.0))], axis=1))


def _rotation(roll: float, pitch: float, yaw: float) -> np.ndarray:
    cr, sr, cp, sp = np.cos(roll), np.sin(roll), np.cos(pitch), np.sin(pitch)
    cy, sy = np.cos(yaw), np.sin(yaw)
    return np.array([
        [cy * cp, cy * sp * sr - sy * cr, cy * sp * cr + sy * sr],
        [sy * cp, sy * sp * sr + cy * cr, sy * sp * cr - cy * sr],
        [-sp, cp * sr, cp * cr]])
