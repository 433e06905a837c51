# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What body movement says about affect: arousal only, from a rule."""

import math

from affect_encoders.encoder import Estimate
from affect_encoders.feature_projection import FeatureProjection

AROUSAL_PER_Z = 0.25
AROUSAL_VARIANCE = 0.28
"""
Arousal = tanh(0.25 z), z = the standardised logarithm of the quantity of motion, variance 0.28
(the uniform distribution over [-1, 1] has 0.33).

That more movement goes with judged arousal is the most repeated finding on body movement
(Wallbott 1998: movement activity; Castellano et al. 2007: quantity of motion told high from low
arousal). Slope and variance are chosen here, wide on purpose: the studies watched acted, whole
bodies from outside. Expansiveness goes with high arousal as well as with pride, and valence is not
read from quantity at all (Kleinsmith & Bianchi-Berthouze 2013): valence and categories stay NaN.
Status: unvalidated.
"""


def estimate(features: dict[str, float], projection: FeatureProjection) -> Estimate:
    """Return the arousal estimate for features by name; all NaN without a quantity of motion."""
    motion = features['quantity_of_motion']
    if not math.isfinite(motion):
        return Estimate()
    z = projection.log_z('quantity_of_motion', motion)
    return Estimate(arousal=math.tanh(AROUSAL_PER_Z * z), arousal_variance=AROUSAL_VARIANCE)
