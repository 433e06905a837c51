# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Wrist of the simulated wearer: what an Empatica E4-like band measures.

Heart rate rises with arousal and stress; it swings with breath (0.25 Hz) and blood pressure
(0.1 Hz), less when aroused (the tachogram of McSharry et al., IEEE TBME 2003; vagal withdrawal).
The pulse has a systolic and a dicrotic wave and shrinks as vessels narrow (Allen, Physiol. Meas.
2007). Skin conductance is a tonic level plus responses of the Bateman shape with time constants
of 0.75 and 2 s (Benedek & Kaernbach, Psychophysiology 2010), about 3 a minute at rest and 20 when
aroused (Boucsein 2012). The skin of the hand cools under stress (Kistler et al., 1998). Rest
values and gains are the ``person``'s. Walking raises the heart rate for half a minute beyond it
and shakes the pulse sensor once a stride (motion is what disturbs such sensors most: Allen 2007),
and warmth and caffeine act as ``surroundings`` says. Tonic conductance falls and skin warms under
the band with time (Boucsein 2012).
"""

from affect_sensors.simulation.affect import AffectSource
from affect_sensors.simulation.block_stream import BlockStream
from affect_sensors.simulation.counter_rng import block_rng
from affect_sensors.simulation.counter_rng import hash_uniform
from affect_sensors.simulation.person import Person
from affect_sensors.simulation.person import person_of
from affect_sensors.simulation.smooth_noise import smooth_noise
from affect_sensors.simulation.surroundings import ambient_temperature_c
from affect_sensors.simulation.surroundings import caffeine
from affect_sensors.simulation.surroundings import USUAL_TEMPERATURE_C
import numpy as np

BVP_RATE_HZ = 64
EDA_RATE_HZ = 4
TEMPERATURE_RATE_HZ = 4
BLOCK_S = 32

_SCR_SLOT_S = 2
_SCR_RISE_S, _SCR_DECAY_S = 0.75, 2.0
_SCR_MEMORY_S = 24


class SimulatedWrist:
    """Three channels: BVP (arbitrary unit), EDA (microsiemens), skin temperature (Celsius)."""

    def __init__(self, seed: int, affect: AffectSource, person: Person | None = None) -> None:
        self._seed = seed
        self._affect = affect
        self._person = person or person_of(seed)
        self._bvp = BlockStream(BVP_RATE_HZ, BLOCK_S, self._make_bvp)
        self._eda = BlockStream(EDA_RATE_HZ, BLOCK_S, self._make_eda)
        self._temperature = BlockStream(TEMPERATURE_RATE_HZ, BLOCK_S, self._make_temperature)

    def bvp(self, first: int, last: int) -> np.ndarray:
        """Return samples [first, last) of the blood volume pulse, 64 Hz."""
        return self._bvp.samples(first, last)

    def eda(self, first: int, last: int) -> np.ndarray:
        """Return samples [first, last) of skin conductance in microsiemens, 4 Hz."""
        return self._eda.samples(first, last)

    def temperature(self, first: int, last: int) -> np.ndarray:
        """Return samples [first, last) of skin temperature in degrees Celsius, 4 Hz."""
        return self._temperature.samples(first, last)

    def breath(self, t_s: np.ndarray) -> np.ndarray:
        """Return the depth of breath at times, [-1, 1]: 15 a minute, not quite regular."""
        wander = 0.8 * smooth_noise(self._seed, 'wrist/breath', t_s, 8.0)
        return np.sin(2.0 * np.pi * 0.25 * (t_s + wander))

    def heart_rate_bpm(self, t_s: np.ndarray) -> np.ndarray:
        """Return the instantaneous heart rate at times, beats per minute."""
        affect = self._affect.at(t_s)
        calm = 1.0 - 0.7 * np.clip(0.5 * (affect.arousal + 1.0), 0.0, 1.0)
        calm *= self._person.heart_rate_variability
        vagal = 4.5 * calm * self.breath(t_s) + 2.5 * calm * np.sin(2.0 * np.pi * 0.1 * t_s)
        walked = np.mean(
            [self._affect.at(t_s - lag).walking for lag in (0.0, 10.0, 20.0, 30.0)], axis=0)
        warmth = ambient_temperature_c(self._seed, t_s) - USUAL_TEMPERATURE_C
        return (
            self._person.resting_heart_rate_bpm + 14.0 * affect.arousal + 8.0 * affect.stress
            - 3.0 * affect.fatigue + 20.0 * walked + 0.8 * warmth + vagal)

    def _make_bvp(self, block: int) -> np.ndarray:
        n = BVP_RATE_HZ * BLOCK_S
        t = block * BLOCK_S + np.arange(n + 1) / BVP_RATE_HZ
        beats = self.heart_rate_bpm(t) / 60.0
        phase = np.concatenate([[0.0], np.cumsum(0.5 * (beats[1:] + beats[:-1]) / BVP_RATE_HZ)])
        # A whole number of beats in a block (at most 2 % off) joins the blocks without a seam.
        phase = (phase * (round(phase[-1]) / phase[-1]))[:-1]
        x = phase - np.floor(phase)
        systolic = np.exp(-0.5 * ((x - 0.26) / 0.09) ** 2)
        dicrotic = 0.35 * np.exp(-0.5 * ((x - 0.58) / 0.11) ** 2)
        t = t[:-1]
        affect = self._affect.at(t)
        narrow = 1.0 - 0.35 * affect.arousal
        wander = 5.0 * smooth_noise(self._seed, 'wrist/bvp', t, 2.0) + 2.0 * self.breath(t)
        stride = np.pi * self._person.step_hz * t
        wander += 30.0 * affect.walking * (np.sin(stride) + 0.5 * np.sin(2.0 * stride + 1.0))
        noise = block_rng(self._seed, 'wrist/bvp', block).standard_normal(n)
        return 70.0 * narrow * (systolic + dicrotic - 0.32) + wander + 1.0 * noise

    def _make_eda(self, block: int) -> np.ndarray:
        n = EDA_RATE_HZ * BLOCK_S
        t = block * BLOCK_S + np.arange(n) / EDA_RATE_HZ
        slots = np.arange(
            (block * BLOCK_S - _SCR_MEMORY_S) // _SCR_SLOT_S,
            (block + 1) * BLOCK_S // _SCR_SLOT_S)
        chance, place, size = (
            hash_uniform(self._seed, f'wrist/scr/{i}', slots) for i in range(3))
        onset = slots * float(_SCR_SLOT_S) + place * _SCR_SLOT_S
        arousal = self._affect.at(onset).arousal
        happens = chance < 0.1 + 0.57 * np.clip(0.5 * (arousal + 1.0), 0.0, 1.0)
        height = happens * 0.25 * (1.0 + 0.8 * arousal) * (0.4 + size)
        height *= self._person.skin_response_gain
        age = np.maximum(t[:, None] - onset, 0.0)
        shape = np.exp(-age / _SCR_DECAY_S) - np.exp(-age / _SCR_RISE_S)
        peak_s = np.log(_SCR_DECAY_S / _SCR_RISE_S) / (1.0 / _SCR_RISE_S - 1.0 / _SCR_DECAY_S)
        shape /= np.exp(-peak_s / _SCR_DECAY_S) - np.exp(-peak_s / _SCR_RISE_S)
        affect = self._affect.at(t)
        warmth = ambient_temperature_c(self._seed, t) - USUAL_TEMPERATURE_C
        tonic = self._person.skin_conductance_us * (
            1.0 + 0.3 * affect.stress - 0.15 * affect.fatigue) * (1.0 + 0.04 * warmth)
        tonic *= 1.0 + 0.2 * caffeine(self._seed, self._person, t)
        tonic += 0.1 * smooth_noise(self._seed, 'wrist/tonic', t, 60.0)
        noise = block_rng(self._seed, 'wrist/eda', block).standard_normal(n)
        moved = 0.05 * affect.walking * smooth_noise(self._seed, 'wrist/electrode', t, 0.7)
        return np.maximum(tonic + _weighted(shape, height) + moved + 0.003 * noise, 0.01)

    def _make_temperature(self, block: int) -> np.ndarray:
        n = TEMPERATURE_RATE_HZ * BLOCK_S
        t = block * BLOCK_S + np.arange(n) / TEMPERATURE_RATE_HZ
        # The skin follows slowly: the mean of the last minute.
        stress = np.mean([self._affect.at(t - lag).stress for lag in (0.0, 20.0, 40.0, 60.0)], 0)
        slow = 0.3 * smooth_noise(self._seed, 'wrist/temperature', t, 120.0)
        noise = block_rng(self._seed, 'wrist/temperature', block).standard_normal(n)
        warmth = ambient_temperature_c(self._seed, t) - USUAL_TEMPERATURE_C
        # Fatigue stands for time on task: what is under a band warms.
        own = self._person.skin_temperature_c + 0.25 * warmth + 0.5 * self._affect.at(t).fatigue
        exact = own - 1.5 * stress + slow + 0.01 * noise
        return np.round(exact / 0.02) * 0.02


def _weighted(shape: np.ndarray, height: np.ndarray) -> np.ndarray:
    """Return shape @ height, added up in an order that no library of matrices decides."""
    return (shape * height).sum(axis=1)
