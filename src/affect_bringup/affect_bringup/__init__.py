# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""How the whole suite starts: node list, launch files, container, lifecycle manager, demo."""
