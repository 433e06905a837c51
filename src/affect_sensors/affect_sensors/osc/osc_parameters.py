# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The parameters of nodes that hear OSC."""

from typing import Any

from affect_node import AffectNode


def declare_osc(node: AffectNode) -> dict[str, Any]:
    """Declare what OscFrames needs to know and return it."""
    return {
        'port': node.declare(
            'osc_port', 9000, 'UDP port for source:=osc; VRCFaceTracking sends to 9000.',
            low=1, high=65535, must_fit=True),
        'address': node.declare(
            'osc_address', '127.0.0.1',
            'Address of this host on which to hear OSC; 0.0.0.0: from the whole network.'),
        'gaze_range_deg': node.declare(
            'gaze_range_deg', 45.0, 'Angle that a gaze of 1 stands for with source:=osc.',
            low=5.0, high=80.0),
    }
