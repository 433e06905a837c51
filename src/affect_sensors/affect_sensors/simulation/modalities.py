# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The ways in which the simulated wearer may show what it feels."""

MODALITIES = (
    'facial_expression', 'eye_movement', 'eye_expression', 'voice', 'speech', 'head_motion',
    'body_expression', 'physiology', 'scene')
"""Named as the encoders that listen to them."""
