# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Delete parameter."""

import sys

from rcl_interfaces.msg import Parameter
from ros2cli.direct_node import direct_node
from ros2cli.parameters import add_node_arguments
from ros2cli.parameters import set_parameters
from ros2cli.parameters import with_reason
from ros2cli.service_calls import find_node


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    add_node_arguments(parser)
    parser.add_argument('parameter_name', help='Name of the parameter')


def main(*, parser, args) -> int:
    """Delete; as upstream, a node's refusal is said on stderr and still returns 0."""
    with direct_node(args) as node:
        target = find_node(
            node, args.node_name, include_hidden=args.include_hidden_nodes,
            timeout_s=args.timeout)
        result = set_parameters(node, target, [Parameter(name=args.parameter_name)])[0]
    if result.successful:
        print(with_reason('Deleted parameter successfully', result))
    else:
        print(with_reason('Deleting parameter failed', result), file=sys.stderr)
    return 0
