# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Where launch descriptions come from."""

from .xml_launch_description_source import XMLLaunchDescriptionSource

__all__ = ['XMLLaunchDescriptionSource']
