# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Where packages are."""

from pathlib import Path

from ament_index_python.packages import get_package_prefix
from ament_index_python.packages import PackageNotFoundError
from ros2cli.errors import CommandError


def package_prefix(package: str) -> Path:
    """Return the prefix a package is installed to; CommandError when it is not."""
    try:
        return Path(get_package_prefix(package))
    except (PackageNotFoundError, ValueError):
        raise CommandError('Package not found') from None


def package_share(package: str) -> Path:
    """Return the share directory of a package; CommandError when it is not installed."""
    return package_prefix(package) / 'share' / package
