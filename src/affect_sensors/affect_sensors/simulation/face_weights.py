# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Face of the simulated wearer as a headset's own face tracker reports it.

The same expression that ``face`` draws, as ARKit shapes (which name the action units of Ekman &
Friesen, FACS 1978): AU 12 mouthSmile with AU 6 cheekSquint, AU 15 mouthFrown, AU 1 browInnerUp, AU
2 browOuterUp, AU 4 browDown, AU 5 eyeWide, AU 7 eyeSquint, AU 26 jawOpen, AU 45 eyeBlink. Each
person has a stronger side, weights that rest above zero, and a tracker that trembles a little.
"""

from affect_sensors.blendshapes import INDEX
from affect_sensors.blendshapes import NAMES
from affect_sensors.simulation.counter_rng import hash_uniform
from affect_sensors.simulation.face import FaceShape
import numpy as np

_LOOK_FULL_DEG = {'In': 40.0, 'Out': 40.0, 'Up': 30.0, 'Down': 30.0}
"""Angles at which a shape eyeLook* is fully formed; the eye's range is about that (ours)."""
_NOISE = 0.01
_SIDED = 0.08
_BOTH = ('Left', 'Right')


class FaceWeights:
    """ARKit weights of one person's face."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        person = hash_uniform(seed, 'face/weights', np.arange(len(NAMES)))
        self._rest = 0.04 * person
        lean = _SIDED * (2.0 * float(person[0]) - 1.0)
        self._strength = np.ones(len(NAMES))
        for name, i in INDEX.items():
            if name.startswith(('mouth', 'brow', 'cheek')):
                self._strength[i] += lean * (
                    name.endswith('Left') - float(name.endswith('Right')))

    def weights(
        self, shape: FaceShape, *, usual_openness: float = 1.0, squint: float = 0.0,
        widening: float = 0.0, convergence_deg: float = 0.0, frame: int = 0,
    ) -> np.ndarray:
        """
        Return the weights in [0, 1], float32 [52].

        ``usual_openness`` is the opening between blinks, ``convergence_deg`` by how much each eye
        turns to the nose; ``frame`` picks the tracker's noise.
        """
        out = np.zeros(len(NAMES))
        smile, frown = max(shape.smile, 0.0), max(-shape.smile, 0.0)
        shut = 1.0 - shape.openness / max(usual_openness, 0.1)
        for side in _BOTH:
            out[INDEX['mouthSmile' + side]] = 0.9 * smile
            out[INDEX['cheekSquint' + side]] = 0.5 * smile
            out[INDEX['mouthDimple' + side]] = 0.2 * smile
            out[INDEX['mouthFrown' + side]] = 0.8 * frown
            out[INDEX['mouthPress' + side]] = 0.3 * frown * (1.0 - shape.jaw_open)
            out[INDEX['noseSneer' + side]] = 0.3 * shape.brow_lower
            out[INDEX['browDown' + side]] = 0.9 * shape.brow_lower
            out[INDEX['browOuterUp' + side]] = 0.8 * shape.brow_raise
            out[INDEX['mouthLowerDown' + side]] = 0.4 * shape.jaw_open
            out[INDEX['mouthUpperUp' + side]] = 0.2 * shape.jaw_open
            out[INDEX['eyeBlink' + side]] = shut
            out[INDEX['eyeSquint' + side]] = squint
            out[INDEX['eyeWide' + side]] = widening
            # Positive azimuth is to the wearer's left: outwards for the left eye.
            outwards = shape.azimuth_deg * (1.0 if side == 'Left' else -1.0) - convergence_deg
            for way, angle in (
                    ('Out', outwards), ('In', -outwards), ('Up', shape.elevation_deg),
                    ('Down', -shape.elevation_deg)):
                out[INDEX[f'eyeLook{way}{side}']] = angle / _LOOK_FULL_DEG[way]
        out[INDEX['browInnerUp']] = 0.85 * shape.brow_raise + 0.15 * frown + 0.7 * shape.brow_inner
        out[INDEX['jawOpen']] = 0.8 * shape.jaw_open
        noise = 2.0 * hash_uniform(
            self._seed, 'face/tremble', len(NAMES) * frame + np.arange(len(NAMES))) - 1.0
        moved = np.maximum(out, 0.0) * self._strength
        return np.clip(
            self._rest + (1.0 - self._rest) * moved + _NOISE * noise, 0.0, 1.0).astype(np.float32)
