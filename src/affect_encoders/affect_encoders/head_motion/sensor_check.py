# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Whether inertial samples can be what they are said to be: rad/s, m/s^2, one set of axes."""

from dataclasses import dataclass

from affect_encoders.quick import rows_known
import numpy as np

FASTEST_MEAN_RAD_S = 10.0
"""
Over seconds no head turns faster: shaking it three times a second by as far as it goes is 6 rad/s
in the mean; single movements reach 14 rad/s (Grossman et al. 1988, Exp. Brain Res. 70:470, had
half of that in vigorous rotation).
"""

IN_G = (0.8, 1.25)
LEAST_TURN_RAD_S = 0.5
MOST_SHARE = 0.2
"""
In deg/s gravity turns by 0.017 of what is said, by up to a tenth when the head nods quickly: the
sensor is some 0.15 m from the neck, and what it feels of that goes along with gravity.
"""

LEAST_TILT_RAD_S = 0.1
ALIKE = 0.4
"""Correlation that tells, positive or negative; of gravity that never turns, nothing is said."""

LEAST_BLOCKS = 40
LEAST_SAMPLES = 200
BLOCK = 5
BLOCK_S = 0.05
GRAVITY_M_S2 = 9.80665
GRAVITY_TOLERANCE_M_S2 = 3.0


@dataclass(frozen=True)
class Complaint:
    """
    What is wrong with a sensor, and what of it can not be used.

    ``turning`` or ``force``: rates or accelerations mean something else than their unit says.
    """

    reason: str
    turning: bool = False
    force: bool = False


def complaint(turning: np.ndarray, force: np.ndarray) -> Complaint | None:
    """
    Return what speaks against samples on a grid of 100 Hz; None when nothing does.

    Gravity, as the accelerometer sees it, must turn as the gyroscope says: as far (else it is not
    in rad/s), and the same way (else both do not share their axes). A head that is still, or
    turns about the vertical only, shows neither.

    :param turning: angular velocity said to be in rad/s [N, 3], NaN unknown
    :param force: specific force said to be in m/s^2 [N, 3], NaN unknown
    """
    known = rows_known(turning)
    if np.count_nonzero(known) >= LEAST_SAMPLES:
        rates = turning[known]
        speed = float(np.sqrt(np.einsum('ij,ij->i', rates, rates)).mean())
        if speed > FASTEST_MEAN_RAD_S:
            return Complaint(
                f'no head turns at more than {FASTEST_MEAN_RAD_S:g} rad/s for seconds: is the '
                'angular velocity in deg/s? Send rad/s', turning=True)
    resting = force[rows_known(force)]
    if len(resting) >= LEAST_SAMPLES:
        mean = float(np.linalg.norm(resting.mean(axis=0)))
        if IN_G[0] < mean < IN_G[1]:
            return Complaint(
                'gravity is about 1: is the acceleration in g? Send m/s^2', force=True)
    return _gravity_complaint(turning, force)


def _gravity_complaint(turning: np.ndarray, force: np.ndarray) -> Complaint | None:
    end = len(turning) // BLOCK * BLOCK
    rate = turning[-end:].reshape(-1, BLOCK, 3).mean(axis=1)
    down = force[-end:].reshape(-1, BLOCK, 3).mean(axis=1)
    size = np.sqrt(np.einsum('ij,ij->i', down, down))
    steady = np.abs(size - GRAVITY_M_S2) <= GRAVITY_TOLERANCE_M_S2
    up = down / np.where(steady, size, 1.0)[:, None]
    # What stands still in the world turns backwards in the axes of the head: u' = u x w. From the
    # middle of one block to that of the next, so by the mean of both.
    between = 0.5 * (rate[1:] + rate[:-1])
    said = np.cross(0.5 * (up[1:] + up[:-1]), between)
    seen = (up[1:] - up[:-1]) / BLOCK_S
    both = steady[1:] & steady[:-1] & np.isfinite(said).all(axis=1)
    if np.count_nonzero(both) < LEAST_BLOCKS:
        return None
    said, seen = said[both], seen[both]
    said_square, seen_square, product = (
        float((a * b).sum()) for a, b in ((said, said), (seen, seen), (said, seen)))
    alike = product / max(np.sqrt(said_square * seen_square), 1e-12)
    said_rad_s, seen_rad_s = (np.sqrt(s / len(said)) for s in (said_square, seen_square))
    if said_rad_s > LEAST_TURN_RAD_S and alike > ALIKE and product < MOST_SHARE * said_square:
        return Complaint(
            'the head turns much further than gravity does: is the angular velocity in deg/s? '
            'Send rad/s', turning=True)
    if alike < -ALIKE and min(said_rad_s, seen_rad_s) > LEAST_TILT_RAD_S:
        return Complaint(
            'gravity turns against the gyroscope: both must be in axes x forward, y left, z up')
    return None
