# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Launch ROS nodes.

A stand-in for the ROS 2 package of the same name. Starting nodes as processes needs no rclpy;
lifecycle actions and timers on ROS time import it when they are used, as does `ros_adapters`.
"""

import importlib

from . import actions
from . import descriptions
from . import event_handlers
from . import events
from . import parameter_descriptions
from . import substitutions

__all__ = [
    'actions',
    'descriptions',
    'event_handlers',
    'events',
    'parameter_descriptions',
    'ros_adapters',
    'substitutions',
]


def __getattr__(name):
    if name == 'ros_adapters':
        return importlib.import_module(f'{__name__}.{name}')
    raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
