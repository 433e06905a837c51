# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Show all of the parameters of a node in a YAML file format."""

from ros2cli.direct_node import direct_node
from ros2cli.parameters import add_node_arguments
from ros2cli.parameters import get_parameters
from ros2cli.parameters import list_parameters
from ros2cli.parameters import plain_value
from ros2cli.service_calls import find_node
import yaml


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    add_node_arguments(parser)


def nested(values: dict) -> dict:
    """Return `{'a.b': 1}` as `{'a': {'b': 1}}`."""
    tree: dict = {}
    for name, value in values.items():
        *groups, leaf = name.split('.')
        branch = tree
        for group in groups:
            branch = branch.setdefault(group, {})
        branch[leaf] = value
    return tree


def main(*, parser, args) -> int:
    """Print a parameter file."""
    with direct_node(args) as node:
        target = find_node(
            node, args.node_name, include_hidden=args.include_hidden_nodes,
            timeout_s=args.timeout)
        names = list_parameters(node, target)
        values = [plain_value(value) for value in get_parameters(node, target, names)]
    parameters = nested(dict(zip(names, values, strict=False)))
    print(yaml.safe_dump({target: {'ros__parameters': parameters}}, default_flow_style=False))
    return 0
