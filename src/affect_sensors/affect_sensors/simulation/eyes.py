# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Eyes of the simulated wearer: where they look, lids, pupils.

Saccades follow the main sequence: peak velocity 700 (1 - exp(-amplitude / 12)) deg/s (the law of
Bahill, Clark & Stark, Math. Biosci. 1975, constants within the human range), along a minimum-jerk
path. Fixations last about a third of a second (Rayner, Psychol. Bull. 1998), less with arousal;
an eighth of them are smooth pursuit. Blinks come about 17 times a minute (Bentivoglio et al.,
Mov. Disord. 1997), more under stress. Pupils follow the light of the scene
(``pupil_light_reflex``) and widen with arousal (Bradley et al., Psychophysiology 2008).
"""

from dataclasses import dataclass
import math

from affect_sensors.simulation.affect_trajectory import AffectTrajectory
from affect_sensors.simulation.block_stream import BlockStream
from affect_sensors.simulation.counter_rng import block_rng
from affect_sensors.simulation.counter_rng import hash_uniform
from affect_sensors.simulation.pupil_light_reflex import lit_pupil_mm
from affect_sensors.simulation.scene import SimulatedScene
from affect_sensors.simulation.smooth_noise import smooth_noise
import numpy as np

RATE_HZ = 120
BLOCK_S = 8
INTERPUPILLARY_M = 0.063
CLOSED_BELOW = 0.2
"""Openness below which the pupil is covered."""

EYES = np.dtype([(name, 'f8') for name in (
    'azimuth_deg', 'elevation_deg', 'distance_m', 'left_pupil_mm', 'right_pupil_mm', 'openness',
    'squint', 'widening', 'usual_openness')])
"""One sample; cyclopean direction as in GazeSample. The truth of the lids is in all of them;
``usual_openness`` is what it would be without blinks."""

_NOISE_DEG = 0.08
_DRIFT_DEG = 0.12
_REACH_DEG = np.array([20.0, 12.0])
_BLINK_SLOT_S = 2.0


@dataclass(frozen=True)
class Movement:
    """From ``start_s`` on (seconds in the block) the eyes move from one direction to another."""

    kind: str
    start_s: float
    end_s: float
    start_deg: np.ndarray
    end_deg: np.ndarray
    distance_m: float


class SimulatedEyes:
    """Binocular gaze samples at 120 Hz."""

    def __init__(self, seed: int, affect: AffectTrajectory) -> None:
        self._seed = seed
        self._affect = affect
        self._scene = SimulatedScene(seed, affect)
        self._stream = BlockStream(
            RATE_HZ, BLOCK_S, lambda block: _as_plain(self._make_block(block)))

    def samples(self, first: int, last: int) -> np.ndarray:
        """Return samples [first, last), a structured array of type EYES."""
        return _as_eyes(self._stream.samples(first, last))

    def at(self, t_s: float) -> np.void:
        """Return the eyes at a time, of type EYES; between two samples a mixture of both."""
        return _as_eyes(self._stream.at(t_s)[None])[0]

    def movements(self, block: int) -> list[Movement]:
        """Return fixations (kind ``F``), saccades (``S``) and pursuits (``P``) of a block."""
        rng = block_rng(self._seed, 'eyes/movements', block)
        arousal = float(self._affect.at(np.array([float(block * BLOCK_S)])).arousal[0])
        place, goal = self._home(block), self._home(block + 1)
        now, found = 0.0, []
        while True:
            distance = float(np.exp(rng.uniform(math.log(0.5), math.log(3.0))))
            if rng.random() < 0.125:
                length = rng.uniform(0.5, 1.0)
                angle, speed = rng.uniform(0.0, 2.0 * math.pi), rng.uniform(6.0, 18.0)
                way = speed * length * np.array([math.cos(angle), 0.5 * math.sin(angle)])
                after, kind = np.clip(place + way, -_REACH_DEG, _REACH_DEG), 'P'
            else:
                length = float(np.clip(rng.lognormal(
                    math.log(0.33 * (1.0 - 0.25 * arousal)), 0.35), 0.12, 1.0))
                after, kind = place, 'F'
            if now + length > BLOCK_S - 0.6:
                break
            found.append(Movement(kind, now, now + length, place, after, distance))
            now, place = now + length, after
            target = np.clip(place + rng.normal(0.0, (9.0, 5.0)), -_REACH_DEG, _REACH_DEG)
            end = now + saccade_duration_s(float(np.hypot(*(target - place))))
            found.append(Movement('S', now, end, place, target, distance))
            now, place = end, target
        end = now + saccade_duration_s(float(np.hypot(*(goal - place))))
        found.append(Movement('S', now, end, place, goal, 1.0))
        found.append(Movement('F', end, float(BLOCK_S), goal, goal, 1.0))
        return found

    def _home(self, block: int) -> np.ndarray:
        """Return the direction at the start of a block."""
        u = hash_uniform(self._seed, 'eyes/home', 2 * block + np.arange(2))
        return (2.0 * u - 1.0) * np.array([10.0, 6.0])

    def _make_block(self, block: int) -> np.ndarray:
        n = RATE_HZ * BLOCK_S
        local = np.arange(n) / RATE_HZ
        t = block * BLOCK_S + local
        affect = self._affect.at(t)
        direction, distance = np.empty((n, 2)), np.empty(n)
        for move in self.movements(block):
            inside = (local >= move.start_s) & (local < move.end_s)
            x = (local[inside] - move.start_s) / (move.end_s - move.start_s)
            if move.kind == 'S':
                x = x * x * x * (10.0 + x * (6.0 * x - 15.0))
            direction[inside] = move.start_deg + np.outer(x, move.end_deg - move.start_deg)
            distance[inside] = move.distance_m
        noise = block_rng(self._seed, 'eyes/noise', block).standard_normal((n, 4))
        out = np.empty(n, dtype=EYES)
        for i, name in enumerate(('azimuth_deg', 'elevation_deg')):
            drift = smooth_noise(self._seed, 'eyes/drift/' + name, t, 0.7)
            out[name] = direction[:, i] + _DRIFT_DEG * drift + _NOISE_DEG * noise[:, i]
        out['distance_m'] = distance
        hippus = smooth_noise(self._seed, 'eyes/hippus', t, 0.8)
        pupil = lit_pupil_mm(self._scene.luminance_cd_m2, t)
        pupil += 0.6 * affect.arousal + 0.2 * affect.stress + 0.15 * hippus
        out['left_pupil_mm'] = pupil + 0.02 * noise[:, 2]
        out['right_pupil_mm'] = pupil + 0.05 + 0.02 * noise[:, 3]
        out['squint'] = 0.4 * np.maximum(affect.valence, 0.0)
        out['widening'] = 0.4 * np.maximum(affect.arousal, 0.0)
        out['usual_openness'] = 0.93 + 0.12 * affect.arousal - 0.2 * out['squint']
        out['openness'] = out['usual_openness'] * self._lids(block, local, affect.stress)
        return out

    def _lids(self, block: int, local: np.ndarray, stress: np.ndarray) -> np.ndarray:
        """Return what blinks leave of the opening; down quicker than up (Guitton et al., 1991)."""
        left = np.ones(len(local))
        slots = round(BLOCK_S / _BLINK_SLOT_S)
        draws = hash_uniform(
            self._seed, 'eyes/blink', 3 * (block * slots + np.arange(slots))[:, None]
            + np.arange(3))
        for slot, (chance, place, length) in enumerate(draws):
            start = slot * _BLINK_SLOT_S + 1.4 * place + 0.1
            likely = 0.5 + 0.35 * (stress[min(int(start * RATE_HZ), len(stress) - 1)] - 0.4)
            if chance < likely:
                duration = 0.2 + 0.15 * length
                x = np.clip((local - start) / duration, 0.0, 1.0)
                down = np.clip(x / 0.3, 0.0, 1.0)
                up = np.clip((x - 0.45) / 0.55, 0.0, 1.0)
                closed = down * down * (3.0 - 2.0 * down) - up * up * (3.0 - 2.0 * up)
                left = np.minimum(left, 1.0 - closed)
        return left


def _as_plain(rows: np.ndarray) -> np.ndarray:
    """Return rows of type EYES as float64 [N, fields]."""
    return rows.view(np.float64).reshape(len(rows), -1)


def _as_eyes(rows: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(rows).view(EYES)[:, 0]


def peak_velocity_deg_s(amplitude_deg: float) -> float:
    """Return the main sequence's peak velocity of a saccade."""
    return 700.0 * (1.0 - math.exp(-amplitude_deg / 12.0))


def saccade_duration_s(amplitude_deg: float) -> float:
    """Return the duration at which a minimum-jerk path has the main sequence's peak velocity."""
    amplitude_deg = max(amplitude_deg, 0.1)
    return 1.875 * amplitude_deg / peak_velocity_deg_s(amplitude_deg)
