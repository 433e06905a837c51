# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Compose real recordings into a bag that the graph can play, or describe such a bag.

    affect-session build /tmp/session --seconds 60
    affect-session info /tmp/session
"""

import argparse
from collections.abc import Sequence
from dataclasses import asdict
import json
from pathlib import Path
import re
import sys

from affect_learning.session.bag import describe_bag
from affect_learning.session.bag import STORAGE
from affect_learning.session.bag import write_bag
from affect_learning.session.compose import compose
from affect_learning.session.compose import COMPOSITE
from affect_learning.session.compose import session_topics
from affect_learning.session.data_root import find_data_root
from affect_learning.session.data_root import SessionError
from affect_learning.session.ravdess import HELD_OUT_ACTORS
from affect_learning.session.typestore import load_typestore


def build(arguments: argparse.Namespace) -> dict[str, object]:
    """Build a bag and return its summary."""
    if not re.fullmatch(r'/?([A-Za-z_]\w*(/[A-Za-z_]\w*)*)?/?', arguments.namespace):
        raise SessionError(
            f'--namespace {arguments.namespace!r} is no ROS namespace; use for example w1')
    root = find_data_root(arguments.data)
    typestore = load_typestore()
    info, records = compose(
        root, arguments.seconds, typestore, seed=arguments.seed, actor=arguments.actor,
        namespace=arguments.namespace)
    if arguments.actor not in HELD_OUT_ACTORS:
        print(
            f'affect-session: warning: the shipped voice weights learned from actor '
            f'{arguments.actor}; only {" and ".join(map(str, HELD_OUT_ACTORS))} are unseen',
            file=sys.stderr)
    custom = {'composite': COMPOSITE, **{f'people_{k}': v for k, v in info.people.items()}}
    messages = write_bag(
        arguments.out, session_topics(arguments.namespace), records, typestore,
        storage=arguments.storage, custom=custom, overwrite=arguments.overwrite)
    return {
        'bag': str(arguments.out), **asdict(info), 'messages': messages, 'composite': COMPOSITE}


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog='affect-session', description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest='verb', required=True)
    verb = verbs.add_parser('build', help='compose recordings into a bag')
    verb.add_argument('out', type=Path, help='folder of the bag, must not exist')
    verb.add_argument('--seconds', type=float, required=True, help='length, 1 to 1800')
    verb.add_argument('--seed', type=int, default=0, help='which people and which order')
    verb.add_argument(
        '--actor', type=int, default=23, help='RAVDESS actor; 23 and 24 are in no shipped weight')
    verb.add_argument('--storage', choices=sorted(STORAGE), default='mcap')
    verb.add_argument('--namespace', default='', help="wearer's namespace, e.g. w1")
    verb.add_argument(
        '--data', type=Path, help='folder of the recordings (default: AFFECT_DATA, else '
        "../shared/data beside the project's root)")
    verb.add_argument('--overwrite', action='store_true', help='replace an existing bag')
    verb.set_defaults(run=build)
    verb = verbs.add_parser('info', help='describe a bag')
    verb.add_argument('bag', type=Path)
    verb.set_defaults(run=lambda arguments: describe_bag(arguments.bag))
    return parser


def main(args: Sequence[str] | None = None) -> int:
    """Run the command; returns 0, or 1 with one line on stderr."""
    arguments = make_parser().parse_args(args)
    try:
        summary = arguments.run(arguments)
    except SessionError as error:
        print(f'affect-session: {error}', file=sys.stderr)
        return 1
    print(json.dumps(summary, indent=2))
    return 0


if __name__ == '__main__':
    sys.exit(main())
