# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Get parameter."""

from rcl_interfaces.msg import ParameterType
from ros2cli.direct_node import direct_node
from ros2cli.errors import CommandError
from ros2cli.parameters import add_node_arguments
from ros2cli.parameters import get_parameters
from ros2cli.parameters import plain_value
from ros2cli.parameters import TYPE_NAMES
from ros2cli.service_calls import find_node


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    add_node_arguments(parser)
    parser.add_argument('parameter_name', help='Name of the parameter')
    parser.add_argument('--hide-type', action='store_true', help='Hide the type information')


def label_of(parameter_type: int) -> str:
    """Return the words before the value."""
    name = TYPE_NAMES[parameter_type]
    if name.endswith(' array'):
        return f"{name.removesuffix(' array').capitalize()} values are:"
    return f'{name.capitalize()} value is:'


def main(*, parser, args) -> int:
    """Print and return 0."""
    with direct_node(args) as node:
        target = find_node(
            node, args.node_name, include_hidden=args.include_hidden_nodes,
            timeout_s=args.timeout)
        values = get_parameters(node, target, [args.parameter_name])
    if not values:
        raise CommandError('Parameter not set')
    value = plain_value(values[0])
    if args.hide_type:
        print(value)
    elif values[0].type == ParameterType.PARAMETER_NOT_SET:
        print('Parameter not set.')
    else:
        print(label_of(values[0].type), value)
    return 0
