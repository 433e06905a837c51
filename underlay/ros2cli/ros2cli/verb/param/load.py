# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Load parameter file for a node."""

import sys

from rclpy.parameter import parameter_dict_from_yaml_file
from ros2cli.direct_node import direct_node
from ros2cli.errors import CommandError
from ros2cli.parameters import add_node_arguments
from ros2cli.parameters import set_parameters
from ros2cli.parameters import with_reason
from ros2cli.service_calls import find_node
import yaml


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    add_node_arguments(parser)
    parser.add_argument('parameter_file', help='Parameter file')
    parser.add_argument(
        '--no-use-wildcard', action='store_true',
        help="Do not load parameters in the '/**' namespace into the node")


def main(*, parser, args) -> int:
    """Set every parameter of the file, and say how each went."""
    with direct_node(args) as node:
        target = find_node(
            node, args.node_name, include_hidden=args.include_hidden_nodes,
            timeout_s=args.timeout)
        try:
            parameters = list(parameter_dict_from_yaml_file(
                args.parameter_file, not args.no_use_wildcard, target_nodes=[target]).values())
        except RuntimeError as error:
            raise CommandError(str(error)) from None
        except (OSError, TypeError, yaml.YAMLError) as error:
            raise CommandError(
                f"Could not load parameters from '{args.parameter_file}': {error}") from None
        results = set_parameters(node, target, parameters)
    for parameter, result in zip(parameters, results, strict=True):
        if result.successful:
            print(with_reason(f'Set parameter {parameter.name} successful', result))
        else:
            print(
                with_reason(f'Set parameter {parameter.name} failed', result), file=sys.stderr)
    return 0
