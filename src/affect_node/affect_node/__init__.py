# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What every node of the suite is made of: life cycle, parameters, QoS, time, diagnostics."""

from affect_node.affect_node import AffectNode
from affect_node.grid_timer import GridTimer
from affect_node.qos import LATCHED
from affect_node.qos import STATE
from affect_node.qos import stream
from affect_node.qos import VIDEO
from affect_node.run import limit_threads
from affect_node.run import run
from affect_node.run import spin
from affect_node.setup_error import SetupError
from affect_node.stamps import from_stamp
from affect_node.stamps import stamp_ns
from affect_node.stamps import to_stamp

__all__ = [
    'LATCHED',
    'STATE',
    'VIDEO',
    'AffectNode',
    'GridTimer',
    'SetupError',
    'from_stamp',
    'limit_threads',
    'run',
    'spin',
    'stamp_ns',
    'stream',
    'to_stamp',
]
