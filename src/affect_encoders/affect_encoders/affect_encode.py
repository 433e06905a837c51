# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Encode files by the code of the live nodes: features, an embedding and an estimate of affect.

    affect-encode voice CLIPS/ MORE.wav --json > voice.jsonl
    affect-encode facial_expression FACES/*.png --json
    affect-encode speech TALK.txt --text "I am not happy" --json
    affect-encode eye_movement GAZE.csv --ticks 0.5 --json
    affect-encode voice CLIP.wav --enroll NEUTRAL1.wav NEUTRAL2.wav --json

One object per input, in their order; a long recording is one object pooled over its ticks, or with
--ticks one for each. A folder stands for the files in it, at any depth. Unknown numbers are null;
"reason" says what lowers the quality. An input that can't be used is named on stderr, has an
object of quality 0 with its "error", and the others go on. Exit status: 0, 1 when an input could
not be used, 2 when the command is wrong or can't work on this machine.
"""

import argparse
from collections.abc import Iterator
from collections.abc import Sequence
from glob import glob
from glob import has_magic
import io
import json
import os
from pathlib import Path
import sys
from typing import Any

from affect_encoders.encoder import CATEGORIES
from affect_encoders.files.input_error import InputError
from affect_encoders.files.options import AXES
from affect_encoders.files.options import GAZE_UNITS
from affect_encoders.modalities import MODALITIES
import numpy as np

DEFAULT_TICK_S = 0.1


def main(args: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    words = list(sys.argv[1:] if args is None else args)
    if not words or words[0] not in MODALITIES:
        _parser().parse_args(words or ['--help'])
    modality, *rest = words
    parser = _parser_of(modality)
    options = parser.parse_args(_with_hop(rest))
    if not (options.inputs or options.text or options.inputs_from):
        parser.error('no input; inputs come before --enroll, or after --')
    if options.inputs_from not in ('', '-') and not Path(options.inputs_from).is_file():
        parser.error(f"--from: no such file '{options.inputs_from}'")
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A file may have a name that is no text.
        sys.stdout.reconfigure(errors='backslashreplace')
    # What they say of a damaged picture or video is said here, and of which file.
    os.environ.setdefault('OPENCV_LOG_LEVEL', 'SILENT')
    os.environ.setdefault('OPENCV_FFMPEG_LOGLEVEL', '-8')
    try:
        return _encode_all(modality, options)
    except BrokenPipeError:
        # Whoever reads has enough (`| head`). Python would complain once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog='affect-encode', description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(
        metavar='MODALITY', required=True, title='modalities',
        description='`affect-encode MODALITY --help` tells what one takes, and its options')
    for name in MODALITIES:
        commands.add_parser(name)
    return parser


def _parser_of(modality: str) -> argparse.ArgumentParser:
    kind = MODALITIES[modality]
    parser = argparse.ArgumentParser(
        prog=f'affect-encode {modality}',
        description=f'Takes {kind.what_text}.\n\n{__doc__}',
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        'inputs', nargs='*', metavar='INPUT', help='files, folders or patterns of names')
    parser.add_argument(
        '--from', dest='inputs_from', metavar='LIST', default='',
        help='a file with an input a line, - for standard input')
    parser.add_argument(
        '--json', action='store_true', help='a JSON object a line instead of a table')
    parser.add_argument(
        '--enroll', nargs='+', action='extend', default=[], metavar='FILE',
        help="what the wearer's neutral is learned from; INPUTs come before it, or after --")
    parser.add_argument(
        '--threads', type=_count, default=1, help='threads that a network may use (1)')
    parser.set_defaults(text=[], ticks=None)
    if modality != 'speech':
        parser.add_argument(
            '--ticks', type=_above_zero, metavar='HOP_S',
            help=f'an object for every HOP_S seconds of a recording (without a number '
                 f'{DEFAULT_TICK_S:g}, as live) instead of one, pooled over ticks of '
                 f'{kind.hop_s:g} s')
    else:
        parser.add_argument(
            '--text', action='append', default=[], metavar='WORDS',
            help='an utterance, repeatable; after those of INPUTs')
        parser.add_argument(
            '--column', help='the column of a table that holds the text: its name, or number '
            'from 1 (default: the one named text, or the one with the most words)')
        parser.add_argument(
            '--voice', metavar='SOUND',
            help='the sound of what was said: tells whether words and voice agree '
            '(voice_agreement). Utterances of JSON lines have their time in it, others last as '
            'long as it')
        parser.add_argument(
            '--language', help='language of the text (IETF BCP 47, default: not said)')
    if modality not in ('speech',):
        parser.add_argument('--rate-hz', type=_above_zero, metavar='HZ', help=_RATES[modality])
    if modality in ('body_expression', 'facial_expression', 'scene'):
        parser.add_argument(
            '--sequence', dest='is_sequence', action='store_true', default=None,
            help='a folder or array is one recording, not inputs that stand alone')
    if modality in ('body_expression', 'scene'):
        parser.add_argument(
            '--imu', metavar='FILE',
            help='inertial samples of the head over the same time, as head_motion takes them')
        parser.add_argument(
            '--pitch-down-deg', type=float, metavar='DEG',
            help="how far the camera looks below the headset's forward axis (0)")
    if modality == 'scene':
        parser.add_argument(
            '--fov-deg', type=_above_zero, metavar='DEG',
            help='field of view of the camera from left to right (70)')
    if modality == 'body_expression':
        parser.add_argument(
            '--axes', choices=AXES,
            help='of the points, REP-103: optical x right, y down, z forward (default); link x '
            'forward, y left, z up')
    if modality == 'eye_movement':
        parser.add_argument(
            '--units', choices=GAZE_UNITS,
            help='of positions whose name has no unit (auto: fractions of an image where all '
            'are in 0 to 1, else degrees)')
        parser.add_argument(
            '--px-per-deg', type=_above_zero, metavar='PX', help='pixels of gaze in a degree')
    if modality == 'facial_expression':
        parser.add_argument(
            '--from-camera', action='store_true', default=None,
            help='weights are those of our own face tracker (default: where affect-track says so)')
    return parser


_NO_TIMES = 'samples a second of tables without times'
_RATES = {
    'body_expression': 'clouds a second where there are no times (10)',
    'eye_expression': _NO_TIMES, 'eye_movement': _NO_TIMES, 'head_motion': _NO_TIMES,
    'facial_expression': 'pictures or rows a second where there are no times (30)',
    'physiology': _NO_TIMES + "; an Empatica E4's files know theirs",
    'scene': 'pictures a second of folders and arrays (30)',
    'voice': 'samples a second of NPY, NPZ without a rate',
}
_OPTIONS = (
    'rate_hz', 'is_sequence', 'units', 'px_per_deg', 'axes', 'pitch_down_deg', 'fov_deg', 'imu',
    'column', 'language', 'voice', 'from_camera')


def _with_hop(words: list[str]) -> list[str]:
    """Return the arguments, with the usual hop after a --ticks that has no number."""
    result = list(words)
    for i, word in enumerate(words):
        if word == '--':
            break
        if word == '--ticks' and not _is_number(''.join(words[i + 1:i + 2])):
            result[i] = f'--ticks={DEFAULT_TICK_S}'
    return result


def _encode_all(modality: str, options: argparse.Namespace) -> int:
    from affect_encoders.file_encoder import FileEncoder
    given = {name: value for name in _OPTIONS
             if (value := getattr(options, name, None)) is not None}
    try:
        encoder = FileEncoder(modality, **given)
    except (ImportError, OSError, ValueError, RuntimeError) as error:
        print(f'affect-encode {modality}: {error}: run `make setup`', file=sys.stderr)
        return 2
    for library, function in (('torch', 'set_num_threads'), ('cv2', 'setNumThreads')):
        if library in sys.modules:
            getattr(sys.modules[library], function)(options.threads)
    if options.enroll:
        try:
            encoder.enroll(*(Path(path) for path in _expanded(options.enroll)))
        except InputError as error:
            print(f'affect-encode: --enroll: {error}', file=sys.stderr)
            return 2
    status = 0
    for result in encoder.encode_each(_inputs(options), hop_s=options.ticks):
        if result.error:
            print(f"affect-encode: {result['input']}: {result.error}", file=sys.stderr)
            status = 1
        print(json.dumps(result, allow_nan=False) if options.json else _line(result), flush=True)
    return status


def _inputs(options: argparse.Namespace) -> Iterator[Any]:
    """Yield paths, then texts."""
    yield from map(Path, _expanded(options.inputs))
    if options.inputs_from == '-':
        yield from (Path(line.rstrip('\n')) for line in sys.stdin if line.strip())
    elif options.inputs_from:
        with open(options.inputs_from, encoding='utf-8', errors='surrogateescape') as lines:
            yield from (Path(line.rstrip('\n')) for line in lines if line.strip())
    yield from ({'text': text} for text in options.text)


def _expanded(paths: list[str]) -> Iterator[str]:
    for path in paths:
        if has_magic(path) and not Path(path).exists():
            yield from sorted(glob(path, recursive=True)) or [path]
        else:
            yield path


def _line(result: Any) -> str:
    """Return a result as a line of a table."""
    estimate = result.estimate
    known = np.isfinite(estimate.probabilities)
    most = ''
    if known.any():
        best = int(np.nanargmax(estimate.probabilities))
        most = f'{CATEGORIES[best]} {estimate.probabilities[best]:.2f}'
    when = f"  {result['t_s']:9.2f} s" if 't_s' in result else ''
    return (
        f"{result['input'][-40:]:40}{when}  quality {result.quality:4.2f}  {most:15}  "
        f'valence {_signed(estimate.valence)}  arousal {_signed(estimate.arousal)}  '
        f"{result['reason']}").rstrip()


def _signed(value: float) -> str:
    return f'{value:+.2f}' if np.isfinite(value) else '    -'


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _above_zero(text: str) -> float:
    value = float(text)
    if not 0.0 < value < float('inf'):
        raise argparse.ArgumentTypeError(f'{text} is not above 0')
    return value


def _count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f'{text} is not 1 or more')
    return value


if __name__ == '__main__':
    sys.exit(main())
