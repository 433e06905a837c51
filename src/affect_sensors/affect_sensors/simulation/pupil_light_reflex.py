# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
How the light of a scene drives the pupil.

Steady state: Stanley & Davies (Perception 1995) as in the review of Watson & Yellott (J. Vision
2012). Change: after a latency of a quarter of a second (Ellis, Br. J. Ophthalmol. 1981) quick
constriction and slower dilation, each of first order.
"""

from collections.abc import Callable

import numpy as np

FIELD_DEG2 = 1500.0
"""Area of the field that lights the eye; about 44 degrees across, as in a headset."""
LATENCY_S = 0.25
CONSTRICTION_S, DILATION_S = 0.25, 0.9

_STEP_S = 1.0 / 30.0
_WARM_UP = 180


def steady_pupil_mm(luminance_cd_m2: np.ndarray) -> np.ndarray:
    """Return the pupil's diameter in mm under a steady luminance in cd/m^2, any shape."""
    flux = (np.asarray(luminance_cd_m2) * FIELD_DEG2 / 846.0) ** 0.41
    return 7.75 - 5.75 * flux / (flux + 2.0)


def lit_pupil_mm(
    luminance_cd_m2: Callable[[np.ndarray], np.ndarray], t_s: np.ndarray,
) -> np.ndarray:
    """
    Return the diameter in mm at rising times ``t_s`` [N] under a luminance that is a function.

    What was seen in the six seconds before is taken into account, what was before that is not.
    """
    # On a fixed grid: the same whatever the times asked for.
    first = int(np.floor(t_s[0] / _STEP_S)) - _WARM_UP
    last = int(np.floor(t_s[-1] / _STEP_S)) + 2
    grid_s = np.arange(first, last) * _STEP_S
    goal = steady_pupil_mm(luminance_cd_m2(grid_s - LATENCY_S)).tolist()
    quick, slow = (1.0 - np.exp(-_STEP_S / s) for s in (CONSTRICTION_S, DILATION_S))
    now, found = goal[0], []
    for aim in goal:
        now += (quick if aim < now else slow) * (aim - now)
        found.append(now)
    return np.interp(t_s, grid_s, found)
