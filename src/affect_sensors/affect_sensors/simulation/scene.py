# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
What is before the simulated wearer: its light, its colours, and what comes closer.

Light changes slowly, and at once when a lamp is switched. Scenes are more colourful when they
please (Valdez & Mehrabian, J. Exp. Psychol. Gen. 1994: saturation and brightness go with
pleasure), and more comes at the wearer when there is stress (looming is the primitive threat:
Schiff, Caviness & Gibson, Science 1962). The sizes of the effects are ours.
"""

from dataclasses import dataclass
from dataclasses import replace
from functools import lru_cache
import math

from affect_sensors.simulation.affect import AffectSource
from affect_sensors.simulation.counter_rng import hash_uniform
from affect_sensors.simulation.smooth_noise import smooth_noise
import numpy as np

_LAMP_SLOT_S = 20.0
_LAMP_S = 0.4
_LOOMING_SLOT_S = 12.0
_FAR_M, _NEAR_M = 6.0, 0.5


@dataclass(frozen=True)
class LoomingBall:
    """A ball that comes closer: where it is, in the world, and how soon it would be here."""

    azimuth_deg: float
    elevation_deg: float
    distance_m: float
    radius_m: float
    time_to_contact_s: float
    hue: float
    """[0, 1)."""


class SimulatedScene:
    """Light, colour and what looms, as functions of the wearer's time."""

    def __init__(self, seed: int, affect: AffectSource) -> None:
        self._seed = seed
        self._affect = affect
        self._approach = lru_cache(maxsize=4)(self._draw)

    def luminance_cd_m2(self, t_s: np.ndarray) -> np.ndarray:
        """Return the scene's mean luminance at times, cd/m^2: 2 (dusk) to 280 (a bright room)."""
        t = np.asarray(t_s, dtype=np.float64)
        slot = np.floor(t / _LAMP_SLOT_S)
        x = np.clip((t - slot * _LAMP_SLOT_S) / _LAMP_S, 0.0, 1.0)
        number = slot.astype(np.int64)
        before, after = (
            2.0 * hash_uniform(self._seed, 'scene/lamp', n) - 1.0 for n in (number - 1, number))
        lamp = before + (after - before) * x * x * (3.0 - 2.0 * x)
        slow = smooth_noise(self._seed, 'scene/light', t, 9.0)
        return 10.0 ** (1.4 + 0.5 * lamp + 0.55 * slow)

    def colourfulness(self, t_s: np.ndarray) -> np.ndarray:
        """Return by how much colours are stronger (above 1) or paler than painted."""
        return 1.0 + 0.5 * self._affect.at(t_s).valence

    def looming(self, t_s: float) -> LoomingBall | None:
        """Return what comes closer at a time, if anything does."""
        approach = self._approach(math.floor(t_s / _LOOMING_SLOT_S))
        if approach is None:
            return None
        begin_s, duration_s, ball = approach
        passed = (t_s - begin_s) / duration_s
        if not 0.0 <= passed < 1.0:
            return None
        distance_m = _FAR_M + (_NEAR_M - _FAR_M) * passed
        return replace(
            ball, distance_m=distance_m,
            time_to_contact_s=distance_m * duration_s / (_FAR_M - _NEAR_M))

    def _draw(self, slot: int) -> tuple[float, float, LoomingBall] | None:
        """Return what comes closer in a slot: from when on, for how long, and what it is."""
        chance, place, length, size, aside, above, hue = hash_uniform(
            self._seed, 'scene/looming', 7 * slot + np.arange(7)).tolist()
        slot_s = slot * _LOOMING_SLOT_S
        stress = float(self._affect.at(np.array([slot_s])).stress[0])
        if chance > 0.2 + 0.5 * stress:
            return None
        return slot_s + 0.5 + 7.0 * place, 1.5 + 2.0 * length, LoomingBall(
            azimuth_deg=30.0 * (aside - 0.5), elevation_deg=14.0 * (above - 0.5),
            distance_m=_FAR_M, radius_m=0.1 + 0.15 * size, time_to_contact_s=math.inf, hue=hue)
