# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The face tracking of a headset's runtime as a ROS 2 node."""
