# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""From inputs to alarms and a verdict, without a graph."""

from dataclasses import replace
import math

from affect_safety.alarm_state_machine import AlarmState
from affect_safety.instant import Instant
from affect_safety.liveness import Liveness
from affect_safety.monitor import FUSION
from affect_safety.monitor import Monitor
from affect_safety.rule import Rule
from affect_safety.verdict import VerdictState
from affect_safety.wearer_view import IndexReading
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
import pytest

STRESS = Rule(
    name='stress', input='condition.stress', comparison='above', on=0.8, off=0.6, on_delay_s=0.0,
    off_delay_s=0.0, severity=700, latching=False, max_shelve_s=60.0, message='Stress.',
    consequence='c', response='r', basis='b', suppress_when=('headset_not_worn',))
VOICE = replace(
    STRESS, name='voice', input='modality.voice.dead', comparison='is', on=(True,), off=None,
    severity=500, suppress_when=())
UNKNOWN = replace(VOICE, name='unknown', input='status.unknown', severity=400)
RULES = (UNKNOWN, STRESS, VOICE)


class Bench:
    """A monitor whose inputs tick on time unless told otherwise."""

    def __init__(self, rules=RULES):
        self.t = 100.0
        liveness = Liveness(
            ['voice', FUSION], self.now, dead_after_s=0.7, grace_s=1.0, late_after_s=2.0)
        self.monitor = Monitor(rules, ['voice'], liveness)
        self.monitor.set_watching(True, self.now)
        self.live = {'voice', FUSION}
        self.stress = IndexReading(0.2, True, 0.1)

    @property
    def now(self):
        return Instant(self.t, round(self.t * 1e9))

    def run(self, steps=1, fit='good'):
        """Pass `steps` tenths of a second; return the transitions."""
        transitions = []
        for _ in range(steps):
            self.t += 0.1
            for source in self.live:
                self.monitor.liveness.tick(source, self.now.ros_ns, self.now)
            self.monitor.view.status_fit = fit
            self.monitor.view.indices = {'stress': self.stress}
            transitions += self.monitor.step(self.now)
        return transitions

    def state(self, rule):
        return self.monitor.machines[rule].state

    def verdict(self, faults=()):
        return self.monitor.verdict(self.now, faults)


def test_all_well_is_ok_without_reasons():
    bench = Bench()
    assert bench.run() == []
    assert bench.verdict().state == VerdictState.OK
    assert bench.verdict().reasons == ()


@pytest.mark.parametrize('reading', [
    IndexReading(math.nan, True, 0.1),
    IndexReading(0.2, False, 0.1),
    IndexReading(0.2, True, 10.1),
    IndexReading(0.2, True, math.nan),
    IndexReading(-0.1, True, 0.1),
    IndexReading(1.1, True, 0.1),
    IndexReading(math.inf, True, 0.1),
    IndexReading()])
def test_an_index_that_cannot_be_judged_is_unknown_and_clears_nothing(reading):
    bench = Bench()
    bench.stress = IndexReading(0.9, True, 0.1)
    bench.run()
    assert bench.state('stress') == AlarmState.UNACKNOWLEDGED
    bench.stress = reading
    bench.run(20)
    assert bench.state('stress') == AlarmState.UNACKNOWLEDGED
    assert bench.state('unknown') == AlarmState.UNACKNOWLEDGED
    assert 'condition.stress' in bench.monitor.unknown


def test_a_dead_fusion_makes_every_index_unknown():
    bench = Bench()
    bench.run()
    bench.live.discard(FUSION)
    bench.run(10)
    assert bench.monitor.unknown == {'condition.stress': 'no WearerCondition arrives'}
    assert bench.verdict().state == VerdictState.UNKNOWN


def test_a_fault_outranks_an_alarm_and_an_alarm_outranks_unknown():
    bench = Bench()
    bench.stress = IndexReading(0.9, True, 0.1)
    bench.run(fit='good')
    assert bench.verdict().state == VerdictState.ALARM
    bench.stress = IndexReading()
    bench.run()
    assert bench.verdict().state == VerdictState.ALARM
    verdict = bench.verdict(['the clock'])
    assert verdict.state == VerdictState.FAULT
    assert verdict.reasons[0] == 'the clock'
    assert verdict.active_alarms == 2


