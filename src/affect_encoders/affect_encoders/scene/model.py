# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the colours around the wearer say about affect: little, from a rule."""

import math

from affect_encoders.encoder import Estimate
from affect_encoders.feature_projection import FeatureProjection
import numpy as np

PLEASURE = (0.69, 0.22)
AROUSAL = (-0.31, 0.60)
"""
Weights of brightness and saturation: Valdez & Mehrabian, "Effects of color on emotions", J. Exp.
Psychol. General 123, 1994 (pleasure = .69 B + .22 S, arousal = -.31 B + .60 S).
"""

SLOPE = 0.15
VALENCE_VARIANCE = AROUSAL_VARIANCE = 0.32
"""
Valence and arousal are tanh(0.15 times the weighted z-scores), variance 0.32 (the uniform
distribution over [-1, 1] has 0.33): about no information, on purpose.

The weights come from people who rated plain colour chips by Munsell value and chroma; ours are the
mean lightness and chroma (CIE L*, C*ab, which follow Munsell's) of a whole picture. Slope and
variance are chosen here. What somebody looks at is not how they feel: categories stay NaN, and
without colour nothing is said. Status: unvalidated.
"""


def estimate(features: dict[str, float], projection: FeatureProjection) -> Estimate:
    """Return valence and arousal for features by name; all NaN without brightness or colour."""
    names = ('brightness', 'saturation')
    known = [features[name] for name in names]
    if not all(map(math.isfinite, known)):
        return Estimate()
    vector = np.full(len(projection.names), np.nan)
    index = [projection.names.index(name) for name in names]
    vector[index] = known
    z = projection.standardise(vector)[index]
    return Estimate(
        valence=math.tanh(SLOPE * float(z @ PLEASURE)),
        arousal=math.tanh(SLOPE * float(z @ AROUSAL)),
        valence_variance=VALENCE_VARIANCE, arousal_variance=AROUSAL_VARIANCE)
