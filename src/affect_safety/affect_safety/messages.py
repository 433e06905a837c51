# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Between the monitor's own words and the messages of affect_msgs."""

from collections.abc import Sequence
import struct

from affect_msgs.msg import Alarm
from affect_msgs.msg import AlarmArray
from affect_msgs.msg import ConditionIndex
from affect_msgs.msg import HeadsetStatus
from affect_msgs.msg import Purpose
from affect_msgs.msg import SafetyStatus
from affect_msgs.msg import WearerCondition
from affect_node import to_stamp
from affect_safety.alarm_state_machine import AlarmStateMachine
from affect_safety.journal import Seal
from affect_safety.purpose_gate import PurposeSetting
from affect_safety.rule import INDICES
from affect_safety.verdict import Verdict
from affect_safety.wearer_view import IndexReading
from std_msgs.msg import Header

_FITS = {
    HeadsetStatus.FIT_NOT_WORN: 'not_worn',
    HeadsetStatus.FIT_GOOD: 'good',
    HeadsetStatus.FIT_BAD: 'bad',
}


def raw_stamp_ns(serialized: bytes) -> int:
    """
    Return header.stamp of a serialised message that begins with a header, in nanoseconds.

    Watching nine modalities' ticks needs their stamps and nothing else; decoding whole embeddings
    for that would cost more than the monitor itself. CDR: four bytes of encapsulation, of which
    the second one's lowest bit is the byte order, then int32 seconds and uint32 nanoseconds.

    :raises ValueError: too short for a header.
    """
    if len(serialized) < 12:
        raise ValueError(f'{len(serialized)} bytes hold no header')
    seconds, nanoseconds = struct.unpack_from(
        '<iI' if serialized[1] & 1 else '>iI', serialized, 4)
    return seconds * 1_000_000_000 + nanoseconds


def fit_name(fit: int) -> str | None:
    """Return a HeadsetStatus fit as rules name it; None is unknown."""
    return _FITS.get(fit)


def index_readings(message: WearerCondition) -> dict[str, IndexReading]:
    """Return the indices of a WearerCondition by name."""
    return {name: _index_reading(getattr(message, name)) for name in INDICES}


def _index_reading(index: ConditionIndex) -> IndexReading:
    return IndexReading(
        value=index.value,
        is_known=index.status != ConditionIndex.STATUS_UNKNOWN,
        evidence_age_s=index.evidence_age_s,
        evidence=tuple(zip(
            index.evidence_names, index.evidence_values, index.evidence_units, strict=False)),
        reason=index.reason)


def alarm_message(machine: AlarmStateMachine, frame_id: str) -> Alarm:
    """Return an alarm as its last transition left it."""
    rule, point, last = machine.rule, machine.point, machine.last
    evidence = last.evidence if last else ()
    return Alarm(
        header=Header(
            stamp=to_stamp(ns=last.at.ros_ns if last else point.raised_ns), frame_id=frame_id),
        rule=rule.name, alarm_id=machine.alarm_id, message=rule.message,
        consequence=rule.consequence, response=rule.response, severity=rule.severity,
        priority=int(rule.priority), state=int(point.state), active=point.is_active,
        raised=to_stamp(ns=point.raised_ns), cleared=to_stamp(ns=point.cleared_ns),
        acknowledged=to_stamp(ns=point.acknowledged_ns),
        shelved_until=to_stamp(ns=point.shelved_until_ns), operator_id=point.operator_id,
        evidence_names=[name for name, _, _ in evidence],
        evidence_values=[value for _, value, _ in evidence],
        evidence_units=[unit for _, _, unit in evidence],
        journal_sequence=machine.last_sequence)


def alarm_array(
    machines: Sequence[AlarmStateMachine], ros_ns: int, frame_id: str, seal: Seal,
) -> AlarmArray:
    """Return the list of alarms, in the order given."""
    return AlarmArray(
        header=Header(stamp=to_stamp(ns=ros_ns), frame_id=frame_id),
        alarms=[alarm_message(machine, frame_id) for machine in machines],
        journal_sequence=seal.sequence)


def purpose_message(setting: PurposeSetting) -> Purpose:
    """Return the purpose in force."""
    return Purpose(
        header=Header(stamp=to_stamp(ns=setting.since_ns)), purpose=int(setting.kind),
        wearer=setting.wearer, operator_id=setting.operator_id, reason=setting.reason,
        journal_sequence=setting.sequence)


def status_message(
    verdict: Verdict, beat: int, period_s: float, purpose: int, seal: Seal, ros_ns: int,
    frame_id: str,
) -> SafetyStatus:
    """Return a heartbeat."""
    return SafetyStatus(
        header=Header(stamp=to_stamp(ns=ros_ns), frame_id=frame_id), beat=beat,
        period_s=period_s, state=int(verdict.state), reasons=list(verdict.reasons),
        active_alarms=verdict.active_alarms, unacknowledged_alarms=verdict.unacknowledged_alarms,
        highest_severity=verdict.highest_severity,
        missing_modalities=list(verdict.missing_modalities), purpose=purpose,
        journal_sequence=seal.sequence, journal_hash=seal.hash)
