# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Recording goes on when the journal does not; a crash opens nothing that was closed."""

import json
import sqlite3

from affect_safety.instant import Instant
from affect_safety.journal import JournalError
from affect_safety.journal import read_entries
from affect_safety.journal import Record
from affect_safety.journal import verify
from affect_safety.purpose_gate import PurposeKind as P
from affect_safety.purpose_gate import starting_purpose
from affect_safety.recorder import default_journal_path
from affect_safety.recorder import Recorder
import pytest


def at(seconds):
    return Instant(seconds, round(seconds * 1e9))


def kinds(path):
    return [entry.kind for entry in read_entries(path)]


def test_what_cannot_be_written_waits_and_is_written_in_order(tmp_path):
    folder = tmp_path / 'state'
    folder.write_text('in the way', encoding='utf-8')
    recorder = Recorder(folder / 'journal')
    recorder.open(at(0.0))
    assert str(folder) in recorder.fault
    assert recorder.record([Record('a', 1, {}), Record('b', 2, {})]) == [0, 0]
    with pytest.raises(JournalError):
        recorder.must_record(Record('never', 3, {}))
    folder.unlink()
    recorder.open(at(1.0))
    assert recorder.fault  # not tried again so soon
    recorder.open(at(2.1))
    assert not recorder.fault
    assert recorder.record([Record('c', 4, {})]) == [3]
    assert kinds(folder / 'journal') == ['a', 'b', 'c']


def test_a_full_backlog_drops_the_oldest_and_counts(tmp_path):
    recorder = Recorder(tmp_path)
    recorder.open(at(0.0))
    recorder.record([Record('a', i, {}) for i in range(Recorder.BACKLOG + 3)])
    assert recorder.dropped == 3


def test_a_journal_that_was_taken_away_is_followed_by_one_that_says_so(tmp_path):
    path = tmp_path / 'journal'
    recorder = Recorder(path)
    recorder.open(at(0.0))
    recorder.record([Record('a', 1, {}), Record('b', 2, {})])
    lost = recorder.seal
    path.unlink()
    recorder.open(at(5.0))
    assert kinds(path) == ['break']
    (entry,) = read_entries(path)
    body = json.loads(entry.body)
    assert (body['last_sequence'], body['last_hash']) == tuple(vars(lost).values())
    assert 'is gone' in body['why']
    assert verify(path) == []


def test_damage_from_before_the_start_is_said(tmp_path):
    path = tmp_path / 'journal'
    recorder = Recorder(path)
    recorder.open(at(0.0))
    recorder.record([Record('a', 1, {}), Record('b', 2, {})])
    recorder.close()
    database = sqlite3.connect(path, isolation_level=None)
    database.execute('DROP TRIGGER entry_is_never_updated')
    database.execute('UPDATE entry SET time_ns = 7 WHERE sequence = 1')
    database.close()
    again = Recorder(path)
    again.open(at(0.0))
    assert 'tampered' in again.damage
    assert again.record([Record('c', 3, {})]) == [3]


def purpose(name):
    return Record('purpose', 1, {'purpose': name})


@pytest.mark.parametrize(('records', 'expected'), [
    ([Record('start', 1, {})], None),
    ([Record('start', 1, {}), purpose('NONE')], 'NONE'),
    ([Record('start', 1, {}), purpose('NONE'), Record('stop', 1, {})], None),
    ([Record('start', 1, {}), purpose('NONE'), Record('start', 1, {})], 'NONE')])
def test_what_an_operator_set_last_is_known_after_a_crash_only(tmp_path, records, expected):
    recorder = Recorder(tmp_path / 'journal')
    recorder.open(at(0.0))
    recorder.record(records)
    found = recorder.unfinished_purpose()
    assert (found and found['purpose']) == expected


@pytest.mark.parametrize(('wanted', 'restriction', 'is_journalled', 'expected'), [
    (P.RESEARCH, None, True, P.RESEARCH),
    (P.NONE, P.RESEARCH, True, P.NONE),
    (P.RESEARCH, P.NONE, True, P.NONE),
    (P.RESEARCH, P.SAFETY, True, P.SAFETY),
    (P.SAFETY, P.RESEARCH, True, P.SAFETY),
    (P.SAFETY, P.NONE, True, P.NONE),
    (P.RESEARCH, P.MEDICAL, True, P.RESEARCH),
    (P.RESEARCH, None, False, P.NONE)])
def test_the_purpose_at_the_start_is_never_wider_than_what_was_closed(
        wanted, restriction, is_journalled, expected):
    kind, why = starting_purpose(wanted, restriction, is_journalled)
    assert kind == expected
    assert bool(why) == (kind != wanted)


def test_each_namespace_has_its_own_journal_below_the_state_directory(monkeypatch, tmp_path):
    monkeypatch.setenv('XDG_STATE_HOME', str(tmp_path))
    assert default_journal_path('/') == tmp_path / 'affect' / 'safety_journal.sqlite3'
    assert default_journal_path('/w1/a') == (
        tmp_path / 'affect' / 'w1' / 'a' / 'safety_journal.sqlite3')
    monkeypatch.delenv('XDG_STATE_HOME')
    monkeypatch.setenv('HOME', str(tmp_path))
    assert default_journal_path('/w1').parent == tmp_path / '.local/state/affect/w1'
