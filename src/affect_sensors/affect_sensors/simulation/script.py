# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
What the simulated wearer is made to feel, look at and say: a YAML file.

.. code-block:: yaml

    duration_s: 60            # then it begins anew
    points:                   # smooth from point to point; what a point leaves out goes on
    - {at_s: 0, valence: 0.6, arousal: 0.2, stress: 0.1, fatigue: 0.0, walking: 0.0}
    - {at_s: 30, valence: -0.7, arousal: 0.8, stress: 0.9}
    gaze:                     # targets, degrees (azimuth to the wearer's left, elevation up)
    - {at_s: 2, azimuth_deg: 10, elevation_deg: 0, distance_m: 1.0}
    - {at_s: 6, azimuth_deg: -10, elevation_deg: 5}
    - {at_s: 9, azimuth_deg: 10, elevation_deg: 5, pursue: true}     # followed until there
    words:                    # one at a time, none while another is being said
    - {at_s: 4, say: i feel calm and very peaceful}
    - {at_s: 33, say: please help me i'm so scared}
    says_nothing: [head_motion]

Valence and arousal are in [-1, 1], the other three in [0, 1]; what no point names is 0. Without
``points`` the feelings wander at random, without ``gaze`` the eyes do, without ``words`` the
wearer says what it feels like saying. A sentence that is not among those that ship with the
package (``utterances/sentences.yaml``) needs Flite on the host (``apt install flite``).
``says_nothing`` names modalities whose signals have nothing to do with what the wearer feels; a
script has none unless it names them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
import math
from pathlib import Path
from typing import Any
from typing import TypeGuard

from affect_sensors.simulation.modalities import MODALITIES
import numpy as np
import yaml

QUANTITIES = {
    'valence': (-1.0, 1.0), 'arousal': (-1.0, 1.0), 'stress': (0.0, 1.0), 'fatigue': (0.0, 1.0),
    'walking': (0.0, 1.0)}
"""What points may set, and its range; the fields of Affect."""

_AZIMUTH_DEG, _ELEVATION_DEG, _DISTANCE_M = (-30.0, 30.0), (-20.0, 20.0), (0.2, 20.0)
_SHORTEST_LOOK_S = 0.2
_FASTEST_PURSUIT_DEG_S = 90.0
"""Meyer, Lasker & Robinson, Vision Res. 1985."""


class ScriptError(ValueError):
    """A script can't be used; the text says which line and why."""


@dataclass(frozen=True)
class GazeTarget:
    """From ``at_s`` on the eyes are there; ``pursue``: they followed it from the one before."""

    at_s: float
    direction_deg: tuple[float, float]
    """Azimuth and elevation."""
    distance_m: float
    pursue: bool


@dataclass(frozen=True)
class Words:
    """A sentence and when it begins."""

    at_s: float
    say: str


@dataclass(frozen=True)
class Script:
    """
    A checked script.

    ``knots`` holds times and values by quantity, one knot before 0 and one after the end; empty:
    feelings are random. ``gaze`` and ``words`` are empty where they are left to chance.
    """

    duration_s: float
    knots: Mapping[str, tuple[np.ndarray, np.ndarray]]
    gaze: tuple[GazeTarget, ...]
    words: tuple[Words, ...]
    says_nothing: frozenset[str]

    @classmethod
    def from_file(cls, path: str) -> 'Script':
        """
        Read a YAML script.

        :raises ScriptError: not there, not YAML, or not such a mapping.
        """
        try:
            script = yaml.safe_load(Path(path).read_text(encoding='utf-8'))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise ScriptError(f"'{path}' cannot be read as YAML: {error}") from error
        if not isinstance(script, Mapping):
            raise ScriptError(
                f"'{path}' must be a mapping with 'duration_s' and 'points', 'gaze' or 'words'")
        return cls.from_mapping(script)

    @classmethod
    def from_mapping(cls, script: Mapping) -> 'Script':
        """
        Check a script.

        :raises ScriptError: it is no such script; the text says what is wrong with which entry.
        """
        unknown = set(script) - {'duration_s', 'points', 'gaze', 'words', 'says_nothing'}
        if unknown:
            raise ScriptError(f'nobody knows {_listed(unknown)}')
        duration = script.get('duration_s')
        if not _is_number(duration) or duration <= 0.0:
            raise ScriptError("'duration_s' must be a number above 0")
        if not set(script) & {'points', 'gaze', 'words'}:
            raise ScriptError("there must be 'points', 'gaze' or 'words'")
        silent = script.get('says_nothing', [])
        if not isinstance(silent, list) or not set(map(str, silent)) <= set(MODALITIES):
            raise ScriptError(
                f"'says_nothing' must be a list of modalities out of {_listed(MODALITIES)}")
        return cls(
            float(duration), _knots(script, duration), _gaze(script, duration),
            _words(script, duration), frozenset(silent))


def _entries(script: Mapping, name: str, duration: float, fields: set[str]) -> list[Mapping]:
    """Return the entries of a list whose times rise."""
    if name not in script:
        return []
    entries = script[name]
    one = name.removesuffix('s')
    if not isinstance(entries, list) or not entries:
        raise ScriptError(f"'{name}' must be a list with at least one {one}")
    last = -math.inf
    for i, entry in enumerate(entries):
        at_s = entry.get('at_s') if isinstance(entry, Mapping) else None
        if not _is_number(at_s):
            raise ScriptError(f"{one} {i}: 'at_s' must be a number")
        if not 0.0 <= at_s < duration or at_s <= last:
            raise ScriptError(
                f"{one} {i}: 'at_s' must rise from {one} to {one} in [0, duration_s)")
        unknown = set(entry) - fields - {'at_s'}
        if unknown:
            raise ScriptError(f'{one} {i}: nobody knows {_listed(unknown)}')
        last = at_s
    return entries


def _knots(script: Mapping, duration: float) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    points = _entries(script, 'points', duration, set(QUANTITIES))
    if not points:
        return {}
    knots = {}
    for name, limits in QUANTITIES.items():
        chosen = [
            (float(point['at_s']), _number(f'point {i}', point, name, limits))
            for i, point in enumerate(points) if name in point] or [(0.0, 0.0)]
        first, last = chosen[0], chosen[-1]
        around = [(last[0] - duration, last[1]), *chosen, (first[0] + duration, first[1])]
        knots[name] = (np.array([k[0] for k in around]), np.array([k[1] for k in around]))
    return knots


def _gaze(script: Mapping, duration: float) -> tuple[GazeTarget, ...]:
    fields = {'azimuth_deg', 'elevation_deg', 'distance_m', 'pursue'}
    found: list[GazeTarget] = []
    for i, entry in enumerate(_entries(script, 'gaze', duration, fields)):
        where = f'gaze {i}'
        pursue = entry.get('pursue', False)
        if not isinstance(pursue, bool):
            raise ScriptError(f"{where}: 'pursue' must be true or false")
        found.append(GazeTarget(
            float(entry['at_s']), (
                _number(where, entry, 'azimuth_deg', _AZIMUTH_DEG),
                _number(where, entry, 'elevation_deg', _ELEVATION_DEG)),
            _number(where, {'distance_m': 1.0, **entry}, 'distance_m', _DISTANCE_M), pursue))
    for i, target in enumerate(found):
        before = found[i - 1]
        passed_s = target.at_s - before.at_s + (duration if i == 0 else 0.0)
        if passed_s < _SHORTEST_LOOK_S:
            raise ScriptError(
                f'gaze {i}: the eyes need {_SHORTEST_LOOK_S:g} s from one target to the next')
        way_deg = math.dist(target.direction_deg, before.direction_deg)
        if target.pursue and way_deg / passed_s > _FASTEST_PURSUIT_DEG_S:
            raise ScriptError(
                f'gaze {i}: nobody pursues at {way_deg / passed_s:.0f} deg/s; at most '
                f'{_FASTEST_PURSUIT_DEG_S:g}')
    return tuple(found)


def _words(script: Mapping, duration: float) -> tuple[Words, ...]:
    found = []
    for i, entry in enumerate(_entries(script, 'words', duration, {'say'})):
        say = entry.get('say')
        if not isinstance(say, str) or not say.strip():
            raise ScriptError(f"word {i}: 'say' must be a text")
        found.append(Words(float(entry['at_s']), ' '.join(say.split())))
    return tuple(found)


def _number(where: str, entry: Mapping, name: str, limits: tuple[float, float]) -> float:
    value: Any = entry.get(name)
    low, high = limits
    if not (_is_number(value) and low <= value <= high):
        raise ScriptError(f"{where}: '{name}' must be in [{low:g}, {high:g}]")
    return float(value)


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _listed(names: Any) -> str:
    return ', '.join(sorted(map(str, names)))
