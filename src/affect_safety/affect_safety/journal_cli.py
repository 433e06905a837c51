# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Look at a safety journal.

ros2 run affect_safety journal verify PATH [--seal SEQUENCE:HASH]
ros2 run affect_safety journal show PATH [--kind KIND] [--after SEQUENCE] [--unseal]

`show` prints per entry: sequence, host time (UTC), ROS time (seconds), kind, content.
"""

import argparse
from collections.abc import Sequence
from datetime import datetime
from datetime import UTC
import json
from pathlib import Path
import sys

from affect_safety.journal import Entry
from affect_safety.journal import JournalError
from affect_safety.journal import key_store_path
from affect_safety.journal import read_entries
from affect_safety.journal import Seal
from affect_safety.journal import verify
from affect_safety.key_store import KeyStore


def parse_seal(text: str) -> Seal:
    """Return a seal written as SEQUENCE:HASH, as SafetyStatus carries it."""
    sequence, _, digest = text.partition(':')
    if not sequence.isdigit() or len(digest) != 64:
        raise argparse.ArgumentTypeError(
            f"'{text}' is not SEQUENCE:HASH; take journal_sequence and journal_hash from a "
            'recorded safety/status')
    return Seal(int(sequence), digest)


def main(args: Sequence[str] | None = None) -> int:
    """Return 0 when all is well, 1 when the chain is broken, 2 when there is no journal."""
    parser = argparse.ArgumentParser(
        prog='journal', description='Look at the journal of a safety monitor.')
    verbs = parser.add_subparsers(dest='verb', required=True)
    verb = verbs.add_parser('verify', help='check the chain of hashes')
    verb.add_argument('path', type=Path)
    verb.add_argument(
        '--seal', type=parse_seal, metavar='SEQUENCE:HASH',
        help='journal_sequence:journal_hash of a safety/status that was recorded elsewhere')
    verb = verbs.add_parser('show', help='list the entries, oldest first')
    verb.add_argument('path', type=Path)
    verb.add_argument(
        '--kind', help='only entries of this kind: start, stop, break, alarm, purpose')
    verb.add_argument('--after', type=int, default=0, metavar='SEQUENCE')
    verb.add_argument(
        '--unseal', action='store_true',
        help='also show what is encrypted, where the key still exists')
    options = parser.parse_args(args)
    try:
        if options.verb == 'verify':
            return _verify(options.path, options.seal)
        return _show(options)
    except BrokenPipeError:
        return 0
    except (JournalError, ValueError, OSError) as error:
        print(f'journal: {error}', file=sys.stderr)
        return 2


def _verify(path: Path, seal: Seal | None) -> int:
    complaints = verify(path, seal=seal)
    for complaint in complaints:
        print(complaint)
    if not complaints:
        last = Seal()
        for entry in read_entries(path):
            last = Seal(entry.sequence, entry.hash)
        print(f'intact: {last.sequence} entries, seal {last.sequence}:{last.hash}')
    return 1 if complaints else 0


def _show(options: argparse.Namespace) -> int:
    keys = KeyStore(key_store_path(options.path)) if options.unseal else None
    for entry in read_entries(options.path):
        if entry.sequence > options.after and options.kind in (None, entry.kind):
            print(_line(entry, keys))
    return 0


def _line(entry: Entry, keys: KeyStore | None) -> str:
    moment = datetime.fromtimestamp(entry.written_ns * 1e-9, UTC)
    text = (
        f'{entry.sequence:6d}  {moment.isoformat(timespec="milliseconds")}  '
        f'{entry.time_ns * 1e-9:.3f}  {entry.kind:8s}{entry.body}')
    if keys is not None and entry.sealed:
        opened = keys.open(entry.key_id, entry.sealed)
        text += '  ' + (
            '[key destroyed]' if opened is None else json.dumps(opened, ensure_ascii=False))
    return text


if __name__ == '__main__':
    sys.exit(main())
