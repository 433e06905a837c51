# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
What else moves the wearer's body and is no affect: how warm the room is, and caffeine.

Both change over an hour or more. Warmth raises skin temperature, skin conductance (sweating) and
heart rate (Boucsein, Electrodermal Activity, 2012). Caffeine raises skin conductance and hardly
the heart rate (Barry et al., Clin. Neurophysiol. 2005); it stays for hours (Fredholm et al.,
Pharmacol. Rev. 1999: half-life 2.5 to 4.5 h).
"""

from affect_sensors.simulation.person import Person
from affect_sensors.simulation.smooth_noise import smooth_noise
import numpy as np

USUAL_TEMPERATURE_C = 24.0


def ambient_temperature_c(seed: int, t_s: np.ndarray) -> np.ndarray:
    """Return how warm the room is at times, degrees Celsius: 19 to 29."""
    return USUAL_TEMPERATURE_C + 5.0 * smooth_noise(seed, 'surroundings/warmth', t_s, 2400.0)


def caffeine(seed: int, person: Person, t_s: np.ndarray) -> np.ndarray:
    """Return how much caffeine is at work at times, [0, 1]; 0 in who takes none."""
    if not person.takes_caffeine:
        return np.zeros(np.shape(t_s))
    return 0.5 + 0.5 * smooth_noise(seed, 'surroundings/caffeine', t_s, 7200.0)
