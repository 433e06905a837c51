# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A launch file of any format."""

from .any_launch_file_utilities import get_launch_description_from_any_launch_file
from ..launch_description_source import LaunchDescriptionSource


class AnyLaunchDescriptionSource(LaunchDescriptionSource):
    """Loads a launch file by the loader its name suggests, else by any that can."""

    def __init__(self, launch_file_path):
        super().__init__(None, launch_file_path, 'interpreted launch file')

    def _get_launch_description(self, location):
        return get_launch_description_from_any_launch_file(location)
