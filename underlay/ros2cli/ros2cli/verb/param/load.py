# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Load parameter file for a node."""

import sys

from rclpy.parameter import parameter_dict_from_yaml_file
from ros2cli.direct_node import direct_node
from ros2cli.errors import CommandError
from ros2cli.graph import absolute_node_name
from ros2cli.parameters import add_node_arguments
from ros2cli.parameters import set_parameters
from ros2cli.parameters import with_reason
from ros2cli.service_calls import find_node
import yaml

WILDCARD = '/**'


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    add_node_arguments(parser)
    parser.add_argument('parameter_file', help='Parameter file')
    parser.add_argument(
        '--no-use-wildcard', action='store_true',
        help="Do not load parameters in the '/**' namespace into the node")


def chosen_sections(path: str, target: str, *, use_wildcard: bool) -> list[str]:
    """
    Return the sections of a parameter file to load into a node, the wildcard's first.

    Upstream loads the sections of all nodes of the file; here those of other nodes count only
    when there is none of this node, so that a dump of one node can be loaded into another.

    Raises:
        CommandError: there is no section to load.

    """
    with open(path) as file:
        content = yaml.safe_load(file)
    if not isinstance(content, dict):
        raise TypeError('it is no dictionary of nodes')
    nodes = [name for name in content if name != WILDCARD]
    sections = [name for name in nodes if absolute_node_name(name) == target] or nodes
    if use_wildcard and WILDCARD in content:
        sections.insert(0, WILDCARD)
    if not sections:
        raise CommandError('Param file does not contain selected parameters')
    return sections


def main(*, parser, args) -> int:
    """Set every parameter of the file, and say how each went."""
    with direct_node(args) as node:
        target = find_node(
            node, args.node_name, include_hidden=args.include_hidden_nodes,
            timeout_s=args.timeout)
        try:
            sections = chosen_sections(
                args.parameter_file, target, use_wildcard=not args.no_use_wildcard)
            parameters = list(parameter_dict_from_yaml_file(
                args.parameter_file, target_nodes=sections).values())
        except CommandError:
            raise
        except (AttributeError, OSError, RuntimeError, TypeError, yaml.YAMLError) as error:
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
