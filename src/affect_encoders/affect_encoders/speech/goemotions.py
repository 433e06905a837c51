# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
The 28 labels of GoEmotions, and what they say in eight categories, valence and arousal.

Labels and their grouping: Demszky et al., "GoEmotions: A Dataset of Fine-Grained Emotions", ACL
2020 (their Ekman grouping). *calm* is left out on purpose: no label means it, and in the training
comments the word stands in 'calm down'; it stays NaN.

Places in valence and arousal: means over raters of the nearest term (in brackets where it is
another word) on pleasure and arousal in [-1, 1] by Russell and Mehrabian, "Evidence for a
three-factor theory of emotions", Journal of Research in Personality 11, 1977; disappointment,
relief and remorse by Gebhard, "ALMA", AAMAS 2005, who gives them in the same space. Written
without the papers at hand: check before citing. *neutral* is the origin by construction, and
*realization* has no term: the origin, a little aroused, with a wide spread.
"""

from affect_encoders.encoder import CATEGORIES
from affect_encoders.encoder import Estimate
import numpy as np

# label: category, valence, arousal
_PLACES = {
    'admiration': ('happy', 0.50, 0.30),        # ALMA
    'amusement': ('happy', 0.69, 0.40),         # [friendly, cheerful]
    'anger': ('angry', -0.51, 0.59),
    'annoyance': ('angry', -0.58, 0.40),        # [irritated]
    'approval': ('happy', 0.50, 0.10),          # [satisfied, less aroused than happy]
    'caring': ('happy', 0.64, 0.35),            # [affectionate]
    'confusion': ('surprised', -0.53, 0.27),
    'curiosity': ('surprised', 0.22, 0.62),
    'desire': ('happy', 0.51, 0.40),            # [hopeful, more aroused]
    'disappointment': ('sad', -0.30, 0.10),     # ALMA
    'disapproval': ('angry', -0.55, 0.16),      # [displeased]
    'disgust': ('disgusted', -0.60, 0.35),
    'embarrassment': ('sad', -0.46, 0.54),
    'excitement': ('happy', 0.62, 0.75),
    'fear': ('fearful', -0.64, 0.60),
    'gratitude': ('happy', 0.64, 0.16),
    'grief': ('sad', -0.72, -0.16),             # [despairing]
    'joy': ('happy', 0.76, 0.48),
    'love': ('happy', 0.87, 0.54),              # [loved]
    'nervousness': ('fearful', -0.30, 0.60),    # [between anxious and fearful]
    'optimism': ('happy', 0.51, 0.23),          # [hopeful]
    'pride': ('happy', 0.77, 0.38),
    'realization': ('surprised', 0.00, 0.20),
    'relief': ('happy', 0.20, -0.30),           # ALMA
    'remorse': ('sad', -0.30, 0.10),            # ALMA
    'sadness': ('sad', -0.63, -0.27),
    'surprise': ('surprised', 0.40, 0.67),
    'neutral': ('neutral', 0.00, 0.00),
}

LABELS = tuple(_PLACES)
"""In the order of the data set's label numbers."""

VALENCE = np.array([place[1] for place in _PLACES.values()])
AROUSAL = np.array([place[2] for place in _PLACES.values()])

SPREAD = 0.3
"""Standard deviation of a term's ratings over people, valence and arousal alike (same table)."""

UNKNOWN_SPREAD = 0.58
"""Standard deviation of anything from -1 to 1: what no label accounts for may be anywhere."""

STRONGER_BY = 0.15
"""
What an intensifier adds to a valence, as a share: raters moved words by 0.29 of a scale of 4, and
the words they moved had about 2 (Hutto and Gilbert, "VADER", ICWSM 2014). The labels say what is
felt and not how much; without this, 'sad' and 'very sad' were one.
"""

TO_CATEGORIES = np.array([
    [float(place[0] == category) for category in CATEGORIES] for place in _PLACES.values()])
"""[28, 8]; the column of calm is empty."""

_TAUGHT = TO_CATEGORIES.any(axis=0)


def estimate_of(probabilities: np.ndarray, emphasis: int = 0) -> Estimate:
    """
    Return what 28 probabilities amount to; each in [0, 1], any number of them may be high.

    ``emphasis`` counts intensifiers, negative for diminishers: it stretches the valence.

    Probabilities that add up to one or more are shares of a mixture: a category has the shares of
    its labels, valence and arousal are the mixture's means. Where they add up to less, the rest is
    what no label accounts for: spread evenly over the categories that were taught, in the middle
    of valence and arousal. The variances add the spread within a label to the disagreement between
    labels and to that rest, so that they widen as the shares level out.
    """
    shares = np.asarray(probabilities, dtype=np.float64)
    if not np.all(np.isfinite(shares)):
        return Estimate()
    total = float(shares.sum())
    shares = shares / max(total, 1.0)
    rest = max(1.0 - total, 0.0)
    valence, arousal = float(shares @ VALENCE), float(shares @ AROUSAL)
    stretched = float(np.clip(valence * (1.0 + STRONGER_BY * emphasis), -1.0, 1.0))
    categories = np.where(
        _TAUGHT, shares @ TO_CATEGORIES + rest / _TAUGHT.sum(), np.nan).astype(np.float32)
    within = (1.0 - rest) * SPREAD ** 2 + rest * UNKNOWN_SPREAD ** 2
    return Estimate(
        probabilities=categories, valence=stretched, arousal=arousal,
        valence_variance=float(shares @ VALENCE ** 2 - valence ** 2) + within,
        arousal_variance=float(shares @ AROUSAL ** 2 - arousal ** 2) + within)
