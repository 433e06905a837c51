# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Which input moves which output of the safety monitor, on a live graph."""

import math
import shutil

from affect_msgs.msg import Alarm
from affect_msgs.msg import HeadsetStatus
from affect_msgs.msg import Purpose
from affect_msgs.msg import SafetyStatus
from affect_msgs.srv import AcknowledgeAlarm
from affect_msgs.srv import SetPurpose
from affect_msgs.srv import ShelveAlarm
from affect_msgs.srv import WithdrawConsent
from affect_node import LATCHED
from affect_safety.journal import read_entries
from affect_safety.journal import Seal
from affect_safety.journal import verify
import pytest

pytestmark = pytest.mark.graph


def acknowledge(graph, alarm, operator='op'):
    return graph.call(
        AcknowledgeAlarm, 'safety/acknowledge_alarm', alarm_id=alarm.alarm_id,
        operator_id=operator)


def set_purpose(graph, purpose, **fields):
    return graph.call(SetPurpose, 'safety/set_purpose', **{
        'purpose': purpose, 'operator_id': 'op', 'reason': 'test', **fields})


def test_a_healthy_graph_is_ok_and_beats(graph):
    graph.start()
    graph.wear(HeadsetStatus.FIT_GOOD)
    status = graph.wait_state(SafetyStatus.STATE_OK)
    assert list(status.reasons) == []
    assert list(status.missing_modalities) == []
    graph.wait_for(lambda: len(graph.statuses) > 5)
    beats = [s.beat for s in graph.statuses]
    assert beats == list(range(beats[0], beats[0] + len(beats)))
    assert graph.alarm_arrays[-1].alarms == []


def test_high_stress_raises_an_alarm_that_needs_return_and_acknowledgement(graph):
    graph.start()
    graph.wait_state(SafetyStatus.STATE_OK)
    graph.indices['stress'] = 0.95
    alarm = graph.wait_alarm('stress_high', Alarm.STATE_UNACKNOWLEDGED)
    assert alarm.active
    assert alarm.priority == Alarm.PRIORITY_HIGH
    assert alarm.evidence_values[0] == pytest.approx(0.95)
    assert alarm.journal_sequence > 0
    status = graph.wait_state(SafetyStatus.STATE_ALARM)
    assert status.highest_severity == 700
    assert (status.active_alarms, status.unacknowledged_alarms) == (1, 1)
    assert acknowledge(graph, alarm).success
    graph.wait_alarm('stress_high', Alarm.STATE_ACKNOWLEDGED)
    graph.indices['stress'] = 0.7  # between the limits: nothing moves
    graph.wait_state(SafetyStatus.STATE_ALARM)
    graph.indices['stress'] = 0.1
    graph.wait_state(SafetyStatus.STATE_OK)
    assert graph.alarm('stress_high') is None


def test_unknown_stress_clears_no_alarm_and_is_never_ok(graph):
    graph.start()
    graph.wait_state(SafetyStatus.STATE_OK)
    graph.indices['stress'] = 0.95
    alarm = graph.wait_alarm('stress_high', Alarm.STATE_UNACKNOWLEDGED)
    acknowledge(graph, alarm)
    graph.indices['stress'] = math.nan
    graph.wait_alarm('inputs_unknown', Alarm.STATE_UNACKNOWLEDGED)
    assert graph.alarm('stress_high').state == Alarm.STATE_ACKNOWLEDGED
    status = graph.wait_state(SafetyStatus.STATE_ALARM)
    assert any('condition.stress is unknown: no evidence' in r for r in status.reasons)


def test_unknown_alone_is_unknown_and_after_a_delay_an_alarm(graph):
    graph.start()
    graph.wait_state(SafetyStatus.STATE_OK)
    graph.indices['stress'] = math.nan
    graph.wait_state(SafetyStatus.STATE_UNKNOWN)
    alarm = graph.wait_alarm('inputs_unknown', Alarm.STATE_UNACKNOWLEDGED)
    assert list(alarm.evidence_names) == ['condition.stress']


@pytest.mark.parametrize(('stream', 'rule'), [
    ('voice', 'modality_dead.voice'), ('fusion', 'fusion_dead')])
