# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The command: which tracker, what it prints, and what it does with files that are bad."""

import json
import os
import subprocess
import sys
import types

from affect_trackers import affect_track
from affect_trackers.track_error import CannotTrackError
from affect_trackers.track_error import TrackError
from affect_trackers.track_table import TrackTable
import numpy as np
import pytest


def no_arguments(parser):
    parser.add_argument('--twice', action='store_true', help='each row twice')


def track(path, options):
    if 'missing_library' in path:
        raise CannotTrackError('a library is missing: pip install it')
    if 'broken' in path:
        raise ZeroDivisionError('a fault of the tracker itself')
    for k in range(2):
        for _ in range(1 + options.twice):
            yield {'frame': k, 'size': np.float32(0.5), 'gone': float('nan'),
                   'weights': {'a': 0.25, 'b': None}, 'mask': np.array([True, False])}
    if 'cut' in path:
        raise TrackError('breaks off after 2 of 9 frames')


@pytest.fixture
def eye(monkeypatch):
    """Put a tracker of a test into the place of the eye tracker."""
    module = types.ModuleType('affect_trackers.eye_tracker.track_files', 'Eyes of a test.')
    module.add_arguments, module.track = no_arguments, track
    monkeypatch.setitem(sys.modules, module.__name__, module)


@pytest.fixture
def files(tmp_path):
    def make(*names):
        for name in names:
            (tmp_path / name).write_bytes(b'')
        return [str(tmp_path / name) for name in names]
    return make


def test_a_line_of_json_per_row_in_which_unknown_is_null(eye, files, capsys):
    a, b = files('a', 'b')
    assert affect_track.main(['eye', a, b, '--json']) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row['file'], row['frame']) for row in rows] == [(a, 0), (a, 1), (b, 0), (b, 1)]
    assert rows[0] == {
        'file': a, 'frame': 0, 'size': 0.5, 'gone': None, 'weights': {'a': 0.25, 'b': None},
        'mask': [True, False]}


def test_options_of_the_tracker_are_taken_and_others_refused(eye, files, capsys):
    a, = files('a')
    affect_track.main(['eye', '--twice', a, '--json'])
    assert len(capsys.readouterr().out.splitlines()) == 4
    with pytest.raises(SystemExit) as ended:
        affect_track.main(['eye', '--thrice', a])
    assert ended.value.code == 2
    assert '--thrice' in capsys.readouterr().err


@pytest.mark.parametrize(('bad', 'said'), [
    ('absent', 'no such file'), ('cut', 'breaks off after 2 of 9'),
    ('broken', 'ZeroDivisionError: a fault of the tracker itself')])
def test_a_bad_file_is_named_and_the_others_go_on(eye, files, capsys, bad, said):
    a, b = files('a', 'b')
    other = a[:-1] + bad
    if bad != 'absent':
        files(bad)
    assert affect_track.main(['eye', a, other, b, '--json']) == 1
    heard = capsys.readouterr()
    assert f'{other}: {said}' in heard.err
    assert len(heard.err.splitlines()) == 1
    rows = [json.loads(line)['file'] for line in heard.out.splitlines()]
    assert rows.count(a) == rows.count(b) == 2


def test_what_no_file_can_help_ends_the_command(eye, files, capsys):
    assert affect_track.main(['eye', *files('missing_library', 'b')]) == 2
    heard = capsys.readouterr()
    assert 'pip install it' in heard.err
    assert heard.out == ''


def test_a_tracker_whose_library_is_missing_says_so(monkeypatch, files, capsys):
    monkeypatch.setitem(sys.modules, 'affect_trackers.eye_tracker.track_files', None)
    assert affect_track.main(['eye', *files('a')]) == 2
    assert 'make setup' in capsys.readouterr().err


@pytest.mark.parametrize('words', [['nose', 'a.png'], ['eye']])
def test_a_wrong_command_is_refused(eye, words, capsys):
    with pytest.raises(SystemExit) as ended:
        affect_track.main(words)
    assert ended.value.code == 2
    assert 'usage: affect-track' in capsys.readouterr().err


@pytest.mark.parametrize('words', [[], ['--help'], ['eye', '--help']])
def test_help_is_given(eye, words, capsys):
    with pytest.raises(SystemExit) as ended:
        affect_track.main(words)
    assert ended.value.code == 0
    assert '--json' in capsys.readouterr().out


def test_without_json_it_is_a_table(eye, files, capsys):
    a, b = files('a', 'b')
    affect_track.main(['eye', a, b])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f'# {a}'
    assert lines[1].split() == ['frame', 'size', 'gone', 'weights']
    assert lines[2].split() == ['0', '0.500', '-', 'a', '0.25']
    assert lines[4] == f'# {b}'


def test_a_table_has_a_new_heading_when_the_columns_change():
    table = TrackTable()
    assert len(table.text({'file': 'a', 'x': 1}).splitlines()) == 3
    assert len(table.text({'file': 'a', 'x': 2}).splitlines()) == 1
    assert len(table.text({'file': 'a', 'text': 'words'}).splitlines()) == 3


def test_eyes_are_tracked_without_the_library_of_the_face():
    code = (
        'import sys, types\n'
        'module = types.ModuleType("affect_trackers.eye_tracker.track_files")\n'
        'module.add_arguments, module.track = lambda parser: None, lambda path, options: []\n'
        'sys.modules[module.__name__] = module\n'
        'from affect_trackers import affect_track\n'
        'assert affect_track.main(["eye", sys.executable]) == 0\n'
        'print([name for name in sys.modules if "mediapipe" in name or "face" in name])\n')
    done = subprocess.run(
        [sys.executable, '-c', code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == '[]'


def test_whoever_reads_may_stop_reading(tmp_path):
    code = (
        'import sys, types\n'
        'module = types.ModuleType("affect_trackers.eye_tracker.track_files")\n'
        'module.add_arguments = lambda parser: None\n'
        'module.track = lambda path, options: ({"frame": k} for k in range(100000))\n'
        'sys.modules[module.__name__] = module\n'
        'from affect_trackers import affect_track\n'
        'sys.exit(affect_track.main(["eye", sys.executable, "--json"]))\n')
    reader, writer = os.pipe()
    process = subprocess.Popen(
        [sys.executable, '-c', code], stdout=writer, stderr=subprocess.PIPE, text=True)
    os.close(writer)
    os.read(reader, 10)
    os.close(reader)
    _, complaint = process.communicate(timeout=60)
    assert (process.returncode, complaint) == (0, '')
