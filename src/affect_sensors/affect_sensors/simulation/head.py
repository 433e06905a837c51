# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Head of the simulated wearer: what an inertial unit in ``hmd_link`` measures.

The head wanders and sways, more with arousal; it nods when pleased and shakes when displeased
(gestures of about 2 Hz: Hadar et al., Hum. Mov. Sci. 1983); physiological tremor of 8 to 12 Hz
(Marshall & Walsh, 1956) grows with stress. A tired head sinks and starts up again. Walking, which
is no affect, moves it up and down and nods it once a step, and sways and turns it once a stride
(Hirasaki et al., Exp. Brain Res. 1999). The sizes of the effects are ours.
"""

from affect_sensors.simulation.affect import AffectSource
from affect_sensors.simulation.block_stream import BlockStream
from affect_sensors.simulation.counter_rng import block_rng
from affect_sensors.simulation.counter_rng import hash_uniform
from affect_sensors.simulation.person import Person
from affect_sensors.simulation.person import person_of
from affect_sensors.simulation.smooth_noise import smooth_noise
import numpy as np

RATE_HZ = 200
BLOCK_S = 4
GRAVITY_M_S2 = 9.80665

_GYRO_NOISE_RAD_S = 0.002
_ACCELEROMETER_NOISE_M_S2 = 0.02
_GESTURE_S = 1.6
_SINK_DEG, _SINK_SLOT_S = 12.0, 9.0
_BOB_M, _SWAY_M = 0.02, 0.02


class SimulatedHead:
    """Rows of angular velocity (rad/s; x, y, z) and specific force (m/s^2; x, y, z), 200 Hz."""

    def __init__(self, seed: int, affect: AffectSource, person: Person | None = None) -> None:
        self._seed = seed
        self._affect = affect
        self._step_hz = (person or person_of(seed)).step_hz
        self._stream = BlockStream(RATE_HZ, BLOCK_S, self._make_block)

    def samples(self, first: int, last: int) -> np.ndarray:
        """Return samples [first, last), [N, 6]."""
        return self._stream.samples(first, last)

    def angles(self, t_s: np.ndarray) -> np.ndarray:
        """Return roll, pitch and yaw in radians at times, [N, 3] (REP-103; pitch nose down)."""
        t = np.asarray(t_s, dtype=np.float64)
        affect = self._affect.at(t)
        liveliness = 1.0 + 0.6 * affect.arousal
        wander = np.stack([
            2.5 * self._noise('roll', t, 3.1),
            5.0 * self._noise('pitch', t, 2.3) - 3.0 * affect.valence,
            12.0 * self._noise('yaw', t, 2.7) + 3.0 * self._noise('yaw/quick', t, 0.9),
        ], axis=-1) * liveliness[:, None]
        nod, shake = self._gestures(t)
        wander[:, 1] += 6.0 * nod
        wander[:, 2] += 9.0 * shake
        size = 0.01 * (1.0 + 4.0 * affect.stress)
        for axis in range(3):
            pair = hash_uniform(self._seed, 'head/tremor', np.arange(6)).reshape(3, 2)[axis]
            wander[:, axis] += size * np.sin(2.0 * np.pi * ((8.5 + 2.5 * pair[0]) * t + pair[1]))
        wander[:, 1] += _SINK_DEG * self._sinking(t) * np.maximum(affect.fatigue - 0.4, 0.0)
        wander += walking_angles_deg(self._step_hz, affect.walking, t)
        return np.radians(wander)

    @staticmethod
    def _sinking(t: np.ndarray) -> np.ndarray:
        """Return how far a tired head has sunk, [0, 1]: slowly, and up again at once."""
        x = t / _SINK_SLOT_S - np.floor(t / _SINK_SLOT_S)
        return np.where(x < 0.9, _fade(x / 0.9), 1.0 - _fade((x - 0.9) / 0.1))

    def _noise(self, name: str, t: np.ndarray, period_s: float) -> np.ndarray:
        return smooth_noise(self._seed, 'head/' + name, t, period_s)

    def _gestures(self, t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return nods and shakes in [-1, 1]; at most one gesture every four seconds."""
        slot = np.floor(t / BLOCK_S).astype(np.int64)
        local = t - slot * float(BLOCK_S)
        chance, place, pace = (
            hash_uniform(self._seed, f'head/gesture/{i}', slot) for i in range(3))
        start = 0.2 + place * (BLOCK_S - _GESTURE_S - 0.4)
        x = np.clip((local - start) / _GESTURE_S, 0.0, 1.0)
        wave = np.sin(np.pi * x) ** 2 * np.sin(2.0 * np.pi * (1.8 + 0.8 * pace) * _GESTURE_S * x)
        # Judged at the slot's start: a gesture does not break off when the mood turns.
        valence = self._affect.at(slot * float(BLOCK_S)).valence
        likely = 0.15 + 0.5 * np.abs(valence)
        happens = wave * (chance < likely)
        return happens * (valence >= 0.0), happens * (valence < 0.0)

    def _position_m(self, t: np.ndarray) -> np.ndarray:
        affect = self._affect.at(t)
        size = 0.015 * (1.0 + 0.6 * affect.arousal)
        turn = 2.0 * np.pi * self._step_hz * t
        return np.stack([
            size * self._noise('sway/x', t, 1.7),
            size * self._noise('sway/y', t, 1.9) + _SWAY_M * affect.walking * np.sin(0.5 * turn),
            0.4 * size * self._noise('sway/z', t, 1.3) + _BOB_M * affect.walking * np.cos(turn),
        ], axis=-1)

    def _make_block(self, block: int) -> np.ndarray:
        n, h = RATE_HZ * BLOCK_S, 1.0 / RATE_HZ
        t = block * BLOCK_S + np.arange(-1, n + 1) / RATE_HZ
        angles, position = self.angles(t), self._position_m(t)
        rate = (angles[2:] - angles[:-2]) / (2.0 * h)
        moved = (position[2:] - 2.0 * position[1:-1] + position[:-2]) / h ** 2
        roll, pitch, yaw = angles[1:-1].T
        sr, cr, sp, cp = np.sin(roll), np.cos(roll), np.sin(pitch), np.cos(pitch)
        sy, cy = np.sin(yaw), np.cos(yaw)
        out = np.empty((n, 6))
        out[:, 0] = rate[:, 0] - rate[:, 2] * sp
        out[:, 1] = rate[:, 1] * cr + rate[:, 2] * cp * sr
        out[:, 2] = -rate[:, 1] * sr + rate[:, 2] * cp * cr
        x, y, z = moved[:, 0], moved[:, 1], moved[:, 2] + GRAVITY_M_S2
        out[:, 3] = cy * cp * x + sy * cp * y - sp * z
        out[:, 4] = (cy * sp * sr - sy * cr) * x + (sy * sp * sr + cy * cr) * y + cp * sr * z
        out[:, 5] = (cy * sp * cr + sy * sr) * x + (sy * sp * cr - cy * sr) * y + cp * cr * z
        noise = block_rng(self._seed, 'head/noise', block).standard_normal((n, 6))
        noise[:, :3] *= _GYRO_NOISE_RAD_S
        noise[:, 3:] *= _ACCELEROMETER_NOISE_M_S2
        return out + noise


def walking_angles_deg(step_hz: float, walking: np.ndarray, t_s: np.ndarray) -> np.ndarray:
    """Return roll, pitch and yaw of a head that walks, degrees [N, 3]."""
    turn = 2.0 * np.pi * step_hz * t_s
    return walking[:, None] * np.stack(
        [0.6 * np.sin(0.5 * turn), 1.2 * np.sin(turn), 0.9 * np.cos(0.5 * turn)], axis=-1)


def _fade(x: np.ndarray) -> np.ndarray:
    return x * x * x * (x * (6.0 * x - 15.0) + 10.0)
