# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Helpers for actions on ROS nodes."""

from .evaluate_parameters import evaluate_parameter_dict
from .evaluate_parameters import evaluate_parameter_dict as evaluate_parameters_dict
from .evaluate_parameters import evaluate_parameters
from .namespace_utils import is_namespace_absolute
from .namespace_utils import is_root_namespace
from .namespace_utils import make_namespace_absolute
from .namespace_utils import prefix_namespace
from .normalize_parameters import normalize_parameter_dict
from .normalize_parameters import normalize_parameter_dict as normalize_parameters_dict
from .normalize_parameters import normalize_parameters
from .normalize_remap_rule import normalize_remap_rule
from .normalize_remap_rule import normalize_remap_rules
from .to_parameters_list import to_parameters_list
from .track_node_names import add_node_name
from .track_node_names import get_node_name_count

__all__ = [
    'add_node_name',
    'evaluate_parameter_dict',
    'evaluate_parameters',
    'evaluate_parameters_dict',
    'get_node_name_count',
    'is_namespace_absolute',
    'is_root_namespace',
    'make_namespace_absolute',
    'normalize_parameter_dict',
    'normalize_parameters',
    'normalize_parameters_dict',
    'normalize_remap_rule',
    'normalize_remap_rules',
    'prefix_namespace',
    'to_parameters_list',
]
