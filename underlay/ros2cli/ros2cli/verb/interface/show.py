# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Output the interface definition."""

import re
import sys

from ros2cli.errors import CommandError
from ros2cli.interface_index import interface_path

PRIMITIVES = frozenset((
    'bool', 'byte', 'char', 'float32', 'float64', 'int8', 'uint8', 'int16', 'uint16', 'int32',
    'uint32', 'int64', 'uint64', 'string', 'wstring'))
FIELD = re.compile(r'^([A-Za-z]\w*(?:/[A-Za-z]\w*)?)(?:<=\d+)?(?:\[[^\]]*\])?\s+[A-Za-z]\w*')
# What stands before the first hash outside of quotes; quotes behind it are the comment's own.
BEFORE_COMMENT = re.compile(r"""^((?:[^'"#]|'[^']*'|"[^"]*")*?)\s*#.*""")


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument(
        '--all-comments', action='store_true',
        help='Show all comments, including for nested interface definitions')
    group.add_argument(
        '--no-comments', action='store_true', help='Show no comments or whitespace')
    parser.add_argument(
        'type',
        help="Show an interface definition (e.g. 'example_interfaces/msg/String'). "
             "Passing '-' reads the argument from stdin (e.g. "
             "'ros2 topic type /chatter | ros2 interface show -').")


def nested_type(line: str, package: str) -> str | None:
    """Return the message type of a field, as package/msg/Name; None for other lines."""
    match = FIELD.match(line)
    if match is None or match[1] in PRIMITIVES:
        return None
    name = match[1] if '/' in match[1] else f'{package}/{match[1]}'
    return name.replace('/', '/msg/')


def show(interface: str, *, comments: bool, nested_comments: bool, level: int = 0) -> None:
    """Print a definition, with those of its fields' types indented below them."""
    parts = interface.split('/')
    if len(parts) != 3:
        raise CommandError(
            f"Invalid name '{interface}'. Expected three parts separated by '/'")
    package = parts[0]
    for raw_line in interface_path(interface).read_text().splitlines():
        line = raw_line.rstrip()
        text = line if comments else BEFORE_COMMENT.sub(r'\1', line)
        if text or comments:
            print('\t' * level + text if text else '')
        nested = nested_type(line, package)
        if nested is not None:
            show(
                nested, comments=nested_comments, nested_comments=nested_comments,
                level=level + 1)


def main(*, parser, args) -> int:
    """Print and return 0."""
    interface = args.type
    if interface == '-':
        if sys.stdin.isatty():
            parser.error('expected stdin pipe')
        interface = sys.stdin.readline().strip()
    if not interface:
        raise CommandError('the passed value is empty')
    show(interface, comments=not args.no_comments, nested_comments=args.all_comments)
    return 0
