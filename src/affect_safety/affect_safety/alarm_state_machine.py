# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Life cycle of one alarm after ISA-18.2 figure 3 / IEC 62682, on injected time. No ROS."""

from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
import enum
from typing import Any

from affect_safety.instant import Instant
from affect_safety.rule import Rule


class AlarmState(enum.IntEnum):
    """Numbers as in affect_msgs/Alarm."""

    NORMAL = 0
    UNACKNOWLEDGED = 1
    ACKNOWLEDGED = 2
    RETURNED_UNACKNOWLEDGED = 3
    LATCHED_UNACKNOWLEDGED = 4
    LATCHED_ACKNOWLEDGED = 5
    SHELVED = 6
    SUPPRESSED = 7
    OUT_OF_SERVICE = 8


class AlarmActionError(Exception):
    """An operator's action that the state does not allow; the text says what to do instead."""


@dataclass(frozen=True)
class AlarmPoint:
    """
    Everything about an alarm at one moment; times are ROS nanoseconds, 0: has not happened.

    The parts are independent, as the sub-states of OPC UA part 9 are, and ``state`` is what
    ISA-18.2 shows of them. ``occurrence`` grows; 0 is none. ``is_held`` is a latch that awaits
    its reset.
    """

    occurrence: int = 0
    is_active: bool = False
    is_acknowledged: bool = True
    is_held: bool = False
    is_shelved: bool = False
    is_suppressed: bool = False
    is_out_of_service: bool = False
    raised_ns: int = 0
    cleared_ns: int = 0
    acknowledged_ns: int = 0
    shelved_until_ns: int = 0
    operator_id: str = ''

    @property
    def is_pending(self) -> bool:
        """Whether an occurrence still wants something: its return, an acknowledgement, a reset."""
        return self.is_active or not self.is_acknowledged or self.is_held

    @property
    def state(self) -> AlarmState:
        """Return the state of ISA-18.2 figure 3."""
        if self.is_out_of_service:
            return AlarmState.OUT_OF_SERVICE
        if not self.is_pending and not self.is_shelved:
            return AlarmState.NORMAL
        if self.is_suppressed:
            return AlarmState.SUPPRESSED
        if self.is_shelved:
            return AlarmState.SHELVED
        if self.is_active:
            return (
                AlarmState.ACKNOWLEDGED if self.is_acknowledged else AlarmState.UNACKNOWLEDGED)
        if self.is_held:
            return (
                AlarmState.LATCHED_ACKNOWLEDGED if self.is_acknowledged
                else AlarmState.LATCHED_UNACKNOWLEDGED)
        return AlarmState.RETURNED_UNACKNOWLEDGED


@dataclass(frozen=True)
class Transition:
    """A step of an alarm, for the journal and the operator."""

    rule: Rule
    alarm_id: str
    event: str
    before: AlarmState
    point: AlarmPoint
    at: Instant
    operator_id: str = ''
    comment: str = ''
    evidence: tuple[tuple[str, float, str], ...] = field(default=())

    @property
    def state(self) -> AlarmState:
        """State after the step."""
        return self.point.state

    def public(self) -> dict[str, Any]:
        """Return what the journal keeps in the clear: nothing about the person's condition."""
        point = self.point
        return {
            'rule': self.rule.name, 'alarm_id': self.alarm_id, 'event': self.event,
            'before': self.before.name, 'state': self.state.name, 'severity': self.rule.severity,
            'operator_id': self.operator_id,
            'point': {
                name: getattr(point, name) for name in AlarmPoint.__dataclass_fields__},
        }


