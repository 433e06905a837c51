# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Where launch descriptions come from."""

from .yaml_launch_description_source import YAMLLaunchDescriptionSource

__all__ = ['YAMLLaunchDescriptionSource']
