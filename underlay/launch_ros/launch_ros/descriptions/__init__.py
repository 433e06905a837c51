# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Descriptions."""

from .composable_node import ComposableNode
from ..parameter_descriptions import Parameter
from ..parameter_descriptions import ParameterFile
from ..parameter_descriptions import ParameterValue

__all__ = [
    'ComposableNode',
    'Parameter',
    'ParameterFile',
    'ParameterValue',
]
