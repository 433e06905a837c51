# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Smooth noise that can be evaluated at any time by itself."""

from affect_sensors.simulation.counter_rng import hash_uniform
import numpy as np


def smooth_noise(seed: int, stream: str, t_s: np.ndarray, period_s: float) -> np.ndarray:
    """
    Return noise in [-1, 1] at times ``t_s`` (any shape): random knots every ``period_s``.

    Value noise with a quintic fade, so that first and second derivatives are continuous
    (Perlin, "Improving noise", 2002).
    """
    place = np.asarray(t_s, dtype=np.float64) / period_s
    knot = np.floor(place)
    x = place - knot
    fade = x * x * x * (x * (6.0 * x - 15.0) + 10.0)
    knot = knot.astype(np.int64)
    first = int(knot.min()) if knot.size else 0
    last = int(knot.max()) + 1 if knot.size else 0
    values = 2.0 * hash_uniform(seed, stream, np.arange(first, last + 1)) - 1.0
    left, right = values[knot - first], values[knot - first + 1]
    return left + (right - left) * fade
