# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Launch files in YAML.

A stand-in for the ROS 2 package of the same name.
"""

from . import launch_description_sources
from .entity import Entity
from .parser import Parser

__all__ = [
    'Entity',
    'Parser',
    'launch_description_sources',
]
