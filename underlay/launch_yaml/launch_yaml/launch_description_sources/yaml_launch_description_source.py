# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A launch file in YAML."""

from launch.launch_description_sources import FrontendLaunchDescriptionSource

from ..parser import Parser


class YAMLLaunchDescriptionSource(FrontendLaunchDescriptionSource):
    """Loads a launch file written in YAML."""

    def __init__(self, launch_file_path):
        super().__init__(
            launch_file_path, method='interpreted YAML launch file', parser=Parser)
