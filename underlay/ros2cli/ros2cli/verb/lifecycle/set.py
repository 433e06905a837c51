# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Trigger lifecycle state transition."""

import sys

from ros2cli.direct_node import add_strategy_arguments
from ros2cli.direct_node import direct_node
from ros2cli.errors import CommandError
from ros2cli.lifecycle_graph import change_state
from ros2cli.lifecycle_graph import find_lifecycle_node
from ros2cli.lifecycle_graph import transitions_of


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    add_strategy_arguments(parser)
    parser.add_argument('node_name', help='Name of the ROS node')
    parser.add_argument(
        '--include-hidden-nodes', action='store_true', help='Consider hidden nodes as well')
    parser.add_argument('transition', help='The lifecycle transition')


def main(*, parser, args) -> int:
    """Trigger; as upstream, a transition that failed is said on stderr and still returns 0."""
    with direct_node(args) as node:
        target = find_lifecycle_node(
            node, args.node_name, include_hidden=args.include_hidden_nodes)
        available = [description.transition for description in transitions_of(node, target)]
        chosen = (
            [transition for transition in available if transition.label == args.transition]
            or [transition for transition in available if str(transition.id) == args.transition])
        if not chosen:
            raise CommandError(
                'Unknown transition requested, available ones are:' + ''.join(
                    f'\n- {transition.label} [{transition.id}]' for transition in available))
        if change_state(node, target, chosen[0]):
            print('Transitioning successful')
        else:
            print('Transitioning failed', file=sys.stderr)
    return 0
