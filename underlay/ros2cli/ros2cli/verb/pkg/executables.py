# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Output a list of package specific executables."""

import os
from pathlib import Path

from ament_index_python.packages import get_packages_with_prefixes
from ros2cli.errors import CommandError


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    parser.add_argument('package_name', nargs='?', help='The package name')
    parser.add_argument(
        '--full-path', action='store_true', help='Show full path of each executable')


def executables(prefix: str, package: str) -> list[Path]:
    """Return the executable files below `lib/<package>`, sorted."""
    return sorted(
        path for path in (Path(prefix) / 'lib' / package).rglob('*')
        if path.is_file() and os.access(path, os.X_OK)
        and not any(part.startswith('.') for part in path.relative_to(prefix).parts[:-1]))


def main(*, parser, args) -> int:
    """Print and return 0."""
    prefixes = get_packages_with_prefixes()
    if args.package_name is not None and args.package_name not in prefixes:
        raise CommandError(f"Package '{args.package_name}' not found")
    for package in [args.package_name] if args.package_name else sorted(prefixes):
        for path in executables(prefixes[package], package):
            print(path if args.full_path else f'{package} {path.name}')
    return 0