class AlarmStateMachine:
    """
    One alarm's life cycle.

    Conditions come through ``update``, operators' actions through ``acknowledge``, ``shelve`` and
    ``unshelve``. ``point`` is where an earlier run left it.
    """

    def __init__(
        self, rule: Rule, point: AlarmPoint | None = None, last_sequence: int = 0,
    ) -> None:
        self.rule = rule
        point = point or AlarmPoint()
        self.point = replace(
            point, is_out_of_service=not rule.enabled,
            is_shelved=point.is_shelved and rule.max_shelve_s > 0.0)
        self.last: Transition | None = None
        self.last_sequence = last_sequence
        self._shelf_ends_s: float | None = None
        self._causes: frozenset[str] = frozenset()

    @property
    def state(self) -> AlarmState:
        """State of ISA-18.2 figure 3."""
        return self.point.state

    @property
    def alarm_id(self) -> str:
        """Name of the latest occurrence."""
        return f'{self.rule.name}#{self.point.occurrence}'

    def update(
        self, is_on: bool, is_suppressed: bool, now: Instant,
        causes: frozenset[str] = frozenset(),
        evidence: tuple[tuple[str, float, str], ...] = (),
    ) -> list[Transition]:
        """
        Take the condition as it is now; return the transitions, oldest first.

        :param causes: what makes the condition hold; a cause that joins after the acknowledgement
            takes that back, since nobody has seen it
        """
        if not self.rule.enabled:
            return []
        done: list[Transition] = []

        def step(event: str, **changes: Any) -> None:
            done.append(self._step(event, now, evidence=evidence, **changes))

        if self._shelf_is_over(now):
            step('shelving ended', is_shelved=False, shelved_until_ns=0, **self._seen_anew())
        if is_suppressed != self.point.is_suppressed:
            before = self.state
            changes: dict[str, Any] = {'is_suppressed': is_suppressed}
            if not is_suppressed:
                changes |= self._seen_anew()
            step('suppressed' if is_suppressed else 'suppression ended', **changes)
            if self.state == before:
                done.pop()  # nothing to be seen: a normal alarm
        if is_on and not self.point.is_active:
            occurrence = self.point.occurrence
            if not self.point.is_pending:
                # The time in milliseconds: unique also when the journal of earlier runs is gone.
                occurrence = max(occurrence + 1, now.ros_ns // 1_000_000)
            step('raised', occurrence=occurrence, is_active=True, is_acknowledged=False,
                 is_held=self.rule.latching, raised_ns=now.ros_ns, cleared_ns=0,
                 acknowledged_ns=0,
                 operator_id=self.point.operator_id if self.point.is_shelved else '')
        elif not is_on and self.point.is_active:
            step('returned', is_active=False, cleared_ns=now.ros_ns)
        elif is_on and self.state == AlarmState.ACKNOWLEDGED and causes - self._causes:
            step('raised again', is_acknowledged=False, acknowledged_ns=0)
        self._causes = causes if is_on else frozenset()
        return done

    def acknowledge(self, operator_id: str, comment: str, now: Instant) -> Transition:
        """
        Record that an operator has seen the alarm; on an acknowledged latch, reset it.

        :raises AlarmActionError: nothing to acknowledge.
        """
        if self.state in (
                AlarmState.UNACKNOWLEDGED, AlarmState.RETURNED_UNACKNOWLEDGED,
                AlarmState.LATCHED_UNACKNOWLEDGED):
            return self._step(
                'acknowledged', now, operator=operator_id, comment=comment, is_acknowledged=True,
                acknowledged_ns=now.ros_ns, operator_id=operator_id)
        if self.state == AlarmState.LATCHED_ACKNOWLEDGED:
            return self._step(
                'reset', now, operator=operator_id, comment=comment, is_held=False,
                operator_id=operator_id)
        remedy = {
            AlarmState.SHELVED: 'take it off the shelf first (duration_s 0)',
            AlarmState.SUPPRESSED: 'wait until it is no longer suppressed',
            AlarmState.ACKNOWLEDGED: 'it has been acknowledged; wait for its return',
        }.get(self.state, 'there is nothing to acknowledge')
        raise AlarmActionError(f'{self.alarm_id} is {self.state.name}: {remedy}')

    def shelve(
        self, duration_s: float, operator_id: str, reason: str, now: Instant,
    ) -> Transition:
        """
        Put the alarm aside for ``duration_s`` from now; shelving again sets the time anew.

        :raises AlarmActionError: the rule or the state does not allow it.
        """
        longest = self.rule.max_shelve_s
        if longest <= 0.0:
            raise AlarmActionError(f"rule '{self.rule.name}' may not be shelved")
        if not 0.0 < duration_s <= longest:
            raise AlarmActionError(
                f"duration_s is {duration_s:g}; rule '{self.rule.name}' allows more than 0 and at "
                f'most {longest:g} s')
        if self.state in (
                AlarmState.NORMAL, AlarmState.SUPPRESSED, AlarmState.OUT_OF_SERVICE):
            raise AlarmActionError(
                f'{self.alarm_id} is {self.state.name} and needs no shelf')
        self._shelf_ends_s = now.steady_s + duration_s
        return self._step(
            'shelved', now, operator=operator_id, comment=reason, is_shelved=True,
            shelved_until_ns=now.ros_ns + round(duration_s * 1e9), operator_id=operator_id)

    def unshelve(self, operator_id: str, reason: str, now: Instant) -> Transition:
        """
        Take the alarm off the shelf.

        :raises AlarmActionError: it is not on the shelf.
        """
        if not self.point.is_shelved:
            raise AlarmActionError(f'{self.alarm_id} is {self.state.name}, not shelved')
        self._shelf_ends_s = None
        return self._step(
            'taken off the shelf', now, operator=operator_id, comment=reason, is_shelved=False,
            shelved_until_ns=0, **self._seen_anew())

    def snapshot(self) -> tuple[AlarmPoint, float | None]:
        """Return what ``restore`` needs."""
        return self.point, self._shelf_ends_s

    def restore(self, snapshot: tuple[AlarmPoint, float | None]) -> None:
        """Take back an operator's action that could not be recorded."""
        self.point, self._shelf_ends_s = snapshot

    def note(self, transition: Transition, sequence: int) -> None:
        """Remember a transition as the last one, with its entry in the journal."""
        self.last = transition
        self.last_sequence = sequence

    def _shelf_is_over(self, now: Instant) -> bool:
        if not self.point.is_shelved:
            return False
        if self._shelf_ends_s is None:
            # From before a restart: its steady time is gone, and ROS time may be another one.
            left_s = (self.point.shelved_until_ns - now.ros_ns) * 1e-9
            self._shelf_ends_s = now.steady_s + min(max(left_s, 0.0), self.rule.max_shelve_s)
        is_over = now.steady_s >= self._shelf_ends_s or now.ros_ns >= self.point.shelved_until_ns
        if is_over:
            self._shelf_ends_s = None
        return is_over

    def _seen_anew(self) -> dict[str, Any]:
        # What was out of sight and still holds must be seen again (ISA-18.2: to unacknowledged).
        return {'is_acknowledged': False, 'acknowledged_ns': 0} if self.point.is_active else {}

    def _step(
        self, event: str, now: Instant, *, operator: str = '', comment: str = '',
        evidence: tuple[tuple[str, float, str], ...] = (), **changes: Any,
    ) -> Transition:
        before = self.state
        self.point = replace(self.point, **changes)
        return Transition(
            self.rule, self.alarm_id, event, before, self.point, now, operator, comment, evidence)
