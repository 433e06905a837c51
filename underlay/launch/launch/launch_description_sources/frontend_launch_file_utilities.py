# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Loads launch files in markup."""

from ..frontend import InvalidFrontendLaunchFileError
from ..frontend import Parser

__all__ = ['InvalidFrontendLaunchFileError', 'get_launch_description_from_frontend_launch_file']


def get_launch_description_from_frontend_launch_file(frontend_launch_file_path, *, parser=Parser):
    """Return the launch description in a markup file."""
    root_entity, instance = parser.load(frontend_launch_file_path)
    return instance.parse_description(root_entity)