def test_a_dead_modality_is_a_warning_and_missing():
    bench = Bench()
    bench.run()
    bench.live.discard('voice')
    bench.run(8)
    verdict = bench.verdict()
    assert verdict.state == VerdictState.WARNING
    assert verdict.missing_modalities == ('voice',)


def test_a_modality_that_is_waited_for_is_unknown_and_no_alarm():
    bench = Bench()
    bench.live.discard('voice')
    bench.run(5)
    assert bench.state('voice') == AlarmState.NORMAL
    assert 'has not ticked yet' in bench.monitor.unknown['modality.voice.dead']
    bench.run(10)
    assert bench.state('voice') == AlarmState.UNACKNOWLEDGED


def test_what_returned_unseen_is_not_ok():
    bench = Bench()
    bench.stress = IndexReading(0.9, True, 0.1)
    bench.run()
    bench.stress = IndexReading(0.1, True, 0.1)
    bench.run()
    assert bench.verdict().state == VerdictState.WARNING
    assert bench.verdict().unacknowledged_alarms == 1


def test_what_is_on_the_shelf_is_not_ok():
    bench = Bench()
    bench.stress = IndexReading(0.9, True, 0.1)
    bench.run()
    bench.monitor.machines['stress'].shelve(60.0, 'op', 'why', bench.now)
    bench.run()
    assert bench.verdict().state == VerdictState.WARNING
    assert bench.verdict().reasons == ('shelved: stress',)


def test_not_watching_suppresses_and_keeps_what_was_active():
    bench = Bench()
    bench.stress = IndexReading(0.9, True, 0.1)
    bench.run()
    bench.monitor.set_watching(False, bench.now)
    bench.run()
    assert bench.state('stress') == AlarmState.SUPPRESSED
    assert bench.verdict().state == VerdictState.UNKNOWN
    bench.monitor.set_watching(True, bench.now)
    bench.run()
    assert bench.state('stress') == AlarmState.UNACKNOWLEDGED


def test_not_watching_raises_nothing():
    bench = Bench()
    bench.run()
    bench.monitor.set_watching(False, bench.now)
    bench.live.clear()
    assert bench.run(50) == []
    assert bench.monitor.alarms() == []


def test_not_watching_forgets_the_wearer():
    bench = Bench()
    bench.monitor.view.wearer = 'heron'
    bench.monitor.set_watching(False, bench.now)
    assert bench.monitor.view.wearer == ''


def test_a_second_unknown_input_takes_the_acknowledgement_back():
    fit = replace(VOICE, name='fit', input='headset.fit', on=('bad',))
    bench = Bench((*RULES, fit))
    bench.stress = IndexReading()
    bench.run()
    bench.monitor.machines['unknown'].acknowledge('op', '', bench.now)
    bench.run()
    assert bench.state('unknown') == AlarmState.ACKNOWLEDGED
    bench.run(fit=None)
    assert bench.state('unknown') == AlarmState.UNACKNOWLEDGED


def test_a_disabled_rule_is_listed_as_out_of_service_and_needs_no_input():
    bench = Bench((replace(STRESS, enabled=False), VOICE, UNKNOWN))
    bench.stress = IndexReading()
    bench.run()
    assert [m.state for m in bench.monitor.alarms()] == [AlarmState.OUT_OF_SERVICE]
    assert bench.verdict().state == VerdictState.OK


def test_the_most_severe_alarm_comes_first():
    bench = Bench()
    bench.stress = IndexReading(0.9, True, 0.1)
    bench.live.discard('voice')
    bench.run(12)
    assert [m.rule.name for m in bench.monitor.alarms()] == ['stress', 'voice', 'unknown']


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(
    st.one_of(st.just(math.nan), st.floats(0.0, 1.0)), st.booleans(), st.booleans(),
    st.sampled_from(['good', 'bad', 'not_worn', None])), max_size=30))
def test_ok_means_that_everything_is_known_good_and_seen(steps):
    bench = Bench()
    for stress, has_voice, has_fusion, fit in steps:
        bench.live = {s for s, on in (('voice', has_voice), (FUSION, has_fusion)) if on}
        bench.stress = IndexReading(stress, True, 0.1)
        bench.run(3, fit)
        verdict = bench.verdict()
        assert (verdict.state == VerdictState.OK) == (verdict.reasons == ())
        if verdict.state == VerdictState.OK:
            assert stress <= 0.8
            assert verdict.unacknowledged_alarms == 0
            assert fit != 'not_worn'
