# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A moment by both clocks."""

from typing import NamedTuple


class Instant(NamedTuple):
    """
    A moment: steady time in seconds for delays, ROS time in nanoseconds for stamps.

    Steady time goes on when /clock stands still, so that vigilance does.
    """

    steady_s: float
    ros_ns: int
