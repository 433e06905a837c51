# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Where the eight categories lie in valence and arousal, for models that were only taught categories.

Means and standard deviations over raters of the terms *relaxed* (for calm), *happy*, *sad*,
*angry*, *fearful*, *disgusted* and *surprised* on pleasure and arousal in [-1, 1]: Russell and
Mehrabian, "Evidence for a three-factor theory of emotions", Journal of Research in Personality 11,
1977. The table was written without the paper at hand and the deviations are rounded: check before
citing. Neutral is the origin by construction, with the spread of the other terms. An average word
is not a felt state: the spread goes into the variances.
"""

from affect_encoders.encoder import Estimate
import numpy as np

#                     neutral  calm  happy   sad  angry fearful disgust surprised
VALENCE = np.array([0.00, 0.68, 0.81, -0.63, -0.51, -0.64, -0.60, 0.40])
AROUSAL = np.array([0.00, -0.46, 0.51, -0.27, 0.59, 0.60, 0.35, 0.67])
VALENCE_SD = np.array([0.25, 0.24, 0.21, 0.23, 0.20, 0.20, 0.20, 0.30])
AROUSAL_SD = np.array([0.30, 0.38, 0.26, 0.34, 0.33, 0.32, 0.41, 0.27])


def valence_arousal(probabilities: np.ndarray) -> tuple[float, float, float, float]:
    """
    Return valence, arousal and their variances of a mixture of categories.

    ``probabilities`` [8], NaN for categories that were never taught (taken as absent). The
    variances are the mixture's: spread within a category plus disagreement between categories.
    """
    p = np.nan_to_num(np.asarray(probabilities, dtype=np.float64))
    total = p.sum()
    if total <= 0.0:
        return (float('nan'),) * 4
    p = p / total
    valence = float(p @ VALENCE)
    arousal = float(p @ AROUSAL)
    valence_variance = float(p @ (VALENCE_SD ** 2 + VALENCE ** 2) - valence ** 2)
    arousal_variance = float(p @ (AROUSAL_SD ** 2 + AROUSAL ** 2) - arousal ** 2)
    return valence, arousal, valence_variance, arousal_variance


def estimate_of(probabilities: np.ndarray) -> Estimate:
    """Return category probabilities [8] with the valence and arousal that they imply."""
    valence, arousal, valence_variance, arousal_variance = valence_arousal(probabilities)
    return Estimate(
        probabilities=np.asarray(probabilities, dtype=np.float32), valence=valence,
        arousal=arousal, valence_variance=valence_variance, arousal_variance=arousal_variance)
