# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""One rule of the safety monitor."""

from dataclasses import dataclass
from dataclasses import replace
import enum

INDICES = ('stress', 'fatigue', 'cognitive_load', 'attention')
"""Fields of affect_msgs/WearerCondition that a rule can be about."""

FITS = ('not_worn', 'good', 'bad')
"""What is known about the fit of a headset; an unknown fit is no value."""

HEADSET_NOT_WORN = 'headset_not_worn'


class Priority(enum.IntEnum):
    """Numbers as in affect_msgs/Alarm."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4


def priority_of(severity: int) -> Priority:
    """
    Return the priority class of a severity from 1 to 1000.

    Low, medium and high are the thirds that OPC UA part 5 suggests; critical is the top tenth,
    so that few alarms have the highest priority, as ISA-18.2 asks.
    """
    if severity <= 333:
        return Priority.LOW
    if severity <= 666:
        return Priority.MEDIUM
    return Priority.HIGH if severity <= 900 else Priority.CRITICAL


Value = float | bool | str
"""What an input can be when it is known."""


@dataclass(frozen=True)
class Rule:
    """
    When an alarm is raised and returns, and what it tells the operator.

    ``on`` and ``off`` are numbers for the comparisons 'above' and 'below'; for 'is', ``on`` holds
    the values that raise and ``off`` is None. Times in seconds.
    """

    name: str
    input: str
    comparison: str
    on: float | tuple[Value, ...]
    off: float | None
    on_delay_s: float
    off_delay_s: float
    severity: int
    latching: bool
    max_shelve_s: float
    message: str
    consequence: str
    response: str
    basis: str
    suppress_when: tuple[str, ...] = ()
    enabled: bool = True

    @property
    def priority(self) -> Priority:
        """Priority class that the severity falls in."""
        return priority_of(self.severity)

    @property
    def is_site_specific(self) -> bool:
        """Whether the limits are placeholders that an operator must set."""
        return self.basis.startswith('site:')

    @property
    def is_about_wearer(self) -> bool:
        """Whether the rule is about the person and not about the equipment."""
        return self.input.startswith('condition.')

    def asks_for_on(self, value: Value) -> bool:
        """Whether a known ``value`` is on the alarm's side of the ``on`` limit."""
        if isinstance(self.on, tuple):
            return value in self.on
        return value > self.on if self.comparison == 'above' else value < self.on  # type: ignore

    def asks_for_off(self, value: Value) -> bool:
        """Whether a known ``value`` is on the normal side of the ``off`` limit."""
        if self.off is None:
            return not self.asks_for_on(value)
        off = self.off
        return value <= off if self.comparison == 'above' else value >= off  # type: ignore

    def for_modality(self, modality: str) -> 'Rule':
        """Return this rule about one modality instead of all ('*')."""
        return replace(
            self, name=f'{self.name}.{modality}', input=self.input.replace('*', modality),
            message=f'{self.message.rstrip(".")}: {modality}.')
