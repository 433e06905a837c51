# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
The simulated wearer's eyes as a headset's eye tracker reports them.

Such trackers are off by about a degree, more in some people than in others (78 wearers of a Quest
Pro: Aziz, Lohr, Friedman & Komogortsev, ETRA 2024): here a direction that is added and a scale,
the wearer's own, and noise that is new in each sample.
"""

import math

from affect_sensors.simulation import eyes
from affect_sensors.simulation.block_stream import BlockStream
from affect_sensors.simulation.counter_rng import block_rng
from affect_sensors.simulation.counter_rng import hash_uniform
from affect_sensors.simulation.wearer import SimulatedWearer
from affect_sensors.sources.gaze_row import empty_rows
from affect_sensors.sources.simulated_rows import SimulatedRows
import numpy as np

NOISE_DEG = 0.08
"""Of each sample."""


def simulated_gaze(wearer: SimulatedWearer, *, t0_ns: int) -> SimulatedRows:
    """Return a source of rows of type GAZE_ROW at 120 Hz."""
    return SimulatedRows(tracked_gaze(wearer).samples, eyes.RATE_HZ, t0_ns=t0_ns)


def tracked_gaze(wearer: SimulatedWearer) -> BlockStream:
    """Return what the tracker reports of a wearer, GAZE_ROW at 120 Hz."""
    length = eyes.RATE_HZ * eyes.BLOCK_S

    def make_block(number: int) -> np.ndarray:
        truth = wearer.eyes.samples(number * length, (number + 1) * length)
        noise = block_rng(wearer.seed, 'gaze/noise', number).standard_normal((length, 2))
        return report(truth, error_deg(wearer.seed, truth) + NOISE_DEG * noise)

    return BlockStream(eyes.RATE_HZ, eyes.BLOCK_S, make_block)


def error_deg(seed: int, truth: np.ndarray) -> np.ndarray:
    """Return by how much a wearer's calibration errs, azimuth and elevation, degrees [N, 2]."""
    size, way, wide, high = hash_uniform(seed, 'gaze/calibration', np.arange(4)).tolist()
    added = (0.4 + size) * np.array([math.cos(2.0 * math.pi * way), math.sin(2.0 * math.pi * way)])
    scale = 0.04 * (np.array([wide, high]) - 0.5)
    return added + scale * np.stack([truth['azimuth_deg'], truth['elevation_deg']], axis=-1)


def report(truth: np.ndarray, off_deg: np.ndarray | None = None) -> np.ndarray:
    """
    Return what a tracker makes of eyes.EYES: nothing but the lids while they are down.

    ``off_deg`` [N, 2] is added to azimuth and elevation.
    """
    rows = empty_rows(len(truth))
    seen = truth['openness'] >= eyes.CLOSED_BELOW
    off = np.zeros((len(truth), 2)) if off_deg is None else off_deg
    half_angle = np.degrees(np.arctan(0.5 * eyes.INTERPUPILLARY_M / truth['distance_m']))
    rows['azimuth_deg'] = np.where(seen, truth['azimuth_deg'] + off[:, 0], np.nan)
    rows['elevation_deg'] = np.where(seen, truth['elevation_deg'] + off[:, 1], np.nan)
    rows['vergence_distance_m'] = np.where(seen, truth['distance_m'], np.nan)
    confidence = np.clip((truth['openness'] - eyes.CLOSED_BELOW) / 0.4, 0.0, 1.0) * 0.98
    rows['confidence'] = confidence
    # The left eye is on the side of positive azimuth: to converge it turns to the other.
    for side, sign in (('left', -1.0), ('right', 1.0)):
        rows[side + '_azimuth_deg'] = rows['azimuth_deg'] + sign * half_angle
        rows[side + '_elevation_deg'] = rows['elevation_deg']
        rows[side + '_pupil_diameter_mm'] = np.where(seen, truth[side + '_pupil_mm'], np.nan)
        rows[side + '_confidence'] = confidence
        for name in ('openness', 'squint', 'widening'):
            rows[f'{side}_{name}'] = truth[name]
    return rows
