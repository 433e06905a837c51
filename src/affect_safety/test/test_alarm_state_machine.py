# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The life cycle of ISA-18.2: single paths, and what no path may do."""

from dataclasses import replace

from affect_safety.alarm_state_machine import AlarmActionError
from affect_safety.alarm_state_machine import AlarmPoint
from affect_safety.alarm_state_machine import AlarmState
from affect_safety.alarm_state_machine import AlarmStateMachine
from affect_safety.instant import Instant
from affect_safety.rule import Rule
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
import pytest

S = AlarmState
START_NS = 1_700_000_000_000_000_000
RULE = Rule(
    name='r', input='fusion.dead', comparison='is', on=(True,), off=None, on_delay_s=0.0,
    off_delay_s=0.0, severity=700, latching=False, max_shelve_s=60.0, message='m',
    consequence='c', response='r', basis='b')
LATCHING = replace(RULE, latching=True)


def at(seconds):
    return Instant(float(seconds), START_NS + round(seconds * 1e9))


class Alarm:
    """An alarm whose time moves by a second with every event."""

    def __init__(self, rule=RULE):
        self.machine = AlarmStateMachine(rule)
        self.seconds = 0.0
        self.is_on = False
        self.is_suppressed = False

    def now(self):
        self.seconds += 1.0
        return at(self.seconds)

    def condition(self, is_on, is_suppressed=False, causes=()):
        self.is_on, self.is_suppressed = is_on, is_suppressed
        return self.machine.update(is_on, is_suppressed, self.now(), frozenset(causes))

    def wait(self, seconds):
        self.seconds += seconds
        return self.machine.update(
            self.is_on, self.is_suppressed, at(self.seconds), frozenset())

    def ack(self):
        return self.machine.acknowledge('op', 'seen', self.now())

    def shelve(self, seconds=10.0):
        return self.machine.shelve(seconds, 'op', 'busy', self.now())

    @property
    def state(self):
        return self.machine.state


def raised(rule=RULE):
    alarm = Alarm(rule)
    alarm.condition(True)
    assert alarm.state == S.UNACKNOWLEDGED
    return alarm


def test_acknowledged_then_returned_is_normal():
    alarm = raised()
    alarm.ack()
    assert alarm.state == S.ACKNOWLEDGED
    (transition,) = alarm.condition(False)
    assert (transition.before, transition.state) == (S.ACKNOWLEDGED, S.NORMAL)


def test_returned_without_acknowledgement_waits_for_it():
    alarm = raised()
    alarm.condition(False)
    assert alarm.state == S.RETURNED_UNACKNOWLEDGED
    alarm.ack()
    assert alarm.state == S.NORMAL


def test_an_alarm_that_comes_back_unseen_is_the_same_occurrence():
    alarm = raised()
    first = alarm.machine.alarm_id
    alarm.condition(False)
    alarm.condition(True)
    assert alarm.state == S.UNACKNOWLEDGED
    assert alarm.machine.alarm_id == first


def test_a_new_occurrence_has_a_new_id():
    alarm = raised()
    first = alarm.machine.alarm_id
    alarm.ack()
    alarm.condition(False)
    alarm.condition(True)
    assert alarm.machine.alarm_id != first


def test_a_latch_needs_acknowledgement_and_reset():
    alarm = raised(LATCHING)
    alarm.condition(False)
    assert alarm.state == S.LATCHED_UNACKNOWLEDGED
    alarm.ack()
    assert alarm.state == S.LATCHED_ACKNOWLEDGED
    assert alarm.ack().event == 'reset'
    assert alarm.state == S.NORMAL


def test_an_acknowledged_latch_still_needs_its_reset_after_the_return():
    alarm = raised(LATCHING)
    alarm.ack()
    alarm.condition(False)
    assert alarm.state == S.LATCHED_ACKNOWLEDGED


def test_shelving_ends_by_itself_and_is_then_seen_anew():
    alarm = raised()
    alarm.ack()
    alarm.shelve(10.0)
    assert alarm.state == S.SHELVED
    assert alarm.wait(9.0) == []
    (transition,) = alarm.wait(1.0)
    assert transition.event == 'shelving ended'
    assert alarm.state == S.UNACKNOWLEDGED


