# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Who is heard, what is new, and when it was: the link without a network."""

import random

from affect_sensors.headset_link.datagram_log import DatagramLogError
from affect_sensors.headset_link.datagram_log import DatagramLogWriter
from affect_sensors.headset_link.datagram_log import read_log
from affect_sensors.headset_link.headset_link import HeadsetLink
from affect_sensors.headset_link.records import DeviceName
from affect_sensors.headset_link.records import Gaze
from affect_sensors.headset_link.records import Inertial
from affect_sensors.headset_link.records import Status
from affect_sensors.headset_link.sender_guard import SenderGuard
from affect_sensors.headset_link.sender_guard import Verdict
from affect_sensors.headset_link.sequence_tracker import Arrival
from affect_sensors.headset_link.sequence_tracker import SequenceTracker
from affect_sensors.headset_link.wire_format import encode
from affect_sensors.headset_link.wire_format import Header
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
import pytest

MS = 1_000_000
S = 1_000_000_000
FRAME = 16 * MS
A, B = 0xaaaa, 0xbbbb
DEVICE_BEGAN_NS = 500 * S


class Listener:
    """A link, and what it complained of."""

    def __init__(self):
        self.complaints = []
        self.link = HeadsetLink(lambda *what: self.complaints.append(what))

    def hear(self, sequence, at_ns, *records, session=A, host='10.0.0.5', sent_ns=None):
        device_ns = at_ns - DEVICE_BEGAN_NS
        sent_ns = device_ns if sent_ns is None else sent_ns
        records = list(records) or [Gaze(device_ns - 10 * MS, sequence % 2**32)]
        data = encode(Header(session, sequence % 2**32, sent_ns), records)
        return self.link.receive(data, host, at_ns)

    @property
    def reasons(self):
        return [reason for _, reason, _ in self.complaints]


@pytest.fixture
def listener():
    return Listener()


def test_numbers_that_follow_one_another_are_new_also_across_the_wrap():
    tracker = SequenceTracker()
    for sequence in (2**32 - 2, 2**32 - 1, 0, 1, 2):
        assert tracker.arrive(sequence) is Arrival.NEW
    assert tracker.lost == 0


def test_losses_duplicates_and_latecomers_are_told_apart():
    tracker = SequenceTracker()
    assert [tracker.arrive(n) for n in (10, 11, 15, 11, 15, 13, 13, 16)] == [
        Arrival.NEW, Arrival.NEW, Arrival.NEW, Arrival.DUPLICATE, Arrival.DUPLICATE,
        Arrival.LATE, Arrival.DUPLICATE, Arrival.NEW]
    assert tracker.lost == 2  # 12 and 14; 13 came after all


def test_what_was_sent_before_we_listened_was_not_lost():
    tracker = SequenceTracker()
    tracker.arrive(5000)
    assert tracker.arrive(4990) is Arrival.DUPLICATE
    assert tracker.lost == 0


def test_a_sender_that_counts_anew_without_a_new_session_is_heard_again():
    tracker = SequenceTracker()
    for n in range(50_000, 50_010):
        tracker.arrive(n)
    assert [tracker.arrive(n) for n in range(4)] == [
        Arrival.LATE, Arrival.LATE, Arrival.RESTARTED, Arrival.NEW]
    assert tracker.lost == 0


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 2**31))
def test_a_shuffled_network_delivers_each_number_at_most_once(start, seed):
    rng = random.Random(seed)
    numbers = [(start + i) % 2**32 for i in range(300)]
    sent = [n for n in numbers if rng.random() > 0.1]
    sent += rng.sample(sent, 20)
    sent.sort(key=lambda n: ((n - start) % 2**32) + rng.uniform(0, 20))
    tracker = SequenceTracker()
    new = [n for n in sent if tracker.arrive(n) is Arrival.NEW]
    assert len(new) == len(set(new))
    order = [(n - start) % 2**32 for n in new]
    assert order == sorted(order)
    span = set(range(order[0], max((n - start) % 2**32 for n in sent) + 1))
    assert tracker.lost == len(span - {(n - start) % 2**32 for n in sent})


def judge(guard, *events):
    """Give a guard events (milliseconds, session, host, number) and return its verdicts."""
    return [guard.judge(session, host, number, ms * MS) for ms, session, host, number in events]


def test_an_app_that_is_started_again_is_heard_at_once_and_its_stragglers_are_not():
    guard = SenderGuard(3 * S)
    assert judge(
        guard, (0, A, 'x', 100), (16, A, 'x', 101), (20, B, 'x', 0), (22, A, 'x', 102),
        (36, B, 'x', 1)) == [
        Verdict.BEGINS, Verdict.HEARD, Verdict.BEGINS, Verdict.ENDED, Verdict.HEARD]


