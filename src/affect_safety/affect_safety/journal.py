# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""An append-only, hash-chained journal in SQLite."""

from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from dataclasses import field
import hashlib
import json
import os
from pathlib import Path
import sqlite3
import time
from typing import Any

from affect_safety.key_store import KeyStore

GENESIS = '0' * 64
"""Stands before the first entry."""

_USER_VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS entry (
    sequence INTEGER PRIMARY KEY,
    time_ns INTEGER NOT NULL,
    written_ns INTEGER NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    key_id TEXT NOT NULL,
    sealed BLOB NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS head (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    sequence INTEGER NOT NULL,
    hash TEXT NOT NULL
);
CREATE TRIGGER IF NOT EXISTS entry_is_never_updated BEFORE UPDATE ON entry
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER IF NOT EXISTS entry_is_never_deleted BEFORE DELETE ON entry
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
"""
_COLUMNS = 'sequence, time_ns, written_ns, kind, body, key_id, sealed, previous, hash'


class JournalError(Exception):
    """The journal can't be written or read; the text says where and why."""


@dataclass(frozen=True)
class Record:
    """
    What is to be journalled: ``body`` in the clear, ``secret`` under the key of ``wearer``.

    ``body`` must say nothing about a person that consent can be withdrawn for, not even the
    pseudonym. ``time_ns`` is ROS time.
    """

    kind: str
    time_ns: int
    body: dict[str, Any]
    wearer: str = ''
    secret: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """
    One line of the journal.

    ``time_ns`` is ROS time, which may be simulated; ``written_ns`` is the host's clock. ``sealed``
    is the encrypted secret, empty when there is none.
    """

    sequence: int
    time_ns: int
    written_ns: int
    kind: str
    body: str
    key_id: str
    sealed: bytes
    previous: str
    hash: str

    def expected_hash(self) -> str:
        """Return the SHA-256 over everything but the hash itself, hexadecimal."""
        content = json.dumps([
            self.sequence, self.time_ns, self.written_ns, self.kind, self.body, self.key_id,
            self.sealed.hex(), self.previous])
        return hashlib.sha256(content.encode()).hexdigest()


@dataclass(frozen=True)
class Seal:
    """Sequence and hash of the last entry: kept elsewhere, it witnesses all before it."""

    sequence: int = 0
    hash: str = GENESIS


class Journal:
    """
    The journal of one safety monitor, open for appending.

    Every entry carries the hash of the one before it, so that an edit, a deletion or a change of
    order breaks the chain. Whoever can write the file can also write a whole new chain: the seal
    in every SafetyStatus, recorded elsewhere, witnesses against that (``verify``'s ``seal``).

    Writes are durable when ``append`` returns (WAL, synchronous=FULL), and several processes may
    append to one file.
    """

    BUSY_S = 0.2

    def __init__(self, path: str | Path, keys: KeyStore | None = None) -> None:
        """
        Open or create.

        :raises JournalError: the file can't be opened, or is something else.
        """
        self.path = Path(path).expanduser()
        self.keys = keys or KeyStore(key_store_path(self.path))
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._database = sqlite3.connect(
                self.path, timeout=self.BUSY_S, isolation_level=None)
            os.chmod(self.path, 0o600)
            self._identity = self._file_identity()
            version = self._database.execute('PRAGMA user_version').fetchone()[0]
            tables = self._database.execute('SELECT count(*) FROM sqlite_master').fetchone()[0]
            if version != _USER_VERSION and (version or tables):
                raise JournalError(
                    f'{self.path} is not a safety journal of this version; move it away')
            self._database.execute('PRAGMA journal_mode=WAL')
            self._database.execute('PRAGMA synchronous=FULL')
            if not version:
                self._database.executescript(
                    f'BEGIN; {_SCHEMA} PRAGMA user_version={_USER_VERSION}; COMMIT;')
        except (OSError, sqlite3.Error) as error:
            raise JournalError(
                f'journal {self.path} cannot be opened ({error}); set parameter journal_path to a '
                'file that this user may write') from error

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    @property
    def seal(self) -> Seal:
        """
        Last entry.

        :raises JournalError: the file can't be read.
        """
        try:
            row = self._database.execute('SELECT sequence, hash FROM head').fetchone()
        except sqlite3.Error as error:
            raise JournalError(f'journal {self.path} cannot be read ({error})') from error
        return Seal(*row) if row else Seal()

    def check(self) -> None:
        """
        Check that the open file is still the one that has the journal's name.

        :raises JournalError: it was removed or replaced; what is written now would be lost.
        """
        try:
            identity = self._file_identity()
        except OSError as error:
            raise JournalError(f'journal {self.path} is gone ({error})') from error
        if identity != self._identity:
            raise JournalError(f'journal {self.path} has been replaced by another file')

    def append(self, records: Sequence[Record]) -> list[Seal]:
        """
        Write records, all or none, and return the seal of each.

        :raises JournalError: nothing was written.
        """
        self.check()
        seals: list[Seal] = []
        try:
            self._database.execute('BEGIN IMMEDIATE')
            try:
                seal = self.seal
                for record in records:
                    entry = self._chained(record, seal)
                    self._database.execute(
                        f'INSERT INTO entry ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
                        tuple(vars(entry).values()))
                    seal = Seal(entry.sequence, entry.hash)
                    seals.append(seal)
                self._database.execute(
                    'INSERT INTO head VALUES (1, ?, ?) ON CONFLICT (one) DO UPDATE SET '
                    'sequence = excluded.sequence, hash = excluded.hash',
                    (seal.sequence, seal.hash))
                self._database.execute('COMMIT')
            except BaseException:
                if self._database.in_transaction:
                    self._database.execute('ROLLBACK')
                raise
        except (OSError, sqlite3.Error, ValueError) as error:
            raise JournalError(f'journal {self.path} cannot be written ({error})') from error
        return seals

    def entries(self, *kinds: str) -> Iterator[Entry]:
        """
        Iterate over the entries of some kinds (none given: of all), oldest first.

        :raises JournalError: the file can't be read.
        """
        try:
            for row in self._database.execute(
                    f'SELECT {_COLUMNS} FROM entry WHERE ? = 0 OR kind IN '
                    f'({", ".join("?" * len(kinds)) or "NULL"}) ORDER BY sequence',
                    (len(kinds), *kinds)):
                yield Entry(*row)
        except sqlite3.Error as error:
            raise JournalError(f'journal {self.path} cannot be read ({error})') from error

    def latest_per_rule(self) -> dict[str, tuple[int, dict[str, Any]]]:
        """
        Return the sequence and body of each rule's last alarm entry.

        :raises JournalError: the file can't be read.
        """
        try:
            rows = self._database.execute(
                "SELECT json_extract(body, '$.rule'), body, max(sequence) FROM entry "
                "WHERE kind = 'alarm' GROUP BY 1").fetchall()
        except sqlite3.Error as error:
            raise JournalError(f'journal {self.path} cannot be read ({error})') from error
        return {rule: (sequence, json.loads(body)) for rule, body, sequence in rows}

    def _chained(self, record: Record, last: Seal) -> Entry:
        key_id, sealed = '', b''
        if record.secret:
            key_id, sealed = self.keys.seal(record.wearer, record.secret)
        body = json.dumps(record.body, sort_keys=True, ensure_ascii=False)
        entry = Entry(
            last.sequence + 1, record.time_ns, time.time_ns(), record.kind, body, key_id, sealed,
            last.hash, '')
        return Entry(**{**vars(entry), 'hash': entry.expected_hash()})

    def _file_identity(self) -> tuple[int, int]:
        status = os.stat(self.path)
        return status.st_dev, status.st_ino


def key_store_path(journal_path: str | Path) -> Path:
    """Return where the wearers' keys of a journal are: beside it, in their own file."""
    path = Path(journal_path).expanduser()
    return path.with_name(path.name + '.keys.json')


def read_entries(path: str | Path) -> Iterator[Entry]:
    """
    Iterate over a journal's entries without writing, oldest first.

    :raises JournalError: there is no journal at ``path``.
    """
    path = Path(path).expanduser()
    try:
        with closing(_read_only(path)) as database:
            for row in database.execute(f'SELECT {_COLUMNS} FROM entry ORDER BY sequence'):
                yield Entry(*row)
    except sqlite3.Error as error:
        raise JournalError(f'journal {path} cannot be read ({error})') from error


def verify(path: str | Path, *, seal: Seal | None = None, last: int | None = None) -> list[str]:
    """
    Return what is wrong with a journal; an empty list when its chain holds.

    :param seal: a seal that was noted elsewhere (SafetyStatus) and must be in the chain
    :param last: check only so many entries at the end
    :raises JournalError: there is no journal at ``path``.
    """
    path = Path(path).expanduser()
    complaints: list[str] = []
    seen = seal is None or seal.sequence == 0
    try:
        with closing(_read_only(path)) as database:
            # One snapshot: the monitor may be writing.
            database.execute('BEGIN')
            row = database.execute('SELECT sequence, hash FROM head').fetchone()
            head = Seal(*row) if row else Seal()
            first = max(1, head.sequence - last + 1) if last else 1
            before = None if first > 1 else Seal()
            for row in database.execute(
                    f'SELECT {_COLUMNS} FROM entry WHERE sequence >= ? ORDER BY sequence',
                    (first,)):
                entry = Entry(*row)
                if before is None:
                    before = Seal(entry.sequence - 1, entry.previous)
                if entry.sequence != before.sequence + 1:
                    complaints.append(
                        f'entry {entry.sequence} follows {before.sequence}: entries are missing')
                if entry.previous != before.hash:
                    complaints.append(
                        f'entry {entry.sequence} does not continue the chain: something before '
                        'it was changed, removed or moved')
                if entry.hash != entry.expected_hash():
                    complaints.append(f'entry {entry.sequence} was changed')
                if seal is not None and entry.sequence == seal.sequence:
                    seen = entry.hash == seal.hash
                    if not seen:
                        complaints.append(
                            f'entry {entry.sequence} is not the one that was sealed')
                        seen = True
                before = Seal(entry.sequence, entry.hash)
            if before is not None and before != head:
                complaints.append(
                    f'the journal ends with entry {before.sequence} and should end with '
                    f'{head.sequence}: entries at the end were changed or removed')
            if not seen and seal is not None:
                complaints.append(f'entry {seal.sequence}, which was sealed, is missing')
    except (sqlite3.Error, AttributeError, TypeError) as error:
        raise JournalError(f'journal {path} cannot be read ({error})') from error
    return complaints


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f'{path.absolute().as_uri()}?mode=ro', uri=True, isolation_level=None)
