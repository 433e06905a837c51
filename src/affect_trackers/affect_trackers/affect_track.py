# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Track faces, eyes or speech in files, by the code of the live nodes.

    affect-track face VIDEO.mp4 FOLDER/ --json > weights.jsonl
    affect-track eye  EYE.mp4
    affect-track speech TALK.wav --json

One line per frame or utterance: with --json a JSON object (unknown is null), else a table. A file
that can't be read is named on stderr and the others go on. Exit status: 0, 1 when a file could not
be tracked (to its end), 2 when the command is wrong or can't work on this machine.
"""

import argparse
from collections.abc import Sequence
from importlib import import_module
import json
import math
import os
from pathlib import Path
import sys
from typing import Any

from affect_trackers.track_error import CannotTrackError
from affect_trackers.track_error import TrackError
from affect_trackers.track_table import TrackTable

TRACKERS = {
    'face': ('face_tracker', 'faces in videos and pictures: ARKit-52 weights and action units'),
    'eye': ('eye_tracker', 'eyes in near-infrared videos and pictures: pupil, lids, gaze'),
    'speech': ('speech_recognizer', 'speech in sound files: voice activity and words'),
}
"""Of each word: the folder whose ``track_files`` does it, and what it does."""


def main(args: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    words = list(sys.argv[1:] if args is None else args)
    parser = _parser()
    if not words or words[0] not in TRACKERS:
        parser.parse_args(words or ['--help'])
    name, *rest = words
    try:
        # Only the one that is asked for: the eyes shall not need the library of the face.
        tracker = import_module(f'affect_trackers.{TRACKERS[name][0]}.track_files')
    except ImportError as error:
        print(f'affect-track {name}: {error}: run `make setup`', file=sys.stderr)
        return 2
    options = _parser_of(name, tracker).parse_args(rest)
    try:
        return _track_all(tracker, options)
    except BrokenPipeError:
        # Whoever reads has enough (`| head`). Python would complain once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog='affect-track', description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(
        metavar='TRACKER', required=True, title='trackers',
        description='`affect-track TRACKER --help` tells the options of one')
    for name, (_, does) in TRACKERS.items():
        commands.add_parser(name, help=does)
    return parser


def _parser_of(name: str, tracker: Any) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f'affect-track {name}', description=tracker.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        'files', nargs='+', metavar='FILE', help='what to track, one after another')
    parser.add_argument(
        '--json', action='store_true', help='a JSON object per line instead of a table')
    tracker.add_arguments(parser)
    return parser


def _track_all(tracker: Any, options: argparse.Namespace) -> int:
    status = 0
    table = None if options.json else TrackTable()
    for path in options.files:
        try:
            if '://' not in path and not Path(path).exists():
                raise TrackError('no such file or folder')
            for row in tracker.track(path, options):
                line = plain({'file': path, **row})
                print(json.dumps(line, allow_nan=False) if table is None else table.text(line),
                      flush=True)
        except CannotTrackError as error:
            print(f'affect-track: {error}', file=sys.stderr)
            return 2
        except BrokenPipeError:
            raise
        except Exception as error:
            # The other files shall be tracked, whatever is the matter with this one.
            what = str(error)
            if not isinstance(error, TrackError | OSError):
                what = f'{type(error).__name__}: {error}'
            print(f'affect-track: {path}: {what}', file=sys.stderr)
            status = 1
    return status


def plain(value: Any) -> Any:
    """Return what JSON can say of a value: numpy's own types as Python's, NaN and inf as None."""
    if isinstance(value, dict):
        return {str(name): plain(each) for name, each in value.items()}
    if hasattr(value, 'tolist'):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


if __name__ == '__main__':
    sys.exit(main())
