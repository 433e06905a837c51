# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What eye movement says about affect: arousal only, from a rule."""

import math

from affect_encoders.encoder import Estimate

AROUSAL_PER_LOG_UNIT = 1.0
AROUSAL_VARIANCE = 0.28
"""
Arousal = tanh(r), r = median log of saccadic peak velocity over the main sequence's expectation,
variance 0.28 (0.33 is knowing nothing).

Saccades of equal size are faster when people are more aroused or alert and slower when they are
tired (review: Di Stasi, Catena, Canas, Macknik & Martinez-Conde 2013, Neurosci. Biobehav. Rev.
37:968). The effects are some percent, smaller than between people and trackers, hence a gain of
one and a variance that says nearly nothing. Below 100 Hz the peak is not sampled and arousal is
NaN, as it is without degrees. Valence and categories are not known from eye movement: NaN.
Status: unvalidated.
"""

LEAST_SACCADES = 3
LEAST_RATE_HZ = 100.0


def estimate(features: dict[str, float], saccades: int, rate_hz: float) -> Estimate:
    """Return the arousal estimate from features by name and how many saccades they hold."""
    residual = features['main_sequence_residual']
    if not math.isfinite(residual) or saccades < LEAST_SACCADES or rate_hz < LEAST_RATE_HZ:
        return Estimate()
    return Estimate(
        arousal=math.tanh(AROUSAL_PER_LOG_UNIT * residual), arousal_variance=AROUSAL_VARIANCE)
