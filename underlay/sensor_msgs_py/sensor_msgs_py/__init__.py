# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Stand-in for ROS 2 sensor_msgs_py: point clouds from and to numpy.

Written from the documented behaviour of the Jazzy package.
"""