def test_shelving_ends_by_steady_time_when_the_clock_stands_still():
    alarm = raised()
    alarm.shelve(10.0)
    frozen = at(alarm.seconds).ros_ns
    alarm.machine.update(True, False, Instant(alarm.seconds + 10.0, frozen))
    assert alarm.state == S.UNACKNOWLEDGED


def test_what_returned_on_the_shelf_unseen_still_waits_for_acknowledgement():
    alarm = raised()
    alarm.shelve()
    alarm.condition(False)
    assert alarm.state == S.SHELVED
    alarm.wait(60.0)
    assert alarm.state == S.RETURNED_UNACKNOWLEDGED


def test_taking_off_the_shelf_brings_it_back_at_once():
    alarm = raised()
    alarm.shelve()
    alarm.machine.unshelve('op', 'ready', alarm.now())
    assert alarm.state == S.UNACKNOWLEDGED


def test_suppression_hides_and_gives_back():
    alarm = raised()
    alarm.ack()
    alarm.condition(True, is_suppressed=True)
    assert alarm.state == S.SUPPRESSED
    alarm.condition(True)
    assert alarm.state == S.UNACKNOWLEDGED


def test_suppression_of_a_normal_alarm_is_no_transition():
    alarm = Alarm()
    assert alarm.condition(False, is_suppressed=True) == []
    assert alarm.condition(False) == []
    assert alarm.state == S.NORMAL


def test_a_cause_that_joins_after_the_acknowledgement_takes_it_back():
    alarm = Alarm()
    alarm.condition(True, causes=['a'])
    alarm.ack()
    assert alarm.condition(True, causes=['a']) == []
    (transition,) = alarm.condition(True, causes=['a', 'b'])
    assert transition.event == 'raised again'
    assert alarm.state == S.UNACKNOWLEDGED


@pytest.mark.parametrize('seconds', [-1.0, 60.1, float('nan'), float('inf')])
def test_a_shelving_time_that_the_rule_forbids_is_refused(seconds):
    alarm = raised()
    with pytest.raises(AlarmActionError, match='at most 60 s'):
        alarm.shelve(seconds)
    assert alarm.state == S.UNACKNOWLEDGED


def test_a_rule_that_may_not_be_shelved_is_not():
    alarm = raised(replace(RULE, max_shelve_s=0.0))
    with pytest.raises(AlarmActionError, match='may not be shelved'):
        alarm.shelve()


def test_what_makes_no_sense_is_refused_with_a_remedy():
    alarm = Alarm()
    with pytest.raises(AlarmActionError, match='nothing to acknowledge'):
        alarm.ack()
    with pytest.raises(AlarmActionError, match='needs no shelf'):
        alarm.shelve()
    with pytest.raises(AlarmActionError, match='not shelved'):
        alarm.machine.unshelve('op', 'why', alarm.now())
    alarm.condition(True)
    alarm.shelve()
    with pytest.raises(AlarmActionError, match='off the shelf first'):
        alarm.ack()


def test_a_disabled_rule_is_out_of_service_and_never_moves():
    alarm = Alarm(replace(RULE, enabled=False))
    assert alarm.condition(True) == []
    assert alarm.state == S.OUT_OF_SERVICE


@pytest.mark.parametrize('point', [
    AlarmPoint(occurrence=1, is_active=True, is_acknowledged=False),
    AlarmPoint(occurrence=1, is_acknowledged=False),
    AlarmPoint(occurrence=1, is_held=True)])
def test_an_earlier_runs_alarm_is_taken_up_where_it_was(point):
    machine = AlarmStateMachine(RULE, point)
    assert machine.point == point
    assert machine.state != S.NORMAL


def test_a_shelf_from_an_earlier_run_ends_too():
    point = AlarmPoint(
        occurrence=1, is_active=True, is_acknowledged=False, is_shelved=True,
        shelved_until_ns=at(30.0).ros_ns)
    machine = AlarmStateMachine(RULE, point)
    machine.update(True, False, Instant(5.0, at(20.0).ros_ns))
    assert machine.state == S.SHELVED
    machine.update(True, False, Instant(15.0, at(30.0).ros_ns))
    assert machine.state == S.UNACKNOWLEDGED


