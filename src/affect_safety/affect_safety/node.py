# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The safety monitor as a ROS 2 node."""

from functools import partial
from pathlib import Path
import time
import traceback
from typing import Any

from affect_msgs.msg import AlarmArray
from affect_msgs.msg import HeadsetStatus
from affect_msgs.msg import ModalityEmbedding
from affect_msgs.msg import SafetyStatus
from affect_msgs.msg import WearerCondition
from affect_node import AffectNode
from affect_node import LATCHED
from affect_node import run
from affect_node import stamp_ns
from affect_node import STATE
from affect_safety import messages
from affect_safety.instant import Instant
from affect_safety.messages import raw_stamp_ns
from affect_safety.monitor import FUSION
from affect_safety.purpose_gate import PurposeKind
from affect_safety.purpose_topic import PurposeTopic
from affect_safety.recorder import default_journal_path
from affect_safety.safety_core import SafetyCore
from affect_safety.safety_core import Settings
from affect_safety.services import Handler
from affect_safety.services import SERVICES
from affect_safety.verdict import Verdict
from affect_safety.verdict import VerdictState
from diagnostic_msgs.msg import DiagnosticStatus

MODALITIES = [
    'facial_expression', 'eye_movement', 'eye_expression', 'voice', 'speech', 'head_motion',
    'body_expression', 'physiology', 'scene']


