# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What lids and pupils say about affect: arousal only, from a rule."""

import math

from affect_encoders.encoder import Estimate

AROUSAL_PER_MM = 0.5
AROUSAL_VARIANCE = 0.32
"""
Arousal = tanh(c / 2), c = luminance-corrected pupil over the wearer's own usual one in mm,
variance 0.32 (0.33 is knowing nothing).

Pupils widen with emotional arousal, pleasant or not, by some tenths of a millimetre (Bradley,
Miccoli, Escrig & Lang 2008, Psychophysiology 45:602), but as much with mental effort (Beatty
1982, Psychol. Bull. 91:276) and with light that the correction misses. On ceap360vr the corrected
pupil hardly goes with felt arousal (model card): hence the small gain, chosen here, and a variance
that says nearly nothing. Pupils do not tell pleasant from unpleasant: valence is NaN. Lids alone
warrant no category: widened eyes are part of surprise, of fear and of mere interest. Status:
unvalidated.
"""


def estimate(features: dict[str, float]) -> Estimate:
    """Return the arousal estimate from features by name; all NaN without a corrected pupil."""
    change = features['pupil_change']
    if not math.isfinite(change):
        return Estimate()
    return Estimate(
        arousal=math.tanh(AROUSAL_PER_MM * change), arousal_variance=AROUSAL_VARIANCE)
