# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What head movement says about affect: arousal only, from a rule."""

import math

from affect_encoders.encoder import Estimate
from affect_encoders.feature_projection import FeatureProjection

AROUSAL_PER_Z = 0.25
AROUSAL_VARIANCE = 0.25
"""
Arousal = tanh(0.25 z), z = the standardised logarithm of mean angular speed, variance 0.25 (a
standard deviation of 0.5 in [-1, 1], nearly the uniform distribution's 0.58).

That faster and larger movement goes with judged arousal is among the most repeated findings for
body and head movement (Wallbott 1998; Gross, Crane & Fredrickson 2012); the slope and variance
are chosen here, wide on purpose. Nothing repeatable is known for valence or for categories from
head movement alone, so these stay NaN. Status: unvalidated.
"""


def estimate(features: dict[str, float], projection: FeatureProjection) -> Estimate:
    """Return the arousal estimate for features by name; all NaN without angular speed."""
    speed = features['angular_speed_mean']
    if not math.isfinite(speed):
        return Estimate()
    z = projection.log_z('angular_speed_mean', speed)
    return Estimate(
        arousal=math.tanh(AROUSAL_PER_Z * z), arousal_variance=AROUSAL_VARIANCE)
