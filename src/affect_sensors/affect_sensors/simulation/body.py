# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Trunk, arms and hands of the simulated wearer.

With arousal gestures become larger, quicker and higher (Wallbott, Eur. J. Soc. Psychol. 1998:
movement activity and spatial extent of active emotions); the trunk leans towards what pleases and
away from what does not (de Meijer, J. Nonverbal Behav. 1989), and hands move alike or each for
itself. Walking swings the arms in turn, once a stride (Murray, Sepic & Barnard, Am. J. Phys. Med.
1967), whatever is felt. The sizes of the effects are ours.
"""

from dataclasses import dataclass

from affect_sensors.simulation.affect import AffectSource
from affect_sensors.simulation.block_stream import BlockStream
from affect_sensors.simulation.counter_rng import hash_uniform
from affect_sensors.simulation.person import Person
from affect_sensors.simulation.person import person_of
from affect_sensors.simulation.smooth_noise import smooth_noise
import numpy as np

RATE_HZ = 60
BLOCK_S = 8
SHOULDER_M = np.array([-0.06, 0.19, -0.26])
"""The left shoulder in a frame at the headset that does not turn with the head; REP-103 axes."""

_REST_HAND_M = np.array([0.26, 0.15, -0.50])
_LIFT_M = np.array([0.02, 0.06, 0.16])
"""How much further from the body and higher lively hands are; y is outwards."""
_SWING_M = np.array([0.13, 0.0, 0.02])
_REACH_M = 0.56
_UPPER_ARM_M = 0.28
_FOREARM_M = 0.30


@dataclass(frozen=True)
class BodyPose:
    """
    Points in metres in a frame at the headset that does not turn with the head, each [3].

    ``lean_m`` is how far the chest is before (positive) or behind its usual place.
    """

    lean_m: float
    left_shoulder: np.ndarray
    left_elbow: np.ndarray
    left_hand: np.ndarray
    right_shoulder: np.ndarray
    right_elbow: np.ndarray
    right_hand: np.ndarray


class SimulatedBody:
    """Where the upper body is, at RATE_HZ."""

    def __init__(self, seed: int, affect: AffectSource, person: Person | None = None) -> None:
        self._seed = seed
        self._affect = affect
        self._step_hz = (person or person_of(seed)).step_hz
        self._liveliness = 0.8 + 0.4 * float(hash_uniform(seed, 'body/person', 0))
        self._stream = BlockStream(RATE_HZ, BLOCK_S, self._make_block)

    def samples(self, first: int, last: int) -> np.ndarray:
        """Return lean and then the points in the order of BodyPose, metres, [N, 19]."""
        return self._stream.samples(first, last)

    def pose(self, t_s: float) -> BodyPose:
        """Return the pose at a time."""
        row = self._stream.at(t_s)
        return BodyPose(float(row[0]), *row[1:].reshape(6, 3))

    def _make_block(self, block: int) -> np.ndarray:
        t = block * BLOCK_S + np.arange(RATE_HZ * BLOCK_S) / RATE_HZ
        affect = self._affect.at(t)
        lively = 0.5 * (1.0 + affect.arousal)[:, None] * self._liveliness
        breath = 0.004 * np.sin(2.0 * np.pi * 0.25 * t)
        lean = 0.05 * affect.valence + 0.03 * self._noise('lean', t, 4.0) + breath
        forwards = np.outer(lean, (1.0, 0.0, 0.0))
        both = self._gesture('both', t, lively)
        stride = affect.walking * np.sin(np.pi * self._step_hz * t)
        columns = [lean[:, None]]
        for side, mirror in (('left', 1.0), ('right', -1.0)):
            own = self._gesture(side, t, lively)
            hand = _REST_HAND_M + forwards + lively * _LIFT_M + 0.7 * both + 0.5 * own
            hand += np.outer(mirror * stride, _SWING_M)
            shoulder = SHOULDER_M + 0.7 * forwards
            reach = hand - shoulder
            length = np.linalg.norm(reach, axis=1, keepdims=True)
            hand = shoulder + reach * np.minimum(1.0, _REACH_M / length)
            columns += [p * (1.0, mirror, 1.0) for p in (
                shoulder, _elbow(shoulder, hand), hand)]
        return np.concatenate(columns, axis=1)

    def _gesture(self, name: str, t: np.ndarray, lively: np.ndarray) -> np.ndarray:
        """Return how far a hand is from where it rests, [N, 3]; y is outwards."""
        slow, quick = (
            np.stack([
                self._noise(f'{name}/{axis}/{period_s}', t, period_s) for axis in 'xyz'], axis=-1)
            for period_s in (2.0, 0.45))
        # Both noises go on at any arousal: only their size follows it, so nothing ever jumps.
        move = 0.3 * slow + lively * (0.7 * slow + 0.5 * quick)
        return np.array([0.08, 0.12, 0.16]) * move

    def _noise(self, name: str, t: np.ndarray, period_s: float) -> np.ndarray:
        return smooth_noise(self._seed, 'body/' + name, t, period_s)


def _elbow(shoulder: np.ndarray, hand: np.ndarray) -> np.ndarray:
    """Return where the elbows of left arms are, [N, 3]: below and outside of the arm."""
    along = hand - shoulder
    length = np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 0.05)
    along = along / length
    near = np.clip(
        (_UPPER_ARM_M ** 2 - _FOREARM_M ** 2 + length ** 2) / (2.0 * length), 0.0, _UPPER_ARM_M)
    aside = np.array([-0.3, 0.5, -1.0])
    aside = aside - along * (along @ aside)[:, None]
    aside /= np.linalg.norm(aside, axis=1, keepdims=True)
    return shoulder + near * along + aside * np.sqrt(_UPPER_ARM_M ** 2 - near ** 2)
