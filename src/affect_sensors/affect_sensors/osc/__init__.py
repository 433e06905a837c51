# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Open Sound Control in: face and eyes as VRCFaceTracking sends them. No ROS here."""