def test_a_stream_that_stops_is_an_alarm_within_a_second(graph, stream, rule):
    node = graph.start()
    graph.wait_state(SafetyStatus.STATE_OK)
    graph.live.discard(stream)
    alarm = graph.wait_alarm(rule, Alarm.STATE_UNACKNOWLEDGED)
    dead_after_s, step_s = (node.get_parameter(n).value for n in ('dead_after_s', 'step_s'))
    assert alarm.evidence_names == ['silence']
    assert alarm.evidence_values[0] > dead_after_s
    # What this machine adds to it is the bench's to tell.
    assert dead_after_s + 2 * step_s < 1.0
    graph.live.add(stream)
    graph.wait_alarm(rule, Alarm.STATE_RETURNED_UNACKNOWLEDGED)


def test_a_modality_whose_ticks_lag_is_dead(graph):
    graph.start()
    graph.wait_state(SafetyStatus.STATE_OK)
    graph.stamp_offset_s = -5.0
    graph.wait_alarm('modality_dead.voice', Alarm.STATE_UNACKNOWLEDGED)


def test_a_headset_that_is_not_worn_suppresses_what_is_said_about_the_wearer(graph):
    graph.start()
    graph.wait_state(SafetyStatus.STATE_OK)
    graph.indices['stress'] = 0.95
    graph.wait_alarm('stress_high', Alarm.STATE_UNACKNOWLEDGED)
    graph.wear(HeadsetStatus.FIT_NOT_WORN)
    graph.wait_alarm('stress_high', Alarm.STATE_SUPPRESSED)
    graph.wait_state(SafetyStatus.STATE_UNKNOWN)
    graph.wear(HeadsetStatus.FIT_BAD)
    graph.wait_alarm('stress_high', Alarm.STATE_UNACKNOWLEDGED)
    graph.wait_alarm('headset_fit_bad', Alarm.STATE_UNACKNOWLEDGED)


def test_under_purpose_none_nothing_is_watched_and_nobody_is_alarmed(graph):
    graph.live.clear()
    graph.start(initial_purpose='none', startup_grace_s=0.0)
    status = graph.wait_state(SafetyStatus.STATE_UNKNOWN)
    assert any('purpose is none' in reason for reason in status.reasons)
    graph.wait_for(lambda: graph.statuses[-1].beat > 10)
    assert graph.alarm_arrays == [] or graph.alarm_arrays[-1].alarms == []
    assert {s.state for s in graph.statuses} == {SafetyStatus.STATE_UNKNOWN}


def test_a_condition_published_under_purpose_none_is_rejected(graph):
    node = graph.start(initial_purpose='none')
    graph.wait_for(lambda: any(
        name.endswith('published under purpose none') for name in node.diagnostics.counters))
    assert node._core.monitor.view.indices == {}


def test_purpose_is_set_latched_and_journalled(graph):
    graph.start(initial_purpose='none')
    graph.wait_for(lambda: graph.purposes)
    assert graph.purposes[-1].purpose == Purpose.NONE
    answer = set_purpose(graph, Purpose.SAFETY, wearer='heron')
    assert answer.success
    graph.wait_for(lambda: graph.purposes[-1].purpose == Purpose.SAFETY)
    assert graph.purposes[-1].wearer == 'heron'
    assert graph.purposes[-1].journal_sequence == answer.journal_sequence > 0
    graph.wait_state(SafetyStatus.STATE_OK)


def test_withdrawn_consent_ends_the_purpose_and_destroys_the_key(graph):
    graph.start()
    set_purpose(graph, Purpose.SAFETY, wearer='heron')
    answer = graph.call(
        WithdrawConsent, 'safety/withdraw_consent', wearer='heron', operator_id='op')
    assert answer.success
    graph.wait_for(lambda: graph.purposes[-1].purpose == Purpose.NONE)
    assert verify(graph.journal_path) == []
    again = graph.call(
        WithdrawConsent, 'safety/withdraw_consent', wearer='heron', operator_id='op')
    assert not again.success
    assert 'spelt' in again.message


def test_services_refuse_an_empty_operator_and_say_so(graph):
    graph.start()
    graph.live.discard('voice')
    alarm = graph.wait_alarm('modality_dead.voice', Alarm.STATE_UNACKNOWLEDGED)
    answers = [
        acknowledge(graph, alarm, operator=' '),
        graph.call(ShelveAlarm, 'safety/shelve_alarm', alarm_id=alarm.alarm_id, duration_s=5.0,
                   reason='x'),
        set_purpose(graph, Purpose.RESEARCH, operator_id=''),
        graph.call(WithdrawConsent, 'safety/withdraw_consent', wearer='heron')]
    for answer in answers:
        assert not answer.success
        assert 'operator_id is empty' in answer.message
        assert answer.journal_sequence == 0
    assert graph.alarm('modality_dead.voice').state == Alarm.STATE_UNACKNOWLEDGED
    assert graph.purposes[-1].purpose == Purpose.SAFETY


