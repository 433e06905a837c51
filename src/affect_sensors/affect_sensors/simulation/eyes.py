# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Eyes of the simulated wearer: where they look, lids, pupils.

Saccades have the peak velocities and the velocity profiles of ``saccade``. Fixations last about a
third of a second (Rayner, Psychol. Bull. 1998), less with arousal; an eighth of them are smooth
pursuit. While they last the eyes drift, tremble, and make one or two microsaccades a second
(Martinez-Conde, Macknik & Hubel, Nat. Rev. Neurosci. 2004). Walking moves the head and the eyes
against it (Hirasaki et al., Exp. Brain Res. 1999). Blinks come about 17 times a minute
(Bentivoglio et al., Mov. Disord. 1997), more under stress; with fatigue they last longer (Caffier,
Erdmann & Ullsperger, Eur. J. Appl. Physiol. 2003), lids droop and stay shut for a while (Wierwille
et al., 1994), saccades get slower (Di Stasi et al., Front. Syst. Neurosci. 2013). Pupils follow
the light of the scene (``pupil_light_reflex``), widen with arousal (Bradley et al.,
Psychophysiology 2008) and with caffeine (Abokyi, Owusu-Mensah & Osei, Eye 2017).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
import math

from affect_sensors.simulation.affect import Affect
from affect_sensors.simulation.affect import AffectSource
from affect_sensors.simulation.block_stream import BlockStream
from affect_sensors.simulation.counter_rng import block_rng
from affect_sensors.simulation.counter_rng import hash_uniform
from affect_sensors.simulation.head import walking_angles_deg
from affect_sensors.simulation.person import Person
from affect_sensors.simulation.person import person_of
from affect_sensors.simulation.pupil_light_reflex import lit_pupil_mm
from affect_sensors.simulation.saccade import oscillation_deg
from affect_sensors.simulation.saccade import Saccade
from affect_sensors.simulation.saccade import SWING_LASTS_S
from affect_sensors.simulation.scene import SimulatedScene
from affect_sensors.simulation.script import GazeTarget
from affect_sensors.simulation.smooth_noise import smooth_noise
from affect_sensors.simulation.surroundings import caffeine
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

_TREMOR_DEG = 0.005
"""Some 90 Hz: at 120 Hz no more than noise (Martinez-Conde et al. 2004: below a minute of arc)."""
_DRIFT_DEG = 0.12
_MICROSACCADE_DEG = 0.35
_PUPIL_MM = (1.5, 8.5)
_VOR_GAIN = 0.9
_REACH_DEG = np.array([20.0, 12.0])
_BLINK_SLOT_S = 2.0
_ASLEEP_S = 1.3


@dataclass(frozen=True)
class Movement:
    """From ``start_s`` on (seconds in the block) the eyes move from one direction to another."""

    kind: str
    start_s: float
    end_s: float
    start_deg: np.ndarray
    end_deg: np.ndarray
    distance_m: float
    vigour: float = 1.0
    """Of a saccade, see Saccade."""