class SafetyMonitorNode(AffectNode):
    """
    Watches the wearer and the graph, and owns the purpose.

    It activates itself and waits for nobody. The heartbeat goes on whatever happens to the clock,
    the journal or the inputs, and says so; when it stops, consumers must take that as a fault.
    """

    AUTOSTART = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__('safety_monitor', **kwargs)
        declare = self.declare
        self._modalities = declare('modalities', MODALITIES, 'Modalities that must tick.')
        self._period_s = declare(
            'period_s', 0.5, 'Period of the heartbeat.', low=0.05, high=5.0)
        step_s = declare(
            'step_s', 0.1, 'How often the rules are judged.', low=0.02, high=0.5)
        self._step_s = min(step_s, self._period_s)
        initial = declare(
            'initial_purpose', 'none', "What the wearer's data may be used for at the start.",
            choices=[kind.name.lower() for kind in PurposeKind])
        rules_file = declare('rules_file', '', 'Rules in YAML; empty for the shipped ones.')
        journal_path = declare(
            'journal_path', '', 'Journal; empty for one below the XDG state directory.')
        self._settings = Settings(
            modalities=tuple(self._modalities),
            rules_file=rules_file or None,
            journal_path=Path(journal_path or default_journal_path(self.get_namespace())),
            initial_purpose=PurposeKind[initial.upper()],
            dead_after_s=declare(
                'dead_after_s', 0.7, 'A stream without a tick for longer is dead.',
                low=0.2, high=60.0),
            grace_s=declare(
                'startup_grace_s', 15.0, 'How long the first tick of a stream is waited for.',
                low=0.0, high=600.0),
            late_after_s=declare(
                'late_after_s', 2.0, 'A tick stamped longer ago does not count as life.',
                low=0.1, high=60.0),
            max_evidence_age_s=declare(
                'max_evidence_age_s', 10.0, 'An index on older evidence is unknown.',
                low=0.1, high=3600.0),
            clock_timeout_s=declare(
                'clock_timeout_s', 1.0, 'ROS time that stands still for longer is a fault.',
                low=0.2, high=60.0))
        self._core: Any = None
        self._beat = 0
        self._next_beat_s = 0.0

    def setup(self) -> None:
        """Open the journal, take up the alarms of the last run, and begin to listen."""
        self._core = SafetyCore(self._settings, self._now())
        for note in self._core.notes:
            self.get_logger().warning(note)
        self._alarms = self.advertise(AlarmArray, 'safety/alarms', LATCHED)
        self._status = self.advertise(SafetyStatus, 'safety/status', STATE)
        self._purpose = PurposeTopic(self)
        for modality in self._core.modalities:
            self.subscribe(
                ModalityEmbedding, f'affect/{modality}/embedding',
                partial(self._on_embedding, modality), STATE, raw=True)
        self.subscribe(WearerCondition, 'affect/wearer_condition', self._on_condition, STATE)
        self.subscribe(HeadsetStatus, 'hmd/headset/status', self._on_headset, LATCHED)
        for service_type, name, handler in SERVICES:
            self.serve(service_type, name, partial(self._serve, handler))
        self.tick_steadily(self._step_s, self._step)

    def start(self) -> None:
        """Say what holds from the start."""
        self._purpose.publish(self._core.desk.purpose)
        self._publish_alarms(self._now())
        self._step()

    def teardown(self) -> None:
        """Journal the stop, also when a signal ends the process."""
        core, self._core = self._core, None
        if core is not None:
            core.close(self._now())

    def _now(self) -> Instant:
        return Instant(time.monotonic(), self.get_clock().now().nanoseconds)

    def _step(self) -> None:
        """Judge the rules; beat when it is time or something changed."""
        now = self._now()
        self._purpose.insist(self._core.desk.purpose)
        try:
            has_changed = self._core.step(now)
            if has_changed:
                self._publish_alarms(now)
            verdict = self._core.verdict(now)
        except Exception as error:
            self.get_logger().error(traceback.format_exc(), throttle_duration_sec=5.0)
            has_changed = False
            verdict = Verdict.of_fault(f'defect of the monitor: {type(error).__name__}: {error}')
        if has_changed or now.steady_s >= self._next_beat_s:
            # Half a step early rather than late: silence is what consumers take for a fault.
            self._next_beat_s = now.steady_s + self._period_s - 0.5 * self._step_s
            self._publish_status(verdict, now)

    def _on_embedding(self, modality: str, serialized: bytes) -> None:
        self._take_tick(modality, f'affect/{modality}/embedding', raw_stamp_ns(serialized))

    def _on_condition(self, message: WearerCondition) -> None:
        topic = 'affect/wearer_condition'
        if not self._core.monitor.is_watching:
            self.diagnostics.reject(
                topic, 'published under purpose none', 'its publisher must follow safety/purpose')
        elif self._take_tick(FUSION, topic, stamp_ns(message.header.stamp)):
            view = self._core.monitor.view
            view.indices = messages.index_readings(message)
            view.condition_fit = messages.fit_name(message.headset_fit)
            view.wearer = message.wearer

    def _on_headset(self, message: HeadsetStatus) -> None:
        self._core.monitor.view.status_fit = messages.fit_name(message.fit)

    def _take_tick(self, source: str, topic: str, stamp: int) -> bool:
        complaint = self._core.monitor.liveness.tick(source, stamp, self._now())
        if complaint:
            self.diagnostics.reject(
                topic, complaint, 'it does not count as a sign of life; check its publisher')
        return not complaint

    def _serve(self, handler: Handler, request: Any, response: Any) -> Any:
        now = self._now()
        before = self._core.desk.purpose
        answer = handler(self._core.desk, request, now)
        response.success, response.message, response.journal_sequence = answer
        self.get_logger().info(f'{type(request).__qualname__}: {answer.message}')
        if self._core.desk.purpose != before:
            self._purpose.publish(self._core.desk.purpose)
        self._publish_alarms(now)
        return response

    def _publish_alarms(self, now: Instant) -> None:
        self._alarms.publish(messages.alarm_array(
            self._core.monitor.alarms(), now.ros_ns, self.frame('hmd_link'),
            self._core.recorder.seal))

    def _publish_status(self, verdict: Verdict, now: Instant) -> None:
        self._beat += 1
        self._status.publish(messages.status_message(
            verdict, self._beat, self._period_s, int(self._core.desk.purpose.kind),
            self._core.recorder.seal, now.ros_ns, self.frame('hmd_link')))
        if verdict.state == VerdictState.FAULT:
            text = '; '.join(verdict.reasons)
            self.diagnostics.set('monitor', DiagnosticStatus.ERROR, text)
            self.get_logger().error(text, throttle_duration_sec=5.0)
        else:
            self.diagnostics.set('monitor', DiagnosticStatus.OK, '')


def main(args: list[str] | None = None) -> int:
    """Run the safety monitor until a signal ends it."""
    return run(SafetyMonitorNode, args)
