# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""How wide a pupil is by light alone: the unified formula of Watson and Yellott; numpy only."""

import numpy as np

REFERENCE_AGE = 28.58
"""Years; the mean age of the observers behind the formula (Watson & Yellott 2012)."""

LATENCY_S = 0.25
CONSTRICTION_S, DILATION_S = 0.25, 0.9
"""
Light moves the pupil after some 0.25 s, and it narrows several times as fast as it widens again
(Ellis 1981, Br. J. Ophthalmol. 65:754): both as first-order lags. Taken from there, not fitted.
"""

WARM_UP_S = 5.0
LONGEST_STEP_S = 1.0


def light_pupil_mm(
    luminance_cd_m2: np.ndarray, *, field_deg2: float, eyes: int = 2,
    age_years: float = REFERENCE_AGE,
) -> np.ndarray:
    """
    Return the diameter in mm that an adapted pupil has by light alone.

    Watson & Yellott 2012, J. Vision 12(10):12, equations 20 and 21: Stanley & Davies' (1995) law
    of luminance times field area, with the effects of age and of covering one eye.

    :param luminance_cd_m2: mean luminance of the field, cd/m^2; NaN stays NaN
    :param field_deg2: area of the lit field, square degrees
    :param eyes: how many eyes are lit; one counts a tenth
    :param age_years: 20 to 83 were measured
    """
    flux = np.maximum(np.asarray(luminance_cd_m2, dtype=np.float64), 0.0) * field_deg2
    driven = (flux * (1.0 if eyes == 2 else 0.1) / 846.0) ** 0.41
    diameter = 7.75 - 5.75 * driven / (driven + 2.0)
    return diameter + (age_years - REFERENCE_AGE) * (0.02132 - 0.009562 * diameter)


def reflex_mm(t_s: np.ndarray, goal_mm: np.ndarray) -> np.ndarray:
    """
    Return the diameter [N] of a pupil that follows ``goal_mm`` [N], LATENCY_S after each stamp.

    The first one, and one after a gap of more than LONGEST_STEP_S, counts as settled.

    :param t_s: stamps of the light, seconds, rising [N]
    :param goal_mm: diameter by that light alone when adapted to it, finite
    """
    step = np.diff(t_s, prepend=-np.inf)
    narrower, wider = (-np.expm1(-step / lag_s) for lag_s in (CONSTRICTION_S, DILATION_S))
    settled = step > LONGEST_STEP_S
    now, found = 0.0, []
    for goal, quick, slow, is_settled in zip(
            goal_mm.tolist(), narrower.tolist(), wider.tolist(), settled.tolist(), strict=True):
        now += goal - now if is_settled else (quick if goal < now else slow) * (goal - now)
        found.append(now)
    return np.array(found)
