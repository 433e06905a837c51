# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the simulated wearer feels over time."""

from collections.abc import Mapping
from dataclasses import dataclass
import math
from pathlib import Path
from typing import TypeGuard

from affect_sensors.simulation.smooth_noise import smooth_noise
import numpy as np
import yaml

_QUANTITIES = {'valence': (-1.0, 1.0), 'arousal': (-1.0, 1.0), 'stress': (0.0, 1.0)}


class ScriptError(ValueError):
    """A script can't be used; the text says which line and why."""


@dataclass(frozen=True)
class Affect:
    """Valence and arousal in [-1, 1], stress in [0, 1]; arrays of one shape."""

    valence: np.ndarray
    arousal: np.ndarray
    stress: np.ndarray


class AffectTrajectory:
    """
    Valence, arousal and stress as a function of the wearer's time.

    Without a script they wander smoothly, anew about every quarter of a minute (long enough for a
    ten second window to see a steady state, short enough for a demonstration), and stress rises
    with arousal and falls with valence (the circumplex's tense quadrant; Russell 1980).
    With a script they move between its points and repeat after ``duration_s``.
    """

    WANDER_S = 15.0

    def __init__(self, seed: int, script: Mapping | None = None) -> None:
        self._seed = seed
        self._script = None if script is None else _checked(script)

    @classmethod
    def from_file(cls, seed: int, path: str) -> 'AffectTrajectory':
        """
        Read a YAML script.

        ``{duration_s: 60, points: [{at_s: 0, valence: 0.5, arousal: 0.2, stress: 0.1}, ...]}``

        :raises ScriptError: not there, not YAML, or not such a mapping.
        """
        try:
            script = yaml.safe_load(Path(path).read_text(encoding='utf-8'))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise ScriptError(f"'{path}' cannot be read as YAML: {error}") from error
        if not isinstance(script, Mapping):
            raise ScriptError(f"'{path}' must be a mapping with 'duration_s' and 'points'")
        return cls(seed, script)

    def at(self, t_s: np.ndarray) -> Affect:
        """Return the affect at times of the wearer's clock, seconds."""
        t = np.asarray(t_s, dtype=np.float64)
        if self._script is not None:
            duration, knots = self._script
            return Affect(*(_follow(t % duration, *knots[name]) for name in _QUANTITIES))
        valence = self._wander('valence', t)
        arousal = self._wander('arousal', t)
        own = smooth_noise(self._seed, 'stress', t, 45.0)
        stress = 1.0 / (1.0 + np.exp(-(2.0 * arousal - 1.5 * valence + 1.2 * own)))
        return Affect(valence, arousal, stress)

    def _wander(self, name: str, t: np.ndarray) -> np.ndarray:
        slow = smooth_noise(self._seed, name, t, self.WANDER_S)
        quick = smooth_noise(self._seed, name + '/quick', t, self.WANDER_S / 4.0)
        return np.tanh(1.6 * slow + 0.2 * quick)


def _checked(script: Mapping) -> tuple[float, dict[str, tuple[np.ndarray, np.ndarray]]]:
    duration, points = script.get('duration_s'), script.get('points')
    if not _is_number(duration) or duration <= 0.0:
        raise ScriptError("'duration_s' must be a number above 0")
    if not isinstance(points, list) or not points:
        raise ScriptError("'points' must be a list with at least one point")
    rows: list[tuple[float, dict[str, float]]] = []
    for i, point in enumerate(points):
        at_s = point.get('at_s') if isinstance(point, Mapping) else None
        if not _is_number(at_s):
            raise ScriptError(f"point {i}: 'at_s' must be a number")
        if not 0.0 <= at_s < duration or (rows and at_s <= rows[-1][0]):
            raise ScriptError(
                f"point {i}: 'at_s' must rise from point to point in [0, duration_s)")
        unknown = set(point) - set(_QUANTITIES) - {'at_s'}
        if unknown:
            raise ScriptError(f"point {i}: nobody knows {', '.join(sorted(map(str, unknown)))}")
        for name, (low, high) in _QUANTITIES.items():
            if name in point and not (_is_number(point[name]) and low <= point[name] <= high):
                raise ScriptError(f"point {i}: '{name}' must be in [{low:g}, {high:g}]")
        rows.append((float(at_s), dict(point)))
    knots = {}
    for name in _QUANTITIES:
        chosen = [(at, float(row[name])) for at, row in rows if name in row] or [(0.0, 0.0)]
        first, last = chosen[0], chosen[-1]
        around = [(last[0] - duration, last[1]), *chosen, (first[0] + duration, first[1])]
        knots[name] = (np.array([k[0] for k in around]), np.array([k[1] for k in around]))
    return float(duration), knots


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _follow(t: np.ndarray, at: np.ndarray, value: np.ndarray) -> np.ndarray:
    """Move from knot to knot with a smooth start and end."""
    i = np.clip(np.searchsorted(at, t, side='right') - 1, 0, len(at) - 2)
    x = (t - at[i]) / (at[i + 1] - at[i])
    x = x * x * (3.0 - 2.0 * x)
    return value[i] + (value[i + 1] - value[i]) * x
