# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A launch file in markup."""

from .frontend_launch_file_utilities import get_launch_description_from_frontend_launch_file
from ..frontend import Parser
from ..launch_description_source import LaunchDescriptionSource


class FrontendLaunchDescriptionSource(LaunchDescriptionSource):
    """Loads a launch file written in XML or YAML."""

    def __init__(self, launch_file_path, *, method='interpreted frontend launch file',
                 parser=Parser):
        super().__init__(None, launch_file_path, method)
        self._parser = parser

    def _get_launch_description(self, location):
        return get_launch_description_from_frontend_launch_file(location, parser=self._parser)
