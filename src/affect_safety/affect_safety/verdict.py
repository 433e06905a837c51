# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The monitor's opinion in one word and its reasons."""

from dataclasses import dataclass
import enum


class VerdictState(enum.IntEnum):
    """Numbers as in affect_msgs/SafetyStatus."""

    UNKNOWN = 0
    OK = 1
    WARNING = 2
    ALARM = 3
    FAULT = 4


@dataclass(frozen=True)
class Verdict:
    """As affect_msgs/SafetyStatus; ``reasons`` is empty only when OK."""

    state: VerdictState
    reasons: tuple[str, ...]
    active_alarms: int
    unacknowledged_alarms: int
    highest_severity: int
    missing_modalities: tuple[str, ...]

    @classmethod
    def of_fault(cls, reason: str) -> 'Verdict':
        """Return the verdict of a monitor that can't judge."""
        return cls(VerdictState.FAULT, (reason,), 0, 0, 0, ())
