# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The journal finds every tampering, and forgets whom it must."""

from contextlib import closing
import os
import sqlite3

from affect_safety.journal import Journal
from affect_safety.journal import JournalError
from affect_safety.journal import key_store_path
from affect_safety.journal import Record
from affect_safety.journal import Seal
from affect_safety.journal import verify
from affect_safety.journal_cli import main
from affect_safety.key_store import KeyStore
from hypothesis import given
from hypothesis import HealthCheck
from hypothesis import settings
from hypothesis import strategies as st
import pytest


@pytest.fixture
def path(tmp_path):
    return tmp_path / 'state' / 'journal.sqlite3'


def fill(path, n=6):
    journal = Journal(path)
    seals = []
    for i in range(n):
        seals += journal.append([Record(
            'alarm', 1000 + i, {'rule': f'r{i % 2}', 'n': i}, 'w1', {'stress': 0.5 + i / 100})])
    journal.close()
    return seals


def tamper(path, *statements):
    """Change the file as somebody would who can write it and knows SQL."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute('DROP TRIGGER IF EXISTS entry_is_never_updated')
        database.execute('DROP TRIGGER IF EXISTS entry_is_never_deleted')
        for statement in statements:
            database.execute(statement)


def test_an_untouched_journal_verifies_and_a_restart_continues_its_chain(path):
    first = fill(path)
    second = fill(path)
    assert [s.sequence for s in first + second] == list(range(1, 13))
    assert verify(path) == []
    assert verify(path, seal=first[-1]) == []
    assert verify(path, last=3) == []


@pytest.mark.parametrize('column', [
    'time_ns = time_ns + 1', "kind = 'start'", "body = replace(body, '{', '{ ')", "key_id = 'x'",
    "sealed = x'00'", "hash = replace(hash, substr(hash, 1, 1), 'x')", "previous = 'x'"])
@pytest.mark.parametrize('sequence', [1, 3, 6])
def test_any_edit_is_found(path, column, sequence):
    fill(path)
    tamper(path, f'UPDATE entry SET {column} WHERE sequence = {sequence}')
    assert verify(path) != []


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(st.integers(1, 6), min_size=1))
def test_any_deletion_is_found(tmp_path, gone):
    path = tmp_path / f'{len(os.listdir(tmp_path))}.sqlite3'
    fill(path)
    tamper(path, f'DELETE FROM entry WHERE sequence IN ({", ".join(map(str, gone))})')
    assert verify(path) != []


def test_reordering_is_found(path):
    fill(path)
    tamper(
        path, 'UPDATE entry SET sequence = 99 WHERE sequence = 2',
        'UPDATE entry SET sequence = 2 WHERE sequence = 3',
        'UPDATE entry SET sequence = 3 WHERE sequence = 99')
    assert verify(path) != []


def test_a_cut_end_with_a_mended_head_is_found_by_a_seal_kept_elsewhere(path):
    seals = fill(path)
    tamper(
        path, 'DELETE FROM entry WHERE sequence > 4',
        f"UPDATE head SET sequence = 4, hash = '{seals[3].hash}'")
    assert verify(path) == []
    assert verify(path, seal=seals[5]) != []


def test_a_chain_written_anew_is_found_by_a_seal_kept_elsewhere(path):
    seals = fill(path)
    path.unlink()
    fill(path)
    assert verify(path) == []
    assert verify(path, seal=seals[2]) != []


def test_sql_can_neither_update_nor_delete(path):
    fill(path)
    with closing(sqlite3.connect(path)) as database:
        for statement in ('DELETE FROM entry', 'UPDATE entry SET time_ns = 0'):
            with pytest.raises(sqlite3.IntegrityError, match='append-only'):
                database.execute(statement)


def test_writes_are_durable_and_all_or_none(path):
    journal = Journal(path)
    assert journal._database.execute('PRAGMA journal_mode').fetchone() == ('wal',)
    assert journal._database.execute('PRAGMA synchronous').fetchone() == (2,)  # FULL
    with pytest.raises((JournalError, TypeError)):
        journal.append([Record('a', 1, {}), Record('b', 2, {'x': object()})])
    assert journal.seal == Seal()
    journal.append([Record('c', 3, {})])
    journal.close()
    assert verify(path) == []


def test_two_writers_make_one_chain(path):
    one, two = Journal(path), Journal(path)
    for i in range(5):
        one.append([Record('a', i, {})])
        two.append([Record('b', i, {})])
    one.close()
    two.close()
    assert verify(path) == []


def test_withdrawn_consent_erases_the_payload_and_the_chain_still_verifies(path):
    journal = Journal(path)
    journal.append([
        Record('alarm', 1, {'rule': 'r'}, 'grey-heron', {'stress': 0.123456}),
        Record('alarm', 2, {'rule': 'r'}, 'w2', {'stress': 0.654321})])
    (first, second) = journal.entries()
    assert journal.keys.open(first.key_id, first.sealed)['stress'] == 0.123456
    assert journal.keys.destroy('grey-heron')
    assert journal.keys.open(first.key_id, first.sealed) is None
    assert journal.keys.open(second.key_id, second.sealed)['stress'] == 0.654321
    journal.close()
    assert verify(path) == []
    kept = path.read_bytes() + key_store_path(path).read_bytes()
    for wal in path.parent.glob('*-wal'):
        kept += wal.read_bytes()
    assert b'grey-heron' not in kept
    assert b'0.123456' not in kept


def test_a_new_consent_gets_a_new_key(tmp_path):
    keys = KeyStore(tmp_path / 'keys.json')
    old, sealed = keys.seal('w1', {'x': 1})
    keys.destroy('w1')
    new, _ = keys.seal('w1', {'x': 2})
    assert new != old
    assert keys.open(old, sealed) is None


def test_only_the_owner_may_read(path):
    fill(path)
    assert path.stat().st_mode & 0o077 == 0
    assert key_store_path(path).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize('text', ['', '{', '[]', '{"keys": {"w": {}}}', '{"keys": {"w": 1}}'])
def test_a_damaged_key_store_is_said_and_never_overwritten(tmp_path, text):
    store = tmp_path / 'keys.json'
    store.write_text(text, encoding='utf-8')
    with pytest.raises(ValueError, match='damaged'):
        KeyStore(store).seal('w1', {'x': 1})
    assert store.read_text(encoding='utf-8') == text


def test_a_removed_or_foreign_file_is_said(path, tmp_path):
    fill(path)
    journal = Journal(path)
    path.unlink()
    with pytest.raises(JournalError, match='is gone'):
        journal.append([Record('a', 1, {})])
    journal.close()
    foreign = tmp_path / 'foreign.sqlite3'
    with closing(sqlite3.connect(foreign)) as database:
        database.execute('CREATE TABLE t (x)')
    with pytest.raises(JournalError, match='not a safety journal'):
        Journal(foreign)
    text = tmp_path / 'text'
    text.write_text('hello ' * 1000, encoding='utf-8')
    with pytest.raises(JournalError, match='journal_path'):
        Journal(text)


def test_a_folder_in_the_way_is_said(tmp_path):
    with pytest.raises(JournalError, match='journal_path'):
        Journal(tmp_path)


def test_command_verifies_and_shows(path, capsys):
    seals = fill(path, 2)
    assert main(['verify', str(path)]) == 0
    assert f'2:{seals[-1].hash}' in capsys.readouterr().out
    assert main(['verify', str(path), '--seal', f'1:{seals[0].hash}']) == 0
    assert main(['show', str(path), '--after', '1', '--unseal']) == 0
    shown = capsys.readouterr().out.splitlines()[-1]
    assert '"rule": "r1"' in shown
    assert '"wearer": "w1"' in shown
    tamper(path, "UPDATE entry SET body = '{}' WHERE sequence = 2")
    assert main(['verify', str(path)]) == 1
    assert main(['verify', str(path.with_name('none'))]) == 2
