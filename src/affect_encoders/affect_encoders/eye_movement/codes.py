# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The codes of gaze samples."""

UNKNOWN = 0
FIXATION = 1
SACCADE = 2
PSO = 3
PURSUIT = 4
BLINK = 5
