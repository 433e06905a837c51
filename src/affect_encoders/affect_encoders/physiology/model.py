# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What physiology says about affect: arousal only, from a rule."""

import math

from affect_encoders.encoder import Estimate

HEART_RATE_UNIT_MIN = 10.0
SCR_RATE_REST_MIN = 3.0
SCR_RATE_UNIT_MIN = 4.0
GAIN = 0.5
VARIANCE_BOTH = 0.2
VARIANCE_ONE = 0.25
"""
Arousal = tanh(0.5 m), m = mean of what is known of
  (HR - the wearer's own median HR of the last ten minutes) / 10 per min, and
  (SCR rate - 3 per min) / 4 per min: about 1 to 3 responses a minute at rest, and more than 20
  under strong arousal (Boucsein 2012; Dawson, Schell & Filion 2007).

Both rise with arousal and hardly with valence (Lang et al. 1993; Kreibig 2010). The units and
the gain are chosen here, the variance is wide on purpose (0.33 is knowing nothing). Valence and
categories stay NaN. Status: unvalidated. Heart rate also rises with exertion: under motion
(> 3 m/s^2) heart rate is left out.
"""

MOTION_LIMIT_M_S2 = 3.0


def estimate(features: dict[str, float]) -> Estimate:
    """Return the arousal estimate for features by name, all NaN when neither input is known."""
    terms = []
    change, motion = features['heart_rate_change'], features['motion']
    if math.isfinite(change) and not motion > MOTION_LIMIT_M_S2:
        terms.append(change / HEART_RATE_UNIT_MIN)
    if math.isfinite(features['scr_rate']):
        terms.append((features['scr_rate'] - SCR_RATE_REST_MIN) / SCR_RATE_UNIT_MIN)
    if not terms:
        return Estimate()
    return Estimate(
        arousal=math.tanh(GAIN * sum(terms) / len(terms)),
        arousal_variance=VARIANCE_BOTH if len(terms) == 2 else VARIANCE_ONE)
