# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the monitor last heard about the wearer and the headset. No ROS."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
import math

Evidence = tuple[tuple[str, float, str], ...]
"""Name, value and unit of each measurement; NaN is unknown."""


@dataclass(frozen=True)
class IndexReading:
    """One index as it came: value in [0, 1] or NaN, its evidence and that evidence's age."""

    value: float = math.nan
    is_known: bool = False
    evidence_age_s: float = math.nan
    evidence: Evidence = ()
    reason: str = ''

    def complaint(self, max_evidence_age_s: float) -> str:
        """Return why the reading can't be judged, empty when it can."""
        if not self.is_known or math.isnan(self.value):
            return self.reason or 'no value'
        if not 0.0 <= self.value <= 1.0:
            return f'value {self.value:g} is outside [0, 1]'
        if math.isnan(self.evidence_age_s):
            return 'age of its evidence is unknown'
        if self.evidence_age_s > max_evidence_age_s:
            return f'evidence is {self.evidence_age_s:.1f} s old'
        return ''


@dataclass
class WearerView:
    """The newest of everything; ``fit`` is 'not_worn', 'good', 'bad' or None for unknown."""

    indices: Mapping[str, IndexReading] = field(default_factory=dict)
    wearer: str = ''
    status_fit: str | None = None
    condition_fit: str | None = None

    @property
    def fit(self) -> str | None:
        """Fit as the headset says, else as the fusion node has heard of it."""
        return self.status_fit or self.condition_fit

    def forget_condition(self) -> None:
        """Forget what came with WearerCondition."""
        self.indices = {}
        self.wearer = ''
        self.condition_fit = None
