# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the wearer's data may be used for."""

from dataclasses import dataclass
import enum


class PurposeKind(enum.IntEnum):
    """Numbers as in affect_msgs/Purpose."""

    NONE = 0
    RESEARCH = 1
    MEDICAL = 2
    SAFETY = 3

    @property
    def allows_emotion(self) -> bool:
        """Whether nodes may publish emotion."""
        return self in (PurposeKind.RESEARCH, PurposeKind.MEDICAL)

    @property
    def allows_condition(self) -> bool:
        """Whether WearerCondition exists, so that there is something to watch."""
        return self != PurposeKind.NONE


@dataclass(frozen=True)
class PurposeSetting:
    """A purpose, for whom, and who set it why; ``sequence`` is its entry in the journal."""

    kind: PurposeKind = PurposeKind.NONE
    wearer: str = ''
    operator_id: str = ''
    reason: str = ''
    since_ns: int = 0
    sequence: int = 0


def starting_purpose(
    wanted: PurposeKind, restriction: PurposeKind | None, is_journalled: bool,
) -> tuple[PurposeKind, str]:
    """
    Return the purpose to start with and, when it is not the wanted one, why.

    :param restriction: what an operator set in a run that ended without a stop: a monitor that
        comes back after a crash must not open what an operator has closed
    :param is_journalled: whether the journal can be written; without it nothing is opened
    """
    if wanted == PurposeKind.NONE:
        return wanted, ''
    if not is_journalled:
        return PurposeKind.NONE, (
            f"initial_purpose '{wanted.name.lower()}' is not taken: it can't be journalled")
    closed = restriction is not None and (
        restriction == PurposeKind.NONE
        or (wanted.allows_emotion and not restriction.allows_emotion))
    if closed and restriction is not None:
        return restriction, (
            f"initial_purpose '{wanted.name.lower()}' is not taken: the last run ended without a "
            f"stop after an operator had set '{restriction.name.lower()}'; call "
            'safety/set_purpose to change it')
    return wanted, ''