def test_a_restart_whose_first_datagrams_were_lost_is_heard_after_a_pause():
    guard = SenderGuard(3 * S)
    assert judge(guard, (0, A, 'x', 100), (50, B, 'x', 40), (120, B, 'x', 44)) == [
        Verdict.BEGINS, Verdict.RIVAL, Verdict.BEGINS]


def test_another_host_is_heard_only_when_the_first_is_silent():
    guard = SenderGuard(3 * S)
    events = []
    for n in range(400):
        events += [(n * 16, A, 'x', n), (n * 16 + 8, B, 'y', n)]
    verdicts = judge(guard, *events)
    assert set(verdicts[2::2]) == {Verdict.HEARD}
    assert set(verdicts[1::2]) == {Verdict.RIVAL}
    end = events[-2][0]
    assert judge(guard, (end + 2990, B, 'y', 900), (end + 3001, B, 'y', 901)) == [
        Verdict.RIVAL, Verdict.BEGINS]
    # Now the first is the other one.
    assert judge(guard, (end + 3010, A, 'x', 901), (end + 3300, A, 'x', 902)) == [
        Verdict.RIVAL, Verdict.RIVAL]


def test_two_apps_on_one_host_leave_the_first_heard():
    """The second looks like a restart, until the first is seen to go on."""
    guard = SenderGuard(3 * S)
    judge(guard, *[(n * 16, A, 'x', n) for n in range(100)])
    events = []
    for n in range(100, 300):
        events += [(n * 16, A, 'x', n), (n * 16 + 8, B, 'x', n - 100)]
    verdicts = judge(guard, *events)
    returned = verdicts.index(Verdict.RETURNS)
    assert events[returned][0] - events[1][0] < 200
    of_a = [v for v, e in zip(verdicts, events, strict=True) if e[1] == A and e[0] > 1900]
    of_b = [v for v, e in zip(verdicts, events, strict=True) if e[1] == B and e[0] > 1900]
    assert set(of_a) == {Verdict.HEARD}
    assert set(of_b) == {Verdict.RIVAL}


def test_many_false_beginnings_interrupt_the_first_only_once():
    guard, rng = SenderGuard(3 * S), random.Random(3)
    verdicts = []
    for n in range(600):
        verdicts += judge(guard, (n * 16, A, 'x', n))
        judge(guard, (n * 16 + 8, rng.getrandbits(64), 'x', rng.randrange(16)))
    assert verdicts.count(Verdict.RETURNS) == 1
    assert set(verdicts[20:]) == {Verdict.HEARD}


def test_an_ended_session_that_is_the_only_one_left_is_heard():
    guard = SenderGuard(3 * S)
    judge(guard, (0, A, 'x', 100), (10, B, 'x', 0))
    assert judge(guard, (3100, A, 'x', 101)) == [Verdict.BEGINS]


def test_records_get_the_hosts_time(listener):
    found = listener.hear(0, 1000 * S)
    assert [f.host_ns for f in found] == [1000 * S - 10 * MS]
    assert found[0].is_new_order
    assert not listener.hear(1, 1000 * S + FRAME)[0].is_new_order
    assert listener.complaints == []


def test_duplicates_and_latecomers_are_dropped_and_counted(listener):
    heard = []
    for place, sequence in enumerate((0, 1, 2, 2, 5, 4, 6)):
        heard += listener.hear(sequence, 1000 * S + place * FRAME)
    assert [h.record.sample for h in heard] == [0, 1, 2, 5, 6]
    assert listener.link.counters['datagrams duplicate'] == 1
    assert listener.link.counters['datagrams late'] == 1
    assert listener.link.lost == 1


def test_a_restart_is_heard_at_once_though_its_clock_began_anew(listener):
    for n in range(100):
        listener.hear(n, 1000 * S + n * FRAME)
    at_ns = 1000 * S + 100 * FRAME
    found = listener.hear(0, at_ns, Gaze(4 * MS, 77), session=B, sent_ns=5 * MS)
    assert [(f.record.sample, f.is_new_order) for f in found] == [(77, True)]
    assert found[0].host_ns == at_ns - MS
    assert listener.link.counters['sessions'] == 2


def test_another_headset_is_named_and_not_mixed_in(listener):
    heard = []
    for n in range(50):
        heard += listener.hear(n, 1000 * S + n * FRAME, DeviceName('first'), Gaze(
            500 * S + n * FRAME, 1))
        heard += listener.hear(
            n, 1000 * S + n * FRAME + 5 * MS, DeviceName('second'), Gaze(
                500 * S + n * FRAME, 2), session=B, host='10.0.0.6')
    assert {h.record.sample for h in heard} == {1}
    assert len(heard) == 50
    assert listener.link.device == 'first'
    assert set(listener.reasons) == {'another headset at 10.0.0.6 sends too'}
    assert listener.link.counters['datagrams of another headset'] == 50


