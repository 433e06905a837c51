# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Launch files in markup: what parsers of XML, YAML and other languages build on."""

from . import type_utils
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
    'type_utils',
]
