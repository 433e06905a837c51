# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The true state of the simulated wearer as a ROS 2 node."""