EVENTS = st.lists(st.one_of(
    st.tuples(st.just('condition'), st.booleans(), st.booleans()),
    st.tuples(st.just('ack')),
    st.tuples(st.just('shelve'), st.floats(0.5, 60.0)),
    st.tuples(st.just('unshelve')),
    st.tuples(st.just('wait'), st.floats(0.1, 80.0)),
), max_size=40)

# ISA-18.2 figure 3. From each state: where one event may lead. Suppression and shelf may be
# entered from any state of an occurrence and lead back to any but an acknowledged active one.
OUT_OF_SIGHT = {S.SHELVED, S.SUPPRESSED}
BACK = {
    S.NORMAL, S.UNACKNOWLEDGED, S.RETURNED_UNACKNOWLEDGED, S.LATCHED_UNACKNOWLEDGED,
    S.LATCHED_ACKNOWLEDGED}
ALLOWED = {
    S.NORMAL: {S.UNACKNOWLEDGED, S.SUPPRESSED},
    S.UNACKNOWLEDGED: {
        S.ACKNOWLEDGED, S.RETURNED_UNACKNOWLEDGED, S.LATCHED_UNACKNOWLEDGED, *OUT_OF_SIGHT},
    S.ACKNOWLEDGED: {S.NORMAL, S.LATCHED_ACKNOWLEDGED, S.UNACKNOWLEDGED, *OUT_OF_SIGHT},
    S.RETURNED_UNACKNOWLEDGED: {S.NORMAL, S.UNACKNOWLEDGED, *OUT_OF_SIGHT},
    S.LATCHED_UNACKNOWLEDGED: {S.LATCHED_ACKNOWLEDGED, S.UNACKNOWLEDGED, *OUT_OF_SIGHT},
    S.LATCHED_ACKNOWLEDGED: {S.NORMAL, S.UNACKNOWLEDGED, *OUT_OF_SIGHT},
    S.SHELVED: BACK | OUT_OF_SIGHT,
    S.SUPPRESSED: BACK | OUT_OF_SIGHT,
}


def play(alarm, events):
    """Apply events; yield each transition with whether an operator made it."""
    for event, *arguments in events:
        try:
            if event == 'condition':
                yield from alarm.condition(*arguments)
            elif event == 'wait':
                yield from alarm.wait(*arguments)
            elif event == 'unshelve':
                yield alarm.machine.unshelve('op', 'why', alarm.now())
            else:
                yield getattr(alarm, event)(*arguments)
        except AlarmActionError:
            continue


@settings(max_examples=300, deadline=None)
@given(EVENTS, st.booleans())
def test_only_the_transitions_of_isa_18_2_happen(events, latching):
    alarm = Alarm(LATCHING if latching else RULE)
    for transition in play(alarm, events):
        assert transition.state in ALLOWED[transition.before] or (
            transition.state == transition.before and transition.before in OUT_OF_SIGHT)


@settings(max_examples=300, deadline=None)
@given(EVENTS, st.booleans())
def test_normal_is_reached_only_after_return_acknowledgement_and_reset(events, latching):
    alarm = Alarm(LATCHING if latching else RULE)
    has_returned = is_acknowledged = is_reset = True
    for transition in play(alarm, events):
        if transition.event in ('raised', 'raised again'):
            has_returned, is_acknowledged, is_reset = False, False, not latching
        elif transition.event == 'returned':
            has_returned = True
        elif transition.event == 'acknowledged':
            is_acknowledged = True
        elif transition.event == 'reset':
            is_reset = True
        if transition.state == S.NORMAL:
            assert has_returned
            assert is_acknowledged
            assert is_reset


@settings(max_examples=300, deadline=None)
@given(EVENTS)
def test_no_shelf_outlives_what_the_rule_allows(events):
    alarm = Alarm()
    for _ in play(alarm, events):
        pass
    alarm.is_suppressed = False
    alarm.wait(RULE.max_shelve_s)
    assert alarm.state != S.SHELVED


@settings(max_examples=300, deadline=None)
@given(EVENTS)
def test_an_active_alarm_is_never_shown_as_normal_or_over(events):
    alarm = Alarm()
    for _ in play(alarm, events):
        if alarm.machine.point.is_active:
            assert alarm.state in {S.UNACKNOWLEDGED, S.ACKNOWLEDGED, *OUT_OF_SIGHT}
