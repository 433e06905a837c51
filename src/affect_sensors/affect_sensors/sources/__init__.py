# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Where samples come from: devices, files, the simulated wearer. No ROS here."""
