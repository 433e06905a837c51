# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Keeps on recording when the journal fails, and catches up when it is back."""

from collections import deque
from collections.abc import Sequence
import json
import os
from pathlib import Path
from typing import Any

from affect_safety.alarm_state_machine import AlarmPoint
from affect_safety.instant import Instant
from affect_safety.journal import Journal
from affect_safety.journal import JournalError
from affect_safety.journal import Record
from affect_safety.journal import Seal
from affect_safety.journal import verify


def default_journal_path(namespace: str) -> Path:
    """Return the journal's place below the XDG state directory, one folder per namespace."""
    state = os.environ.get('XDG_STATE_HOME') or '~/.local/state'
    return Path(state).expanduser().joinpath(
        'affect', *namespace.strip('/').split('/'), 'safety_journal.sqlite3')


class Recorder:
    """
    Writes to the journal for a monitor that must outlive it.

    ``record`` never raises: what can't be written now waits (up to ``BACKLOG`` records) and is
    written in order when the journal is back. ``must_record`` is for what an operator asks for,
    which is refused when it can't be recorded.
    """

    BACKLOG = 10_000
    RETRY_S = 2.0
    CHECKED_AT_START = 10_000

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path).expanduser()
        self.journal: Journal | None = None
        self.seal = Seal()
        self.fault = ''
        self.damage = ''
        self.dropped = 0
        self._backlog: deque[Record] = deque()
        self._next_try_s = -1e9

    def open(self, now: Instant) -> None:
        """Open the journal if it is not, or has failed; ``fault`` says how that went."""
        if self.journal is not None and not self.fault:
            try:
                self.journal.check()
                return
            except JournalError as error:
                self._failed(error)
        if now.steady_s < self._next_try_s:
            return
        self._next_try_s = now.steady_s + self.RETRY_S
        self.close()
        try:
            self.journal = Journal(self.path)
            self._continue(self.journal, now.ros_ns)
            complaints = verify(self.path, last=self.CHECKED_AT_START)
            self.damage = (
                f'journal {self.path} has been tampered with or damaged: {complaints[0]}; keep a '
                'copy and start a new journal' if complaints else '')
            self.fault = ''
            self._flush()
        except (JournalError, ValueError) as error:
            self._failed(error)

    def close(self) -> None:
        """Close the journal."""
        if self.journal is not None:
            self.journal.close()
            self.journal = None

    def record(self, records: Sequence[Record]) -> list[int]:
        """Write, or keep for later; return the sequence numbers, 0 for what is not written yet."""
        self._backlog.extend(records)
        while len(self._backlog) > self.BACKLOG:
            self._backlog.popleft()
            self.dropped += 1
        try:
            return self._flush()[-len(records):] if records else []
        except JournalError as error:
            self._failed(error)
            return [0] * len(records)

    def must_record(self, record: Record) -> int:
        """
        Write and return the sequence number.

        :raises JournalError: it is not written, and won't be.
        """
        if self.journal is None or self.fault:
            raise JournalError(self.fault or 'the journal is closed')
        try:
            self._flush()
            self.seal = self.journal.append([record])[-1]
        except JournalError as error:
            self._failed(error)
            raise
        return self.seal.sequence

    def points(self) -> dict[str, tuple[AlarmPoint, int]]:
        """Return where earlier runs left each rule's alarm, and the entry that says so."""
        if self.journal is None or self.fault:
            return {}
        try:
            known = AlarmPoint.__dataclass_fields__
            return {
                rule: (
                    AlarmPoint(**{k: v for k, v in body['point'].items() if k in known}), sequence)
                for rule, (sequence, body) in self.journal.latest_per_rule().items()}
        except (JournalError, KeyError, TypeError, ValueError) as error:
            self._failed(error)
            return {}

    def unfinished_purpose(self) -> dict[str, Any] | None:
        """Return what an operator last set in a run that ended without a stop, if it did."""
        if self.journal is None or self.fault:
            return None
        last: dict[str, Any] | None = None
        try:
            for entry in self.journal.entries('start', 'stop', 'purpose'):
                if entry.kind in ('start', 'stop'):
                    # A restriction outlives several crashes until somebody stops the monitor.
                    last = None if entry.kind == 'stop' else last
                else:
                    last = json.loads(entry.body)
        except (JournalError, ValueError) as error:
            self._failed(error)
            return None
        return last

    def destroy_key(self, wearer: str) -> bool:
        """
        Destroy a wearer's key; return whether there was one.

        :raises JournalError: it could not be destroyed.
        """
        if self.journal is None:
            raise JournalError(self.fault or 'the journal is closed')
        try:
            return self.journal.keys.destroy(wearer)
        except (OSError, ValueError) as error:
            raise JournalError(f'the key could not be destroyed ({error})') from error

    def _continue(self, journal: Journal, now_ns: int) -> None:
        """Go on from the file's last entry; say so in it when it is not the chain of before."""
        before, self.seal = self.seal, journal.seal
        if before.sequence and before != self.seal and verify(self.path, seal=before):
            self._backlog.appendleft(Record('break', now_ns, {
                'why': self.fault, 'last_sequence': before.sequence, 'last_hash': before.hash}))

    def _flush(self) -> list[int]:
        if not self._backlog:
            return []
        if self.journal is None or self.fault:
            raise JournalError(self.fault or 'the journal is closed')
        seals = self.journal.append(list(self._backlog))
        self._backlog.clear()
        self.seal = seals[-1]
        return [seal.sequence for seal in seals]

    def _failed(self, error: Exception) -> None:
        self.fault = str(error)
