# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The verbs of `ros2 topic`."""

from ros2cli.verbs import add_table
from ros2cli.verbs import run_chosen

VERBS = {
    'bw': 'Display bandwidth used by topic.',
    'delay': 'Display delay of topic from timestamp in header.',
    'echo': 'Output messages from a topic.',
    'find': 'Output a list of available topics of a given type.',
    'hz': 'Print the average publishing rate to screen.',
    'info': 'Print information about a topic.',
    'list': 'Output a list of available topics.',
    'pub': 'Publish a message to a topic.',
    'type': "Print a topic's type.",
}


def add_arguments(parser, cli_name):
    """Add the verbs, and the option for those that have none of the name themselves."""
    parser.add_argument(
        '--include-hidden-topics', action='store_true', help='Consider hidden topics as well')
    add_table(parser, cli_name, 'ros2cli.verb.topic', VERBS, {}, 'verb_module')


def main(*, parser, args) -> int:
    """Run the chosen verb."""
    return run_chosen(parser, args, 'verb_module')
