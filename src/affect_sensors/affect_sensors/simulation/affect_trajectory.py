# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the simulated wearer feels over time."""

from collections.abc import Mapping

from affect_sensors.simulation.affect import Affect
from affect_sensors.simulation.counter_rng import hash_uniform
from affect_sensors.simulation.script import QUANTITIES
from affect_sensors.simulation.script import Script
from affect_sensors.simulation.script import ScriptError
from affect_sensors.simulation.smooth_noise import smooth_noise
import numpy as np

__all__ = ['AffectTrajectory', 'ScriptError']

SESSION_S = 3600.0
"""For so long a random wearer is at work before it rests and begins anew."""
_REST_S = 60.0
_WALK_SLOT_S = 40.0
_WALK_SHARE = 0.3


class AffectTrajectory:
    """
    Valence, arousal, stress, fatigue and walking as a function of the wearer's time.

    Without a script valence and arousal wander smoothly, anew about every quarter of a minute
    (long enough for a ten second window to see a steady state, short enough for a demonstration),
    and stress rises with arousal and falls with valence (the circumplex's tense quadrant; Russell
    1980). Fatigue grows with time on task, quickly at first (Grier et al., Hum. Factors 2003,
    after Mackworth 1948), through sessions of an hour, to three quarters at most: only a script
    makes the wearer fall asleep. Walks of some seconds come at random, in three of ten slots of
    40 s, whatever the wearer feels.
    With a script what it names moves between its points and repeats after ``duration_s``.
    """

    WANDER_S = 15.0

    def __init__(self, seed: int, script: Mapping | Script | None = None) -> None:
        self._seed = seed
        self.script = script if script is None or isinstance(script, Script) else (
            Script.from_mapping(script))
        self._session_phase_s = SESSION_S * float(hash_uniform(seed, 'session', 0))

    @classmethod
    def from_file(cls, seed: int, path: str) -> 'AffectTrajectory':
        """
        Read a YAML script, as ``script`` describes it.

        :raises ScriptError: not there, not YAML, or no such script.
        """
        return cls(seed, Script.from_file(path))

    def at(self, t_s: np.ndarray) -> Affect:
        """Return the affect at times of the wearer's clock, seconds."""
        t = np.asarray(t_s, dtype=np.float64)
        if self.script is not None and self.script.knots:
            t = t % self.script.duration_s
            return Affect(*(_follow(t, *self.script.knots[name]) for name in QUANTITIES))
        valence = self._wander('valence', t)
        arousal = self._wander('arousal', t)
        own = smooth_noise(self._seed, 'stress', t, 45.0)
        stress = 1.0 / (1.0 + np.exp(-(2.0 * arousal - 1.5 * valence + 1.2 * own)))
        return Affect(valence, arousal, stress, self._fatigue(t), self._walking(t))

    def session(self, t_s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the number of the session at times, and the seconds since it began."""
        place = np.asarray(t_s, dtype=np.float64) + self._session_phase_s
        number = np.floor(place / SESSION_S)
        return number.astype(np.int64), place - number * SESSION_S

    def _wander(self, name: str, t: np.ndarray) -> np.ndarray:
        slow = smooth_noise(self._seed, name, t, self.WANDER_S)
        quick = smooth_noise(self._seed, name + '/quick', t, self.WANDER_S / 4.0)
        return np.tanh(1.6 * slow + 0.2 * quick)

    def _fatigue(self, t: np.ndarray) -> np.ndarray:
        _, since = self.session(t)
        grown = 0.53 * (1.0 - np.exp(-since / 1200.0))
        grown *= 1.0 - _smooth((since - SESSION_S + _REST_S) / _REST_S)
        own = smooth_noise(self._seed, 'fatigue', t, 150.0)
        return np.clip(0.1 + grown + 0.12 * own, 0.0, 1.0)

    def _walking(self, t: np.ndarray) -> np.ndarray:
        slot = np.floor(t / _WALK_SLOT_S)
        chance, place, length = (
            hash_uniform(self._seed, f'walking/{i}', slot.astype(np.int64)) for i in range(3))
        length_s = 8.0 + 14.0 * length
        passed = t - slot * _WALK_SLOT_S - 1.0 - place * (_WALK_SLOT_S - 2.0 - length_s)
        edge = np.minimum(passed, length_s - passed) / 1.5
        return (chance < _WALK_SHARE) * _smooth(edge)


def _smooth(x: np.ndarray) -> np.ndarray:
    """Rise from 0 to 1 with steady slopes and curvatures."""
    x = np.clip(x, 0.0, 1.0)
    return x * x * x * (x * (6.0 * x - 15.0) + 10.0)


def _follow(t: np.ndarray, at: np.ndarray, value: np.ndarray) -> np.ndarray:
    """Move from knot to knot with a smooth start and end."""
    i = np.clip(np.searchsorted(at, t, side='right') - 1, 0, len(at) - 2)
    x = (t - at[i]) / (at[i + 1] - at[i])
    x = x * x * (3.0 - 2.0 * x)
    return value[i] + (value[i + 1] - value[i]) * x
