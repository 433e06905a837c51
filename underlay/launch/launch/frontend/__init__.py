# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
What launch files in markup (XML, YAML) need, as far as Python launch files touch it.

Reading such files takes the packages `ros-jazzy-launch-xml` and `ros-jazzy-launch-yaml`.
"""

from .entity import Entity
from .expose import expose_action
from .expose import expose_substitution
from .parse_substitution import parse_if_substitutions
from .parse_substitution import parse_substitution
from .parser import InvalidFrontendLaunchFileError
from .parser import Parser

__all__ = [
    'Entity',
    'InvalidFrontendLaunchFileError',
    'Parser',
    'expose_action',
    'expose_substitution',
    'parse_if_substitutions',
    'parse_substitution',
]
