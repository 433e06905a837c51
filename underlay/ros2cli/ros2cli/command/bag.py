# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The verbs of `ros2 bag`."""

from ros2cli.verbs import add_table
from ros2cli.verbs import run_chosen

VERBS = {
    'info': 'Print information about a bag to the screen.',
    'play': 'Play back ROS data from a bag.',
    'record': 'Record ROS data to a bag.',
    'reindex': 'Reconstruct metadata file for a bag.',
}
FOREIGN_VERBS = {'burst': 'ros2bag', 'convert': 'ros2bag', 'list': 'ros2bag'}


def add_arguments(parser, cli_name):
    """Add the verbs."""
    add_table(parser, cli_name, 'ros2cli.verb.bag', VERBS, FOREIGN_VERBS, 'verb_module')


def main(*, parser, args) -> int:
    """Run the chosen verb."""
    return run_chosen(parser, args, 'verb_module')