def test_a_sample_that_is_sent_twice_is_given_once(listener):
    first = listener.hear(0, 1000 * S, Gaze(499 * S + 990 * MS, 5), Inertial(499 * S + 991 * MS))
    again = listener.hear(1, 1000 * S + 5 * MS, Gaze(499 * S + 990 * MS, 5))
    assert (len(first), len(again)) == (2, 0)
    assert listener.link.counters['repeated gaze records'] == 1
    assert listener.complaints == []


def test_times_of_another_clock_are_refused_by_name(listener):
    listener.hear(0, 1000 * S)
    for sequence, time_ns in enumerate((2**63 - 1, -2**63, 510 * S, 490 * S), start=1):
        assert listener.hear(sequence, 1000 * S + sequence * MS, Inertial(time_ns)) == []
    assert set(listener.reasons) == {'a time that is not of now'}
    assert len(listener.complaints) == 4
    assert listener.hear(9, 1000 * S + FRAME)


@pytest.mark.parametrize('per_second', [0, 1000, 1_000_000, 10_000_000])
def test_a_clock_in_other_units_is_named(listener, per_second):
    for n in range(60 * 8):
        device = n * per_second // 60
        listener.hear(n, 1000 * S + n * S // 60, Inertial(device), sent_ns=device)
    assert 'sent_ns does not run as a clock does' in listener.reasons


def test_a_device_clock_that_was_set_once_is_no_complaint(listener):
    for n in range(60 * 30):
        device = n * S // 60 + (3600 * S if n > 600 else 0) - (7200 * S if n > 1500 else 0)
        listener.hear(n, 1000 * S + n * S // 60, Inertial(device), sent_ns=device)
    assert 'sent_ns does not run as a clock does' not in listener.reasons
    assert listener.link.clock.steps == 2


def test_a_status_holds_whenever_it_became_true(listener):
    listener.hear(0, 1000 * S)
    found = listener.hear(1, 1000 * S + FRAME, Status(7 * S, fit=2))
    assert [f.host_ns for f in found] == [1000 * S + FRAME]
    assert len(listener.hear(2, 1000 * S + 2 * FRAME, Status(7 * S, fit=2))) == 1


def test_a_wrong_record_is_complained_of_and_the_rest_is_used(listener):
    data = encode(Header(A, 0, 0), [Gaze(0)]) + b'\x01\x00\x04\x00abcd'
    assert len(listener.link.receive(data, '10.0.0.5', 5)) == 1
    assert listener.reasons == ['a gaze record that is too short']


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(
    st.sampled_from([A, B, 0]), st.sampled_from(['x', 'y']), st.integers(0, 2**32 - 1),
    st.integers(-2**63, 2**63 - 1), st.integers(-2**63, 2**63 - 1), st.integers(0, 10 * S)),
    max_size=30))
def test_whatever_is_sent_times_are_of_now(datagrams):
    listener, now_ns = Listener(), 0
    for session, host, sequence, sent_ns, time_ns, passed_ns in datagrams:
        now_ns += passed_ns
        data = encode(Header(session, sequence, sent_ns), [Gaze(time_ns)])
        for found in listener.link.receive(data, host, now_ns):
            assert -5 * S <= found.host_ns - now_ns <= 100 * MS
    assert all(isinstance(v, str) for v in listener.link.values().values())


def test_a_log_gives_back_what_was_written(tmp_path):
    with DatagramLogWriter(tmp_path / 'a.afhm') as log:
        log.write(5, b'one')
        log.write(3, b'')
        log.write(9, b'three')
    assert list(read_log(tmp_path / 'a.afhm')) == [(5, b'one'), (5, b''), (9, b'three')]
    whole = (tmp_path / 'a.afhm').read_bytes()
    for length in range(8, len(whole)):
        (tmp_path / 'cut').write_bytes(whole[:length])
        assert len(list(read_log(tmp_path / 'cut'))) <= 2


def test_what_is_no_log_is_refused(tmp_path):
    (tmp_path / 'a.csv').write_text('t_s,x')
    with pytest.raises(DatagramLogError, match='no log of headset datagrams'):
        list(read_log(tmp_path / 'a.csv'))
    for missing in (tmp_path / 'none', tmp_path):
        with pytest.raises(DatagramLogError, match='cannot be read'):
            list(read_log(missing))
    with DatagramLogWriter(tmp_path / 'b'), pytest.raises(FileExistsError):
        DatagramLogWriter(tmp_path / 'b')
