# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Everything of the safety monitor but ROS: rules, alarms, journal, purpose, put together."""

from dataclasses import dataclass
from pathlib import Path

from affect_safety.clock_watch import ClockWatch
from affect_safety.hold_up import HoldUp
from affect_safety.instant import Instant
from affect_safety.journal import Record
from affect_safety.liveness import Liveness
from affect_safety.monitor import FUSION
from affect_safety.monitor import Monitor
from affect_safety.operator_desk import alarm_record
from affect_safety.operator_desk import OperatorDesk
from affect_safety.purpose_gate import PurposeKind
from affect_safety.purpose_gate import PurposeSetting
from affect_safety.purpose_gate import starting_purpose
from affect_safety.recorder import Recorder
from affect_safety.rule import Rule
from affect_safety.rules import expand
from affect_safety.rules import load_rules
from affect_safety.rules import RulesError
from affect_safety.rules import watched_modalities
from affect_safety.verdict import Verdict


@dataclass(frozen=True)
class Settings:
    """What the node's parameters say; times in seconds."""

    modalities: tuple[str, ...]
    journal_path: Path
    rules_file: str | None = None
    initial_purpose: PurposeKind = PurposeKind.NONE
    dead_after_s: float = 0.7
    grace_s: float = 15.0
    late_after_s: float = 2.0
    max_evidence_age_s: float = 10.0
    clock_timeout_s: float = 1.0


class SafetyCore:
    """
    A monitor with its journal and its operators' desk.

    It starts whatever is wrong with the rules file or the journal: ``faults`` say so.
    ``notes`` are what a person should know about the start.
    """

    def __init__(self, settings: Settings, now: Instant) -> None:
        self.notes: list[str] = []
        self._hold_up = HoldUp(0.5 * min(settings.dead_after_s, settings.clock_timeout_s))
        self._hold_up.look(now)
        self._clock_watch = ClockWatch(settings.clock_timeout_s, self._hold_up)
        self._rules_fault = ''
        rules = self._rules(settings.rules_file)
        self.modalities = watched_modalities(rules, settings.modalities)
        rules = expand(rules, settings.modalities)
        placeholders = [rule.name for rule in rules if rule.is_site_specific and rule.enabled]
        if placeholders:
            self.notes.append(
                f'limits of {", ".join(placeholders)} are placeholders: set them for your site in '
                'a copy of the rules (parameter rules_file)')
        self.recorder = Recorder(settings.journal_path)
        self.recorder.open(now)
        self._liveness = Liveness(
            (*self.modalities, FUSION), now, dead_after_s=settings.dead_after_s,
            grace_s=settings.grace_s, late_after_s=settings.late_after_s, hold_up=self._hold_up)
        self.monitor = Monitor(
            rules, self.modalities, self._liveness, points=self.recorder.points(),
            max_evidence_age_s=settings.max_evidence_age_s)
        restriction = self.recorder.unfinished_purpose()
        purpose, why = starting_purpose(
            settings.initial_purpose,
            PurposeKind[restriction['purpose']] if restriction else None,
            not self.recorder.fault)
        if why:
            self.notes.append(why)
        self.recorder.record([Record('start', now.ros_ns, {
            'purpose': purpose.name, 'rules_file': settings.rules_file or 'shipped',
            'rules': [rule.name for rule in rules if rule.enabled],
            'pending_alarms': [machine.alarm_id for machine in self.monitor.alarms()]})])
        self.desk = OperatorDesk(
            self.monitor, self.recorder, PurposeSetting(purpose, since_ns=now.ros_ns, reason=why))
        self.monitor.set_watching(purpose.allows_condition, now)

    def step(self, now: Instant) -> bool:
        """Judge the rules and journal what changed; return whether anything did."""
        self._hold_up.look(now)
        self.recorder.open(now)
        transitions = self.monitor.step(now)
        sequences = self.recorder.record(
            [alarm_record(transition, self.desk.wearer) for transition in transitions])
        for transition, sequence in zip(transitions, sequences, strict=True):
            self.monitor.machines[transition.rule.name].note(transition, sequence)
        return bool(transitions)

    def faults(self, now: Instant) -> list[str]:
        """Return why the monitor can't do its work."""
        faults = [
            self._clock_watch.complaint(now), self.recorder.fault, self.recorder.damage,
            self._rules_fault]
        if self.recorder.dropped:
            faults.append(f'{self.recorder.dropped} records were never journalled')
        return [fault for fault in faults if fault]

    def verdict(self, now: Instant) -> Verdict:
        """Sum up."""
        return self.monitor.verdict(now, self.faults(now))

    def close(self, now: Instant) -> None:
        """Journal the stop."""
        purpose = self.desk.purpose.kind.name
        self.recorder.record([Record('stop', now.ros_ns, {'purpose': purpose})])
        self.recorder.close()

    def _rules(self, path: str | None) -> tuple[Rule, ...]:
        try:
            return load_rules(path)
        except RulesError as error:
            self._rules_fault = (
                f'rules file not used, the shipped rules stand in: {"; ".join(error.complaints)}')
            return load_rules()
