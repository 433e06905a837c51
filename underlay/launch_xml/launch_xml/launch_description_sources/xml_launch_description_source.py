# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A launch file in XML."""

from launch.launch_description_sources import FrontendLaunchDescriptionSource

from ..parser import Parser


class XMLLaunchDescriptionSource(FrontendLaunchDescriptionSource):
    """Loads a launch file written in XML."""

    def __init__(self, launch_file_path):
        super().__init__(
            launch_file_path, method='interpreted XML launch file', parser=Parser)
