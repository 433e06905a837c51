# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""One driver node per sensor; behind each a device, a file or the simulated wearer."""