def test_services_refuse_nonsense_with_a_remedy(graph):
    graph.start()
    assert 'there is no alarm' in graph.call(
        AcknowledgeAlarm, 'safety/acknowledge_alarm', alarm_id='x', operator_id='op').message
    assert '3 SAFETY' in set_purpose(graph, 99).message
    assert 'reason is empty' in set_purpose(graph, Purpose.NONE, reason='').message
    giant = 'x' * 100_000
    for field in ('operator_id', 'reason', 'wearer'):
        answer = set_purpose(graph, Purpose.RESEARCH, **{field: giant})
        assert f'{field} has 100000 characters' in answer.message
    answer = graph.call(
        AcknowledgeAlarm, 'safety/acknowledge_alarm', alarm_id=giant, operator_id='op')
    assert 'alarm_id has 100000 characters' in answer.message


def test_the_monitor_has_the_last_word_on_the_purpose(graph):
    node = graph.start(initial_purpose='none')
    graph.wait_for(lambda: graph.purposes)
    stranger = graph.peer.create_publisher(Purpose, 'safety/purpose', LATCHED)
    graph.wait_for(lambda: stranger.get_subscription_count() == 2)
    stranger.publish(Purpose(purpose=Purpose.MEDICAL, operator_id='stranger'))
    graph.wait_for(lambda: any(p.purpose == Purpose.MEDICAL for p in graph.purposes))
    graph.wait_for(lambda: graph.purposes[-1].purpose == Purpose.NONE)
    assert any('somebody else has published purpose 2' in name
               for name in node.diagnostics.counters)
    count = len(graph.purposes)
    assert set_purpose(graph, Purpose.SAFETY).success
    graph.wait_for(lambda: graph.purposes[-1].purpose == Purpose.SAFETY)
    assert len(graph.purposes) == count + 1, 'the monitor took its own word for a stranger'


def test_an_old_word_of_the_monitor_opens_nothing_when_somebody_repeats_it(graph):
    graph.start(initial_purpose='none')
    assert set_purpose(graph, Purpose.RESEARCH).success
    graph.wait_for(lambda: graph.purposes[-1].purpose == Purpose.RESEARCH)
    old = graph.purposes[-1]
    assert set_purpose(graph, Purpose.NONE).success
    graph.wait_for(lambda: graph.purposes[-1].purpose == Purpose.NONE)
    count = len(graph.purposes)
    stranger = graph.peer.create_publisher(Purpose, 'safety/purpose', LATCHED)
    graph.wait_for(lambda: stranger.get_subscription_count() == 2)
    stranger.publish(old)
    graph.wait_for(lambda: len(graph.purposes) > count + 1)
    assert [p.purpose for p in graph.purposes[count:]] == [Purpose.RESEARCH, Purpose.NONE]


def test_an_alarm_on_the_shelf_comes_back_by_itself(graph):
    graph.start()
    graph.wait_state(SafetyStatus.STATE_OK)
    graph.live.discard('voice')
    alarm = graph.wait_alarm('modality_dead.voice', Alarm.STATE_UNACKNOWLEDGED)
    shelve = {'alarm_id': alarm.alarm_id, 'operator_id': 'op', 'reason': 'known'}
    too_long = graph.call(ShelveAlarm, 'safety/shelve_alarm', duration_s=61.0, **shelve)
    assert not too_long.success
    assert 'at most 60 s' in too_long.message
    assert graph.call(ShelveAlarm, 'safety/shelve_alarm', duration_s=0.5, **shelve).success
    shelved = graph.wait_alarm('modality_dead.voice', Alarm.STATE_SHELVED)
    assert shelved.operator_id == 'op'
    graph.wait_alarm('modality_dead.voice', Alarm.STATE_UNACKNOWLEDGED)


def test_a_clock_that_stalls_is_a_fault_and_the_heart_beats_on(graph):
    graph.clock_s = 1000.0
    graph.live.add('clock')
    graph.start(use_sim_time=True)
    graph.wait_state(SafetyStatus.STATE_OK)
    graph.live.discard('clock')
    status = graph.wait_state(SafetyStatus.STATE_FAULT)
    assert any('/clock has stood still' in reason for reason in status.reasons)
    beat = status.beat
    graph.wait_for(lambda: graph.statuses[-1].beat > beat + 5)
    graph.live.add('clock')
    graph.wait_for(lambda: graph.statuses[-1].state != SafetyStatus.STATE_FAULT)


