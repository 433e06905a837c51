# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A label of a recording, in the time of the session."""

from dataclasses import dataclass
from enum import IntEnum
import math

CATEGORY_UNKNOWN = 255
"""GroundTruth.CATEGORY_UNKNOWN: the label is none of the eight categories."""

CATEGORIES = {
    'neutral': 0,
    'calm': 1,
    'happy': 2,
    'sad': 3,
    'angry': 4,
    'fearful': 5,
    'fear': 5,
    'disgusted': 6,
    'disgust': 6,
    'surprised': 7,
    'surprise': 7,
}
"""Index of AffectEstimate by the name that a data set uses."""


class LabelKind(IntEnum):
    """GroundTruth.KIND_*."""

    UNKNOWN = 0
    ACTED = 1
    PERCEIVED = 2
    FELT = 3
    PROTOCOL = 4
    EVENT = 5


@dataclass(frozen=True)
class Label:
    """One label; it holds from ``start_s`` (of the session) until the next one."""

    start_s: float
    dataset: str
    person: str
    kind: LabelKind
    label: str = ''
    stimulus: str = ''
    take: str = ''
    valence: float = math.nan
    arousal: float = math.nan

    @property
    def category(self) -> int:
        """Index of AffectEstimate, or CATEGORY_UNKNOWN."""
        return CATEGORIES.get(self.label, CATEGORY_UNKNOWN)
