# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""From inputs to alarms and to one verdict: all of the monitor that needs no ROS."""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
import math

from affect_safety.alarm_state_machine import AlarmPoint
from affect_safety.alarm_state_machine import AlarmState
from affect_safety.alarm_state_machine import AlarmStateMachine
from affect_safety.alarm_state_machine import Transition
from affect_safety.instant import Instant
from affect_safety.liveness import Life
from affect_safety.liveness import Liveness
from affect_safety.rule import HEADSET_NOT_WORN
from affect_safety.rule import Priority
from affect_safety.rule import Rule
from affect_safety.rule import Value
from affect_safety.rule_evaluator import RuleEvaluator
from affect_safety.verdict import Verdict
from affect_safety.verdict import VerdictState
from affect_safety.wearer_view import Evidence
from affect_safety.wearer_view import IndexReading
from affect_safety.wearer_view import WearerView

FUSION = 'fusion'
"""Source in Liveness that stands for WearerCondition."""

NOT_WATCHING = 'purpose is none: the wearer is not watched'

_ACTIVE = (AlarmState.UNACKNOWLEDGED, AlarmState.ACKNOWLEDGED)
_UNACKNOWLEDGED = (
    AlarmState.UNACKNOWLEDGED, AlarmState.RETURNED_UNACKNOWLEDGED,
    AlarmState.LATCHED_UNACKNOWLEDGED)


@dataclass(frozen=True)
class _Reading:
    value: Value | None
    evidence: Evidence
    reason: str = ''


class Monitor:
    """
    Judges every rule at each ``step``, keeps the alarms, and sums up.

    What is unknown never counts as good: it raises nothing, clears nothing, and keeps the verdict
    from being OK.
    """

    def __init__(
        self, rules: Sequence[Rule], modalities: Sequence[str], liveness: Liveness, *,
        points: Mapping[str, tuple[AlarmPoint, int]] | None = None,
        max_evidence_age_s: float = 10.0,
    ) -> None:
        """
        Take expanded ``rules`` and go on from ``points``.

        Those are where an earlier run left the alarms, and the journal's entry that says so.
        """
        points = points or {}
        self.view = WearerView()
        self.liveness = liveness
        self.is_watching = False
        self.unknown: dict[str, str] = {}
        self._modalities = tuple(modalities)
        self._max_evidence_age_s = max_evidence_age_s
        # Rules about what is unknown come last: they look at the others.
        rules = sorted(rules, key=lambda rule: rule.input == 'status.unknown')
        self.machines = {
            rule.name: AlarmStateMachine(rule, *points.get(rule.name, ())) for rule in rules}
        self._evaluators = {
            name: RuleEvaluator(machine.rule, is_on=machine.point.is_active)
            for name, machine in self.machines.items()}

    def set_watching(self, is_watching: bool, now: Instant) -> None:
        """Start or stop watching; WearerCondition is waited for anew."""
        if is_watching != self.is_watching:
            self.is_watching = is_watching
            self.liveness.await_anew(FUSION, now)
            self.view.forget_condition()

    def step(self, now: Instant) -> list[Transition]:
        """Judge all rules; return the transitions, oldest first."""
        transitions: list[Transition] = []
        self.unknown = {}
        for name, machine in self.machines.items():
            rule = machine.rule
            if not rule.enabled:
                continue
            reading = self._read(rule, now)
            is_suppressed = not self.is_watching or (
                HEADSET_NOT_WORN in rule.suppress_when and self.view.fit == 'not_worn')
            if reading.value is None and not is_suppressed:
                self.unknown[rule.input] = reading.reason
            is_on = self._evaluators[name].observe(
                reading.value if self.is_watching else None, now.steady_s)
            causes = frozenset(self.unknown) if rule.input == 'status.unknown' else frozenset()
            transitions += machine.update(is_on, is_suppressed, now, causes, reading.evidence)
        return transitions

    def alarms(self) -> list[AlarmStateMachine]:
        """Return every alarm that is not NORMAL, most severe first."""
        return sorted(
            (m for m in self.machines.values() if m.state != AlarmState.NORMAL),
            key=lambda m: (m.state == AlarmState.OUT_OF_SERVICE, -m.rule.severity, m.rule.name))

    def find(self, alarm_id: str) -> AlarmStateMachine | None:
        """Return the alarm with this id, if it is the rule's latest occurrence."""
        return next((m for m in self.machines.values() if m.alarm_id == alarm_id), None)

    def evidence(self, rule: Rule, now: Instant) -> Evidence:
        """Return what the rule sees now."""
        return self._read(rule, now).evidence

    def verdict(self, now: Instant, faults: Sequence[str] = ()) -> Verdict:
        """Sum up. ``faults`` say why the monitor itself can't do its work."""
        machines = [m for m in self.machines.values() if m.rule.enabled]
        active = [m for m in machines if m.state in _ACTIVE]
        waiting = [m for m in machines if m.state in _UNACKNOWLEDGED and m not in active]
        held = [m for m in machines if m.state == AlarmState.LATCHED_ACKNOWLEDGED]
        shelved = [m for m in machines if m.state == AlarmState.SHELVED]
        missing = [
            m for m in self._modalities if self.liveness.life(m, now) != Life.ALIVE]
        unknown = [f'{name} is unknown: {why}' for name, why in self.unknown.items()]
        if not self.is_watching:
            unknown = [NOT_WATCHING]
        elif self.view.fit == 'not_worn':
            unknown.append('headset is not worn: alarms about the wearer are suppressed')
        reasons = [
            *faults, *(m.rule.message for m in active), *unknown,
            *(f'returned, not acknowledged: {m.rule.name}' for m in waiting),
            *(f'latched until reset: {m.rule.name}' for m in held),
            *(f'shelved: {m.rule.name}' for m in shelved)]
        if faults:
            state = VerdictState.FAULT
        elif any(m.rule.priority >= Priority.HIGH for m in active):
            state = VerdictState.ALARM
        elif unknown:
            state = VerdictState.UNKNOWN
        else:
            state = VerdictState.WARNING if reasons else VerdictState.OK
        return Verdict(
            state, tuple(reasons), len(active),
            sum(m.state in _UNACKNOWLEDGED for m in machines),
            max((m.rule.severity for m in active), default=0), tuple(missing))

    def _read(self, rule: Rule, now: Instant) -> _Reading:
        kind, _, rest = rule.input.partition('.')
        if kind == 'condition':
            return self._read_index(rest, now)
        if kind == 'headset':
            fit = self.view.fit
            return _Reading(fit, (), '' if fit else 'nobody tells whether it is worn')
        if kind == 'status':
            return _Reading(
                bool(self.unknown), tuple((name, math.nan, '') for name in self.unknown))
        source = FUSION if kind == FUSION else rest.removesuffix('.dead')
        life = self.liveness.life(source, now)
        evidence = (('silence', self.liveness.silence_s(source, now), 's'),)
        if life == Life.WAITING:
            return _Reading(None, evidence, 'has not ticked yet')
        return _Reading(life == Life.DEAD, evidence)

    def _read_index(self, index: str, now: Instant) -> _Reading:
        life = self.liveness.life(FUSION, now)
        if life != Life.ALIVE:
            return _Reading(
                None, ((index, math.nan, '1'),), 'no WearerCondition arrives')
        reading = self.view.indices.get(index, IndexReading())
        evidence = ((index, reading.value, '1'), *reading.evidence)
        complaint = reading.complaint(self._max_evidence_age_s)
        return _Reading(None if complaint else reading.value, evidence, complaint)
