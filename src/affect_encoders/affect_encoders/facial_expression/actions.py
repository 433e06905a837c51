# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Blendshape weights to action units, and action units to emotion, by rule.

Action units after Ekman & Friesen, *Facial Action Coding System* (1978); the combinations that
signal an emotion after EMFACS (Friesen & Ekman, 1983) and Ekman, Friesen & Hager, *FACS: the
manual* (2002, table of prototypes). The rule is a hypothesis about shown, not felt, emotion, and
nothing calibrates it; a learned model should replace it where data allow.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from affect_encoders.circumplex import valence_arousal
from affect_encoders.encoder import CATEGORIES
from affect_encoders.encoder import Estimate
from affect_encoders.encoder import FeatureSpec
import numpy as np

SHAPES = 52

# Indices as in affect_msgs/FaceTracking; two where the shape has a left and a right.
UNITS: dict[str, tuple[int, ...]] = {
    'AU1': (43,),          # browInnerUp
    'AU2': (44, 45),       # browOuterUp
    'AU4': (41, 42),       # browDown
    'AU5': (6, 13),        # eyeWide
    'AU6': (47, 48),       # cheekSquint
    'AU7': (5, 12),        # eyeSquint
    'AU9': (49, 50),       # noseSneer
    'AU10': (39, 40),      # mouthUpperUp
    'AU12': (23, 24),      # mouthSmile
    'AU14': (27, 28),      # mouthDimple
    'AU15': (25, 26),      # mouthFrown
    'AU16': (37, 38),      # mouthLowerDown
    'AU17': (33,),         # mouthShrugLower
    'AU18': (20,),         # mouthPucker
    'AU20': (29, 30),      # mouthStretch
    'AU24': (35, 36),      # mouthPress
    'AU26': (17,),         # jawOpen
    'AU28': (31, 32),      # mouthRoll
    'AU45': (0, 7),        # eyeBlink
}
UPPER = np.zeros(SHAPES, dtype=bool)
UPPER[[*range(14), *range(41, 46), 47, 48]] = True
"""Shapes of the upper face (lids, gaze, brows, cheeks), as FaceTracking's confidences mean."""

PAIRED = tuple(name for name, shapes in UNITS.items() if len(shapes) == 2 and name != 'AU28')
NAMES = tuple(UNITS)

PROTOTYPES: dict[str, dict[str, float]] = {
    'happy': {'AU12': 0.7, 'AU6': 0.3},
    'sad': {'AU1': 0.35, 'AU15': 0.35, 'AU4': 0.2, 'AU17': 0.1},
    'angry': {'AU4': 0.4, 'AU7': 0.2, 'AU24': 0.25, 'AU5': 0.15},
    'fearful': {'AU1': 0.2, 'AU2': 0.1, 'AU4': 0.2, 'AU5': 0.25, 'AU20': 0.25},
    'disgusted': {'AU9': 0.5, 'AU10': 0.25, 'AU15': 0.15, 'AU16': 0.1},
    'surprised': {'AU1': 0.25, 'AU2': 0.25, 'AU5': 0.2, 'AU26': 0.3},
}
OPPOSED: dict[str, tuple[str, ...]] = {
    'happy': ('AU15', 'AU4', 'AU9'), 'sad': ('AU12', 'AU2'), 'angry': ('AU12', 'AU1', 'AU2'),
    'fearful': ('AU12',), 'disgusted': ('AU12',), 'surprised': ('AU4', 'AU20', 'AU12')}
"""Units that speak against an emotion: a smile with lowered brows is not a happy face."""

_GAIN = 7.0  # a full prototype leaves every other category together below two per cent
_NEUTRAL = 0.3  # strength from which an expression counts more than none
_OPPOSED_SHARE = 0.4
_LEAST_OBSERVED = 0.5  # of a prototype's weight
_KNOWING_NOTHING = valence_arousal(np.full(len(CATEGORIES), 1.0 / len(CATEGORIES)))[2:]

FEATURES = (
    *(FeatureSpec(name, '1', 0.0, 1.0) for name in NAMES),
    FeatureSpec('expression_asymmetry', '1', -1.0, 1.0),
    FeatureSpec('expression_change', '1/s', 0.0),
    FeatureSpec('observed_share', '1', 0.0, 1.0),
)


