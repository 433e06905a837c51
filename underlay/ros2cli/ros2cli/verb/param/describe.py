# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Show descriptive information about declared parameters."""

from ros2cli.direct_node import direct_node
from ros2cli.parameters import add_node_arguments
from ros2cli.parameters import describe_parameters
from ros2cli.parameters import TYPE_NAMES
from ros2cli.service_calls import find_node


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    add_node_arguments(parser)
    parser.add_argument('parameter_names', nargs='+', help='Names of the parameters')


def main(*, parser, args) -> int:
    """Print and return 0."""
    with direct_node(args) as node:
        target = find_node(
            node, args.node_name, include_hidden=args.include_hidden_nodes,
            timeout_s=args.timeout)
        descriptors = describe_parameters(node, target, args.parameter_names)
    for descriptor in descriptors:
        print('Parameter name:', descriptor.name)
        print('  Type:', TYPE_NAMES[descriptor.type])
        if descriptor.description:
            print('  Description:', descriptor.description)
        print('  Constraints:')
        if descriptor.read_only:
            print('    Read only: true')
        for bounds in [*descriptor.floating_point_range, *descriptor.integer_range][:1]:
            print('    Min value:', bounds.from_value)
            print('    Max value:', bounds.to_value)
            if bounds.step:
                print('    Step:', bounds.step)
        if descriptor.additional_constraints:
            print('    Additional constraints:', descriptor.additional_constraints)
    return 0
