# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Output a list of available parameters."""

import re
import sys

from ros2cli.direct_node import add_strategy_arguments
from ros2cli.direct_node import direct_node
from ros2cli.errors import CommandError
from ros2cli.graph import full_node_names
from ros2cli.graph import split_node_name
from ros2cli.parameters import describe_parameters
from ros2cli.parameters import list_parameters
from ros2cli.parameters import TYPE_NAMES
from ros2cli.service_calls import find_node


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    add_strategy_arguments(parser)
    parser.add_argument('node_name', nargs='?', help='Name of the ROS node')
    parser.add_argument(
        '--filter', nargs=1,
        help='Only parameters matching the regex expression will be showed. '
             'Supports `re` regex syntax.')
    parser.add_argument(
        '--include-hidden-nodes', action='store_true', help='Consider hidden nodes as well')
    parser.add_argument(
        '--param-prefixes', nargs='+', default=[],
        help='Only list parameters with the provided prefixes')
    parser.add_argument(
        '--param-type', action='store_true', help='Print parameter types with parameter names')


def main(*, parser, args) -> int:
    """Print the parameters of one node, or of all under their names."""
    pattern = re.compile(args.filter[0]) if args.filter else None
    with direct_node(args) as node:
        if args.node_name:
            targets = [find_node(node, args.node_name, include_hidden=args.include_hidden_nodes)]
        else:
            found = set(full_node_names(node, include_hidden=args.include_hidden_nodes))
            targets = sorted(found, key=split_node_name)
        for target in targets:
            try:
                names = list_parameters(node, target, args.param_prefixes)
                if pattern is not None:
                    names = [name for name in names if pattern.match(name)]
                types = {}
                if args.param_type and names:
                    types = {
                        descriptor.name: TYPE_NAMES[descriptor.type]
                        for descriptor in describe_parameters(node, target, names)}
            except CommandError as error:
                print(f'{target}: {error}', file=sys.stderr)
                continue
            if names and not args.node_name:
                print(f'{target}:')
            for name in names:
                print(f'  {name} (type: {types[name]})' if args.param_type else f'  {name}')
    return 0