def weights_of_units(units: Mapping[str, float]) -> np.ndarray:
    """
    Return weights [52] of action units by name, intensities in [0, 1]; NaN: not among them.

    The reverse of ``action_units``: `AU12` (or `AU012`, `au12`) goes to both sides.

    :raises ValueError: a name that is no action unit of ``UNITS``
    """
    weights = np.full(SHAPES, np.nan)
    for name, intensity in units.items():
        number = name.strip().upper().removeprefix('AU').lstrip('0')
        shapes = UNITS.get(f'AU{number}')
        if shapes is None:
            raise ValueError(f"'{name}' is none of the action units {', '.join(NAMES)}")
        weights[list(shapes)] = intensity
    return weights


def less_resting(weights: np.ndarray, resting: np.ndarray) -> np.ndarray:
    """
    Return weights [52] as shares of what is left above a wearer's resting ones [52] in [0, 1).

    A brow that rests at 0.3 and is lowered to 0.65 is lowered by half.
    """
    return np.clip((weights - resting) / np.maximum(1.0 - resting, 0.05), 0.0, 1.0)


def action_units(weights: np.ndarray) -> np.ndarray:
    """Return intensities [19] in the order of ``NAMES`` from weights [52] (NaN: not observed)."""
    units = np.full(len(NAMES), np.nan)
    for i, shapes in enumerate(UNITS.values()):
        values = weights[list(shapes)]
        values = values[np.isfinite(values)]
        if values.size:
            units[i] = values.mean()
    return units


def asymmetry(weights: np.ndarray) -> float:
    """
    Return (left - right) / (left + right) summed over paired shapes: 1 only left, -1 only right.

    NaN when no pair is observed, or nothing moves (sum below 0.05).
    """
    pairs = weights[np.array([UNITS[name] for name in PAIRED if name != 'AU45'])]
    pairs = pairs[np.isfinite(pairs).all(axis=1)]
    total = float(pairs.sum())
    if total < 0.05:
        return float('nan')
    return float((pairs[:, 0] - pairs[:, 1]).sum()) / total


@dataclass(frozen=True)
class Judgement:
    """
    Probabilities float64 [8] over the categories that could be judged (the others NaN).

    ``hidden`` is the share of all prototypes' weight that was out of sight, [0, 1].
    """

    probabilities: np.ndarray
    hidden: float


def judge_emotion(units: np.ndarray) -> Judgement:
    """
    Return the judgement on action units [19].

    An emotion of whose prototype less than half is observed can't be judged, nor can calm, which
    has no prototype. All is NaN when none can.
    """
    value = dict(zip(NAMES, units.tolist(), strict=True))
    logits = np.full(len(CATEGORIES), np.nan)
    strongest = sighted = 0.0
    for name, prototype in PROTOTYPES.items():
        seen = {unit: share for unit, share in prototype.items() if np.isfinite(value[unit])}
        weight = sum(seen.values())
        sighted += weight / len(PROTOTYPES)
        if weight < _LEAST_OBSERVED:
            continue
        strength = sum(share * value[unit] for unit, share in seen.items()) / weight
        against = max((value[unit] for unit in OPPOSED[name] if np.isfinite(value[unit])),
                      default=0.0)
        strength = max(strength - _OPPOSED_SHARE * against, 0.0)
        strongest = max(strongest, strength)
        logits[CATEGORIES.index(name)] = _GAIN * strength
    if np.isnan(logits).all():
        return Judgement(logits, 1.0)
    # That nothing shows can be said of what is in sight only.
    logits[CATEGORIES.index('neutral')] = _GAIN * sighted * max(2.0 * _NEUTRAL - strongest, 0.0)
    scores = np.exp(logits - np.nanmax(logits))
    return Judgement(scores / np.nansum(scores), 1.0 - sighted)


def estimate_of(probabilities: np.ndarray, hidden: float) -> Estimate:
    """
    Return the estimate of probabilities [8] when a share of the face is ``hidden``, [0, 1].

    What is out of sight may speak against what is seen (a smile under lowered brows): by its
    share the variances go from those of the mixture to those of knowing nothing.
    """
    valence, arousal, *variances = valence_arousal(probabilities)
    valence_variance, arousal_variance = (
        seen + hidden * max(unknown - seen, 0.0)
        for seen, unknown in zip(variances, _KNOWING_NOTHING, strict=True))
    return Estimate(
        np.asarray(probabilities, dtype=np.float32), valence, arousal, valence_variance,
        arousal_variance)