class SimulatedEyes:
    """Binocular gaze samples at 120 Hz; ``targets`` of a script, which repeats, or at random."""

    def __init__(
        self, seed: int, affect: AffectSource, *, lids: AffectSource | None = None,
        scene: SimulatedScene | None = None, person: Person | None = None,
        targets: Sequence[GazeTarget] = (), repeat_s: float = 0.0,
    ) -> None:
        self._seed = seed
        self._affect = affect
        self._lid_affect = affect if lids is None else lids
        self._scene = scene or SimulatedScene(seed, affect)
        self._person = person or person_of(seed)
        self._targets = targets
        self._repeat_s = repeat_s
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
        if self._targets:
            return self._scripted(block)
        rng = block_rng(self._seed, 'eyes/movements', block)
        now_affect = self._affect.at(np.array([float(block * BLOCK_S)]))
        arousal, vigour = float(now_affect.arousal[0]), _vigour(float(now_affect.fatigue[0]))
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
            end = now + Saccade(math.dist(target, place), vigour).duration_s
            found.append(Movement('S', now, end, place, target, distance, vigour))
            now, place = end, target
        end = now + Saccade(math.dist(goal, place), vigour).duration_s
        found.append(Movement('S', now, end, place, goal, 1.0, vigour))
        found.append(Movement('F', end, float(BLOCK_S), goal, goal, 1.0))
        return found

    def _scripted(self, block: int) -> list[Movement]:
        """Return the movements to a script's targets that touch a block."""
        once: list[Movement] = []
        for i, target in enumerate(self._targets):
            before, after = self._targets[i - 1], self._targets[(i + 1) % len(self._targets)]
            here = np.array(target.direction_deg)
            now = target.at_s
            end = after.at_s + (self._repeat_s if i + 1 == len(self._targets) else 0.0)
            way_deg = math.dist(target.direction_deg, before.direction_deg)
            if not target.pursue and way_deg > 0.0:
                then = now + Saccade(way_deg).duration_s
                once.append(Movement(
                    'S', now, then, np.array(before.direction_deg), here, target.distance_m))
                now = then
            there = np.array(after.direction_deg) if after.pursue else here
            once.append(Movement(
                'P' if after.pursue else 'F', now, end, here, there, target.distance_m))
        begin = block * BLOCK_S
        found = []
        first = math.floor(begin / self._repeat_s) - 1
        for lap in range(first, math.floor((begin + BLOCK_S) / self._repeat_s) + 1):
            shift = lap * self._repeat_s - begin
            found += [
                replace(move, start_s=move.start_s + shift, end_s=move.end_s + shift)
                for move in once
                if move.end_s + shift > -SWING_LASTS_S and move.start_s + shift < BLOCK_S]
        return found

    def _home(self, block: int) -> np.ndarray:
        """Return the direction at the start of a block."""
        u = hash_uniform(self._seed, 'eyes/home', 2 * block + np.arange(2))
        return (2.0 * u - 1.0) * np.array([10.0, 6.0])

    def _make_block(self, block: int) -> np.ndarray:
        n = RATE_HZ * BLOCK_S
        local = np.arange(n) / RATE_HZ
        t = block * BLOCK_S + local
        affect, lid_affect = self._affect.at(t), self._lid_affect.at(t)
        direction, distance = self._directions(block, local)
        direction += self._fixational(t)
        # Against the head, so that what is looked at stays where it is.
        angles = walking_angles_deg(self._person.step_hz, affect.walking, t)
        direction += _VOR_GAIN * np.stack([-angles[:, 2], angles[:, 1]], axis=-1)
        noise = block_rng(self._seed, 'eyes/noise', block).standard_normal((n, 4))
        out = np.empty(n, dtype=EYES)
        for i, name in enumerate(('azimuth_deg', 'elevation_deg')):
            out[name] = direction[:, i] + _TREMOR_DEG * noise[:, i]
        out['distance_m'] = distance
        # A tired pupil is not at rest (Luedtke et al., Vision Res. 1998).
        hippus = smooth_noise(self._seed, 'eyes/hippus', t, 0.8)
        pupil = lit_pupil_mm(self._scene.luminance_cd_m2, t) + self._person.pupil_offset_mm
        pupil += 0.6 * lid_affect.arousal + 0.2 * lid_affect.stress
        pupil += 0.15 * hippus * (1.0 + lid_affect.fatigue)
        pupil += 0.25 * caffeine(self._seed, self._person, t)
        out['left_pupil_mm'] = np.clip(pupil + 0.02 * noise[:, 2], *_PUPIL_MM)
        out['right_pupil_mm'] = np.clip(pupil + 0.05 + 0.02 * noise[:, 3], *_PUPIL_MM)
        out['squint'] = 0.4 * np.maximum(lid_affect.valence, 0.0)
        out['widening'] = 0.4 * np.maximum(lid_affect.arousal, 0.0)
        out['usual_openness'] = (
            0.93 + self._person.openness_offset + 0.12 * lid_affect.arousal
            - 0.2 * out['squint'] - 0.18 * lid_affect.fatigue)
        out['openness'] = out['usual_openness'] * self._lids(block, local, lid_affect)
        return out

    def _directions(self, block: int, local: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return azimuth and elevation, [N, 2], and distance of what is looked at, [N]."""
        moves = self.movements(block)
        direction = np.tile(moves[0].start_deg.astype(np.float64), (len(local), 1))
        distance = np.full(len(local), moves[0].distance_m)
        swings = []
        for move in moves:
            inside = slice(*np.searchsorted(local, (move.start_s, move.end_s)))
            since = local[inside] - move.start_s
            way = move.end_deg - move.start_deg
            if move.kind == 'S':
                amplitude = max(float(np.hypot(*way)), 1e-6)
                part = Saccade(amplitude, move.vigour).progress(since)
                after = slice(*np.searchsorted(local, (move.end_s, move.end_s + SWING_LASTS_S)))
                swings.append((after, np.outer(
                    oscillation_deg(amplitude, local[after] - move.end_s), way / amplitude)))
            else:
                part = since / (move.end_s - move.start_s)
            direction[inside] = move.start_deg + np.outer(part, way)
            distance[inside] = move.distance_m
        for after, swing in swings:
            direction[after] += swing
        return direction, distance

    def _fixational(self, t: np.ndarray) -> np.ndarray:
        """Return drift and microsaccades in degrees, [N, 2]."""
        # One in each slot, from a place near the target to another: none is ever far from it.
        slot_s = 1.0 / self._person.microsaccades_hz
        slots = np.arange(math.floor(t[0] / slot_s) - 1, math.floor(t[-1] / slot_s) + 1)
        size, way, when = (
            hash_uniform(self._seed, f'eyes/micro/{i}', slots) for i in range(3))
        angle = 2.0 * np.pi * way
        places = (_MICROSACCADE_DEG * (0.2 + 0.6 * size))[:, None] * np.stack(
            [np.cos(angle), 0.5 * np.sin(angle)], axis=-1)
        out = np.tile(places[0], (len(t), 1))
        for i in range(1, len(slots)):
            start_s = (slots[i] + 0.8 * when[i]) * slot_s
            course = Saccade(math.dist(places[i], places[i - 1]))
            begin, end = np.searchsorted(t, (start_s, start_s + course.duration_s))
            out[begin:end] += np.outer(
                course.progress(t[begin:end] - start_s), places[i] - places[i - 1])
            out[end:] = places[i]
        for i, name in enumerate(('azimuth_deg', 'elevation_deg')):
            out[:, i] += _DRIFT_DEG * smooth_noise(self._seed, 'eyes/drift/' + name, t, 0.7)
        return out

    def _lids(self, block: int, local: np.ndarray, affect: Affect) -> np.ndarray:
        """Return what blinks leave of the opening; down quicker than up (Guitton et al., 1991)."""
        left = np.ones(len(local))
        slots = round(BLOCK_S / _BLINK_SLOT_S)
        draws = hash_uniform(
            self._seed, 'eyes/blink', 3 * (block * slots + np.arange(slots))[:, None]
            + np.arange(3))
        for slot, (chance, place, length) in enumerate(draws):
            at = round(slot * _BLINK_SLOT_S * RATE_HZ)
            stress, fatigue = float(affect.stress[at]), float(affect.fatigue[at])
            likely = (0.5 + 0.35 * (stress - 0.4) + 0.15 * fatigue) * self._person.blinks
            if chance < likely:
                blink_s = 0.2 + 0.15 * length + 0.08 * fatigue
                # Of very tired eyes some stay shut for a second or more.
                shut_s = _ASLEEP_S * max(fatigue - 0.75, 0.0) / 0.25 * (length > 0.6)
                start = slot * _BLINK_SLOT_S + 0.1 + place * (
                    _BLINK_SLOT_S - 0.15 - blink_s - shut_s)
                since = local - start
                down = np.clip(since / (0.3 * blink_s), 0.0, 1.0)
                up = np.clip((since - shut_s - 0.45 * blink_s) / (0.55 * blink_s), 0.0, 1.0)
                closed = down * down * (3.0 - 2.0 * down) - up * up * (3.0 - 2.0 * up)
                left = np.minimum(left, 1.0 - closed)
        return left


def _vigour(fatigue: float) -> float:
    """Return by how much a tired wearer's saccades are slower."""
    return 1.0 - 0.15 * fatigue


def _as_plain(rows: np.ndarray) -> np.ndarray:
    """Return rows of type EYES as float64 [N, fields]."""
    return rows.view(np.float64).reshape(len(rows), -1)


def _as_eyes(rows: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(rows).view(EYES)[:, 0]
