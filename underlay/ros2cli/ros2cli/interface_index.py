# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Installed interfaces, from the ament index."""

from collections.abc import Sequence
from pathlib import Path

from ament_index_python.resources import get_resource
from ament_index_python.resources import get_resources
from ament_index_python.resources import has_resource
from ros2cli.errors import CommandError

RESOURCE_TYPE = 'rosidl_interfaces'
KINDS = ('msg', 'srv', 'action')


def interfaces_of(package: str, kinds: Sequence[str] = KINDS) -> list[str]:
    """
    Return the interfaces of a package, such as `msg/String`, sorted by kind and name.

    Raises:
        CommandError: there is no such package, or it has no interfaces.

    """
    try:
        content, _ = get_resource(RESOURCE_TYPE, package)
    except LookupError:
        raise CommandError(f"Unknown package '{package}'") from None
    names = {Path(line.strip()).with_suffix('') for line in content.splitlines() if line.strip()}
    order = {kind: number for number, kind in enumerate(KINDS)}
    return sorted(
        (str(name) for name in names
         if name.parent.name in kinds and not is_part(name, names)),
        key=lambda name: (order[name.split('/')[0]], name))


def is_part(name: Path, names: set[Path]) -> bool:
    """Return whether a message is a part that was generated for a service or an action."""
    owner, _, _ = name.name.rpartition('_')
    return bool(owner) and (Path('srv', owner) in names or Path('action', owner) in names)


def interface_packages() -> list[str]:
    """Return the names of all packages with interfaces, sorted."""
    return sorted(get_resources(RESOURCE_TYPE))


def interface_path(interface: str) -> Path:
    """
    Return the file that defines `package/msg/Name`, or the one named with its suffix.

    Raises:
        CommandError: the name is malformed, or nothing defines it.

    """
    parts = interface.split('/')
    for fault, found in (
        ("Expected at least two parts separated by '/'", len(parts) < 2),
        ('Must not contain empty parts', not all(parts)),
        ("Must not contain '..'", '..' in parts),
    ):
        if found:
            raise CommandError(f"Invalid name '{interface}'. {fault}")
    prefix = has_resource('packages', parts[0])
    if not prefix:
        raise CommandError(f"Unknown package '{parts[0]}'")
    path = Path(prefix, 'share', interface)
    if not path.suffix:
        definition = path.with_suffix(f'.{parts[-2]}')
        path = definition if definition.exists() else path.with_suffix('.idl')
    if not path.is_file():
        raise CommandError(f"Could not find the interface '{path}'")
    return path
