# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The verbs of `ros2 param`."""

from ros2cli.verbs import add_table
from ros2cli.verbs import run_chosen

VERBS = {
    'delete': 'Delete parameter.',
    'describe': 'Show descriptive information about declared parameters.',
    'dump': 'Show all of the parameters of a node in a YAML file format.',
    'get': 'Get parameter.',
    'list': 'Output a list of available parameters.',
    'load': 'Load parameter file for a node.',
    'set': 'Set parameter.',
}
FOREIGN_VERBS = {}


def add_arguments(parser, cli_name):
    """Add the verbs."""
    add_table(parser, cli_name, 'ros2cli.verb.param', VERBS, FOREIGN_VERBS, 'verb_module')


def main(*, parser, args) -> int:
    """Run the chosen verb."""
    return run_chosen(parser, args, 'verb_module')
