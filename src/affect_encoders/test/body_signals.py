# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Synthetic signals whose answers are known by construction."""

import numpy as np


def minimum_jerk(t: np.ndarray, onset_s: float, duration_s: float) -> np.ndarray:
    """Return a unit step [N] of the minimum-jerk profile; its peak speed is 1.875 / duration."""
    u = np.clip((t - onset_s) / duration_s, 0.0, 1.0)
    return u ** 3 * (10.0 - 15.0 * u + 6.0 * u ** 2)


def pulse_wave(t: np.ndarray, beats_s: np.ndarray) -> np.ndarray:
    """Return a blood volume pulse [N]: a systolic bump at each beat and a smaller dicrotic one."""
    out = np.zeros(t.size)
    for beat in beats_s:
        out += np.exp(-0.5 * ((t - beat) / 0.09) ** 2)
        out += 0.25 * np.exp(-0.5 * ((t - beat - 0.3) / 0.07) ** 2)
    return out


def skin_response(t: np.ndarray, onset_s: float, amplitude_us: float) -> np.ndarray:
    """Return one response [N]: difference of exponentials, 0.75 and 2 s, of a given height."""
    late = np.clip(t - onset_s, 0.0, None)
    shape = np.exp(-late / 2.0) - np.exp(-late / 0.75)
    u = np.linspace(0.0, 10.0, 10001)
    return amplitude_us * shape / np.max(np.exp(-u / 2.0) - np.exp(-u / 0.75))
