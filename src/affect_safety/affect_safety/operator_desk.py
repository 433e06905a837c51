# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What operators ask for: checked, journalled, done, in this order. No ROS."""

from collections.abc import Callable
import math
from typing import NamedTuple

from affect_safety.alarm_state_machine import AlarmActionError
from affect_safety.alarm_state_machine import AlarmStateMachine
from affect_safety.alarm_state_machine import Transition
from affect_safety.instant import Instant
from affect_safety.journal import JournalError
from affect_safety.journal import Record
from affect_safety.monitor import Monitor
from affect_safety.purpose_gate import PurposeKind
from affect_safety.purpose_gate import PurposeSetting
from affect_safety.recorder import Recorder

MOST_CHARACTERS = 1000
"""Of any text an operator gives: it is kept for ever, and repeated in every later message."""


class Answer(NamedTuple):
    """Fields that the answers of all services of the monitor have."""

    success: bool
    message: str
    journal_sequence: int = 0


def alarm_record(transition: Transition, wearer: str) -> Record:
    """Return what is journalled of a transition; measurements and comments are sealed."""
    evidence = [
        [name, None if math.isnan(value) else value, unit]
        for name, value, unit in transition.evidence]
    secret = {'evidence': evidence, 'comment': transition.comment}
    return Record(
        'alarm', transition.at.ros_ns, transition.public(), wearer,
        {name: value for name, value in secret.items() if value})


class OperatorDesk:
    """Serves operators; every action names one, and is refused when it can't be journalled."""

    def __init__(
        self, monitor: Monitor, recorder: Recorder, purpose: PurposeSetting,
    ) -> None:
        self._monitor = monitor
        self._recorder = recorder
        self.purpose = purpose

    @property
    def wearer(self) -> str:
        """Pseudonym under whose key measurements are sealed now."""
        return self._monitor.view.wearer or self.purpose.wearer

    def acknowledge(self, alarm_id: str, operator: str, comment: str, now: Instant) -> Answer:
        """Acknowledge an alarm, or reset an acknowledged latch."""
        if complaint := _too_long(comment=comment):
            return Answer(False, complaint)
        return self._act(
            alarm_id, operator, lambda machine: machine.acknowledge(operator, comment, now))

    def shelve(
        self, alarm_id: str, duration_s: float, operator: str, reason: str, now: Instant,
    ) -> Answer:
        """Shelve an alarm for a time; 0 takes it off the shelf."""
        if complaint := _missing(reason=reason):
            return Answer(False, f'{complaint}: say why the alarm is put aside')
        if duration_s == 0.0:
            return self._act(
                alarm_id, operator, lambda machine: machine.unshelve(operator, reason, now))
        return self._act(
            alarm_id, operator,
            lambda machine: machine.shelve(duration_s, operator, reason, now))

    def set_purpose(
        self, purpose: int, wearer: str, operator: str, reason: str, now: Instant,
    ) -> Answer:
        """Set the purpose. Only closing it (NONE) is possible without a journal."""
        if complaint := _missing(operator_id=operator, reason=reason) or _too_long(wearer=wearer):
            return Answer(False, complaint)
        try:
            kind = PurposeKind(purpose)
        except ValueError:
            names = ', '.join(f'{p.value} {p.name}' for p in PurposeKind)
            return Answer(False, f'purpose is {purpose}; there are {names}')
        record = Record(
            'purpose', now.ros_ns, {'purpose': kind.name, 'operator_id': operator}, wearer,
            {'reason': reason})
        try:
            sequence = self._recorder.must_record(record)
        except JournalError as error:
            if kind != PurposeKind.NONE:
                return Answer(False, f'not set, since it cannot be journalled: {error}')
            sequence = self._recorder.record([record])[0]
        self._take(PurposeSetting(kind, wearer, operator, reason, now.ros_ns, sequence), now)
        return Answer(True, f'purpose is {kind.name}', sequence)

    def withdraw_consent(self, wearer: str, operator: str, now: Instant) -> Answer:
        """Destroy a wearer's key; the purpose falls back to NONE whatever else happens."""
        if complaint := _missing(wearer=wearer, operator_id=operator):
            return Answer(
                False, complaint + '; whoever wore the headset without a pseudonym is '
                "'(anonymous)'")
        try:
            had_key = self._recorder.destroy_key(wearer)
            failure = ''
        except JournalError as error:
            had_key, failure = False, str(error)
        sequence = self._recorder.record([Record(
            'purpose', now.ros_ns,
            {'purpose': PurposeKind.NONE.name, 'operator_id': operator,
             'event': 'consent withdrawn', 'key_destroyed': had_key})])[0]
        self._take(PurposeSetting(
            PurposeKind.NONE, '', operator, 'consent withdrawn', now.ros_ns, sequence), now)
        if failure:
            return Answer(
                False, f'purpose is NONE, but what is stored can still be read: {failure}; mend '
                'that and call again')
        if not had_key:
            return Answer(
                False, f"purpose is NONE; nothing is stored under the pseudonym '{wearer}': is "
                'it spelt rightly?')
        return Answer(
            True, f"what was stored of '{wearer}' can no longer be read; purpose is NONE",
            sequence)

    def _act(
        self, alarm_id: str, operator: str,
        action: Callable[[AlarmStateMachine], Transition],
    ) -> Answer:
        if complaint := _missing(operator_id=operator) or _too_long(alarm_id=alarm_id):
            return Answer(False, complaint)
        machine = self._monitor.find(alarm_id)
        if machine is None:
            known = ', '.join(m.alarm_id for m in self._monitor.alarms()) or 'none'
            return Answer(False, f"there is no alarm '{alarm_id}'; there are: {known}")
        before = machine.snapshot()
        try:
            transition = action(machine)
            sequence = self._recorder.must_record(alarm_record(transition, self.wearer))
        except AlarmActionError as error:
            return Answer(False, str(error))
        except JournalError as error:
            machine.restore(before)
            return Answer(False, f'not done, since it cannot be journalled: {error}')
        machine.note(transition, sequence)
        return Answer(True, f'{alarm_id} is {machine.state.name}', sequence)

    def _take(self, setting: PurposeSetting, now: Instant) -> None:
        self.purpose = setting
        self._monitor.set_watching(setting.kind.allows_condition, now)


def _missing(**fields: str) -> str:
    for name, value in fields.items():
        if not value.strip():
            return f'{name} is empty; it is required'
    return _too_long(**fields)


def _too_long(**fields: str) -> str:
    for name, value in fields.items():
        if len(value) > MOST_CHARACTERS:
            return f'{name} has {len(value)} characters; at most {MOST_CHARACTERS} are taken'
    return ''
