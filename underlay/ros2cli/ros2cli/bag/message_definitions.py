# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The text of message definitions, so that a bag can be read without its packages."""

from functools import cache
from pathlib import Path
import re

from ament_index_python.packages import get_package_share_directory
from ament_index_python.packages import PackageNotFoundError

SEPARATOR = '=' * 80
# The type at the start of a field or constant line: package/Name, Name or a primitive.
FIELD_TYPE = re.compile(r'^\s*([A-Za-z][\w/]*)(?:<=\d+)?(?:\[[^\]]*\])?\s+[A-Za-z_]', re.MULTILINE)
PRIMITIVES = frozenset((
    'bool', 'byte', 'char', 'float32', 'float64', 'int8', 'uint8', 'int16', 'uint16', 'int32',
    'uint32', 'int64', 'uint64', 'string', 'wstring'))


@cache
def _read_definition(package: str, name: str) -> str | None:
    try:
        share = Path(get_package_share_directory(package))
    except PackageNotFoundError:
        return None
    path = share / 'msg' / f'{name}.msg'
    return path.read_text() if path.is_file() else None


def _dependencies(text: str, package: str) -> list[str]:
    """Return the message types of a definition's fields, as package/Name, sorted."""
    found = set()
    for line in text.splitlines():
        match = FIELD_TYPE.match(line.partition('#')[0])
        if match and match[1] not in PRIMITIVES:
            found.add(match[1] if '/' in match[1] else f'{package}/{match[1]}')
    return sorted(found)


def full_text(type_name: str) -> str:
    """
    Return the .msg text of a type, followed by those of all types it is made of.

    The format is the one rosbag2 stores and MCAP calls `ros2msg`: definitions are separated by a
    line of 80 equals signs and `MSG: package/Name`. Empty when a definition is not installed.
    """
    parts = type_name.split('/')
    if len(parts) != 3 or parts[1] != 'msg':
        return ''
    root = _read_definition(parts[0], parts[2])
    if root is None:
        return ''
    text, seen = root, set()
    pending = _dependencies(root, parts[0])
    while pending:
        dependency = pending.pop(0)
        if dependency in seen:
            continue
        seen.add(dependency)
        package, name = dependency.split('/')[0], dependency.split('/')[-1]
        definition = _read_definition(package, name)
        if definition is None:
            return ''
        text += f'\n{SEPARATOR}\nMSG: {package}/{name}\n{definition}'
        pending += _dependencies(definition, package)
    return text
