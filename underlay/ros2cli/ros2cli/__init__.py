# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A stand-in for the `ros2` command, for hosts whose ROS 2 comes from PyPI wheels."""

__version__ = '0.1.0'