def test_simulated_time_without_a_clock_is_said(graph):
    graph.start(use_sim_time=True)
    graph.wait_for(lambda: graph.statuses)
    status = graph.wait_state(SafetyStatus.STATE_FAULT)
    assert any('nobody publishes /clock' in reason for reason in status.reasons)


def test_alarms_go_out_and_the_heart_beats_on_when_the_journal_is_gone(graph, tmp_path):
    folder = tmp_path / 'state'
    graph.journal_path = folder / 'journal.sqlite3'
    graph.start()
    graph.wait_state(SafetyStatus.STATE_OK)
    shutil.rmtree(folder)
    folder.write_text('in the way', encoding='utf-8')
    status = graph.wait_state(SafetyStatus.STATE_FAULT)
    assert any(str(folder) in reason for reason in status.reasons)
    graph.live.discard('voice')
    alarm = graph.wait_alarm('modality_dead.voice', Alarm.STATE_UNACKNOWLEDGED)
    assert alarm.journal_sequence == 0
    answer = acknowledge(graph, alarm)
    assert not answer.success
    assert 'cannot be journalled' in answer.message
    # Not done: asking again gives the same answer, and not that it is acknowledged already.
    assert 'cannot be journalled' in acknowledge(graph, alarm).message
    assert not set_purpose(graph, Purpose.RESEARCH).success
    assert set_purpose(graph, Purpose.NONE).success
    folder.unlink()
    graph.wait_for(lambda: graph.statuses[-1].state != SafetyStatus.STATE_FAULT)
    events = [entry.kind for entry in read_entries(graph.journal_path)]
    assert 'alarm' in events
    assert 'purpose' in events
    assert 'break' in events  # the new chain names the end of the lost one
    assert verify(graph.journal_path) == []


def test_without_a_journal_from_the_start_no_purpose_is_opened(graph, tmp_path):
    graph.journal_path = tmp_path  # a folder
    graph.start(initial_purpose='research')
    graph.wait_state(SafetyStatus.STATE_FAULT)
    graph.wait_for(lambda: graph.statuses[-1].beat > 3)
    assert graph.statuses[-1].purpose == Purpose.NONE


def test_a_restart_continues_the_chain_and_takes_up_its_alarms(graph):
    graph.start()
    graph.wait_state(SafetyStatus.STATE_OK)
    graph.live.discard('voice')
    alarm = graph.wait_alarm('modality_dead.voice', Alarm.STATE_UNACKNOWLEDGED)
    status = graph.wait_state(SafetyStatus.STATE_WARNING)
    graph.stop()
    graph.start()
    again = graph.wait_alarm('modality_dead.voice', Alarm.STATE_UNACKNOWLEDGED)
    assert again.alarm_id == alarm.alarm_id
    assert again.journal_sequence == alarm.journal_sequence
    assert verify(
        graph.journal_path, seal=Seal(status.journal_sequence, status.journal_hash)) == []
    kinds = [entry.kind for entry in read_entries(graph.journal_path)]
    assert kinds == ['start', 'alarm', 'stop', 'start']


def test_every_alarm_is_in_the_journal_before_it_is_published(graph):
    graph.start()
    graph.wait_state(SafetyStatus.STATE_OK)
    graph.live.clear()
    graph.wait_alarm('fusion_dead', Alarm.STATE_UNACKNOWLEDGED)
    written = {entry.sequence: entry.body for entry in read_entries(graph.journal_path)}
    for array in graph.alarm_arrays:
        for alarm in array.alarms:
            assert alarm.alarm_id in written[alarm.journal_sequence]


def test_a_broken_rules_file_is_a_fault_and_the_shipped_rules_stand_in(graph, rules_file):
    rules_file.write_text('rules: 3', encoding='utf-8')
    graph.start()
    status = graph.wait_state(SafetyStatus.STATE_FAULT)
    assert any("field 'rules'" in reason for reason in status.reasons)
    graph.live.discard('voice')
    graph.wait_alarm('modality_dead.voice', Alarm.STATE_UNACKNOWLEDGED)


def test_a_parameter_out_of_range_leaves_the_default(graph):
    node = graph.start(period_s=-1.0, initial_purpose='everything')
    graph.wait_for(lambda: graph.statuses)
    assert graph.statuses[-1].period_s == pytest.approx(0.5)
    assert graph.statuses[-1].purpose == Purpose.NONE
    assert node.diagnostics.counters['bad parameters'] == 2
