# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Parameters as rclpy has them."""

from collections.abc import Mapping
import pathlib
import warnings

import yaml

from .evaluate_parameters import evaluate_parameter_dict
from .normalize_parameters import normalize_parameter_dict
from ..parameter_descriptions import Parameter


def _by_node(content, prefix=()):
    """Return full node name, without leading slash, to parameters of a parameter file."""
    found = {}
    for key, value in content.items():
        if key == 'ros__parameters':
            found['/'.join(prefix)] = value
        elif isinstance(value, dict):
            found.update(_by_node(value, (*prefix, key.lstrip('/'))))
    return found


def _read(path, node):
    with open(path) as file:
        content = yaml.safe_load(file) or {}
    by_node = _by_node(content)
    if not by_node:
        # Names and values only.
        return content
    if not node:
        warnings.warn('node name not provided to launch; parameter files will not apply',
                      UserWarning)
    return {**(by_node.get('**') or {}), **(by_node.get(node) or {})}


def to_parameters_list(context, node_name, namespace, evaluated_parameters):
    """
    Return the rclpy parameters of a node, in order; later ones win.

    :param node_name, namespace: of the node, to choose from parameter files
    :param evaluated_parameters: as :func:`evaluate_parameters` returns them
    :raises RuntimeError: for a value that no parameter can have
    """
    from rclpy.parameter import Parameter as RclpyParameter
    node = node_name.lstrip('/')
    if namespace and namespace != '/':
        node = f"{namespace.strip('/')}/{node}"
    result = []
    for entry in evaluated_parameters:
        if isinstance(entry, pathlib.Path):
            entry = evaluate_parameter_dict(
                context, normalize_parameter_dict(_read(entry, node if node_name else '')))
        elif isinstance(entry, Parameter):
            entry = dict([entry.evaluate(context)])
        if not isinstance(entry, Mapping):
            raise RuntimeError(f'invalid evaluated parameters {entry!r}')
        for name, value in entry.items():
            kind = next((kind for kind in RclpyParameter.Type if kind.check(value)), None)
            if kind is None:
                raise RuntimeError(f'invalid parameter value {value!r}')
            result.append(RclpyParameter(name, kind, value))
    return result
